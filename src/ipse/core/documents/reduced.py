"""What of a picture the search for cards looks at: a smaller copy, its segments, its colours and its strokes."""

from dataclasses import dataclass, field
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from ipse.core.faces.views import shrink_or_grow
from ipse.core.vocabulary import Floats, Pixels

Reals: TypeAlias = NDArray[np.float64]

LONGER_PX = 640
"""Longer side of the copy; a card that is 150 px wide in a picture of 1280 is 75 px wide there."""

LEAST_SEGMENT_PX = 6.0
"""Shorter segments say nothing about a card's edges."""

STROKE_PX = 5
"""Window, in pixels of the copy, whose mean is taken away to leave strokes of letters and fine lines."""


@dataclass(frozen=True, slots=True)
class Reduced:
    """
    The copy and what was measured on it.

    Attributes:
        pixels: (H, W, 3) uint8 RGB, the picture itself.
        scale: Pixels of the copy per pixel of the picture.
        width_px: Width of the copy.
        height_px: Its height.
        segments: (N, 4) float32 straight segments, x1, y1, x2, y2 in pixels of the copy.
        colours: (H, W, 3) uint8, blurred Lab.
        strokes: (H, W) uint8, how much a pixel differs from its surroundings.
    """

    pixels: Pixels = field(repr=False)
    scale: float
    width_px: int
    height_px: int
    segments: Floats = field(repr=False)
    colours: Pixels = field(repr=False)
    strokes: Pixels = field(repr=False)

    @property
    def outline(self) -> Reals:
        """
        Corners of the copy, clockwise from the top left.

        Shape: (4, 2).
        """
        return np.array([[0, 0], [self.width_px, 0], [self.width_px, self.height_px], [0, self.height_px]], np.float64)


def reduce(pixels: Pixels) -> Reduced:
    """
    Give the copy of a picture that cards are looked for in.

    Shape: pixels (H, W, 3) uint8 RGB.
    Source: segments by LSD, von Gioi et al. 2012, doi:10.5201/ipol.2012.gjmr-lsd, on luminance.
    """
    height, width = pixels.shape[:2]
    scale = min(1.0, LONGER_PX / max(height, width))
    small = pixels
    if scale < 1:
        small = shrink_or_grow(pixels, max(1, round(width * scale)), max(1, round(height * scale)))
    lab = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2Lab), np.uint8)
    light = np.ascontiguousarray(lab[:, :, 0])
    return Reduced(
        pixels=pixels,
        scale=small.shape[1] / width,
        width_px=small.shape[1],
        height_px=small.shape[0],
        segments=_segments(light),
        colours=np.asarray(cv2.blur(lab, (3, 3)), np.uint8),
        strokes=np.asarray(cv2.absdiff(light, cv2.blur(light, (STROKE_PX, STROKE_PX))), np.uint8),
    )


def _segments(light: Pixels) -> Floats:
    """Give the straight segments of a grey picture."""
    detector = cv2.createLineSegmentDetector(cv2.LSD_REFINE_NONE)
    found = detector.detect(light)[0]
    if found is None:
        return np.empty((0, 4), np.float32)
    segments = np.asarray(found, np.float32).reshape(-1, 4)
    length = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
    return np.asarray(segments[length >= LEAST_SEGMENT_PX], np.float32)
