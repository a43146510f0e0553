"""All faces of a picture, from 5 % to 95 % of its width."""

import numpy as np

from ipse.core.faces import views, yunet
from ipse.core.faces.overlap import distinct
from ipse.core.faces.second_look import confirmed
from ipse.core.vocabulary import Face, Floats, Network, Pixels

SCORE_AT_LEAST = 0.6
"""
Detector's confidence from which a candidate may be a face; below `second_look.SURE` it is looked at again.

Source: `benchmarks/accuracy/detection_recall.py`.
"""

LARGE = 0.3
"""
Share of the picture's width from which a face found in the fine view makes the padded view needless: a face that only
the padded view would find (over three quarters of the width) would have to cover it.
"""


def detect(pixels: Pixels, detector: Network) -> tuple[Face, ...]:
    """
    Give all upright faces of a picture, best score first.

    Shape: pixels (H, W, 3) uint8 RGB.
    """
    found = np.concatenate([look(view, detector, SCORE_AT_LEAST) for view in views.fine(pixels)])
    widest = float(np.max(found[:, 2] - found[:, 0], initial=0))
    if widest < LARGE * pixels.shape[1]:
        found = np.concatenate((found, look(views.padded(pixels), detector, SCORE_AT_LEAST)))
    faces = tuple(yunet.to_face(candidate) for candidate in distinct(found))
    return confirmed(pixels, faces, detector)


def look(view: views.View, detector: Network, at_least: float) -> Floats:
    """Give the candidates that the detector sees in one view, in pixels of the picture."""
    seen = yunet.candidates(detector.run(view.tensor), view.tensor.shape[3], at_least)
    return view.placement.to_picture(seen)
