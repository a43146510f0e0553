"""
What a picture shows around a face: a screen or a sheet of paper is told by what lies around the face, not by the face.

A crop factor says how many times the face's box, as the detector draws it (forehead to chin, cheek to cheek), goes into
what is looked at, along the side where it goes least often: 1 is the box itself, 2.7 is head, shoulders and what is
beside them.
"""

from typing import Final

import cv2
import numpy as np

from ipse.core.faces.warp import halved
from ipse.core.vocabulary import Box, Pixels

WANTED: Final = 2.7
"""Crop factor that the network wants. Source: `lib/fr_liveness.js` of its package; Silent-Face's 2.7_80x80 likewise."""

LEAST: Final = 1.25
"""Crop factor below which nothing can be said. Source: issue 5; `presentation.md` shows what is left above it."""

FLAT_LEVELS: Final = 8
"""
Level up to which a whole row or column at the rim is a bar that a program added, and no part of what a camera saw.

Source: ours: black bars of `../shared/data/faces` are at most 6 after JPEG; no row of a camera's dark is that even.
"""


def shown(pixels: Pixels, box: Box) -> float:
    """Give the crop factor that a picture has room for."""
    height, width = pixels.shape[:2]
    return float(min(width / max(box.width_px, 1.0), height / max(box.height_px, 1.0)))


def without_bars(pixels: Pixels, box: Box) -> tuple[Pixels, Box]:
    """Give the picture without black bars at its rim, and the face's box in it."""
    top, bottom = _bars(pixels)
    left, right = _bars(pixels.transpose(1, 0, 2))
    inside = pixels[top : pixels.shape[0] - bottom, left : pixels.shape[1] - right]
    return inside, Box(box.x1 - left, box.y1 - top, box.x2 - left, box.y2 - top)


def _bars(pixels: Pixels) -> tuple[int, int]:
    """Give how many rows are black at the top and at the bottom; none if all are."""
    lines = len(pixels)
    begin = next((index for index in range(lines) if int(pixels[index].max()) > FLAT_LEVELS), lines)
    if begin == lines:
        return 0, 0
    return begin, next(index for index in range(lines) if int(pixels[-1 - index].max()) > FLAT_LEVELS)


def cut_off(pixels: Pixels, box: Box, factor: float = WANTED) -> Pixels:
    """Give the box so many times as large, cut off where the picture ends."""
    x, y = (box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2
    half_width, half_height = box.width_px * factor / 2, box.height_px * factor / 2
    height, width = pixels.shape[:2]
    x1, x2 = int(max(x - half_width, 0)), int(min(x + half_width, width))
    y1, y2 = int(max(y - half_height, 0)), int(min(y + half_height, height))
    return pixels[y1 : max(y2, y1 + 1), x1 : max(x2, x1 + 1)]


def pushed_inside(pixels: Pixels, box: Box, factor: float = WANTED) -> Pixels:
    """Give a square of the box's width so many times as large, moved, and where need be shrunk, into the picture."""
    height, width = pixels.shape[:2]
    side = min(box.width_px * factor, height, width)
    left = min(max((box.x1 + box.x2 - side) / 2, 0.0), width - side)
    top = min(max((box.y1 + box.y2 - side) / 2, 0.0), height - side)
    whole = max(int(side), 1)
    return pixels[int(top) : int(top) + whole, int(left) : int(left) + whole]


def scaled_to(pixels: Pixels, side_px: int) -> Pixels:
    """
    Give a crop as a square of this size; what is larger is averaged, so that nothing beats with anything.

    What is four times as large is halved first, which takes a third of the time and moves the network's log odds by
    0.5 at most (the thirteen pictures of `../shared/data/spoof`).
    """
    while min(pixels.shape[:2]) >= 4 * side_px:
        pixels = halved(pixels)
    is_larger = min(pixels.shape[:2]) > side_px
    how = cv2.INTER_AREA if is_larger else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, (side_px, side_px), interpolation=how), np.uint8)
