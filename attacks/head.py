"""A portrait on a canvas as a camera would have it, and the head in it turned by an angle."""

from dataclasses import dataclass, field
from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]
Points: TypeAlias = NDArray[np.float32]
Field: TypeAlias = NDArray[np.float32]

WIDTH_PX: Final = 640
HEIGHT_PX: Final = 480
"""What cameras of telephones and laptops give when they are asked for nothing in particular."""

DEPTH: Final = 0.62
"""How far the middle of the face stands before its edge, in half widths of the head: an ellipse, flattened."""

NOSE: Final = 0.31
"""How far the nose's tip stands before that, in half widths of the head."""

BEHIND: Final = 0.35
"""How far the axis of the neck lies behind the edge of the face, in half widths of the head."""

REACH: Final = 1.9
"""At how many half widths of the head the background no longer moves with it."""

STRIDE: Final = 4
"""A field is solved at every fourth pixel: it is smooth."""

ROUNDS: Final = 14
"""Rounds of the fixed point that inverts a field; its slope stays under 0.8 up to 30 degrees."""


@dataclass(frozen=True, slots=True)
class Portrait:
    """
    A face on a canvas, upright.

    Attributes:
        pixels: (480, 640, 3) uint8 RGB.
        points: (68, 2) float32, the face's contours on it (scheme of iBUG 300-W).
    """

    pixels: Pixels = field(repr=False)
    points: Points = field(repr=False)

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of the head: between the ears, at the bridge of the nose."""
        ears = (self.points[0] + self.points[16]) / 2
        return float(ears[0]), float((self.points[27, 1] + self.points[33, 1]) / 2)

    @property
    def half(self) -> tuple[float, float]:
        """Half the width of the head, and half of its height."""
        wide = float(np.ptp(self.points[:17, 0])) / 2
        return wide, max(float(self.points[8, 1]) - self.centre[1], wide)


def portrait(
    still: Pixels, points: Points, *, face_px: float = 220.0, middle: tuple[float, float] = (320, 250)
) -> Portrait:
    """
    Give a still as a camera would have taken it: the face upright, so wide, there.

    Shape: still (H, W, 3) uint8 RGB; points (68, 2).
    """
    left, right = points[36:42].mean(axis=0), points[42:48].mean(axis=0)
    across = right - left
    turn = np.arctan2(across[1], across[0])
    scale = face_px / max(float(np.ptp(points[:17, 0])), 1.0)
    cosine, sine = scale * np.cos(turn), scale * np.sin(turn)
    matrix = np.array([[cosine, sine, 0.0], [-sine, cosine, 0.0]])
    centre = (points[:17].mean(axis=0) + (left + right) / 2) / 2
    matrix[:, 2] = np.asarray(middle) - matrix[:, :2] @ centre
    sharp = still if scale > 0.5 else cv2.GaussianBlur(still, (0, 0), 0.4 / scale)  # a warp reads four pixels only
    canvas = cv2.warpAffine(
        sharp, matrix, (WIDTH_PX, HEIGHT_PX), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return Portrait(np.asarray(canvas, np.uint8), (points @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32))


def turned(face: Portrait, *, yaw_deg: float, pitch_deg: float = 0.0) -> Portrait:
    """
    Give the portrait with its head turned.

    Args:
        face: The portrait.
        yaw_deg: Positive to the right of the picture, which is the subject's own left.
        pitch_deg: Positive up.
    """
    if yaw_deg == 0 and pitch_deg == 0:
        return face
    forward = _forward(face, yaw_deg, pitch_deg)
    down, across = np.mgrid[0:HEIGHT_PX:STRIDE, 0:WIDTH_PX:STRIDE].astype(np.float32)
    source = np.dstack((across, down))
    for _ in range(ROUNDS):
        source = np.dstack((across, down)) - _read(forward, source)
    full = cv2.resize(source, (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_LINEAR)
    moved = cv2.remap(face.pixels, full[..., 0], full[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    points = face.points + _read(forward, face.points[None])[0]
    return Portrait(np.asarray(moved, np.uint8), points.astype(np.float32))


def _forward(face: Portrait, yaw_deg: float, pitch_deg: float) -> Field:
    """Give by how much each pixel moves when the head turns; (H / 4, W / 4, 2) in pixels."""
    down, across = np.mgrid[0:HEIGHT_PX:STRIDE, 0:WIDTH_PX:STRIDE].astype(np.float32)
    (middle_x, middle_y), (wide, tall) = face.centre, face.half
    x, y = across - middle_x, down - middle_y
    radius = np.hypot(x / wide, y / tall)
    tip = face.points[30]
    nose = np.exp(-(((across - tip[0]) / (0.28 * wide)) ** 2) - ((down - tip[1]) / (0.36 * wide)) ** 2)
    depth = wide * (BEHIND + DEPTH * np.clip(1 - radius**2, 0, None) + NOSE * nose)
    yaw, pitch = np.radians(yaw_deg), np.radians(pitch_deg)
    turned_x = x * np.cos(yaw) + depth * np.sin(yaw)
    turned_z = depth * np.cos(yaw) - x * np.sin(yaw)
    turned_y = y * np.cos(pitch) - turned_z * np.sin(pitch)
    held = np.clip((REACH - radius) / (REACH - 1), 0, 1)
    held = held * held * (3 - 2 * held)
    return np.asarray(np.dstack((turned_x - x, turned_y - y)) * held[..., None], np.float32)


def _read(forward: Field, at: Field) -> Field:
    """Give a field's values at places of the canvas; (H, W, 2) -> (H, W, 2)."""
    places = (at / STRIDE).astype(np.float32)
    return np.asarray(
        cv2.remap(forward, places[..., 0], places[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
        np.float32,
    )
