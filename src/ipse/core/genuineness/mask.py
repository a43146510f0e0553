"""
Judgement `mask`: the subject wears a mask, of paper or rigid.

A network of our own looks at the face with some of its surroundings: cut edges, holes, print and gloss where skin
should be. It learnt from renderings of masks (`attacks.masks`, docs/model-cards/mask.md), not from masks.
"""

from ipse.core.genuineness.evidence import Evidence
from ipse.core.genuineness.judgement import Judgement, OperatingPoint
from ipse.core.genuineness.trained import judged


def judge(evidence: Evidence, point: OperatingPoint) -> Judgement:
    """Give whether the best picture shows somebody behind a mask."""
    return judged(evidence.capture.best, evidence.networks.mask, point, "mask")
