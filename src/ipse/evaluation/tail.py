"""
The tail of impostor similarities beyond what was seen often enough: peaks over a threshold.

Excesses over a high threshold follow a generalised Pareto law. The fit errs on the careful side twice: of several
thresholds the one with the heaviest tail counts, and no tail is lighter than exponential, so it never ends below 1.

Source: Pickands, Annals of Statistics 3, 1975 (the law); Hosking and Wallis, Technometrics 29, 1987 (its estimation by
probability-weighted moments, plotting positions (i - 0.35) / n).
"""

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ipse.evaluation.bootstrap import Reals

LARGEST_SHARE: Final = 1e-3
"""
The lowest threshold is passed by this share of the pairs.

Source: measured on 3,113 press photographs with `benchmarks/accuracy/calibration_honesty.py`'s templates: above it the
shape changes with the threshold (-0.06 at 1e-2), from it on it is steady around zero.
"""

LEAST_EXCESSES: Final = 250
"""The highest threshold is passed by at least this many: the standard error of the shape is then about 0.06."""

MOST_EXCESSES: Final = 100_000
"""More teach nothing and cost time."""

HEAVIEST_SHAPE: Final = 0.5
"""Where probability-weighted moments stop being defined."""


LARGEST_END: Final = 1e-8
"""
The false match rate that similarity 1 may have at most.

Every dialect has thresholds down to 1e-6, so each curve must get there; two decades more keep identical pictures apart
from merely very alike ones. Only sets too small for any statement about such rates are touched by it.
"""


@dataclass(frozen=True, slots=True)
class Tail:
    """
    A generalised Pareto tail that takes over where measuring stops.

    Attributes:
        start: The similarity from which it speaks.
        rate: The false match rate there.
        shape: 0 is exponential, above it heavier; never below.
        scale: Mean excess at the start, if exponential.
    """

    start: float
    rate: float
    shape: float
    scale: float

    def log10_rate(self, similarity: Reals) -> Reals:
        """Give the decimal logarithm of the false match rate from the start on."""
        excess = (similarity - self.start) / self.scale
        decay = np.log1p(self.shape * excess) / self.shape if self.shape else excess
        return np.asarray(math.log10(self.rate) - decay / math.log(10))


def excess_counts(pairs: int) -> tuple[int, ...]:
    """Give how many pairs pass each threshold that is tried: 1e-3 of all, then half as many, down to 250."""
    count = min(max(round(LARGEST_SHARE * pairs), LEAST_EXCESSES), MOST_EXCESSES, pairs // 10)
    counts = [count]
    while counts[-1] // 2 >= LEAST_EXCESSES:
        counts.append(counts[-1] // 2)
    return tuple(counts)


def fit_tail(similarity: Reals, weight: Reals, counts: tuple[int, ...], start: float, rate: float) -> Tail:
    """
    Give the heaviest of the tails fitted over several thresholds, continued from the start.

    Shape: similarity and weight (K,) of the most alike impostor pairs, falling; K > max(counts).
    """
    fits = [_over(similarity, weight, count) for count in counts]
    threshold, shape, scale = max(fits, key=lambda fit: (fit[1], fit[2]))
    return _ending(Tail(start, rate, shape, scale + shape * max(start - threshold, 0.0)))


def _ending(tail: Tail) -> Tail:
    """Give the tail, made lighter if it would leave too much at similarity 1: first in shape, then in scale."""
    wanted = math.log10(LARGEST_END)
    end = np.array(1.0)
    if tail.log10_rate(end) <= wanted:
        return tail
    lightest = replace(tail, shape=0.0)
    if lightest.log10_rate(end) > wanted:
        return replace(lightest, scale=(1 - tail.start) / max(math.log(tail.rate / LARGEST_END), 1.0))
    light, heavy = 0.0, tail.shape
    for _ in range(40):  # Halvings: the shape is then known to 1e-12.
        middle = (light + heavy) / 2
        light, heavy = (middle, heavy) if replace(tail, shape=middle).log10_rate(end) <= wanted else (light, middle)
    return replace(tail, shape=light)


def _over(similarity: Reals, weight: Reals, count: int) -> tuple[float, float, float]:
    """Give threshold, shape and scale of the tail over the threshold that this many pairs pass."""
    threshold = float(similarity[count])
    excess, weights = similarity[:count] - threshold, weight[:count]
    total = float(weights.sum())
    if not total or not float(weights @ excess):
        return threshold, 0.0, 1e-3
    survival = (np.cumsum(weights) - 0.65 * weights) / total
    mean = float(weights @ excess) / total
    moment = float(weights @ (excess * survival)) / total
    shape = min(2 - mean / (mean - 2 * moment), HEAVIEST_SHAPE) if mean > 2 * moment else HEAVIEST_SHAPE
    if shape <= 0:
        return threshold, 0.0, mean
    return threshold, shape, mean * (1 - shape)
