"""Error rates with intervals: at a given false match rate, at a given threshold, and along the whole DET."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from ipse.evaluation.bootstrap import Draw, Reals, interval
from ipse.evaluation.scores import Scores

FMRS: Final = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
"""The false match rates of every table."""

RULE_OF_3: Final = 3
"""
No error in N trials shows, with 95 % confidence, only a rate below 3/N.

Source: ISO/IEC 19795-1, "rule of 3".
"""

RULE_OF_30: Final = 30
"""
With 30 errors the true rate lies within 30 % of the measured one, with 90 % confidence.

Source: ISO/IEC 19795-1, "rule of 30" (Doddington et al., Speech Communication 31, 2000).
"""

Support = Literal["supported", "few", "none"]
"""Whether the data hold a false match rate up: at least 30 false matches, at least 3, or fewer."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share, its 95 % interval, and the counts it comes from."""

    value: float
    low: float
    high: float
    count: int
    trials: int


@dataclass(frozen=True, slots=True)
class Point:
    """
    What is accepted when the false match rate is set.

    Attributes:
        fmr: The false match rate asked for.
        threshold: The lowest similarity at which at most that share of the impostors match; `None` if none was tried.
            With fewer impostors than one false match takes, it lies just above the most alike of them.
        tar: The share of genuine pairs that match there, `None` without genuine or without impostor pairs.
        support: Whether enough impostor pairs were compared to speak of this rate.
    """

    fmr: float
    threshold: float | None
    tar: Rate | None
    support: Support


@dataclass(frozen=True, slots=True)
class Fixed:
    """The rates measured at a threshold that was set before: `None` where there were no trials."""

    threshold: float
    fmr: Rate | None
    fnmr: Rate | None


def support(fmr: float, impostors: int) -> Support:
    """Tell whether this many impostor pairs can show a false match rate."""
    expected = fmr * impostors
    return "supported" if expected >= RULE_OF_30 else "few" if expected >= RULE_OF_3 else "none"


def clopper_pearson(count: int, trials: int) -> tuple[float, float]:
    """
    Give the exact 95 % interval of a share; one-sided (the rule of 3) when nothing or everything was counted.

    Source: Clopper and Pearson, Biometrika 26, 1934.
    """
    from scipy.stats import beta  # noqa: PLC0415  # A second to load, and only rates at the edge need it.

    tail = 0.05 if count in {0, trials} else 0.025
    low = 0.0 if count == 0 else float(beta.ppf(tail, count, trials - count + 1))
    high = 1.0 if count == trials else float(beta.ppf(1 - tail, count + 1, trials - count))
    return low, high


def threshold_at(scores: Scores, fmr: float) -> float:
    """Give the lowest float32 similarity that at most this share of the impostor pairs reaches."""
    rank = int(fmr * scores.impostors)
    if rank >= scores.impostors:
        return -1.0
    return float(np.nextafter(np.float32(scores.impostor_at(rank)), np.float32(2)))


def at_rates(scores: Scores, draws: Sequence[Draw], fmrs: Sequence[float] = FMRS) -> tuple[Point, ...]:
    """Give the true accept rate at each false match rate, its interval drawn over people, threshold and all."""
    return tuple(_at_rate(scores, draws, fmr) for fmr in fmrs)


def _at_rate(scores: Scores, draws: Sequence[Draw], fmr: float) -> Point:
    """Give one row of the table."""
    held = support(fmr, scores.impostors)
    if not scores.impostors:
        return Point(fmr, None, None, held)
    threshold = threshold_at(scores, fmr)
    if not len(scores.genuine):
        return Point(fmr, threshold, None, held)
    matched = scores.genuine.above(threshold)
    drawn = np.array([_true_matches(scores, draw, fmr, matched) for draw in draws])
    tar = rate(matched, len(scores.genuine), drawn, _groups(scores))
    if tar is not None and fmr * scores.impostors < 1:
        # No draw holds an impostor above the most alike of all, so no threshold is drawn above this one: the lower end
        # is that of the genuine pairs alone.
        still = rate(matched, tar.trials, np.array([draw.true_matches(matched) for draw in draws]), _groups(scores))
        tar = replace(tar, low=min(tar.low, tar.low if still is None else still.low))
    return Point(fmr, threshold, tar, held)


def _true_matches(scores: Scores, draw: Draw, fmr: float, matched: int) -> float:
    """
    Give the true accept rate of one draw, at the threshold that this draw's own impostors set.

    Where that lies beyond the pairs that are weighed (FMR 1e-2 of 30 million pairs and more), the common threshold
    stands in for it; `matched` is the number of genuine pairs there. NaN if no impostor pair was drawn.
    """
    if not draw.impostors:
        return float("nan")
    if fmr * draw.impostors >= draw.impostor[-1]:
        return draw.true_matches(matched)
    place = int(np.searchsorted(draw.impostor, fmr * draw.impostors, side="right"))
    strictest = scores.impostor.similarity[min(place, len(scores.impostor) - 1)]
    return draw.true_matches(int(np.searchsorted(-scores.genuine.similarity, -strictest, side="left")))


def at_threshold(scores: Scores, draws: Sequence[Draw], threshold: float) -> Fixed:
    """Give false match and false non-match rate at a threshold that was set before."""
    false = scores.impostors_above(threshold)
    matched = scores.genuine.above(threshold)
    reach = min((len(draw.impostor) for draw in draws), default=0)
    fmrs = np.array([draw.false_matches(false) for draw in draws]) if false <= reach else None
    fnmrs = np.array([1 - draw.true_matches(matched) for draw in draws])
    people = len(np.unique(scores.people[scores.pictures]))
    return Fixed(
        threshold,
        rate(false, scores.impostors, fmrs, min(scores.impostors, people * (people - 1) // 2)),
        rate(len(scores.genuine) - matched, len(scores.genuine), fnmrs, _groups(scores)),
    )


def _groups(scores: Scores) -> int:
    """Count the people who have a genuine pair: the independent units of a rate over genuine pairs."""
    return len(np.unique(scores.people[scores.genuine.first]))


def rate(count: int, trials: int, drawn: Reals | None, units: int) -> Rate | None:
    """
    Give a rate, its interval from draws; exact where draws cannot vary, with independent units as trials.

    Args:
        count: What was counted.
        trials: Out of how many.
        drawn: The rate in each draw, NaN where that draw had no trials, `None` where it was not drawn.
        units: How many independent units the trials come from.
    """
    if not trials:
        return None
    known = np.empty(0) if drawn is None else drawn[~np.isnan(drawn)]
    if not len(known) or count in {0, trials}:
        low, high = clopper_pearson(round(count / trials * units), units)
    else:
        low, high = (float(end) for end in interval(known))
    value = count / trials
    return Rate(value, min(low, value), max(high, value), count, trials)


def det(scores: Scores, points: int = 200) -> tuple[Reals, Reals]:
    """
    Give false match and false non-match rates along thresholds, down to the last impostor pair.

    Shape: -> (points,) and (points,) float64, false match rates falling.
    """
    ranks = np.unique(np.geomspace(1, scores.impostors, points).astype(np.int64))[::-1]
    thresholds = np.array([scores.impostor_at(int(rank) - 1) for rank in ranks])
    missed = np.array([len(scores.genuine) - scores.genuine.above(float(one)) for one in thresholds])
    return ranks / scores.impostors, missed / max(len(scores.genuine), 1)
