"""
iApp's confidence, 0 to 100, as a projection of the false match rate.

The vendor publishes no scale; the one here is ours. A confidence c stands for the rate 10^-(c/10 - 1): 30 is one
stranger in 100, 40 one in 1,000, 50 one in 10,000, 60 one in 100,000. 30 and 40 are the bars that integrators put up,
50 is the default of ours.
"""

from ipse.protocols.projection import projected

POINTS = ((0.0, 0.0), *((-float(decade), 10.0 * (decade + 1)) for decade in range(1, 9)))
"""
(log10 of the false match rate, confidence), from no evidence at 0 to 90 at 1e-8.

Source: ours (`docs/protocols/iapp.md`, the score); the formula holds from 20 to 90.
"""

FULL_AT_MOST = -9.0
"""The largest log10 rate that may stand for 100: where the formula has it."""

FULL = 100.0
"""The confidence of equal templates. Source: the page's samples are percentages."""

DECIMALS = 3
"""Source: the page's sample, 66.872."""

NOISE = 1e-9
"""How far below the threshold a confidence still is the threshold: what arithmetic does to a rate, and no more."""


def confidence(false_match_rate: float, lowest_rate: float) -> float:
    """
    Give the confidence of a false match rate, strictly decreasing in it.

    Between the points it is linear in log10 of the rate.

    Args:
        false_match_rate: How often two strangers look at least this alike, in (0, 1].
        lowest_rate: The rate of two equal templates; it stands for 100.
    """
    return projected(false_match_rate, lowest_rate, POINTS, (FULL_AT_MOST, FULL))


def reaches(value: float, threshold: float) -> bool:
    """Whether a confidence reaches the threshold."""
    return value >= threshold - NOISE


def printed(value: float, threshold: float) -> float:
    """Give a confidence as it is printed: three decimals, never rounded up onto a threshold that it did not reach."""
    rounded = round(value, DECIMALS)
    lifted = rounded >= threshold and not reaches(value, threshold)
    return round(rounded - 10**-DECIMALS, DECIMALS) if lifted else rounded
