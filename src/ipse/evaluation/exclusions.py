"""
Wrong labels: pairs whose names say one thing and whose pictures show another, left out by a list that says why.

The list has the columns `a`, `b`, `kind` and `reason`. `a` and `b` are `person/file` or a whole `person`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ipse.evaluation.pairs import Trials, TrialsError, read_table

KINDS: Final = {
    "same_person": "two names, one person: their pairs are no impostor pairs",
    "different_people": "one name, two people: their pairs are no genuine pairs",
    "wrong_person": "the picture shows somebody else: every pair with it is left out (`b` is empty)",
}
"""What can be wrong with a label, and what follows."""


@dataclass(frozen=True)
class Exclusions:
    """
    What is left out.

    Attributes:
        source: The list's name, for reports.
        pictures: (P,) int32: pictures that take part in nothing.
        pairs: (Q, 2) int32: single pairs that are left out, the smaller number first.
    """

    source: str
    pictures: NDArray[np.int32]
    pairs: NDArray[np.int32]

    @classmethod
    def nothing(cls) -> "Exclusions":
        """Give the empty list."""
        return cls("", np.empty(0, np.int32), np.empty((0, 2), np.int32))


def read_exclusions(listing: Path, trials: Trials) -> Exclusions:
    """
    Give the exclusions of a file, in numbers of these trials; pictures that are not among them are no error.

    A list belongs to a collection, the trials may be a part of it.
    """
    pictures: set[int] = set()
    pairs: set[tuple[int, int]] = set()
    for line, row in read_table(listing, ("a", "b", "kind", "reason")):
        if row["kind"] not in KINDS:
            raise TrialsError(f"{listing}:{line}: kind is one of {', '.join(KINDS)}, not {row['kind']!r}")
        if not row["reason"]:
            raise TrialsError(f"{listing}:{line}: every exclusion has a reason")
        first, second = _matching(trials, row["a"]), _matching(trials, row["b"])
        if row["kind"] == "wrong_person":
            pictures.update(first)
        else:
            pairs.update((min(one, two), max(one, two)) for one in first for two in second if one != two)
    return Exclusions(
        listing.name, np.array(sorted(pictures), np.int32), np.array(sorted(pairs), np.int32).reshape(-1, 2)
    )


def _matching(trials: Trials, name: str) -> Sequence[int]:
    """Give the pictures that a name means: one, or all of a person."""
    if not name:
        return ()
    return [number for number, picture in enumerate(trials.names) if name in {picture, picture.rsplit("/", 1)[0]}]
