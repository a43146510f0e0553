"""Under-exposure prevention: how much of the face drowns in black."""

from ipse.core.faces.quality.evidence import Evidence
from ipse.core.faces.quality.parameters import UNDER_EXPOSURE
from ipse.core.vocabulary import Measure

DARKEST = 25
"""Brightest level that still counts as black. Source: ISO/IEC 29794-5, levels 0 to 25 of 255."""


def measure(evidence: Evidence) -> Measure:
    """Give the share of the face's pixels that are black, 0 to 1; less is better."""
    raw = float(evidence.histogram[: DARKEST + 1].sum())
    return Measure(raw, UNDER_EXPOSURE(raw))
