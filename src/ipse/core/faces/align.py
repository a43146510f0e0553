"""A face, turned, scaled and cropped so that its five points lie where the embedding network expects them."""

import numpy as np

from ipse.core.faces.warp import Affine, warp
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

    Shape: pixels (H, W, 3) uint8 RGB, landmarks_px (5, 2) -> (112, 112, 3) uint8 RGB.
    """
    return warp(pixels, similarity_to_target(landmarks_px), SIDE_PX)


def similarity_to_target(landmarks_px: Floats) -> Affine:
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
