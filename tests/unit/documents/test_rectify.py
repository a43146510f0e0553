"""Cards as if they lay flat: sizes, the way back, which way up."""

import numpy as np
import pytest

from ipse.core.documents.rectify import rectify, settled, view_size
from ipse.core.documents.turn import lying, quarters_by_text, turned
from ipse.core.text.lines import TextLine
from ipse.core.vocabulary import Floats

CORNERS = np.array([[100, 60], [500, 90], [480, 350], [90, 310]], np.float32)


def rectangle(width: float, height: float) -> Floats:
    """Give the corners of an upright rectangle at (5, 5)."""
    return np.array([[5, 5], [5 + width, 5], [5 + width, 5 + height], [5, 5 + height]], np.float32)


@pytest.mark.parametrize(
    ("seen", "size"),
    [
        ((400, 252), (1011, 638)),
        ((1300, 820), (1300, 820)),
        ((4000, 2522), (1600, 1009)),
        ((1420, 1000), (1420, 1000)),
        ((500, 793), (638, 1011)),
        ((1200, 1000), (1200, 1000)),
    ],
)
def test_a_view_is_as_wide_as_the_card_within_limits(seen: tuple[float, float], size: tuple[int, int]) -> None:
    """ID-1 and TD3 get their proportions, anything else keeps its own; the longer side is 1011 to 1600 px."""
    assert size == view_size(rectangle(*seen))


def test_an_aspect_is_settled_only_when_it_is_near() -> None:
    """A square is neither a card nor a passport."""
    assert settled(1.0) == 1.0
    assert settled(1.60) == pytest.approx(85.60 / 53.98)
    assert settled(1.44) == pytest.approx(125 / 88)


def test_the_views_corners_lie_on_the_cards() -> None:
    """`to_picture` takes the view's corners to the card's, and `to_view` takes them back."""
    view = rectify(np.zeros((400, 600, 3), np.uint8), CORNERS)
    height, width = view.pixels.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    np.testing.assert_allclose(CORNERS, view.to_picture(corners), atol=0.01)
    np.testing.assert_allclose(corners, view.to_view(CORNERS), atol=0.05)


@pytest.mark.parametrize("longer", [700, 1300, 5200])
def test_a_mark_is_where_the_way_back_says(longer: int) -> None:
    """A white square in the picture lies in the view where `to_view` puts it, whatever the scale."""
    picture = np.zeros((longer * 3 // 4, longer, 3), np.uint8)
    corners = CORNERS * np.float32(longer / 620)
    side = longer // 40
    middle = np.rint(corners.mean(axis=0) + np.array([longer / 20, longer / 30])).astype(int)
    picture[middle[1] - side : middle[1] + side, middle[0] - side : middle[0] + side] = 255
    view = rectify(picture, corners)
    rows, columns = np.nonzero(view.pixels[:, :, 0] > 127)
    told = view.to_picture(np.array([columns.mean() + 0.5, rows.mean() + 0.5], np.float32))
    np.testing.assert_allclose(middle, told, atol=longer / 620)


def test_quarter_turns_go_around() -> None:
    """Four quarter turns are none; one makes a card that stands lie."""
    picture = np.random.default_rng(1).integers(0, 256, (900, 600, 3), np.uint8)
    view = rectify(picture, rectangle(400, 634))
    assert view.pixels.shape[0] > view.pixels.shape[1]
    lain = lying(picture, view)
    assert lain.pixels.shape[1] > lain.pixels.shape[0]
    np.testing.assert_allclose(np.rot90(view.pixels, -1), lain.pixels, atol=1)
    np.testing.assert_array_equal(view.corners_px, turned(picture, lain, 3).corners_px)


def test_text_that_reads_better_upside_down_turns_the_card() -> None:
    """Half a turn is asked for only when clearly more is read after it."""
    good = TextLine(rectangle(90, 10), "LAST NAME", 0.95, (0.5,) * 9)
    poor = TextLine(rectangle(90, 10), "EMAN TSAL", 0.5, (0.5,) * 9)
    assert quarters_by_text([poor], [good]) == 2
    assert quarters_by_text([good], [poor]) == 0
    assert quarters_by_text([good], [good]) == 0
