"""Whether letters are sharp enough to be trusted: how steep the edges of print are, whatever its contrast."""

from typing import Final

import cv2
import numpy as np

from ipse.core.authenticity.check import Check, Concern
from ipse.core.authenticity.photo.bounds import BOUNDS, measured, not_measured
from ipse.core.authenticity.photo.shown import Shown
from ipse.core.vocabulary import Box, Floats

NAME: Final = "blur"

LEAST_CONTRAST: Final = 20.0
"""Levels between ink and paper below which a line says nothing of sharpness."""

ENDS: Final = (3.0, 97.0)
"""Percentiles that stand for ink, paper and the steepest edges; beyond them is noise."""


def check(shown: Shown) -> Check:
    """Give whether the side is blurred, and which fields are."""
    score = measure(shown)
    if score is None:
        return not_measured(shown.side, NAME, Concern.BLURRED, "no print is clear enough to judge by")
    slopes = steepness(shown)
    blurred = tuple(name for name, box in shown.boxes.items() if _is_soft(_of(slopes, shown.luma, box)))
    return measured(shown.side, NAME, Concern.BLURRED, score, *blurred)


def measure(shown: Shown) -> float | None:
    """
    Give the median over the lines of print of their steepest slope a pixel, as a share of their contrast.

    Shape: of 1,011 px across the card.
    Source: ours; Laplacian variance, as documents.md has it, depends on how much is printed and how dark.
    """
    slopes = steepness(shown)
    found = [value for box in shown.lines if (value := _of(slopes, shown.luma, box)) is not None]
    return float(np.median(found)) if found else None


def steepness(shown: Shown) -> Floats:
    """Give how steep brightness is everywhere, in levels a pixel."""
    across, down = (cv2.Sobel(shown.luma, cv2.CV_32F, *order, scale=1 / 8) for order in ((1, 0), (0, 1)))
    return np.asarray(cv2.magnitude(across, down), np.float32)


def _of(slopes: Floats, luma: Floats, box: Box) -> float | None:
    """Give a box's steepest slope as a share of its contrast; `None` if it holds hardly any print."""
    rows, columns = slice(max(0, int(box.y1)), int(box.y2) + 1), slice(max(0, int(box.x1)), int(box.x2) + 1)
    part = luma[rows, columns]
    if not part.size:
        return None
    ink, paper = np.percentile(part, ENDS)
    contrast = float(paper - ink)
    return float(np.percentile(slopes[rows, columns], ENDS[1])) / contrast if contrast >= LEAST_CONTRAST else None


def _is_soft(value: float | None) -> bool:
    """Tell whether a field's print is as soft as that of a blurred side."""
    return value is not None and BOUNDS[NAME].is_beyond(value, BOUNDS[NAME].suspected)
