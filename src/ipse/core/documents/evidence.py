"""From traits to the odds that a quadrilateral is a card."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from ipse.core.documents.printing import PRINT_TRAITS
from ipse.core.documents.sides import Reals
from ipse.core.documents.traits import TRAITS

WEIGHTS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "covered_least": -0.654,
        "covered_rest": 4.605,
        "contrast_least": -3.071,
        "contrast_rest": 3.012,
        "contrast_strength": 0.418,
        "overrun": -5.728,
        "borders": -2.674,
        "outside": 3.829,
        "off_aspect": 0.424,
        "taper": 0.643,
        "tilt": -0.349,
        "ground": 4.529,
        "ground_along_sides": -2.984,
        "ground_within_contrast": 7.131,
        "strokes": 2.128,
        "rows": 5.495,
        "face": -2.835,
        "face_squared": -6.799,
    }
)
"""
Log odds per unit of each trait.

Source: logistic regression on composed scenes of half of the people of `data/faces`, by
`benchmarks/accuracy/card_evidence.py`, which prints these lines.
"""

OFFSET: Final = -8.168
"""Log odds of a quadrilateral without any trait. Source: as above."""


def log_odds(traits: Reals) -> Reals:
    """
    Give the natural logarithm of the odds that each quadrilateral is a card.

    Shape: (N, len(TRAITS)) -> (N,).
    """
    return np.asarray(traits @ np.array([WEIGHTS[name] for name in TRAITS]) + OFFSET, np.float64)


PRINT_WEIGHTS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "rhythm": 4.434,
        "columns": -0.443,
        "upright_strokes": -1.09,
        "blank": -0.615,
        "uneven": -1.604,
        "inked": 1.462,
    }
)
"""Log odds per unit of each print trait. Source: as above."""

PRINT_OFFSET, PRINT_SLOPE = -1.132, 0.834
"""What is added to the print traits' odds, and what the odds of the quadrilateral are worth beside them."""


def print_log_odds(quad_odds: float, traits: Reals) -> float:
    """
    Give the logarithm of the odds that a face is printed on a card: of the quadrilateral, and of its print traits.

    Shape: traits (len(PRINT_TRAITS),).
    """
    weights = np.array([PRINT_WEIGHTS[name] for name in PRINT_TRAITS])
    return float(PRINT_SLOPE * quad_odds + traits @ weights + PRINT_OFFSET)
