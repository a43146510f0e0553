"""
Similarities of very many pairs in bounded memory: all genuine ones, the most alike impostors, a histogram of the rest.

All against all runs in blocks of matrix products. What is kept does not grow with the number of impostor pairs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ipse.core.vocabulary import Floats
from ipse.evaluation.acquire import Gallery
from ipse.evaluation.exclusions import Exclusions
from ipse.evaluation.pairs import Trials

Indices: TypeAlias = NDArray[np.int32]
Counts: TypeAlias = NDArray[np.int64]

BLOCK_ROWS: Final = 512
"""Rows of a block of similarities: 512 times 20,000 pictures in float32 are 41 MB."""

KEPT: Final = 1_000_000
"""The impostor pairs that are kept one by one, 12 MB: all of up to 1,414 single pictures, 21 % of 4.84 million."""

BINS: Final = 20_000
"""Bins of the histogram over [-1, 1]: 1e-4 each, a fifteenth of the least distance between quantiles that is read."""

EDGES: Final = np.linspace(-1.0, 1.0, BINS + 1)


@dataclass(frozen=True)
class Pairs:
    """
    Some pairs of pictures.

    Attributes:
        similarity: (P,) float32, falling.
        first: (P,) int32: a picture of the trials.
        second: (P,) int32: the other.
    """

    similarity: Floats
    first: Indices
    second: Indices

    def __len__(self) -> int:
        return len(self.similarity)

    def above(self, threshold: float) -> int:
        """Count the pairs at least this similar."""
        return int(np.searchsorted(-self.similarity, -threshold, side="right"))


@dataclass(frozen=True)
class Scores:
    """
    All that was compared.

    Attributes:
        genuine: Every pair of pictures of one person.
        impostor: The most alike pairs of different people, all of them if `impostors == len(impostor)`.
        impostors: How many pairs of different people there are in all.
        histogram: (BINS,) of all impostor similarities.
        people: (pictures,) int32: the person on each picture of the trials, also on those that gave no template.
        pictures: (N,) int32: the pictures that were compared.
        left_out: (Q, 2) int32: pairs that a list of wrong labels took away.
        listed: Whether the pairs were listed one by one rather than all against all.
    """

    genuine: Pairs
    impostor: Pairs
    impostors: int
    histogram: Counts
    people: Indices
    pictures: Indices
    left_out: Indices
    listed: bool = False

    def impostors_above(self, threshold: float) -> int:
        """Count the impostor pairs at least this similar, to the width of a bin below the kept ones."""
        if len(self.impostor) == self.impostors or threshold > self.impostor.similarity[-1]:
            return self.impostor.above(threshold)
        below = np.concatenate([[0], np.cumsum(self.histogram)])
        return round(self.impostors - float(np.interp(threshold, EDGES, below)))

    def impostor_at(self, rank: int) -> float:
        """Give the similarity of the impostor pair that this many others surpass."""
        if rank < len(self.impostor):
            return float(self.impostor.similarity[rank])
        wanted = self.impostors - rank - 0.5
        through = np.cumsum(self.histogram)
        place = int(np.searchsorted(through, wanted))
        share = (wanted - (through[place] - self.histogram[place])) / self.histogram[place]
        return float(EDGES[place] + share * (EDGES[place + 1] - EDGES[place]))


def compare_all(gallery: Gallery, people: Indices, exclusions: Exclusions | None = None, kept: int = KEPT) -> Scores:
    """Give the scores of every picture against every other, without the pairs that a list leaves out."""
    without = exclusions or Exclusions.nothing()
    taken = ~np.isin(gallery.pictures, without.pictures)
    vectors, pictures = gallery.vectors[taken], gallery.pictures[taken]
    left_out = {tuple(pair) for pair in without.pairs.tolist()}
    genuine, impostor = _Heap(None), _Heap(kept)
    histogram, impostors, dropped = np.zeros(BINS, np.int64), 0, list[tuple[int, int]]()
    for start in range(0, len(pictures), BLOCK_ROWS):
        block = np.clip(vectors[start : start + BLOCK_ROWS] @ vectors[start:].T, -1, 1)
        upper = np.triu(np.ones(block.shape, bool), 1)
        for row, column in _places(left_out, pictures, start, block.shape):
            dropped.append((int(pictures[start + row]), int(pictures[start + column])))
            upper[row, column] = False
        same = people[pictures[start : start + BLOCK_ROWS], None] == people[pictures[None, start:]]
        genuine.add(block, upper & same, pictures[start:])
        others = upper & ~same
        impostor.add(block, others, pictures[start:])
        histogram += np.histogram(block[others], EDGES)[0]
        impostors += int(others.sum())
    gone = np.array(dropped, np.int32).reshape(-1, 2)
    return Scores(genuine.pairs(), impostor.pairs(), impostors, histogram, people, pictures, gone)


def compare_listed(gallery: Gallery, trials: Trials) -> Scores:
    """Give the scores of the listed pairs whose pictures both gave a template."""
    assert trials.listed is not None
    row = np.full(len(trials.pictures), -1, np.int64)
    row[gallery.pictures] = np.arange(len(gallery.pictures))
    listed = trials.listed[(row[trials.listed[:, :2]] >= 0).all(1)]
    first, second = gallery.vectors[row[listed[:, 0]]], gallery.vectors[row[listed[:, 1]]]
    similarity = np.clip(np.einsum("pd,pd->p", first, second), -1, 1).astype(np.float32)
    parts = [
        _sorted(similarity[kind], listed[kind, 0], listed[kind, 1]) for kind in (listed[:, 2] == 1, listed[:, 2] == 0)
    ]
    histogram = np.histogram(parts[1].similarity, EDGES)[0]
    nothing = np.empty((0, 2), np.int32)
    return Scores(parts[0], parts[1], len(parts[1]), histogram, trials.people, gallery.pictures, nothing, listed=True)


def _places(
    left_out: set[tuple[int, int]], pictures: Indices, start: int, shape: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    """Give where in a block the left-out pairs lie."""
    place = {int(picture): number for number, picture in enumerate(pictures)}
    for one, two in left_out:
        if one in place and two in place:
            row, column = sorted((place[one] - start, place[two] - start))
            if 0 <= row < shape[0]:
                yield row, column


def _sorted(similarity: Floats, first: Indices, second: Indices) -> Pairs:
    """Give pairs, the most alike first; equal ones in the order of their pictures."""
    order = np.lexsort((second, first, -similarity))
    return Pairs(similarity[order], first[order], second[order])


class _Heap:
    """The most similar pairs of all that were added; all of them without a limit."""

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._floor = -np.inf
        self._parts: list[tuple[Floats, Indices, Indices]] = []
        self._held = 0

    def add(self, block: Floats, mask: NDArray[np.bool_], pictures: Indices) -> None:
        """Add the masked pairs of a block whose rows and columns are these pictures."""
        rows, columns = np.nonzero(mask & (block >= self._floor))
        self._parts.append((block[rows, columns], pictures[rows], pictures[columns]))
        self._held += len(rows)
        if self._limit is not None and self._held > 2 * self._limit:
            self._shrink(self._limit)

    def pairs(self) -> Pairs:
        """Give what is held, sorted and cut to the limit."""
        similarity, first, second = (np.concatenate(column) for column in zip(*self._parts, strict=True))
        pairs = _sorted(similarity, first, second)
        cut = slice(self._limit)
        return Pairs(pairs.similarity[cut], pairs.first[cut], pairs.second[cut])

    def _shrink(self, limit: int) -> None:
        """Forget all but the most similar."""
        similarity, first, second = (np.concatenate(column) for column in zip(*self._parts, strict=True))
        best = np.argpartition(-similarity, limit - 1)[:limit]
        self._parts = [(similarity[best], first[best], second[best])]
        self._held = limit
        self._floor = float(similarity[best].min())
