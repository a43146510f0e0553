"""Expression: what the face says. Five landmarks do not tell."""

from ipse.core.faces.quality.evidence import Evidence
from ipse.core.vocabulary import Measure


def measure(evidence: Evidence) -> Measure:  # noqa: ARG001 - every measure takes the evidence
    """Give nothing: neutrality needs a network that reads expressions, and none is loaded."""
    return Measure(None, None, "not assessed: no network for expressions")
