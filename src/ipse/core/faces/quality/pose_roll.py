"""Pose, roll: does the head lean to a shoulder."""

from ipse.core.faces.quality.evidence import Evidence
from ipse.core.faces.quality.head_pose import roll_deg
from ipse.core.faces.quality.parameters import POSE_ROLL
from ipse.core.vocabulary import Measure


def measure(evidence: Evidence) -> Measure:
    """
    Give the roll in degrees, clockwise as seen in the picture; upright and frontal is 0 and best.

    Source: ISO/IEC 29794-5 *head pose*; scaled by the size of the angle, whichever way it goes.
    """
    raw = roll_deg(evidence.face.landmarks_px)
    return Measure(raw, POSE_ROLL(abs(raw)))
