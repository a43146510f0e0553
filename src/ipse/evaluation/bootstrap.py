"""
How far a rate could have come out otherwise with other people: resampling people, never pairs.

Pairs that share a person are not independent, so an interval that counts pairs is far too narrow. Here people are drawn
with replacement; a pair counts as often as the product of how often its two people were drawn. Pairs of one person
drawn twice are no impostor pairs. It errs on the wide side, since the noise of single pairs counts up to three times.

Source: ISO/IEC 19795-1 (bootstrap over test subjects); Snijders and Borgatti, Connections 22(2), 1999 (of vertices).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ipse.evaluation.scores import Pairs, Scores

Reals: TypeAlias = NDArray[np.float64]

REPLICATES: Final = 400
"""Draws. The 2.5 % point of 400 rests on ten of them."""

PREFIX: Final = 300_000
"""The most alike impostor pairs that are weighed anew in each draw: down to FMR 0.06 of 4.84 million pairs."""

SEED: Final = 20_070_901
"""Fixed, so that the same scores give the same interval."""

INTERVAL: Final = (2.5, 97.5)
"""Percentiles of a 95 % interval."""


@dataclass(frozen=True)
class Draw:
    """
    One draw of as many people as there are.

    Attributes:
        weights: (people,) how often each was drawn.
        impostor: (K,) weight of the K most alike impostor pairs, summed up from the first on.
        impostors: Weight of all impostor pairs.
        genuine: (G,) weight of the genuine pairs, the most alike first, summed up.
    """

    weights: Reals
    impostor: Reals
    impostors: float
    genuine: Reals

    def false_matches(self, count: int) -> float:
        """Give the false match rate at a threshold that this many impostor pairs reach; NaN if none was drawn."""
        if not self.impostors:
            return float("nan")
        return float(self.impostor[count - 1] / self.impostors) if count else 0.0

    def true_matches(self, count: int) -> float:
        """Give the true match rate at a threshold that this many genuine pairs reach; NaN if none was drawn."""
        if not len(self.genuine) or not self.genuine[-1]:
            return float("nan")
        return float(self.genuine[count - 1] / self.genuine[-1]) if count else 0.0


def draws(scores: Scores, replicates: int = REPLICATES, seed: int = SEED) -> Iterator[Draw]:
    """Give draws of people, and what every pair weighs in each."""
    present = np.unique(scores.people[scores.pictures])
    sizes = np.bincount(scores.people[scores.pictures], minlength=scores.people.max() + 1).astype(np.float64)
    one, two = _people(scores, scores.impostor, PREFIX)
    alone, _ = _people(scores, scores.genuine, None)
    rest = _people(scores, scores.impostor, None) if scores.listed else None
    generator = np.random.default_rng(seed)
    for _ in range(replicates):
        drawn = generator.choice(present, len(present))
        weights = np.bincount(drawn, minlength=len(sizes)).astype(np.float64)
        weight = weights * sizes
        every = float(weights[rest[0]] @ weights[rest[1]]) if rest else (weight.sum() ** 2 - (weight**2).sum()) / 2
        yield Draw(weights, np.cumsum(weights[one] * weights[two]), every, np.cumsum(weights[alone]))


def interval(values: Reals, axis: int = 0) -> tuple[Reals, Reals]:
    """Give the lower and upper ends of the 95 % interval of drawn values."""
    low, high = np.percentile(values, INTERVAL, axis=axis)
    return low, high


def _people(scores: Scores, pairs: Pairs, limit: int | None) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Give the two people of each of the first pairs."""
    return scores.people[pairs.first[:limit]], scores.people[pairs.second[:limit]]
