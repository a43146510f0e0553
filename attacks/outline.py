"""Where a face ends: an outline drawn from its five points, and regions of it as soft masks."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ipse.core.faces.align import similarity_to_target
from ipse.core.vocabulary import Floats, Pixels

OUTLINE: Final = (
    (10, 56), (12, 72), (17, 88), (26, 101), (39, 111), (56, 115), (73, 111), (86, 101), (95, 88), (100, 72), (102, 56),
    (99, 38), (89, 22), (74, 12), (56, 9), (38, 12), (23, 22), (13, 38),
)  # fmt: skip
"""A frontal face in the square of `ipse.core.faces.align`, clockwise in the picture from the left ear. Drawn by eye
around the mean face of benchmarks/accuracy/landmarks.py."""

BROWS: Final = 34.0
"""Height of the brows in that square."""

EYES: Final = ((38.3, 51.7), (73.5, 51.5))
"""Where its eyes lie."""

MOUTH: Final = (56.1, 92.3)
"""Where its mouth lies."""


def to_picture(landmarks_px: Floats) -> NDArray[np.float64]:
    """
    Give what takes points of the square to the picture.

    Shape: (5, 2) -> (2, 3).
    """
    return np.asarray(cv2.invertAffineTransform(similarity_to_target(landmarks_px)), np.float64)


def moved(points: object, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Give points moved by an affine map.

    Shape: (N, 2), (2, 3) -> (N, 2).
    """
    at = np.asarray(points, np.float64)
    return at @ matrix[:, :2].T + matrix[:, 2]


def outline(landmarks_px: Floats, chance: np.random.Generator, *, forehead: float = 0.5) -> NDArray[np.float64]:
    """
    Give a face's outline in the picture, drawn differently each time.

    Args:
        landmarks_px: The five points.
        chance: The dice.
        forehead: How often the forehead belongs to it; else it ends at the brows.

    Shape: (5, 2) -> (18, 2).
    """
    points = np.array(OUTLINE, np.float64)
    if chance.random() > forehead:
        points[:, 1] = np.maximum(points[:, 1], BROWS + chance.uniform(-4, 4))
    middle = points.mean(axis=0)
    points = middle + (points - middle) * chance.uniform(0.82, 1.06, 2)
    return moved(points + chance.normal(0, 1.6, points.shape), to_picture(landmarks_px))


def filled(shape: tuple[int, ...], polygon: NDArray[np.float64], soft_px: float = 0.0) -> Floats:
    """
    Give the inside of a polygon's convex hull as a mask with a soft edge.

    Shape: (N, 2) -> (H, W) float32, 0 to 1.
    """
    drawn = np.zeros(shape[:2], np.float32)
    hull = cv2.convexHull(polygon.astype(np.float32))
    cv2.fillConvexPoly(drawn, np.rint(hull * 16).astype(np.int32), 1.0, cv2.LINE_8, 4)
    return softened(drawn, max(soft_px, 0.6))


def softened(mask: Floats, soft_px: float) -> Floats:
    """
    Give a mask whose edge is this soft.

    Shape: (H, W) -> (H, W).
    """
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), soft_px), np.float32)


def laid_over(above: Pixels, below: Pixels, mask: Floats) -> Pixels:
    """
    Give one picture over another where a mask says so.

    Shape: (H, W, 3), (H, W, 3), (H, W) -> (H, W, 3) uint8.
    """
    return np.asarray(cv2.blendLinear(above, below, mask, 1 - mask), np.uint8)


def face_over(other: Pixels, other_landmarks_px: Floats, pixels: Pixels, landmarks_px: Floats) -> Pixels:
    """
    Give another picture turned, scaled and shifted so that its face lies over this one's.

    Shape: (h, w, 3), (5, 2), (H, W, 3), (5, 2) -> (H, W, 3) uint8.
    """
    there = np.vstack((similarity_to_target(other_landmarks_px), (0, 0, 1)))
    back = np.vstack((to_picture(landmarks_px), (0, 0, 1)))
    size = pixels.shape[1], pixels.shape[0]
    return np.asarray(
        cv2.warpAffine(other, (back @ there)[:2], size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101),
        np.uint8,
    )
