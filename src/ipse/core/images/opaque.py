"""Alpha composed on white."""

import numpy as np
from numpy.typing import NDArray

from ipse.core.vocabulary import Pixels

BAND_PX = 1 << 20
"""Pixels converted at a time: keeps copies of a large picture at a few megabytes, and other threads running between."""


def on_white(pixels: NDArray[np.uint8]) -> Pixels:
    """
    The picture as it looks on white paper, which is how pages and prints show it.

    What full transparency hides is never seen, and never judged.

    Shape: pixels (h, w, 4) uint8 RGBA, not premultiplied -> (h, w, 3) uint8.
    Source: Porter and Duff 1984, `over`; division by 255 rounded to the nearest.
    """
    height_px, width_px, _ = pixels.shape
    out = np.empty((height_px, width_px, 3), np.uint8)
    rows = max(1, BAND_PX // width_px)
    for top in range(0, height_px, rows):
        band = pixels[top : top + rows]
        alpha = band[..., 3:].astype(np.uint16)
        out[top : top + rows] = (band[..., :3] * alpha + (255 - alpha) * np.uint16(255) + 127) // 255
    return out
