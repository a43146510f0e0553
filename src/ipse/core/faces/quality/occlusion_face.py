"""Face occlusion prevention: how much of the face is there to be seen."""

from ipse.core.faces.quality.evidence import Evidence
from ipse.core.faces.quality.mean_face import MEAN_FACE
from ipse.core.faces.quality.parameters import FACE_VISIBLE, VISIBILITY
from ipse.core.faces.quality.visibility import share_seen
from ipse.core.vocabulary import Measure


def measure(evidence: Evidence) -> Measure:
    """
    Give the expected share of the face that is seen, 0 to 1: the mean of its parts' probabilities to be seen, times
    the share of its box that lies in the picture; more is better.

    Source: ISO/IEC 29794-5 *face occlusion prevention*; the parts are those of `visibility`.
    """
    raw = share_seen(evidence.views, MEAN_FACE, VISIBILITY) * _inside(evidence)
    return Measure(raw, FACE_VISIBLE(raw))


def _inside(evidence: Evidence) -> float:
    """Give the share of the face's box that lies in the picture."""
    height, width = evidence.pixels.shape[:2]
    box = evidence.face.box
    across = max(0.0, min(box.x2, width) - max(box.x1, 0.0))
    down = max(0.0, min(box.y2, height) - max(box.y1, 0.0))
    return float(across * down / max(box.area_px, 1e-9))
