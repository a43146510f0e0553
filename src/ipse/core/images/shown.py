"""A picture as people are shown it: upright, small enough, written anew, so that nothing of its file goes along."""

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np

from ipse.core.images.decoding import decode
from ipse.core.images.limits import Limits

LONGER_PX: Final = 1600
"""Longest side of what is shown. Source: as `ipse.core.cards.explain`; the print of a card can be read."""

QUALITY: Final = 85
"""Of the JPEG that is shown, in libjpeg's measure. Source: ours; no trace of compression can be seen."""


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """
    A picture to look at.

    Attributes:
        jpeg: Its file.
        width_px: Upright width of the picture as sent, in which whatever was found on it is told.
        height_px: Upright height likewise.
    """

    jpeg: bytes = field(repr=False)
    width_px: int
    height_px: int


def shown(content: bytes, limits: Limits) -> ShownPicture:
    """Give a picture to look at; refuses what breaks a limit."""
    image = decode(content, limits, LONGER_PX)
    height_px, width_px = image.pixels.shape[:2]
    scale = min(1.0, LONGER_PX / max(height_px, width_px))
    size = max(round(width_px * scale), 1), max(round(height_px * scale), 1)
    pixels = cv2.resize(image.pixels, size, interpolation=cv2.INTER_AREA) if scale < 1 else image.pixels
    _, packed = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return ShownPicture(np.asarray(packed).tobytes(), image.width_px, image.height_px)
