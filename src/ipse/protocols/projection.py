"""From a false match rate to a vendor's score: the line through a scale's published points, whatever the vendor."""

import math
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]
"""(log10 of the false match rate, score)."""


def projected(false_match_rate: float, lowest_rate: float, points: Sequence[Point], end: Point) -> float:
    """
    Give the score of a false match rate, strictly decreasing in it.

    Between the points it is linear in log10 of the rate.

    Args:
        false_match_rate: How often two strangers look at least this alike, in (0, 1].
        lowest_rate: The rate of two equal templates; it stands for the end's score.
        points: The scale's published points, from a rate of 1 down.
        end: The largest log10 rate that may stand for the full score, and that score: a curve which ends early cannot
            bend the published points.
    """
    far_at_most, full = end
    knots = (*points, (min(_log10(lowest_rate), far_at_most), full))
    exponent = _log10(false_match_rate)
    for (near, low), (far, high) in pairwise(knots):
        if exponent > far:
            return low + (near - exponent) / (near - far) * (high - low)
    return full


def _log10(rate: float) -> float:
    """Give the logarithm of a rate, kept within (0, 1]."""
    return math.log10(min(max(rate, sys.float_info.min), 1.0))
