"""Illumination uniformity: does the light fall on both cheeks alike."""

import numpy as np

from ipse.core.faces.quality.evidence import Evidence, histogram
from ipse.core.faces.quality.parameters import ILLUMINATION_UNIFORMITY
from ipse.core.vocabulary import Floats, Measure, Pixels

ROWS, LEFT, RIGHT = slice(62, 84), slice(22, 46), slice(66, 90)
"""The two cheeks on the aligned picture, between the eyes' and the mouth's height (ArcFace template, 112 x 112)."""

LEVELS = 32
"""Brightness levels per histogram: a cheek has 528 pixels, 256 levels would compare noise."""


def measure(evidence: Evidence) -> Measure:
    """
    Give how much of the two cheeks' brightness histograms is common, 0 to 1; more is better.

    Source: ISO/IEC 29794-5 *illumination uniformity*: the intersection of the left and the right histogram.
    """
    left, right = _coarse(evidence.brightness[ROWS, LEFT]), _coarse(evidence.brightness[ROWS, RIGHT])
    raw = float(np.minimum(left, right).sum())
    return Measure(raw, ILLUMINATION_UNIFORMITY(raw))


def _coarse(cheek: Pixels) -> Floats:
    """Give the shares at `LEVELS` brightnesses."""
    return np.asarray(histogram(cheek).reshape(LEVELS, -1).sum(axis=1), np.float32)
