"""Whether a picture is grey, or grey under one tint: what its colours say beyond its brightness."""

from typing import Final

import cv2
import numpy as np

from ipse.core.vocabulary import Pixels

MONOCHROME_BELOW: Final = 2.9
"""
Colour below which a picture is monochrome, in levels of chroma.

Source: `benchmarks/accuracy/monochrome.py` on the 3,113 pictures of `../shared/data/faces`: tinted grey copies measure
up to 2.75, pictures in colour from 3.10 on; see docs/people.md.
"""

ENOUGH_PX: Final = 64
"""Longer side to which a picture is shrunk first: the noise of JPEG's chroma averages out, what is coloured stays."""

_BINS: Final = 16
"""Steps of brightness: enough to follow a tint that changes from shadow to light, few enough to fill each."""


def is_monochrome(pixels: Pixels) -> bool:
    """
    Give whether a picture is grey or evenly tinted.

    Shape: pixels (H, W, 3) uint8 RGB.
    """
    return colour(pixels) < MONOCHROME_BELOW


def colour(pixels: Pixels) -> float:
    """
    Give how far chroma strays from what brightness alone would tell: 0 for grey, sepia or any one tint.

    The root of the mean squared distance in the plane of Cr and Cb, in levels of 255, from the mean chroma of all
    pixels of about the same brightness.

    Shape: pixels (H, W, 3) uint8 RGB.
    Source: YCbCr of ITU-R BT.601, as OpenCV's `COLOR_RGB2YCrCb` has it; the measure is ours.
    """
    luma, *chroma = cv2.cvtColor(_shrunk(pixels), cv2.COLOR_RGB2YCrCb).reshape(-1, 3).T.astype(np.float32)
    steps = (luma * (_BINS / 256)).astype(np.intp)
    counts = np.maximum(np.bincount(steps, minlength=_BINS), 1)
    strayed = np.zeros_like(luma)
    for plane in chroma:
        means = np.bincount(steps, plane, minlength=_BINS) / counts
        strayed += np.square(plane - means[steps]).astype(np.float32)
    return float(np.sqrt(strayed.mean()))


def _shrunk(pixels: Pixels) -> Pixels:
    """Give the picture with its longer side at most `ENOUGH_PX`."""
    height, width = pixels.shape[:2]
    scale = ENOUGH_PX / max(height, width)
    if scale >= 1:
        return pixels
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
