"""
What of a picture the detector is shown: a few views of fixed sizes, whatever the picture's own size.

Every size that a network is ever asked for stands in `INPUTS_PX`, so its memory stays flat.
"""

from dataclasses import dataclass
from math import ceil

import cv2
import numpy as np

from ipse.core.faces.warp import halved, warp
from ipse.core.vocabulary import Box, Floats, Pixels

FINE_WIDTH_PX = 416
"""
Width at which a picture is searched: a face of 5 % is 21 px wide there.

Source: `benchmarks/accuracy/detection_recall.py`; YuNet finds 99 % of faces 20 px wide and 93 % of those 16 px wide.
"""

FINE_HEIGHTS_PX = (320, 416, 576, 736)
"""Heights of that view: landscape to 4:3, square, portrait to 3:4 (1.38), portrait to 9:16 (1.77)."""

CLOSE_PX = 256
"""Side of the square view for close-ups and for a second look at one face."""

INPUTS_PX = (*((height, FINE_WIDTH_PX) for height in FINE_HEIGHTS_PX), (CLOSE_PX, CLOSE_PX))
"""
Every (height, width) that the detection network is asked for, each a multiple of 32.

Source: YuNet's strides end at 32.
"""

TILES = 3
"""Most tiles that one picture is cut into; a picture taller than they reach is searched at a smaller scale."""

TILE_STEP_PX = 320
"""Tiles start this far apart, so a face 416 px tall or less lies in one of them as a whole."""


@dataclass(frozen=True, slots=True)
class Placement:
    """
    Where a part of a picture lies in a view: `x_view = x_picture * scale_x + shift_x_px`, likewise y.

    Attributes:
        scale_x: View pixels per picture pixel.
        scale_y: Likewise down.
        shift_x_px: Where the picture's left edge lies in the view.
        shift_y_px: Where its top edge lies.
    """

    scale_x: float
    scale_y: float
    shift_x_px: float
    shift_y_px: float

    def to_picture(self, candidates: Floats) -> Floats:
        """
        Give candidates in pixels of the picture.

        Shape: (N, 15) in pixels of the view -> (N, 15).
        """
        moved = candidates.copy()
        moved[:, 0:14:2] = (candidates[:, 0:14:2] - self.shift_x_px) / self.scale_x
        moved[:, 1:14:2] = (candidates[:, 1:14:2] - self.shift_y_px) / self.scale_y
        return moved


@dataclass(frozen=True, slots=True)
class View:
    """What the detector is shown, (1, 3, H, W) float32 BGR 0-255, and where in it the picture lies."""

    tensor: Floats
    placement: Placement


def fine(pixels: Pixels) -> tuple[View, ...]:
    """Give the picture at full search width: one view, or overlapping tiles when it is taller than any of them."""
    height, width = pixels.shape[:2]
    tallest = FINE_HEIGHTS_PX[-1]
    reach = tallest + (TILES - 1) * TILE_STEP_PX
    scale = min(FINE_WIDTH_PX / width, reach / height)
    small = shrink_or_grow(pixels, max(1, round(width * scale)), max(1, round(height * scale)))
    scale_x, scale_y = small.shape[1] / width, small.shape[0] / height
    tiles = 1 + max(0, ceil((small.shape[0] - tallest) / TILE_STEP_PX))
    starts = [round(tile * (small.shape[0] - tallest) / (tiles - 1)) for tile in range(tiles)] if tiles > 1 else [0]
    input_height = next((h for h in FINE_HEIGHTS_PX if h >= small.shape[0]), tallest)
    return tuple(
        View(
            to_tensor(small[start : start + input_height], input_height, FINE_WIDTH_PX),
            Placement(scale_x, scale_y, 0, -start),
        )
        for start in starts
    )


def padded(pixels: Pixels) -> View:
    """Give the whole picture in the middle of a small view, with a border as wide as a quarter of it: for close-ups."""
    height, width = pixels.shape[:2]
    scale = CLOSE_PX / 1.5 / max(height, width)
    small = shrink_or_grow(pixels, max(1, round(width * scale)), max(1, round(height * scale)))
    left, top = (CLOSE_PX - small.shape[1]) // 2, (CLOSE_PX - small.shape[0]) // 2
    tensor = to_tensor(small, CLOSE_PX, CLOSE_PX, left, top)
    return View(tensor, Placement(small.shape[1] / width, small.shape[0] / height, left, top))


def around(pixels: Pixels, box: Box, box_px: int, side_px: int) -> tuple[Pixels, Placement]:
    """
    Give a square with the box in its middle, scaled so that the box is `box_px` wide; black outside the picture.

    Shape: pixels (H, W, 3) -> (side_px, side_px, 3).
    """
    scale = box_px / max(box.width_px, 1.0)
    shift_x = (side_px - scale * (box.x1 + box.x2)) / 2
    shift_y = (side_px - scale * (box.y1 + box.y2)) / 2
    # A pixel's index is half a pixel less than where its middle lies.
    to_index = (scale - 1) / 2
    matrix = np.array([[scale, 0, shift_x + to_index], [0, scale, shift_y + to_index]])
    return warp(pixels, matrix, side_px), Placement(scale, scale, shift_x, shift_y)


def shrink_or_grow(pixels: Pixels, width_px: int, height_px: int) -> Pixels:
    """Give the picture at another size: halved while it is twice too large, then by linear interpolation."""
    while min(pixels.shape[1] / width_px, pixels.shape[0] / height_px) >= 2:  # noqa: PLR2004 - a half is a half
        pixels = halved(pixels)
    return np.asarray(cv2.resize(pixels, (width_px, height_px), interpolation=cv2.INTER_LINEAR), np.uint8)


def to_tensor(pixels: Pixels, height_px: int, width_px: int, left_px: int = 0, top_px: int = 0) -> Floats:
    """
    Give the network input that shows `pixels` at the given place on black.

    Shape: (h, w, 3) RGB uint8 -> (1, 3, H, W) float32 BGR 0-255.
    Source: cv2.dnn.blobFromImage takes 3.8 ms for 416x416 in OpenCV 5.0, this 0.13 ms.
    """
    tensor = np.zeros((1, 3, height_px, width_px), np.float32)
    bottom, right = top_px + pixels.shape[0], left_px + pixels.shape[1]
    for channel, plane in enumerate(reversed(cv2.split(pixels))):
        tensor[0, channel, top_px:bottom, left_px:right] = plane
    return tensor
