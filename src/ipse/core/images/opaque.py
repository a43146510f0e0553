"""Alpha composed on white."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ipse.core.vocabulary import Pixels

BAND_PX = 1 << 18
"""Pixels converted at a time: keeps copies of a large picture within the processor's cache."""


def on_white(pixels: NDArray[np.uint8]) -> Pixels:
    """
    The picture as it looks on white paper, which is how pages and prints show it.

    What full transparency hides is never seen, and never judged.

    Shape: pixels (h, w, 4) uint8 RGBA, not premultiplied -> (h, w, 3) uint8.
    Source: Porter and Duff 1984, `over`; for white it is 255 - (255 - colour) * alpha / 255, rounded to the nearest.
    """
    height_px, width_px, _ = pixels.shape
    out = np.empty((height_px, width_px, 3), np.uint8)
    rows = max(1, BAND_PX // width_px)
    for top in range(0, height_px, rows):
        band = np.ascontiguousarray(pixels[top : top + rows])
        ink = cv2.bitwise_not(cv2.cvtColor(band, cv2.COLOR_RGBA2RGB))
        alpha = cv2.cvtColor(cv2.extractChannel(band, 3), cv2.COLOR_GRAY2RGB)
        cv2.bitwise_not(cv2.multiply(ink, alpha, scale=1 / 255), dst=out[top : top + rows])
    return out
