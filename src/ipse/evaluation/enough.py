"""How much a curve takes: the least for any curve, and the least for one that takes the shipped one's place unasked."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ipse.evaluation.pairs import Indices, Trials
from ipse.evaluation.rates import RULE_OF_30
from ipse.evaluation.scores import Scores

LEAST_PEOPLE: Final = 10
"""Fewer are no sample of anybody, and a draw of them may hold one person alone."""

LEAST_PAIRS: Final = 1_000
"""Impostor pairs without which no curve is fitted: a hundred excesses and thirty matches are the bare minimum."""

AMPLE_PEOPLE: Final = 100
"""Fewer people have 4,950 distinct pairs, which show nothing below 6e-4 (rule of 3)."""

AMPLE_PAIRS: Final = round(RULE_OF_30 / 1e-3)
"""Impostor pairs (about 250 pictures) from which 1e-3 is counted and not extrapolated; rarer rates are marked."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many people, and how many pairs of pictures of different people."""

    people: int
    impostors: int

    @property
    def is_least(self) -> bool:
        """Whether a curve can be fitted at all."""
        return self.people >= LEAST_PEOPLE and self.impostors >= LEAST_PAIRS

    @property
    def is_ample(self) -> bool:
        """Whether the curve may take the shipped one's place unasked."""
        return self.people >= AMPLE_PEOPLE and self.impostors >= AMPLE_PAIRS

    def __str__(self) -> str:
        """Give it in words."""
        return f"{self.people:,} people and {self.impostors:,} impostor pairs"


LEAST: Final = Size(LEAST_PEOPLE, LEAST_PAIRS)
AMPLE: Final = Size(AMPLE_PEOPLE, AMPLE_PAIRS)


def possible(trials: Trials) -> Size:
    """Give the size if every picture gives a template and every label is believed."""
    people, pictures = _counts(trials.people)
    return Size(people, (len(trials.people) ** 2 - pictures) // 2)


def compared(scores: Scores) -> Size:
    """Give the size of what was compared."""
    return Size(_counts(scores.people[scores.pictures])[0], scores.impostors)


def _counts(people: Indices) -> tuple[int, int]:
    """Give the number of people, and the sum of the squares of how many pictures each has."""
    pictures = np.unique(people, return_counts=True)[1].astype(np.int64)
    return len(pictures), int(pictures @ pictures)
