"""Eyes open: five landmarks give one point per eye, and no lids."""

from ipse.core.faces.quality.evidence import Evidence
from ipse.core.vocabulary import Measure


def measure(evidence: Evidence) -> Measure:  # noqa: ARG001 - every measure takes the evidence
    """Give nothing: the opening of an eye needs landmarks on its lids, and no such network is loaded."""
    return Measure(None, None, "not assessed: no network for eyelids")
