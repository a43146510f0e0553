"""Pose, yaw: is the head turned to a side."""

from ipse.core.faces.quality.evidence import Evidence
from ipse.core.faces.quality.head_pose import yaw_deg
from ipse.core.faces.quality.parameters import POSE_YAW
from ipse.core.vocabulary import Measure


def measure(evidence: Evidence) -> Measure:
    """
    Give the yaw in degrees, positive to the right of the picture; upright and frontal is 0 and best.

    Source: ISO/IEC 29794-5 *head pose*; scaled by the size of the angle, whichever way it goes.
    """
    raw = yaw_deg(evidence.face.landmarks_px)
    return Measure(raw, POSE_YAW(abs(raw)))
