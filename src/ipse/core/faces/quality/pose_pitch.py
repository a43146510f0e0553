"""Pose, pitch: is the head tilted up or down."""

from ipse.core.faces.quality.evidence import Evidence
from ipse.core.faces.quality.head_pose import pitch_deg
from ipse.core.faces.quality.parameters import POSE_PITCH
from ipse.core.vocabulary import Measure


def measure(evidence: Evidence) -> Measure:
    """
    Give the pitch in degrees, positive up; upright and frontal is 0 and best.

    Source: ISO/IEC 29794-5 *head pose*; scaled by the size of the angle, whichever way it goes.
    """
    raw = pitch_deg(evidence.face.landmarks_px)
    return Measure(raw, POSE_PITCH(abs(raw)))
