"""Whether a field was painted over and typed anew: its paper came about otherwise than that of the other lines."""

from typing import Final

import cv2
import numpy as np

from ipse.core.authenticity.check import Check, Concern
from ipse.core.authenticity.photo.bounds import BOUNDS, measured, not_measured
from ipse.core.authenticity.photo.shown import Shown
from ipse.core.authenticity.photo.traces import Traces, inside, traces, why_not
from ipse.core.vocabulary import Box, Floats

NAME: Final = "retyped"

LEAST_LINES: Final = 4
"""Lines with which one can be compared; of fewer, nothing is usual."""

MARGIN_PX: Final = 2.0
"""What belongs to a line around its letters, in pixels of 1,011 across."""

LEAST_PX: Final = 20
"""Pixels of paper between letters below which a line is not judged."""

LEAST_SPREAD: Final = 0.3
"""Logarithm below which lines differ by chance. Source: 0.15 and 0.3 tried on cards of rendering "a"."""

INK: Final = 5
"""Pixels around letters that are not yet paper, blurred as letters are."""

LEAST_ERROR: Final = 0.1
"""Levels added before the logarithm: an error of none has one."""


def check(shown: Shown, kept: Traces | None) -> Check:
    """Give whether a line was typed anew, and which fields stand on it."""
    if kept is None:
        return not_measured(shown.side, NAME, Concern.RETYPED, why_not(shown))
    scores = measure(shown, kept)
    known = scores[~np.isnan(scores)]
    if not known.size:
        return not_measured(shown.side, NAME, Concern.RETYPED, "too few lines were read")
    odd = [line for line, score in zip(shown.lines, scores, strict=True) if score > BOUNDS[NAME].suspected]
    names = [name for name, box in shown.boxes.items() if any(_holds(line, box) for line in odd)]
    return measured(shown.side, NAME, Concern.RETYPED, float(known.max()), *names)


def measure(shown: Shown, kept: Traces | None = None) -> Floats:
    """
    Give how much more than usual each of `shown.lines` bears another JPEG, in robust standard deviations.

    What was saved as often as the rest of the picture bears it as the rest does; what was painted later has been saved
    less often. Paper between letters tells: how much letters themselves change hangs on their size and contrast.

    Shape: (lines,) float32, `nan` for a line that is too small; for all of them where too few are left.
    Source: documents.md, 6.2 (robust z-score of error level analysis per text box).
    """
    kept = kept or traces(shown.own)
    errors = np.array([_error(shown, kept, line) for line in shown.lines], np.float32)
    if (~np.isnan(errors)).sum() < LEAST_LINES:
        return np.full_like(errors, np.nan)
    middle = np.nanmedian(errors)
    spread = max(1.4826 * float(np.nanmedian(np.abs(errors - middle))), LEAST_SPREAD)
    return np.asarray((errors - middle) / spread, np.float32)


def _error(shown: Shown, kept: Traces, line: Box) -> float:
    """Give the logarithm of what another JPEG changes of a line's paper; `nan` where there is too little of it."""
    around = Box(line.x1 - MARGIN_PX, line.y1 - MARGIN_PX, line.x2 + MARGIN_PX, line.y2 + MARGIN_PX)
    window, mask = inside(shown, around)
    if mask.sum() < LEAST_PX:
        return np.nan
    luma = kept.luma[window]
    dark, light = np.percentile(luma[mask], (5, 80))
    ink = cv2.dilate(((luma < (dark + light) / 2) & mask).astype(np.uint8), np.ones((INK, INK), np.uint8))
    paper = mask & (ink == 0)
    if paper.sum() < LEAST_PX:
        return np.nan
    return float(np.log(kept.error[window][paper].mean() + LEAST_ERROR))


def _holds(line: Box, field: Box) -> bool:
    """Tell whether a line and a field share most of either's height, and some of their length."""
    high = min(line.y2, field.y2) - max(line.y1, field.y1)
    wide = min(line.x2, field.x2) - max(line.x1, field.x1)
    return wide > 0 and high > min(line.y2 - line.y1, field.y2 - field.y1) / 2
