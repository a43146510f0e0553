"""Dynamic range: how many of the possible brightnesses the face uses."""

import numpy as np

from ipse.core.faces.quality.evidence import Evidence
from ipse.core.faces.quality.parameters import DYNAMIC_RANGE
from ipse.core.vocabulary import Measure


def measure(evidence: Evidence) -> Measure:
    """
    Give the entropy of the face's brightness in bits, 0 to 8; more is better.

    Source: ISO/IEC 29794-5 *dynamic range*: the entropy of the luminance histogram.
    """
    present = evidence.histogram[evidence.histogram > 0]
    raw = float(-(present * np.log2(present)).sum())
    return Measure(raw, DYNAMIC_RANGE(raw))
