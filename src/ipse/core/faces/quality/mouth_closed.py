"""Mouth closed: five landmarks give the mouth's corners, and no lips."""

from ipse.core.faces.quality.evidence import Evidence
from ipse.core.vocabulary import Measure


def measure(evidence: Evidence) -> Measure:  # noqa: ARG001 - every measure takes the evidence
    """Give nothing: the opening of a mouth needs landmarks on its lips, and no such network is loaded."""
    return Measure(None, None, "not assessed: no network for lips")
