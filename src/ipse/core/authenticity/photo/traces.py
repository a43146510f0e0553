"""What a picture's own pixels keep of how they came about: how they bear another JPEG."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ipse.core.authenticity.photo.shown import Shown
from ipse.core.vocabulary import Box, Floats, Pixels

Mask = NDArray[np.bool_]

AGAIN: Final = 90
"""JPEG quality at which pixels are saved again. Source: documents.md, 6.2 (error level analysis); usual for it."""

LEAST_PX: Final = 640
"""Width of a card in its picture below which traces are too few. Source: L2 has 720, L3 560."""


@dataclass(frozen=True)
class Traces:
    """
    The traces.

    Attributes:
        luma: Brightness.
        error: How much another JPEG changes each pixel, mean over the channels.
        slope: How steep brightness is there.
    """

    luma: Floats
    error: Floats
    slope: Floats


def why_not(shown: Shown) -> str:
    """Give why a picture keeps no traces; empty if it does."""
    if shown.sight.image.format != "jpeg":
        return "the picture is no JPEG"
    if shown.sight.image.reduction != 1 or shown.width_px < LEAST_PX:
        return "the card is too small in the picture"
    return ""


def traces(pixels: Pixels) -> Traces:
    """
    Give the traces of a picture's own pixels.

    Shape: (H, W, 3) uint8 RGB.
    """
    luma = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    _, packed = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, AGAIN])
    again = cv2.imdecode(packed, cv2.IMREAD_COLOR_RGB)
    error = cv2.transform(cv2.absdiff(pixels, np.asarray(again, np.uint8)), np.full((1, 3), 1 / 3, np.float32))
    across, down = (cv2.Sobel(luma, cv2.CV_32F, *order, scale=1 / 8) for order in ((1, 0), (0, 1)))
    return Traces(
        luma=luma,
        error=error.astype(np.float32),
        slope=cv2.magnitude(across, down).astype(np.float32),
    )


def inside(shown: Shown, box: Box) -> tuple[tuple[slice, slice], Mask]:
    """Give a window of the picture's own pixels around a box of the side, and which of its pixels are in the box."""
    height, width = shown.own.shape[:2]
    corners = shown.in_own(box)
    (left, top), (right, bottom) = np.floor(corners.min(0)).astype(int), np.ceil(corners.max(0)).astype(int) + 1
    left, top = (int(np.clip(value, 0, most)) for value, most in ((left, width), (top, height)))
    right, bottom = (int(np.clip(value, 0, most)) for value, most in ((right, width), (bottom, height)))
    mask = np.zeros((bottom - top, right - left), np.uint8)
    if mask.size:
        cv2.fillConvexPoly(mask, np.round(corners - (left, top)).astype(np.int32), (1,))
    return (slice(top, bottom), slice(left, right)), mask.astype(bool)
