"""What YuNet's twelve outputs mean: candidates for faces in pixels of its input."""

from collections.abc import Mapping

import numpy as np

from ipse.core.vocabulary import Box, Face, Floats

STRIDES_PX = (8, 16, 32)
"""
Distance between the anchor points of the three output levels.

Source: OpenCV, modules/objdetect/src/face_detect.cpp (YuNet 2023mar).
"""

COLUMNS = 15
"""A candidate is x1, y1, x2, y2, five points (x, y), score."""


def candidates(outputs: Mapping[str, Floats], input_width_px: int, at_least: float) -> Floats:
    """
    Give every anchor whose score reaches `at_least`, decoded; all others are dropped before any arithmetic.

    Shape: cls_N, obj_N (1, A, 1), bbox_N (1, A, 4), kps_N (1, A, 10) for N in STRIDES_PX -> (M, 15) float32.
    Source: OpenCV, modules/objdetect/src/face_detect.cpp: score = sqrt(cls * obj), centre = (cell + offset) * stride,
    size = exp(value) * stride.
    """
    levels = [_level(outputs, stride, input_width_px // stride, at_least) for stride in STRIDES_PX]
    return np.concatenate(levels)


def to_face(candidate: Floats) -> Face:
    """
    Give a candidate as a face.

    Shape: (15,) -> landmarks (5, 2).
    """
    x1, y1, x2, y2 = (float(edge) for edge in candidate[:4])
    return Face(Box(x1, y1, x2, y2), candidate[4:14].reshape(5, 2).copy(), float(candidate[14]))


def _level(outputs: Mapping[str, Floats], stride: int, cells_across: int, at_least: float) -> Floats:
    """Give the candidates of one output level."""
    squared = outputs[f"cls_{stride}"].ravel() * outputs[f"obj_{stride}"].ravel()
    hits = np.flatnonzero(squared >= at_least * at_least)
    found = np.empty((len(hits), COLUMNS), np.float32)
    if not len(hits):
        return found
    cell = np.stack((hits % cells_across, hits // cells_across), axis=1).astype(np.float32)
    box = outputs[f"bbox_{stride}"].reshape(-1, 4)[hits]
    centre = (cell + box[:, :2]) * stride
    half = np.exp(box[:, 2:]) * (stride / 2)
    found[:, 0:2] = centre - half
    found[:, 2:4] = centre + half
    found[:, 4:14] = (outputs[f"kps_{stride}"].reshape(-1, 10)[hits] + np.tile(cell, 5)) * stride
    found[:, 14] = np.sqrt(squared[hits])
    return found
