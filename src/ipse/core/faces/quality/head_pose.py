"""Where the head points, from five landmarks."""

import math

from ipse.core.faces.quality.parameters import EYE_SPAN, NOSE_DEPTH, NOSE_HEIGHT
from ipse.core.vocabulary import Floats


def roll_deg(landmarks_px: Floats) -> float:
    """Give the turn of the line through the eyes, clockwise as seen in the picture, -180 to 180."""
    across = landmarks_px[1] - landmarks_px[0]
    return math.degrees(math.atan2(float(across[1]), float(across[0])))


def yaw_deg(landmarks_px: Floats) -> float:
    """
    Give how far the head is turned to a side; positive when the nose points to the right of the picture.

    Turned by an angle, the eyes' span shrinks with its cosine and the nose leaves the middle with its sine.

    Source: the span of the eyes and the depth of the nose, both in units of the distance from eyes to mouth, are
    measured by `benchmarks/accuracy/quality_fit.py`: the ellipse on which all faces lie.
    """
    span, nose_x, _ = proportions(landmarks_px)
    return math.degrees(math.atan2(nose_x / NOSE_DEPTH, span / EYE_SPAN))


def pitch_deg(landmarks_px: Floats) -> float:
    """
    Give how far the head is tilted; positive when it looks up.

    Tilted by an angle, the nose leaves its height between eyes and mouth by its depth times the tangent; the corners of
    the mouth are taken to lie as deep as the eyes. People differ by some ten degrees in this: it tells a lifted chin,
    not a nod.

    Source: `benchmarks/accuracy/quality_fit.py` measures the nose's usual height.
    """
    _, _, nose_y = proportions(landmarks_px)
    return math.degrees(math.atan2(NOSE_HEIGHT - nose_y, NOSE_DEPTH))


def proportions(landmarks_px: Floats) -> tuple[float, float, float]:
    """
    Give the eyes' span and the nose's place (right, down) seen from between the eyes, with the head's roll undone, all
    in units of the distance from eyes to mouth.
    """
    roll = math.radians(roll_deg(landmarks_px))
    cosine, sine = math.cos(roll), math.sin(roll)
    upright = [(float(x) * cosine + float(y) * sine, float(y) * cosine - float(x) * sine) for x, y in landmarks_px]
    left, right, nose, mouth_left, mouth_right = upright
    middle_x, middle_y = (left[0] + right[0]) / 2, (left[1] + right[1]) / 2
    reach = max((mouth_left[1] + mouth_right[1]) / 2 - middle_y, 1e-3)
    return (right[0] - left[0]) / reach, (nose[0] - middle_x) / reach, (nose[1] - middle_y) / reach
