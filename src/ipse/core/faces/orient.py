"""Faces in pictures that may lie on their side or stand on their head."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np

from ipse.core.faces.detect import detect
from ipse.core.vocabulary import Box, Face, Floats, Network, Pixels

Orientation: TypeAlias = Literal[0, 90, 180, 270]

TURNS: tuple[Orientation, ...] = (90, 180, 270)
"""Orientations tried after upright, in this order. Source: Megvii FaceID, `multi_oriented_detection`."""


@dataclass(frozen=True, slots=True)
class Turned:
    """
    Where faces were found after turning the picture.

    Attributes:
        orientation_deg: 90 when the top of the head points right; turning counter-clockwise by it gives upright.
        pixels: The picture turned upright, (H, W, 3).
        faces: The faces in pixels of the turned picture, best score first.
    """

    orientation_deg: Orientation
    pixels: Pixels = field(repr=False)
    faces: tuple[Face, ...]


def detect_upright_or_turned(pixels: Pixels, detector: Network) -> Turned:
    """Give the faces of the upright picture; only if it has none, of the first of the three turns that has one."""
    upright = Turned(0, pixels, detect(pixels, detector))
    if upright.faces:
        return upright
    for orientation in TURNS:
        turned = turn(pixels, orientation)
        faces = detect(turned, detector)
        if faces:
            return Turned(orientation, turned, faces)
    return upright


def turn(pixels: Pixels, orientation: Orientation) -> Pixels:
    """Give the picture turned counter-clockwise by `orientation` degrees."""
    return np.ascontiguousarray(np.rot90(pixels, orientation // 90))


def to_unturned(face: Face, orientation: Orientation, width_px: int, height_px: int) -> Face:
    """
    Give a face of the turned picture in pixels of the picture before turning, which is `width_px` by `height_px`.

    Its landmarks keep their order: the first is still the eye on the left of the upright face.
    """
    corners = np.array([[face.box.x1, face.box.y1], [face.box.x2, face.box.y2]], np.float32)
    back = points_back(corners, orientation, width_px, height_px)
    (x1, y1), (x2, y2) = back.min(axis=0).tolist(), back.max(axis=0).tolist()
    landmarks = points_back(face.landmarks_px, orientation, width_px, height_px)
    return Face(Box(x1, y1, x2, y2), landmarks, face.score)


def points_back(points: Floats, orientation: Orientation, width_px: int, height_px: int) -> Floats:
    """
    Give points of the turned picture in pixels of the unturned one.

    Shape: (N, 2) -> (N, 2).
    """
    x, y = points[:, 0], points[:, 1]
    back = {0: (x, y), 90: (width_px - y, x), 180: (width_px - x, height_px - y), 270: (y, height_px - x)}
    return np.stack(back[orientation], axis=1).astype(np.float32)
