"""Eyes visible: sunglasses, hair, a hand."""

from ipse.core.faces.quality.evidence import Evidence
from ipse.core.faces.quality.parameters import EYES_VISIBLE
from ipse.core.faces.quality.visibility import LEFT_EYE, RIGHT_EYE, logit
from ipse.core.vocabulary import Measure


def measure(evidence: Evidence) -> Measure:
    """
    Give the logarithm of the odds that both eyes are seen, judged by the less visible one; more is better.

    Source: ISO/IEC 29794-5 *eyes visible*; the cues are told in `visibility`, their weights measured by
    `benchmarks/accuracy/quality_fit.py` on faces with a block over an eye.
    """
    views = evidence.views
    raw = min(logit(views, LEFT_EYE), logit(views, RIGHT_EYE))
    return Measure(raw, EYES_VISIBLE(raw))
