"""Luminance mean: neither night nor snow."""

from ipse.core.faces.quality.evidence import FACE, Evidence
from ipse.core.faces.quality.parameters import LUMINANCE_MEAN_BRIGHT, LUMINANCE_MEAN_DARK
from ipse.core.vocabulary import Measure


def measure(evidence: Evidence) -> Measure:
    """
    Give the mean brightness of the face, 0 to 1; both ends of the scale are bad.

    Source: ISO/IEC 29794-5 *luminance mean*: the product of a rising and a falling sigmoid.
    """
    raw = float(evidence.brightness[FACE].mean()) / 255
    return Measure(raw, LUMINANCE_MEAN_DARK(raw) * LUMINANCE_MEAN_BRIGHT(raw) / 100)
