"""Whether a field was painted over and typed anew: its pixels came about otherwise than those of the other fields."""

from collections.abc import Mapping
from typing import Final

import cv2
import numpy as np

from ipse.core.authenticity.check import Check, Concern
from ipse.core.authenticity.photo.bounds import BOUNDS, measured, not_measured
from ipse.core.authenticity.photo.shown import Shown
from ipse.core.authenticity.photo.traces import Traces, inside, traces, why_not
from ipse.core.vocabulary import Box

NAME: Final = "retyped"

LEAST_FIELDS: Final = 4
"""Fields with which one can be compared; of fewer, nothing is usual."""

MARGIN_PX: Final = 2.0
"""What belongs to a field around its letters, in pixels of 1,011 across."""

LEAST_PX: Final = 100
"""Pixels of a field below which it is not judged."""

LEAST_SPREAD: Final = 0.3
"""Logarithm below which fields differ by chance. Source: tried 0.1 to 0.4 on generated cards of the first rendering."""

OF_ERROR: Final = 0.2
"""Weight of what another JPEG changes, against the grain's. Source: likewise, 0 to 1."""

PAPER: Final = 5
"""Pixels around letters that belong to them, blurred as they are."""


def check(shown: Shown, kept: Traces | None) -> Check:
    """Give whether a field was typed anew, and which."""
    if kept is None:
        return not_measured(shown.side, NAME, Concern.RETYPED, why_not(shown))
    scores = measure(shown, kept)
    if not scores:
        return not_measured(shown.side, NAME, Concern.RETYPED, "too few fields were read")
    odd = tuple(name for name, score in scores.items() if score > BOUNDS[NAME].suspected)
    return measured(shown.side, NAME, Concern.RETYPED, max(scores.values()), *odd)


def measure(shown: Shown, kept: Traces | None = None) -> Mapping[str, float]:
    """
    Give how far each field's traces are from the usual ones, in robust standard deviations; empty for too few fields.

    Source: documents.md, 6.2 (robust z-score of error level analysis per text box; noise as the second feature).
    """
    kept = kept or traces(shown.own)
    found = {name: values for name, box in shown.boxes.items() if (values := _of(shown, kept, box)) is not None}
    if len(found) < LEAST_FIELDS:
        return {}
    table = np.array(list(found.values()))
    middle = np.median(table, axis=0)
    spread = np.maximum(1.4826 * np.median(np.abs(table - middle), axis=0), LEAST_SPREAD)
    error, grain = ((table - middle) / spread).T
    return dict(zip(found, (OF_ERROR * error - grain).tolist(), strict=True))


def _of(shown: Shown, kept: Traces, box: Box) -> tuple[float, float] | None:
    """Give a field's error for how steep it is, and its paper's grain, as logarithms."""
    around = Box(box.x1 - MARGIN_PX, box.y1 - MARGIN_PX, box.x2 + MARGIN_PX, box.y2 + MARGIN_PX)
    window, mask = inside(shown, around)
    if mask.sum() < LEAST_PX:
        return None
    luma = kept.luma[window]
    dark, light = np.percentile(luma[mask], (5, 80))
    ink = cv2.dilate(((luma < (dark + light) / 2) & mask).astype(np.uint8), np.ones((PAPER, PAPER), np.uint8))
    paper = mask & (ink == 0)
    if not paper.any():
        return None
    error = kept.error[window][mask].mean() / (kept.slope[window][mask].mean() + 1)
    return float(np.log(error + 0.01)), float(np.log(kept.grain[window][paper].mean() + 0.1))
