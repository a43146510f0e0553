"""Samples in any usual arrangement to RGB, alpha composed on white."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Pixels

CHANNELS = {"L": (0, 0, 0), "LA": (0, 0, 0, 1), "RGB": (0, 1, 2), "RGBA": (0, 1, 2, 3)}
"""Where red, green, blue and alpha stand in each mode of 8 bits. Source: Pillow's handbook, "Modes"."""

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


def rgb_from_samples(samples: bytes | memoryview, size_px: tuple[int, int], mode: str) -> Pixels:
    """
    The picture that a decoder left as plain samples; it is corrupt if these do not fill its size.

    Shape: samples w * h * channels of `mode` -> (h, w, 3) uint8, a copy.
    """
    width_px, height_px = size_px
    flat = np.frombuffer(samples, np.uint8)
    if mode not in CHANNELS or flat.size != width_px * height_px * len(mode):
        raise Refusal(Reason.IMAGE_CORRUPT)
    decoded = flat.reshape(height_px, width_px, len(mode))
    if mode == "RGBA":
        return on_white(decoded)
    if mode == "RGB":
        return decoded.copy()
    spread = decoded[..., CHANNELS[mode]]
    return on_white(spread) if mode == "LA" else spread
