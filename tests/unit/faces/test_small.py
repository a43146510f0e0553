"""Tiles of the sharper look."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from ipse.core.faces.small import LONGER_PX, OVERLAP_PX, grid
from ipse.core.faces.views import FINE_HEIGHTS_PX, FINE_WIDTH_PX


@given(some.integers(420, LONGER_PX), some.integers(100, LONGER_PX))
def test_tiles_cover_the_picture_and_overlap(width: int, height: int) -> None:
    """Whatever its shape, and only tiles of sizes that the detector knows are used."""
    cut = grid(width, height)
    assert cut.height_px in FINE_HEIGHTS_PX
    for starts, tile, length in ((cut.lefts, FINE_WIDTH_PX, width), (cut.tops, cut.height_px, height)):
        assert starts[0] == 0
        assert starts[-1] + tile >= length
        assert all(later - earlier <= tile - OVERLAP_PX for earlier, later in pairwise(starts))


def test_a_landscape_of_4_to_3_takes_three_tiles() -> None:
    """One row, as `LONGER_PX` was chosen."""
    cut = grid(LONGER_PX, LONGER_PX * 3 // 4)
    assert (736, 3, 1) == (cut.height_px, len(cut.lefts), len(cut.tops))
