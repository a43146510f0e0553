"""Turning a picture and finding the way back."""

import numpy as np
import pytest

from ipse.core.faces.orient import TURNS, Orientation, to_unturned, turn
from ipse.core.vocabulary import Box, Face

WIDTH, HEIGHT = 60, 40


def test_ninety_means_the_top_of_the_head_points_right() -> None:
    """A mark at the picture's right edge is at the top after turning by 90 counter-clockwise."""
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    pixels[20, WIDTH - 1] = 255
    turned = turn(pixels, 90)
    assert (WIDTH, HEIGHT, 3) == turned.shape
    assert 255 == turned[0, 20, 0]


@pytest.mark.parametrize("orientation", [0, *TURNS])
def test_a_face_comes_back_to_where_its_pixels_are(orientation: Orientation) -> None:
    """Marks at a face's points in the turned picture are the marks of the unturned one."""
    rng = np.random.default_rng(orientation)
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    turned = turn(pixels, orientation)
    height, width = turned.shape[:2]
    cells = rng.integers(0, (width, height), (5, 2))
    turned[cells[:, 1], cells[:, 0]] = 255
    face = Face(Box(1, 2, 11, 22), cells.astype(np.float32) + 0.5, 0.9)
    back = to_unturned(face, orientation, WIDTH, HEIGHT)
    unturned = np.rot90(turned, -orientation // 90)
    indices = np.floor(back.landmarks_px).astype(int)
    assert 5 * [255] == unturned[indices[:, 1], indices[:, 0], 0].tolist()
    assert face.box.area_px == back.box.area_px
    assert 0 <= back.box.x1 < back.box.x2 <= WIDTH
    assert 0 <= back.box.y1 < back.box.y2 <= HEIGHT


def test_the_rectangle_of_a_turned_face_is_in_the_unturned_picture() -> None:
    """A face at the top left of the picture turned by 90 lies at the top right of the picture as sent."""
    face = Face(Box(0, 0, 10, 20), np.zeros((5, 2), np.float32), 0.9)
    assert Box(WIDTH - 20, 0, WIDTH, 10) == to_unturned(face, 90, WIDTH, HEIGHT).box
