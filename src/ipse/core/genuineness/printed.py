"""Judgement `print`: printed on paper."""

from ipse.core.genuineness.evidence import Evidence
from ipse.core.genuineness.judgement import Judgement, OperatingPoint, decided, not_assessed


def judge(evidence: Evidence, point: OperatingPoint) -> Judgement:
    """Give whether the capture is suspected of it; what cannot be told from a screen is suspected of both."""
    seen = evidence.traces
    if isinstance(seen, str):
        return not_assessed(point.name, seen)
    worst = max(seen, key=lambda one: one.score("print"))
    return decided(point, worst.score("print"), worst.why)
