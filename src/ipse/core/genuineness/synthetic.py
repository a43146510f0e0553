"""
Judgement `synthetic`: the face was generated, or blended into another picture.

A network of our own compares the fine details and colours of the parts of a face and of what is around it: a part that
was pasted in or made anew disagrees with the rest. It learnt from pictures blended into themselves (`attacks.blend`,
docs/model-cards/synthetic.md); a face generated whole, with its surroundings, leaves it little to compare.
"""

from ipse.core.genuineness.evidence import Evidence
from ipse.core.genuineness.judgement import Judgement, OperatingPoint
from ipse.core.genuineness.trained import judged


def judge(evidence: Evidence, point: OperatingPoint) -> Judgement:
    """Give whether the best picture shows a face that was generated or blended in."""
    return judged(evidence.capture.best, evidence.networks.synthetic, point, "blended")
