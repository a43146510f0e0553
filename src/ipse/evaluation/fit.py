"""
Fit the curve from similarity to false match rate on impostor pairs.

Down to 30 expected false matches the curve is what was counted, read at false match rates five to a decade; below, an
extreme-value tail continues it to similarity 1 and is marked as extrapolated. Intervals resample people.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from ipse.core.scoring.calibration import LEAST_SLOPE, Curve, Knot, Provenance
from ipse.core.vocabulary import Recipe
from ipse.evaluation import enough
from ipse.evaluation.bootstrap import Draw, Reals, interval
from ipse.evaluation.rates import RULE_OF_30
from ipse.evaluation.scores import Scores
from ipse.evaluation.tail import Tail, excess_counts, fit_tail

HEAD: Final = (0.999, 0.99, 0.95, 0.9, 0.8)
"""False match rates that are read besides the even ones, so that the curve follows the body near 1."""

PER_DECADE: Final = 5
"""Points that are read in each decade of false match rate; the decades themselves are among them."""

TAIL_KNOTS: Final = 24
"""Points of the tail; between them the straight line lies above the convex tail, never below."""

HIGHEST_READ: Final = 0.98
"""Counting stops here: identical pictures under two names reach 1, and a curve needs room to fall."""

DECIMALS: Final = 6
"""Knots are rounded to this, which is finer than any picture's noise, so that the file reads well."""


class TooFewPairs(ValueError):  # noqa: N818  # says what is wrong
    """There are not enough impostor pairs, or people behind them, to fit anything."""


def fit_curve(scores: Scores, draws: Sequence[Draw], recipe: Recipe, provenance: Provenance) -> Curve:
    """
    Give the curve of these impostor pairs.

    Raises:
        TooFewPairs: There are fewer than 1,000 of them, or fewer than 10 people.
    """
    size = enough.compared(scores)
    if not size.is_least:
        raise TooFewPairs(f"{size} are too few for a curve: {enough.LEAST} are the least")
    body = _body(scores)
    start, rate = body[-1]
    tail = _tail(scores, np.ones(_reach(scores)), start, rate)
    places = np.linspace(start, 1.0, TAIL_KNOTS + 1)[1:]
    similarity = np.array([-1.0, *(place for place, _ in body), *places])
    value = np.array([0.0, *(np.log10(fmr) for _, fmr in body), *tail.log10_rate(places)])
    low, high = _intervals(scores, draws, similarity[1 : len(body) + 1], places, value)
    rows = np.round(np.column_stack([similarity, value, np.minimum(low, value), np.maximum(high, value)]), DECIMALS)
    return Curve(recipe, tuple(Knot(*row) for row in rows.tolist()), float(f"{rate:.3g}"), provenance)


def _body(scores: Scores) -> list[tuple[float, float]]:
    """Give (similarity, false match rate) where it was counted, similarity rising, rates falling clearly enough."""
    steps = int(PER_DECADE * np.log10(scores.impostors / RULE_OF_30) + 1e-9)
    wanted = sorted([*HEAD, *(10 ** (-step / PER_DECADE) for step in range(1, steps + 1))], reverse=True)
    read = [(scores.impostor_at(int(fmr * scores.impostors)), fmr) for fmr in wanted]
    kept = [(-1.0, 1.0)]
    for place, fmr in read:
        if kept[-1][0] + 10**-DECIMALS < place <= HIGHEST_READ:
            kept.append((place, fmr))
    if len(kept) == 1:
        raise TooFewPairs("all impostor pairs are equally alike: there is nothing to fit")
    assert all(np.log10(left[1] / right[1]) > LEAST_SLOPE * (right[0] - left[0]) for left, right in pairwise(kept))
    return kept[1:]


def _reach(scores: Scores) -> int:
    """Give how many of the most alike pairs the tail looks at."""
    return excess_counts(scores.impostors)[0] + 1


def _tail(scores: Scores, weight: Reals, start: float, rate: float) -> Tail:
    """Give the tail from a similarity and the rate there."""
    similarity = scores.impostor.similarity[: _reach(scores)].astype(np.float64)
    return fit_tail(similarity, weight, excess_counts(scores.impostors), start, rate)


def _intervals(scores: Scores, draws: Sequence[Draw], body: Reals, tail: Reals, value: Reals) -> tuple[Reals, Reals]:
    """
    Give the 95 % interval at every knot, falling like the curve itself.

    Where more pairs match than are weighed in a draw, the widest known relative width stands in for the narrower truth.
    """
    counts = np.array([scores.impostors_above(float(place)) for place in body])
    known = counts <= min((len(draw.impostor) for draw in draws), default=0)
    if not known.any():
        raise TooFewPairs("no interval can be drawn")
    drawn = np.array([_drawn(scores, draw, counts[known], float(body[-1]), tail) for draw in draws])
    ends = [np.concatenate([np.zeros(1), np.zeros(len(body) - known.sum()), end]) for end in interval(drawn)]
    unknown = slice(1, 1 + len(body) - int(known.sum()))
    first = unknown.stop
    for end in ends:
        end[unknown] = value[unknown] + (end[first] - value[first])
    low, high = (np.minimum.accumulate(np.minimum(end, 0.0)) for end in ends)
    return low, high


def _drawn(scores: Scores, draw: Draw, counts: Reals, start: float, tail: Reals) -> Reals:
    """Give the decimal logarithms of the rates of one draw at the weighed body knots and along the tail."""
    least = 0.1 / scores.impostors
    rates = np.maximum([draw.false_matches(int(count)) for count in counts], least)
    weight = np.diff(draw.impostor[: _reach(scores)], prepend=0.0)
    return np.concatenate([np.log10(rates), _tail(scores, weight, start, float(rates[-1])).log10_rate(tail)])
