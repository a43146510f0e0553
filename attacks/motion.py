"""
A living head composed from one still: it turns, nods, blinks, opens its mouth and drifts, under a camera's noise.

What an attacker can make of one stolen portrait, and what stands in for people before a camera in tests: simulated,
never to be taken for either.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import cv2
import numpy as np

from attacks.expression import blinking, speaking
from attacks.head import HEIGHT_PX, WIDTH_PX, Pixels, Points, Portrait, portrait, turned

Movement: TypeAlias = Literal["rest", "turn_left", "turn_right", "nod", "blink", "open_mouth"]

TURN_DEG: Final = 28.0
"""How far a head turns to a side when it is asked to."""

NOD_DEG: Final = 22.0
"""How far it goes down in a nod."""

NOISE: Final = 2.0
"""Standard deviation of a camera's noise in daylight, in grey levels."""


@dataclass(frozen=True, slots=True)
class Step:
    """One movement of a script, and how long it takes; `amount` is 1 for a movement as clear as one can wish."""

    movement: Movement
    seconds: float
    amount: float = 1.0


EVERYTHING: Final[tuple[Step, ...]] = (
    Step("rest", 1.5),
    Step("turn_left", 2.0),
    Step("rest", 0.7),
    Step("turn_right", 2.0),
    Step("rest", 0.7),
    Step("nod", 1.8),
    Step("rest", 0.7),
    Step("blink", 0.8),
    Step("rest", 0.7),
    Step("open_mouth", 1.6),
    Step("rest", 1.0),
)
"""All that may be asked, one after the other: a browser plays it over and over until it was asked for."""


@dataclass(frozen=True, slots=True)
class Pose:
    """A head at one time: angles as in `turned`, closed eyes and open mouth as shares."""

    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    closed: float = 0.0
    opened: float = 0.0


def frames(
    still: Pixels, points: Points, script: tuple[Step, ...] = EVERYTHING, fps: float = 15.0, seed: int = 0
) -> Iterator[Pixels]:
    """
    Give the frames of a living head.

    Args:
        still: (H, W, 3) uint8 RGB, one portrait.
        points: (68, 2), the contours of its face (`ipse.core.faces.contours`).
        script: What it does.
        fps: Frames a second.
        seed: Of drift and noise.

    Shape: each (480, 640, 3) uint8 RGB, the face about 220 px wide.
    """
    face = portrait(still, points)
    dice = np.random.default_rng(seed)
    phases = dice.uniform(0, 2 * np.pi, 6)
    for index, pose in enumerate(poses(script, fps)):
        posed_face = posed(face, pose, sway=index / fps, phases=phases)
        yield seen(drifted(posed_face.pixels, index / fps, phases), dice)


def replayed(
    still: Pixels, points: Points, seconds: float = 10.0, fps: float = 15.0, seed: int = 0
) -> Iterator[Pixels]:
    """Give the frames of a still photo held before a camera that stands: nothing moves but the noise."""
    face = portrait(still, points)
    dice = np.random.default_rng(seed)
    for _ in range(round(seconds * fps)):
        yield seen(face.pixels, dice)


def poses(script: tuple[Step, ...], fps: float) -> Iterator[Pose]:
    """Give what the head does in each frame."""
    for step in script:
        count = max(round(step.seconds * fps), 1)
        for index in range(count):
            yield pose_of(step.movement, index / count, step.amount)


def pose_of(movement: Movement, at: float, amount: float = 1.0) -> Pose:
    """Give the head at a share of a movement: it goes there, stays, and comes back."""
    there = amount * float(np.clip(1.6 * np.sin(np.pi * at), 0, 1) ** 1.5)
    match movement:
        case "rest":
            return Pose()
        case "turn_left":
            return Pose(yaw_deg=TURN_DEG * there)
        case "turn_right":
            return Pose(yaw_deg=-TURN_DEG * there)
        case "nod":
            return Pose(pitch_deg=amount * float(-NOD_DEG * np.sin(2 * np.pi * at) * (1 if at < 0.5 else 0.6)))
        case "blink":
            return Pose(closed=there)
        case "open_mouth":
            return Pose(opened=there)


def posed(face: Portrait, pose: Pose, *, sway: float | None = None, phases: np.ndarray | None = None) -> Portrait:
    """Give the portrait doing it; with a time in seconds, its head also sways a little by itself."""
    yaw, pitch = pose.yaw_deg, pose.pitch_deg
    if sway is not None and phases is not None:
        yaw += 1.2 * float(np.sin(1.1 * sway + phases[0]) + 0.5 * np.sin(2.7 * sway + phases[1]))
        pitch += 0.8 * float(np.sin(0.9 * sway + phases[2]))
    expressed = speaking(blinking(face, pose.closed), pose.opened)
    return turned(expressed, yaw_deg=yaw, pitch_deg=pitch)


def seen(pixels: Pixels, dice: np.random.Generator, noise: float = NOISE) -> Pixels:
    """Give a frame as a camera has it: noise that is stronger where it is bright, and its own smoothing."""
    white = dice.normal(0, noise, pixels.shape).astype(np.float32)
    grain = cv2.GaussianBlur(white, (0, 0), 0.6) * (0.6 + pixels / np.float32(320))
    return np.clip(pixels + 1.6 * grain + dice.normal(0, 0.3), 0, 255).astype(np.uint8)


def drifted(pixels: Pixels, seconds: float, phases: np.ndarray) -> Pixels:
    """Give a frame of a camera in a hand: shifted by a few pixels, turned by half a degree."""
    angle = 0.5 * np.sin(0.7 * seconds + phases[3])
    matrix = cv2.getRotationMatrix2D(
        (WIDTH_PX / 2, HEIGHT_PX / 2), float(angle), float(1 + 0.01 * np.sin(0.5 * seconds))
    )
    matrix[:, 2] += (4 * np.sin(0.8 * seconds + phases[4]), 3 * np.sin(0.6 * seconds + phases[5]))
    moved = cv2.warpAffine(
        pixels, matrix, (WIDTH_PX, HEIGHT_PX), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(moved, np.uint8)
