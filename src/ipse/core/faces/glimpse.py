"""The faces of a frame whose subject is near: one small view, and the whole search only if that shows nobody near."""

import numpy as np

from ipse.core.faces import views, yunet
from ipse.core.faces.detect import SCORE_AT_LEAST, detect, look
from ipse.core.faces.overlap import distinct
from ipse.core.faces.second_look import confirmed
from ipse.core.vocabulary import Face, Network, Pixels

NEAR = 0.12
"""
Share of the picture's longer side from which a face is near: 31 px wide in the view.

Source: `benchmarks/accuracy/detection_recall.py`: YuNet finds 99 % of faces 20 px wide.
"""


def glimpse(pixels: Pixels, detector: Network) -> tuple[Face, ...]:
    """
    Give the upright faces of a frame, best score first; small ones beside a near one may be missing.

    Shape: pixels (H, W, 3) uint8 RGB.
    """
    height, width = pixels.shape[:2]
    scale = views.CLOSE_PX / max(height, width)
    small = views.shrink_or_grow(pixels, max(1, round(width * scale)), max(1, round(height * scale)))
    placement = views.Placement(small.shape[1] / width, small.shape[0] / height, 0, 0)
    found = look(
        views.View(views.to_tensor(small, views.CLOSE_PX, views.CLOSE_PX), placement), detector, SCORE_AT_LEAST
    )
    widest = float(np.max(found[:, 2] - found[:, 0], initial=0))
    if widest < NEAR * max(height, width):
        return detect(pixels, detector)
    faces = confirmed(pixels, tuple(yunet.to_face(candidate) for candidate in distinct(found)), detector)
    return faces or detect(pixels, detector)
