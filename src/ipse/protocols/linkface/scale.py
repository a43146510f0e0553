"""
Linkface's `verify_score`, 0 to 1, as a projection of the false match rate.

The page states the error rate at each tenth: 0.4 one in 10, 0.5 one in 100, … 0.9 one in a million.
"""

import numpy as np

from ipse.protocols.projection import projected

POINTS = ((0.0, 0.0), *((-float(decade), (decade + 3) / 10) for decade in range(1, 7)))
"""(log10 of the false match rate, score). Source: the page, thresholds and error rates; a rate of 1 is 0."""

THRESHOLDS = tuple(score for _, score in POINTS[1:])
"""The scores that clients compare with. Source: likewise."""

FULL_AT_MOST = -7.0
"""The largest log10 rate that may stand for 1. Source: where the page's line, carried on, has it."""

FULL = 1.0
"""The score of equal templates. Source: recorded for identical pictures."""

NOISE = 1e-9
"""How far below a threshold a score still is that threshold: what arithmetic does to a rate, and no more."""


def verify_score(false_match_rate: float, lowest_rate: float) -> float:
    """
    Give the score of a false match rate, strictly decreasing in it.

    Between the points it is linear in log10 of the rate.

    Args:
        false_match_rate: How often two strangers look at least this alike, in (0, 1].
        lowest_rate: The rate of two equal templates; it stands for 1.
    """
    return projected(false_match_rate, lowest_rate, POINTS, (FULL_AT_MOST, FULL))


def printed(value: float) -> float:
    """
    Give a score as it is printed: a float32, on the same side of each threshold as the score itself.

    The nearest float32 of 0.7 lies below it; of the two neighbours the one is taken that keeps the page's meaning.
    """
    nearest = np.float32(value)
    for threshold in THRESHOLDS:
        reached = value >= threshold - NOISE
        if reached and float(nearest) < threshold:
            nearest = np.nextafter(nearest, np.float32(1))
        elif not reached and float(nearest) >= threshold:
            nearest = np.nextafter(nearest, np.float32(0))
    return float(nearest)
