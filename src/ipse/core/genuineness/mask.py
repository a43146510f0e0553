"""
Judgement `mask`: the subject wears a mask, of paper or rigid.

A network of our own looks at the face with some of its surroundings: cut edges, holes, print and gloss where skin
should be. It learnt from renderings of masks (`attacks.masks`, docs/model-cards/mask.md), not from masks.
"""

from ipse.core.genuineness.crop import crop, score, too_coarse
from ipse.core.genuineness.evidence import Evidence
from ipse.core.genuineness.judgement import Judgement, OperatingPoint, decided, not_assessed


def judge(evidence: Evidence, point: OperatingPoint) -> Judgement:
    """Give whether the best picture shows somebody behind a mask."""
    network, shot = evidence.networks.mask, evidence.capture.best
    if network is None:
        return not_assessed(point.name, "weights_missing")
    if shot.face is None:
        return not_assessed(point.name, "no_face")
    if too_coarse(shot.face.landmarks_px):
        return not_assessed(point.name, "face_too_small")
    return decided(point, score(crop(shot.pixels, shot.face.landmarks_px), network), "mask")
