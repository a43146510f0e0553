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
        "covered_least": -0.228,
        "covered_rest": 4.337,
        "contrast_least": -3.906,
        "contrast_rest": 3.716,
        "contrast_strength": 0.011,
        "overrun": -5.649,
        "borders": -2.944,
        "outside": 3.937,
        "off_aspect": 0.043,
        "taper": 0.034,
        "tilt": -0.038,
        "ground": 4.459,
        "ground_along_sides": -2.597,
        "ground_within_contrast": 9.052,
        "strokes": 1.311,
        "rows": 5.925,
        "face": -2.444,
        "face_squared": -10.032,
    }
)
"""
Log odds per unit of each trait.

Source: logistic regression on composed scenes of half of the people of `data/faces`, by
`benchmarks/accuracy/card_evidence.py --scenes 80`, which prints these lines.
"""

OFFSET: Final = -8.329
"""Log odds of a quadrilateral without any trait. Source: as above."""


def log_odds(traits: Reals) -> Reals:
    """
    Give the natural logarithm of the odds that each quadrilateral is a card.

    Shape: (N, len(TRAITS)) -> (N,).
    """
    return np.asarray(traits @ np.array([WEIGHTS[name] for name in TRAITS]) + OFFSET, np.float64)


PRINT_WEIGHTS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "rhythm": 3.675,
        "columns": 0.338,
        "upright_strokes": -0.822,
        "blank": -0.821,
        "uneven": -0.491,
        "inked": 2.290,
    }
)
"""Log odds per unit of each print trait. Source: as above."""

PRINT_OFFSET, PRINT_SLOPE = -2.375, 0.769
"""What is added to the print traits' odds, and what the odds of the quadrilateral are worth beside them."""


def print_log_odds(quad_odds: float, traits: Reals) -> float:
    """
    Give the logarithm of the odds that a face is printed on a card: of the quadrilateral, and of its print traits.

    Shape: traits (len(PRINT_TRAITS),).
    """
    weights = np.array([PRINT_WEIGHTS[name] for name in PRINT_TRAITS])
    return float(PRINT_SLOPE * quad_odds + traits @ weights + PRINT_OFFSET)
