"""What the detector is shown."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipse.core.faces import views
from ipse.core.vocabulary import Box

SIDES = st.one_of(st.integers(1, 40), st.integers(40, 3000))


@given(SIDES, SIDES)
@settings(max_examples=60, deadline=None)
def test_only_listed_sizes_are_ever_asked_for(width: int, height: int) -> None:
    """Whatever the picture's size, every view has one of the few listed sizes, and there are few."""
    pixels = np.zeros((height, width, 3), np.uint8)
    shown = (*views.fine(pixels), views.padded(pixels))
    assert {view.tensor.shape[2:] for view in shown} <= set(views.INPUTS_PX)
    assert views.TILES + 1 >= len(shown)


@given(st.integers(20, 600), st.integers(20, 2400))
@settings(max_examples=40, deadline=None)
def test_tiles_leave_nothing_out(width: int, height: int) -> None:
    """The fine views cover the picture from its top to its bottom without a gap, and overlap by a third at least."""
    shown = views.fine(np.zeros((height, width, 3), np.uint8))
    tops = [-view.placement.shift_y_px / view.placement.scale_y for view in shown]
    bottoms = [(view.tensor.shape[2] - view.placement.shift_y_px) / view.placement.scale_y for view in shown]
    assert 0 == tops[0]
    assert height <= bottoms[-1] + 1
    for top, bottom in zip(tops[1:], bottoms[:-1], strict=True):
        assert bottom - top >= (bottoms[0] - tops[0]) / 3


@pytest.mark.parametrize("size", [(1, 1), (1, 4096), (4096, 1), (50, 4096), (4096, 50), (2, 3)])
def test_odd_sizes_are_shown(size: tuple[int, int]) -> None:
    """Pictures of one pixel and ribbons are shown like any other."""
    pixels = np.full((*size, 3), 9, np.uint8)
    for view in (*views.fine(pixels), views.padded(pixels)):
        assert 9 == view.tensor.max()


def test_inputs_are_multiples_of_32() -> None:
    """The detector's coarsest level has cells of 32 pixels."""
    assert {0} == {side % 32 for size in views.INPUTS_PX for side in size}


def test_colours_are_blue_green_red() -> None:
    """A red picture fills the last plane."""
    tensor = views.to_tensor(np.full((2, 2, 3), (200, 100, 50), np.uint8), 32, 32)
    assert [50, 100, 200] == tensor[0, :, 0, 0].tolist()


def test_a_dot_is_found_again_through_a_view() -> None:
    """Where a bright dot appears in each view leads back to where it is in the picture."""
    pixels = np.zeros((900, 300, 3), np.uint8)
    pixels[596:604, 196:204] = 255
    shown = (*views.fine(pixels), views.padded(pixels))
    showing = [view for view in shown if view.tensor.max() > 100]
    assert 2 <= len(showing)
    for view in showing:
        weight = view.tensor[0, 0]
        rows, columns = np.indices(weight.shape)
        seen = np.zeros((1, 15), np.float32)
        seen[0, 0:14:2] = ((columns + 0.5) * weight).sum() / weight.sum()
        seen[0, 1:14:2] = ((rows + 0.5) * weight).sum() / weight.sum()
        np.testing.assert_allclose((200, 600), view.placement.to_picture(seen)[0, :2], atol=0.7)


def test_a_box_is_put_in_the_middle() -> None:
    """The square around a box shows it at the asked width, and leads back to it."""
    pixels = np.zeros((400, 400, 3), np.uint8)
    pixels[100:180, 300:360] = 255
    square, placement = views.around(pixels, Box(300, 100, 360, 180), 30, 128)
    rows, columns = np.nonzero(square[..., 0] > 127)
    assert (49, 78, 44, 83) == (columns.min(), columns.max(), rows.min(), rows.max())
    seen = np.full((1, 15), 64, np.float32)
    np.testing.assert_allclose((330, 140), placement.to_picture(seen)[0, :2])


def test_a_box_outside_the_picture_is_black() -> None:
    """The square around a box that lies outside is black."""
    square, _ = views.around(np.full((10, 10, 3), 255, np.uint8), Box(5000, 5000, 5010, 5010), 30, 128)
    assert 0 == square.max()
