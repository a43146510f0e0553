"""One box per face: overlapping and nested candidates fall to the best of them."""

import numpy as np

from ipse.core.vocabulary import Floats

SAME_FACE_IOU = 0.3
"""
Two boxes that share this much are one face.

Source: OpenCV Zoo's YuNet demo (nms_threshold 0.3).
"""

SAME_FACE_INSIDE = 0.6
"""A box that lies this much inside a better one is the same face seen at another scale, or a feature taken for one."""

WEAK = 0.7
"""Score below which a box is believed only if it stands alone."""

WEAK_INSIDE = 0.3
"""
Share of a weak box inside a better one from which it is a part of that face: a chin and collar, a badge on a cap.

Source: on `data/faces`, faces behind another's shoulder that lie so far inside its box score 0.7 and more.
"""


def distinct(candidates: Floats) -> Floats:
    """
    Give the candidates that stand for different faces, best score first.

    Shape: candidates (N, 15) float32 (`yunet.COLUMNS`) -> (M, 15), M <= N.
    Source: greedy non-maximum suppression, with containment beside intersection over union.
    """
    left = candidates[np.argsort(-candidates[:, 14], kind="stable")]
    kept: list[Floats] = []
    while len(left):
        kept.append(left[0])
        union_share, own_share = _shares(left[0], left)
        inside = np.where(left[:, 14] < WEAK, WEAK_INSIDE, SAME_FACE_INSIDE)
        left = left[(union_share < SAME_FACE_IOU) & (own_share < inside)]
    return np.stack(kept) if kept else candidates[:0]


def iou_with(box: Floats, others: Floats) -> Floats:
    """
    Give the intersection over union of one box with each of several.

    Shape: box (>=4,), others (N, >=4) xyxy -> (N,).
    """
    return _shares(box, others)[0]


def _shares(box: Floats, others: Floats) -> tuple[Floats, Floats]:
    """Give intersection over union, and intersection over the smaller area, of one box with each of several."""
    low = np.maximum(box[:2], others[:, :2])
    high = np.minimum(box[2:4], others[:, 2:4])
    shared = np.prod(np.maximum(high - low, 0), axis=1)
    area = np.prod(others[:, 2:4] - others[:, :2], axis=1)
    own = float(np.prod(box[2:4] - box[:2]))
    union = np.maximum(own + area - shared, 1e-6)
    smaller = np.maximum(np.minimum(own, area), 1e-6)
    return (shared / union).astype(np.float32), (shared / smaller).astype(np.float32)
