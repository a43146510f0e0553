"""What the judgements share that rest on one of our own networks: whether it can be asked, and what it says."""

from ipse.core.genuineness.capture import Shot
from ipse.core.genuineness.crop import crop, score, too_coarse
from ipse.core.genuineness.judgement import Judgement, OperatingPoint, decided, not_assessed
from ipse.core.vocabulary import Network


def judged(shot: Shot, network: Network | None, point: OperatingPoint, why: str) -> Judgement:
    """Give whether a network of training/ suspects the subject of a picture, and of what: `why`."""
    if network is None:
        return not_assessed(point.name, "weights_missing")
    if shot.face is None:
        return not_assessed(point.name, "no_face")
    if too_coarse(shot.face.landmarks_px):
        return not_assessed(point.name, "face_too_small")
    return decided(point, score(crop(shot.pixels, shot.face.landmarks_px), network), why)
