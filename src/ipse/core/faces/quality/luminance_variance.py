"""Luminance variance: is there any relief in the light."""

from ipse.core.faces.quality.evidence import FACE, Evidence
from ipse.core.faces.quality.parameters import LUMINANCE_VARIANCE
from ipse.core.vocabulary import Measure


def measure(evidence: Evidence) -> Measure:
    """
    Give the variance of the face's brightness, in units of the full range squared; a flat face is a bad one.

    Source: ISO/IEC 29794-5 *luminance variance*, over the face region of the aligned picture.
    """
    raw = float(evidence.brightness[FACE].var()) / 255**2
    return Measure(raw, LUMINANCE_VARIANCE(raw))
