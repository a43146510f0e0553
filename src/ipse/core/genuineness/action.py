"""
Judgement `action`: the actions were not done.

The server looks for itself: each frame of an action is held against the best picture, in which the subject looks
straight ahead with open eyes. How far an action was done is measured in its own unit and told in shares of what is
needed; the action that was done least counts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from ipse.core.faces.contours import INNER_LIPS, LEFT_EYE, OUTER_LIPS, RIGHT_EYE, contours, eyes_closed, five_of
from ipse.core.faces.quality.head_pose import pitch_deg, yaw_deg
from ipse.core.genuineness.capture import Acted, Action, Shot
from ipse.core.genuineness.evidence import Evidence
from ipse.core.genuineness.judgement import Judgement, OperatingPoint, decided, not_assessed
from ipse.core.vocabulary import Network


@dataclass(frozen=True, slots=True)
class Stance:
    """
    What a face does in one picture.

    Attributes:
        yaw_deg: Positive to the right of the picture, which is the subject's own left.
        pitch_deg: Positive up.
        closed: How surely the eyes are closed, mean over both: logarithm of odds; 0 where nobody looked.
        opened: How far the lips are apart, mean of their inner and outer edges, in shares of the distance from eyes to
            mouth.
    """

    yaw_deg: float
    pitch_deg: float
    closed: float
    opened: float


NEEDED: Final[Mapping[Action, float]] = MappingProxyType(
    {
        Action.TURN_LEFT: 7.0,
        Action.TURN_RIGHT: 7.0,
        Action.NOD: 6.0,
        Action.BLINK: 1.5,
        Action.OPEN_MOUTH: 0.02,
    }
)
"""
By how much a frame must differ from the best picture: degrees, degrees down, logarithm of odds, shares of the distance
from eyes to mouth.

Source: `benchmarks/accuracy/motion.py --half first`: one pair of frames in twenty to a hundred differs by as much at
rest, and it is less than the capture page asks for.
"""

DONE: Final[Mapping[Action, Callable[[Stance, Stance], float]]] = MappingProxyType(
    {
        Action.TURN_LEFT: lambda best, now: now.yaw_deg - best.yaw_deg,
        Action.TURN_RIGHT: lambda best, now: best.yaw_deg - now.yaw_deg,
        Action.NOD: lambda best, now: best.pitch_deg - now.pitch_deg,
        Action.BLINK: lambda best, now: now.closed - best.closed,
        Action.OPEN_MOUTH: lambda best, now: now.opened - best.opened,
    }
)
"""How much of an action is seen between the best picture and a frame."""


def judge(evidence: Evidence, point: OperatingPoint) -> Judgement:
    """Give whether one of the actions was not done; `why` names the first one."""
    capture, networks = evidence.capture, evidence.networks
    if not capture.acted:
        return not_assessed(point.name, "no_actions")
    if networks.landmarks is None or networks.eyes is None:
        return not_assessed(point.name, "weights_missing")
    is_asked = any(one.action is Action.BLINK for one in capture.acted)
    best = stance(capture.best, networks.landmarks, networks.eyes if is_asked else None)
    if best is None:
        return not_assessed(point.name, "no_face")
    scores = [_score(one, best, networks.landmarks, networks.eyes) for one in capture.acted]
    missed = [one.action for one, score in zip(capture.acted, scores, strict=True) if score >= point.threshold]
    return decided(point, max(scores), missed[0].value if missed else None)


def stance(shot: Shot, landmarks: Network, eyes: Network | None) -> Stance | None:
    """Give what the subject does in a picture, `None` without a face; eyes are looked at only with their network."""
    if shot.face is None:
        return None
    points = contours(shot.pixels, shot.face.box, landmarks)
    five = five_of(points)
    reach = max(float(np.linalg.norm((five[3] + five[4]) / 2 - (five[0] + five[1]) / 2)), 1.0)
    inner, outer = points[INNER_LIPS], points[OUTER_LIPS]
    gaps = (inner[5:8] - inner[3:0:-1], outer[8:11] - outer[4:1:-1])
    apart = float(np.linalg.norm(gaps, axis=-1).mean())
    closed = 0.0
    if eyes is not None:
        closed = sum(eyes_closed(shot.pixels, points[eye], eyes) for eye in (LEFT_EYE, RIGHT_EYE)) / 2
    return Stance(yaw_deg(five), pitch_deg(five), closed, apart / reach)


def _score(acted: Acted, best: Stance, landmarks: Network, eyes: Network) -> float:
    """Give how surely an action was not done: 0.5 where just what is needed is seen, 0 from twice as much."""
    now = stance(acted.shot, landmarks, eyes if acted.action is Action.BLINK else None)
    if now is None:
        return 1.0
    done = DONE[acted.action](best, now) / NEEDED[acted.action]
    return float(np.clip(1 - done / 2, 0.0, 1.0))
