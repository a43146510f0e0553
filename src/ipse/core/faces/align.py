"""A face, turned, scaled and cropped so that its five points lie where the embedding network expects them."""

import cv2
import numpy as np

from ipse.core.vocabulary import Floats, Pixels

SIDE_PX = 112
"""Side of an aligned face. Source: SFace's input (opencv_zoo, models/face_recognition_sface)."""

TARGET_PX: tuple[tuple[float, float], ...] = (
    (38.2946, 51.6963),
    (73.5318, 51.5014),
    (56.0252, 71.7366),
    (41.5493, 92.3655),
    (70.7299, 92.2041),
)
"""Where the five points lie in an aligned face. Source: insightface, python-package/insightface/utils/face_align.py."""


def align(pixels: Pixels, landmarks_px: Floats) -> Pixels:
    """
    Give the aligned face.

    A face much larger than the crop is halved by area first, because a warp takes four pixels and would leave aliases.

    Shape: pixels (H, W, 3) uint8 RGB, landmarks_px (5, 2) -> (112, 112, 3) uint8 RGB.
    """
    matrix = similarity_to_target(landmarks_px)
    corners = corners_in_picture(matrix)
    low = np.clip(np.floor(corners.min(axis=0)).astype(int) - 2, 0, None)
    high = np.ceil(corners.max(axis=0)).astype(int) + 2
    part = pixels[low[1] : high[1], low[0] : high[0]]
    if part.size == 0:
        return np.zeros((SIDE_PX, SIDE_PX, 3), np.uint8)
    matrix[:, 2] += matrix[:, :2] @ low
    while np.hypot(*matrix[:, 0]) <= 0.5 and min(part.shape[:2]) > 1:  # noqa: PLR2004  half the size or less
        half = (part.shape[1] // 2, part.shape[0] // 2)
        even = part[: half[1] * 2, : half[0] * 2]
        part = np.asarray(cv2.resize(even, half, interpolation=cv2.INTER_AREA), np.uint8)
        matrix[:, :2] *= 2
        matrix[:, 2] += matrix[:, :2] @ (0.25, 0.25)
    return np.asarray(cv2.warpAffine(part, matrix, (SIDE_PX, SIDE_PX)), np.uint8)


def similarity_to_target(landmarks_px: Floats) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """
    Give the similarity (turn, scale, shift; never a reflection) that takes the points nearest to `TARGET_PX`.

    Points that coincide have no scale; they are taken to the middle of the target.

    Shape: (5, 2) -> (2, 3) float64.
    Source: Umeyama 1991, doi:10.1109/34.88573; in the plane the least squares have this closed form.
    """
    target = np.asarray(TARGET_PX)
    source = landmarks_px.astype(np.float64)
    source_mean, target_mean = source.mean(axis=0), target.mean(axis=0)
    centred, aimed = source - source_mean, target - target_mean
    spread = max(float((centred**2).sum()), 1e-9)
    along = float((centred * aimed).sum()) / spread
    across = float((centred[:, 0] * aimed[:, 1] - centred[:, 1] * aimed[:, 0]).sum()) / spread
    turn = np.array([[along, -across], [across, along]])
    return np.column_stack((turn, target_mean - turn @ source_mean))


def corners_in_picture(matrix: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> Floats:
    """
    Give the corners of the aligned face in pixels of the picture.

    Shape: (2, 3) -> (4, 2).
    """
    backward = cv2.invertAffineTransform(matrix)
    square = np.array([[0, 0, 1], [SIDE_PX, 0, 1], [SIDE_PX, SIDE_PX, 1], [0, SIDE_PX, 1]])
    return np.asarray(square @ backward.T, np.float32)
