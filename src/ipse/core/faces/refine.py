"""A second, closer look at one face, for landmarks as good as the detector can give."""

from dataclasses import replace
from math import ceil, floor

import numpy as np

from ipse.core.faces import views, yunet
from ipse.core.faces.detect import to_face
from ipse.core.faces.overlap import iou_with
from ipse.core.vocabulary import Face, Floats, Network, Pixels

FACE_PX = 180
"""Width of the face in the closer view. Source: `benchmarks/accuracy/detection_recall.py`."""

SCORE_AT_LEAST = 0.3
"""Confidence that is enough here: that there is a face was settled before."""

SAME_IOU = 0.4
"""How much the box of the closer look shares with the first one's, at least."""


def refine(pixels: Pixels, face: Face, detector: Network) -> Face:
    """
    Give the face with the landmarks of a closer look; as it was when the closer look does not see it.

    Shape: pixels (H, W, 3) uint8 RGB, in whose pixels the face is given.
    """
    if face.box.width_px <= 0 or face.box.height_px <= 0:
        return face
    view = close_up(pixels, face)
    if view is None:
        return face
    seen = view.to_picture(yunet.candidates(detector.run(view.tensor), views.CLOSE_PX, SCORE_AT_LEAST))
    shared = iou_with(_edges(face), seen)
    same = seen[shared >= SAME_IOU]
    if not len(same):
        return face
    closer = to_face(same[int(np.argmax(same[:, 14]))])
    return replace(face, landmarks_px=closer.landmarks_px)


def close_up(pixels: Pixels, face: Face) -> views.View | None:
    """Give the view in which the face is `FACE_PX` wide and in the middle; `None` if it lies outside the picture."""
    scale = FACE_PX / face.box.width_px
    reach = views.CLOSE_PX / scale / 2
    middle_x, middle_y = (face.box.x1 + face.box.x2) / 2, (face.box.y1 + face.box.y2) / 2
    left, top = max(0, floor(middle_x - reach)), max(0, floor(middle_y - reach))
    part = pixels[top : max(top, ceil(middle_y + reach)), left : max(left, ceil(middle_x + reach))]
    if part.size == 0:
        return None
    height, width = part.shape[:2]
    at_x, at_y = round((left - middle_x + reach) * scale), round((top - middle_y + reach) * scale)
    small = views.shrink_or_grow(
        part,
        max(1, min(round(width * scale), views.CLOSE_PX - at_x)),
        max(1, min(round(height * scale), views.CLOSE_PX - at_y)),
    )
    scale_x, scale_y = small.shape[1] / width, small.shape[0] / height
    tensor = views.to_tensor(small, views.CLOSE_PX, views.CLOSE_PX, at_x, at_y)
    return views.View(tensor, scale_x, scale_y, at_x - left * scale_x, at_y - top * scale_y)


def _edges(face: Face) -> Floats:
    """Give the face's box as an array, xyxy."""
    return np.array([face.box.x1, face.box.y1, face.box.x2, face.box.y2], np.float32)
