"""A second, closer look at one face, for landmarks as good as the detector can give."""

from dataclasses import replace

import numpy as np

from ipse.core.faces import views, yunet
from ipse.core.faces.overlap import iou_with
from ipse.core.vocabulary import Face, Floats, Network, Pixels

FACE_PX = 180
"""
Width of the face in the closer view, which is 256 px wide.

Source: `benchmarks/accuracy/landmarks.py`. The detector's points depend on the size at which it sees a face, by 2 to
3 % of its width between 50 and 240 px, so every subject is looked at in one and the same size.
"""

SCORE_AT_LEAST = 0.3
"""Confidence that is enough here: that there is a face was settled before."""

SAME_IOU = 0.4
"""How much the box of the closer look shares with the first one's, at least."""


def refine(pixels: Pixels, face: Face, detector: Network) -> Face:
    """
    Give the face with the landmarks of a closer look; as it was when the closer look does not see it.

    Shape: pixels (H, W, 3) uint8 RGB, in whose pixels the face is given.
    """
    square, placement = views.around(pixels, face.box, FACE_PX, views.CLOSE_PX)
    return best_in(square, placement, face, detector)


def best_in(square: Pixels, placement: views.Placement, face: Face, detector: Network) -> Face:
    """
    Give the face with the landmarks that the detector sees in a square that shows it.

    Shape: square (CLOSE_PX, CLOSE_PX, 3) uint8 RGB.
    """
    outputs = detector.run(views.to_tensor(square, views.CLOSE_PX, views.CLOSE_PX))
    seen = placement.to_picture(yunet.candidates(outputs, views.CLOSE_PX, SCORE_AT_LEAST))
    same = seen[iou_with(_edges(face), seen) >= SAME_IOU]
    if not len(same):
        return face
    closer = yunet.to_face(same[int(np.argmax(same[:, 14]))])
    return replace(face, landmarks_px=closer.landmarks_px)


def _edges(face: Face) -> Floats:
    """Give the face's box as an array, xyxy."""
    return np.array([face.box.x1, face.box.y1, face.box.x2, face.box.y2], np.float32)
