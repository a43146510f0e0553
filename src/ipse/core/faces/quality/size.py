"""Size: the distance between the eyes, in pixels of the picture."""

import numpy as np

from ipse.core.faces.quality.evidence import Evidence
from ipse.core.faces.quality.parameters import INTER_EYE_DISTANCE
from ipse.core.vocabulary import Measure


def inter_eye_px(evidence: Evidence) -> float:
    """
    Give the distance between the centres of the eyes.

    Source: ISO/IEC 29794-5 *inter-eye distance*; there it is divided by the cosine of the yaw, here the yaw is a
    measure of its own.
    """
    left, right = evidence.face.landmarks_px[:2]
    return float(np.linalg.norm(right - left))


def measure(evidence: Evidence) -> Measure:
    """Give the inter-eye distance in pixels; larger is better, and beyond what alignment needs nothing is gained."""
    raw = inter_eye_px(evidence)
    return Measure(raw, INTER_EYE_DISTANCE(raw))
