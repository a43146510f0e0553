"""Whether light hides what is printed: glare on fields or face, a picture too dark or too bright to judge."""

from typing import Final

import cv2
import numpy as np

from ipse.core.authenticity.check import Check, Concern
from ipse.core.authenticity.photo.bounds import not_measured, told
from ipse.core.authenticity.photo.shown import Shown
from ipse.core.vocabulary import Box, Pixels

NAME: Final = "glare"

SATURATED: Final = 248
"""Level from which all three channels are burnt out. Source: ours; a camera's noise keeps paper below it."""

BRIGHT_PAPER: Final = 240.0
"""Median level of a side from which it is a scan or a drawing on white, on which glare cannot be told from paper."""

LEAST_SHARE: Final = 0.3
"""Share of a field's or the face's box that must be burnt out. Source: ours; gaps between letters are smaller."""

LEAST_BLOB: Final = 0.002
"""Share of the side that a blob must cover: smaller ones are print in white."""

DARK, LIGHT = 40.0, 250.0
"""95th percentile of brightness below which a side is too dark, 25th above which it is burnt out. Source: ours."""


def check(shown: Shown) -> Check:
    """Give whether glare lies on fields or on the face."""
    if float(np.median(shown.luma)) >= BRIGHT_PAPER:
        return not_measured(shown.side, NAME, Concern.GLARE, "white as it is, glare would not show")
    burnt = blobs(shown.fixed)
    places = dict(shown.boxes) | ({"portrait": shown.face} if shown.face is not None else {})
    hidden = tuple(name for name, box in places.items() if _share(burnt, box) >= LEAST_SHARE)
    return told(shown.side, NAME, Concern.GLARE, is_right=not hidden, fields=hidden)


def exposed(shown: Shown) -> Check:
    """Give whether the side is neither too dark nor burnt out as a whole."""
    dark, light = np.percentile(shown.luma, (95, 25))
    is_right = dark >= DARK and (light <= LIGHT or shown.sight.image.format == "png")
    why = "too dark" if dark < DARK else "too bright"
    return told(shown.side, "exposure", Concern.BLURRED if dark < DARK else Concern.GLARE, is_right=is_right, why=why)


def blobs(pixels: Pixels) -> Pixels:
    """
    Give where a picture is burnt out over more than print is.

    Shape: (H, W, 3) uint8 RGB -> (H, W) uint8, 1 or 0.
    """
    burnt = (pixels.min(axis=2) >= SATURATED).astype(np.uint8)
    burnt = cv2.morphologyEx(burnt, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(burnt)
    is_large = stats[:, cv2.CC_STAT_AREA] >= LEAST_BLOB * burnt.size
    is_large[0] = False
    return np.asarray(is_large[np.asarray(labels, np.int64)], np.uint8)


def _share(burnt: Pixels, box: Box) -> float:
    """Give how much of a box is burnt out."""
    part = burnt[max(0, int(box.y1)) : int(box.y2) + 1, max(0, int(box.x1)) : int(box.x2) + 1]
    return float(part.mean()) if part.size else 0.0
