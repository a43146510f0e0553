"""Sharpness: is there fine detail where there is coarse detail."""

import math

import cv2
import numpy as np

from ipse.core.faces.quality.evidence import Evidence
from ipse.core.faces.quality.parameters import SHARPNESS
from ipse.core.vocabulary import Measure, Pixels

FLOOR = 0.1
"""Contrast in grey levels that rounding alone may leave; keeps the ratio of two nothings at 1."""


def measure(evidence: Evidence) -> Measure:
    """
    Give the contrast of details 2 to 8 pixels wide over that of details 8 to 32 pixels wide, in decibels; more is
    better.

    It is taken on the aligned face, where every face has the same size: a large portrait is not punished for what lies
    between its pixels, and a small face that had to be blown up shows as what it is. A ratio does not ask how bright
    the picture is.

    Source: ISO/IEC 29794-5 *sharpness*; the bands are those of a Laplacian pyramid (Burt, Adelson 1983,
    doi:10.1109/TCOM.1983.1095851).
    """
    raw = fine_to_coarse_db(evidence.brightness)
    return Measure(raw, SHARPNESS(raw))


def fine_to_coarse_db(brightness: Pixels) -> float:
    """
    Give the ratio of the second to the fourth band of the Laplacian pyramid over the face, in decibels.

    Shape: brightness (112, 112) uint8.
    """
    half = cv2.pyrDown(brightness.astype(np.float32))
    quarter = cv2.pyrDown(half)
    eighth = cv2.pyrDown(quarter)
    sixteenth = cv2.pyrDown(eighth)
    fine = half - cv2.pyrUp(quarter)
    coarse = eighth - cv2.pyrUp(sixteenth, dstsize=(14, 14))
    above = float(fine[10:54, 10:46].std()) + FLOOR
    below = float(coarse[2:14, 2:12].std()) + FLOOR
    return 20 * math.log10(above / below)
