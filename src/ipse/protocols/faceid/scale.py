"""
Megvii's confidence, 0 to 100, as a projection of the false match rate.

The vendor publishes, with every answer, the confidence at which one stranger in 10^3, 10^4, 10^5 and 10^6 would pass.
The map below puts our rates on those points, so that a client's `confidence >= thresholds["1e-4"]` keeps its meaning.
"""

from ipse.protocols.projection import projected

THRESHOLDS = {"1e-3": 62.169, "1e-5": 74.399, "1e-4": 69.315, "1e-6": 78.038}
"""
The confidence at each rate, in the order that recorded answers print them.

Source: every answer recorded in public client code from May 2017 to March 2020; the page says they may change from call
to call, so clients must not keep them.
"""

QUALITY_THRESHOLD = 30.1
"""The suggested quality of a face. Source: the page's sample and every recorded body."""

POINTS = ((0.0, 0.0), (-3.0, 62.169), (-4.0, 69.315), (-5.0, 74.399), (-6.0, 78.038))
"""(log10 of the false match rate, confidence). Source: `THRESHOLDS`; a rate of 1 is no evidence at all, 0."""

FULL_AT_MOST = -7.0
"""
The largest log10 rate that may stand for 100. Source: ours: one decade past the last published point, so that a curve
which ends early cannot bend the published points.
"""

FULL = 100.0
"""The confidence of equal templates. Source: the page's range of `confidence`."""

DECIMALS = 3
"""Source: the page, return values: at most three decimals."""

NOISE = 1e-9
"""
How far below a threshold a confidence still is that threshold.

Source: arithmetic: float64 carries a rate through its logarithm and back within 1e-13 of a confidence; 1e-9 is three
billionths of the rate.
"""


def confidence(false_match_rate: float, lowest_rate: float) -> float:
    """
    Give the confidence of a false match rate, strictly decreasing in it.

    Between the points it is linear in log10 of the rate.

    Args:
        false_match_rate: How often two strangers look at least this alike, in (0, 1].
        lowest_rate: The rate of two equal templates; it stands for 100.
    """
    return projected(false_match_rate, lowest_rate, POINTS, (FULL_AT_MOST, FULL))


def printed(value: float) -> float:
    """Give a confidence as it is printed: three decimals, never rounded up onto a threshold that it did not reach."""
    rounded = round(value, DECIMALS)
    lifted = any(value < threshold - NOISE and threshold <= rounded for threshold in THRESHOLDS.values())
    return round(rounded - 10**-DECIMALS, DECIMALS) if lifted else rounded
