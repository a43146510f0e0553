"""Judgement `replaced`: another face in one of the frames."""

from ipse.core.genuineness.evidence import Evidence
from ipse.core.genuineness.judgement import Judgement, OperatingPoint, not_assessed


def judge(evidence: Evidence, point: OperatingPoint) -> Judgement:
    """Give whether the capture is suspected of it."""
    del evidence
    return not_assessed(point.name, "not_built")
