"""
Judgement `synthetic`: the face was generated, or blended into another picture.

A network of our own compares the fine details and colours of the parts of a face and of what is around it: a part that
was pasted in or made anew disagrees with the rest. It learnt from pictures blended into themselves (`attacks.blend`,
docs/model-cards/synthetic.md); a face generated whole, with its surroundings, leaves it little to compare.
"""

from ipse.core.genuineness.crop import crop, score, too_coarse
from ipse.core.genuineness.evidence import Evidence
from ipse.core.genuineness.judgement import Judgement, OperatingPoint, decided, not_assessed


def judge(evidence: Evidence, point: OperatingPoint) -> Judgement:
    """Give whether the best picture shows a face that was generated or blended in."""
    network, shot = evidence.networks.synthetic, evidence.capture.best
    if network is None:
        return not_assessed(point.name, "weights_missing")
    if shot.face is None:
        return not_assessed(point.name, "no_face")
    if too_coarse(shot.face.landmarks_px):
        return not_assessed(point.name, "face_too_small")
    return decided(point, score(crop(shot.pixels, shot.face.landmarks_px), network), "blended")
