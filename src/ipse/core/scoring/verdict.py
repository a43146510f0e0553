"""
From rates to a decision: the same person, somebody else, or it could not be told, and why.

The only place that compares a false match rate with what a caller allows. No similarity is ever compared here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ipse.core.reasons import Reason

DEFAULT_FMR: Final = 1e-4
"""
The false match rate allowed when nobody says one.

Source: NIST SP 800-63A-4 (August 2025) asks for a false match rate of at most 1 in 10,000.
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    What was decided.

    Attributes:
        same: Whether the two are taken for one person; `None` if it could not be told.
        reasons: Why it could not be told, in the order found; empty when it could.
    """

    same: bool | None
    reasons: tuple[Reason, ...] = ()


def decide(fmr: float, at_most: float) -> bool:
    """Tell whether two faces as alike as this are taken for one person: strangers are that alike at most so often."""
    return fmr <= at_most


def judge(fmr: float | None, at_most: float = DEFAULT_FMR, obstacles: Sequence[Reason] = ()) -> Verdict:
    """
    Give the verdict on a comparison, or on the attempt at one.

    Args:
        fmr: How often strangers look at least that alike; `None` if there was nothing to compare.
        at_most: The false match rate that the caller allows, above 0 and at most 1.
        obstacles: What stood in the way (no face, quality too low, …); any obstacle forbids an answer.

    Raises:
        ValueError: `at_most` is no rate, or there is neither a rate nor an obstacle.
    """
    if not 0 < at_most <= 1:
        raise ValueError(f"a false match rate lies above 0 and is at most 1, not {at_most}")
    if obstacles:
        return Verdict(None, tuple(obstacles))
    if fmr is None:
        raise ValueError("nothing was compared, and no obstacle was named")
    return Verdict(decide(fmr, at_most))
