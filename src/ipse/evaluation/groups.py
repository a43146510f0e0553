"""
The same threshold for everybody, and what it does to each group of people: FMR and FNMR by group.

A groups file has a header. Its first column names a person (a folder) or a picture (its path as reports show it, or
relative to the file); every further column is a factor such as `sex`, its cells the groups. `who,group` will do.

Source: ISO/IEC 19795-10 (performance variation across demographic groups, at one fixed operating threshold).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ipse.evaluation.bootstrap import Draw, Reals
from ipse.evaluation.pairs import Indices, Trials, TrialsError, name_below, read_table
from ipse.evaluation.rates import Rate, rate
from ipse.evaluation.scores import Pairs, Scores

Mask: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True)
class Factor:
    """
    One way to group people.

    Attributes:
        name: The column's name.
        labels: The groups.
        group: (pictures,) int32: the group of each picture, -1 where none is given.
    """

    name: str
    labels: tuple[str, ...]
    group: Indices


@dataclass(frozen=True, slots=True)
class GroupRates:
    """
    One group at one threshold.

    Attributes:
        threshold: The similarity, the same for all groups.
        fmr: Within the group: impostors who resemble the person in this factor.
        fmr_across: Against all other groups.
        fnmr: Genuine pairs of the group.
    """

    threshold: float
    fmr: Rate | None
    fmr_across: Rate | None
    fnmr: Rate | None


@dataclass(frozen=True, slots=True)
class Group:
    """A group, how many people and pictures it has, and its rates at each threshold."""

    factor: str
    label: str
    people: int
    pictures: int
    rates: tuple[GroupRates, ...]


def read_groups(listing: Path, trials: Trials) -> tuple[Factor, ...]:
    """Give the factors of a groups file; who is not in the trials is an error, who is not in the file has no group."""
    rows = list(read_table(listing, ()))
    if not rows or len(rows[0][1]) < 2:  # noqa: PLR2004  # who, and at least one factor
        raise TrialsError(f"{listing} needs a header and two columns: who (a person or a picture), and a group")
    who, *names = rows[0][1]
    meant = _meanings(trials, listing.parent)
    groups: dict[str, list[str]] = {name: [""] * len(trials.names) for name in names}
    for line, row in rows:
        if row[who] not in meant:
            raise TrialsError(f"{listing}:{line}: {row[who]!r} is neither a person nor a picture of these trials")
        for name in names:
            for picture in meant[row[who]]:
                groups[name][picture] = row[name]
    return tuple(_factor(name, cells) for name, cells in groups.items())


def _meanings(trials: Trials, folder: Path) -> dict[str, list[int]]:
    """Give the pictures that every name means: a person's, or the one at a path."""
    meant: dict[str, list[int]] = {}
    for number, (name, picture) in enumerate(zip(trials.names, trials.pictures, strict=True)):
        person = name.rsplit("/", 1)[0] if trials.listed is not None else trials.labels[trials.people[number]]
        meant.setdefault(person, []).append(number)
        for path in (name, picture.as_posix(), name_below(picture, folder)):
            meant[path] = [number]
    return meant


def _factor(name: str, cells: Sequence[str]) -> Factor:
    """Give a factor from the group of every picture."""
    labels = tuple(sorted({cell for cell in cells if cell}))
    number = {label: place for place, label in enumerate(labels)}
    return Factor(name, labels, np.array([number.get(cell, -1) for cell in cells], np.int32))


def by_group(
    scores: Scores, draws: Sequence[Draw], factors: Sequence[Factor], thresholds: Sequence[float]
) -> tuple[Group, ...]:
    """Give the rates of every group at every threshold, intervals drawn over people."""
    weights = np.stack([draw.weights for draw in draws])
    return tuple(
        _group(scores, weights, factor, number, thresholds)
        for factor in factors
        for number in range(len(factor.labels))
    )


def _group(scores: Scores, weights: Reals, factor: Factor, number: int, thresholds: Sequence[float]) -> Group:
    """Give one group's rates."""
    inside = factor.group == number
    other = (factor.group >= 0) & ~inside
    pictures = scores.pictures[inside[scores.pictures]]
    within = _Impostors(scores, weights, inside, inside)
    across = _Impostors(scores, weights, inside, other)
    return Group(
        factor.name,
        factor.labels[number],
        len(np.unique(scores.people[pictures])),
        len(pictures),
        tuple(
            GroupRates(one, within.rate(one), across.rate(one), _misses(scores, weights, inside, one))
            for one in thresholds
        ),
    )


class _Impostors:
    """The impostor pairs between two sets of pictures, which are the same or have none in common."""

    def __init__(self, scores: Scores, weights: Reals, one: Mask, other: Mask) -> None:
        self._scores, self._weights = scores, weights
        self._chosen = _between(scores.impostor, one, other)
        people = len(weights[0])
        sizes = [
            np.bincount(scores.people[scores.pictures[side[scores.pictures]]], minlength=people).astype(np.float64)
            for side in (one, other)
        ]
        halves = 2 if one is other else 1
        gone = scores.left_out[_between(Pairs(np.empty(0, np.float32), *scores.left_out.T), one, other)]
        different = scores.people[gone[:, 0]] != scores.people[gone[:, 1]]
        self._trials = round((sizes[0].sum() * sizes[1].sum() - sizes[0] @ sizes[1]) / halves) - int(different.sum())
        left, right = weights * sizes[0], weights * sizes[1]
        self._drawn = (left.sum(1) * right.sum(1) - (left * right).sum(1)) / halves
        if scores.listed:
            self._trials, self._drawn = int(self._chosen.sum()), self._weigh(self._chosen)
        self._units = min(self._trials, round((np.sign(sizes[0]).sum() * np.sign(sizes[1]).sum()) / halves))

    def rate(self, threshold: float) -> Rate | None:
        """Give the false match rate; `None` where nothing was tried or the pairs were not kept."""
        scores = self._scores
        if len(scores.impostor) < scores.impostors and threshold <= scores.impostor.similarity[-1]:
            return None
        matched = self._chosen & (np.arange(len(scores.impostor)) < scores.impostor.above(threshold))
        drawn = _shares(self._weigh(matched), self._drawn)
        return rate(int(matched.sum()), self._trials, drawn, max(self._units, 1))

    def _weigh(self, chosen: Mask) -> Reals:
        """Give what some pairs weigh in each draw. Shape: (K,) -> (draws,)."""
        pairs, people = self._scores.impostor, self._scores.people
        one, two = people[pairs.first[chosen]], people[pairs.second[chosen]]
        return np.array([weight[one] @ weight[two] for weight in self._weights])


def _shares(part: Reals, whole: Reals) -> Reals:
    """Give shares; NaN where there is nothing to share."""
    return np.divide(part, whole, out=np.full_like(whole, np.nan), where=whole > 0)


def _between(pairs: Pairs, one: Mask, other: Mask) -> Mask:
    """Tell which pairs join the two sets."""
    first, second = pairs.first, pairs.second
    return np.asarray((one[first] & other[second]) | (other[first] & one[second]))


def _misses(scores: Scores, weights: Reals, inside: Mask, threshold: float) -> Rate | None:
    """Give the false non-match rate of the genuine pairs within a set of pictures."""
    pairs = scores.genuine
    chosen = _between(pairs, inside, inside)
    missed = chosen & (np.arange(len(pairs)) >= pairs.above(threshold))
    people = scores.people[pairs.first]
    every, lost = weights[:, people[chosen]].sum(1), weights[:, people[missed]].sum(1)
    return rate(int(missed.sum()), int(chosen.sum()), _shares(lost, every), len(np.unique(people[chosen])))
