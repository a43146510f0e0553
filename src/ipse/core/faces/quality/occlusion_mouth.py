"""Mouth occlusion prevention: a mask, a hand, a microphone."""

from ipse.core.faces.quality.evidence import Evidence
from ipse.core.faces.quality.parameters import MOUTH_VISIBLE
from ipse.core.faces.quality.visibility import MOUTH, logit
from ipse.core.vocabulary import Measure


def measure(evidence: Evidence) -> Measure:
    """
    Give the logarithm of the odds that the mouth is seen; more is better.

    Source: ISO/IEC 29794-5 *mouth occlusion prevention*; the cues are told in `visibility`.
    """
    raw = logit(evidence.views, MOUTH)
    return Measure(raw, MOUTH_VISIBLE(raw))
