"""Over-exposure prevention: how much of the face is burnt out."""

from ipse.core.faces.quality.evidence import Evidence
from ipse.core.faces.quality.parameters import OVER_EXPOSURE
from ipse.core.vocabulary import Measure

BRIGHTEST = 247
"""Darkest level that still counts as white. Source: ISO/IEC 29794-5, levels 247 to 255 of 255."""


def measure(evidence: Evidence) -> Measure:
    """Give the share of the face's pixels that are white, 0 to 1; less is better."""
    raw = float(evidence.histogram[BRIGHTEST:].sum())
    return Measure(raw, OVER_EXPOSURE(raw))
