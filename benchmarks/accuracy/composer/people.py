"""Whose portraits are composed: the people of a folder, in two halves that share nobody."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from composer.card import Pixels
from ipse.evaluation.pairs import Indices, Trials

SEED = 2026
"""Decides who is in which half."""

Half = Literal["first", "second"]
"""The first half is for tuning (`card_evidence.py`), the second is reported on (`card_portraits.py`)."""


@dataclass(frozen=True)
class People:
    """Some of the people of a folder of folders: their numbers in its trials, and their pictures'."""

    trials: Trials
    numbers: Indices

    @classmethod
    def of(cls, trials: Trials, half: Half) -> "People":
        """Give one half of the people."""
        count = int(trials.people.max()) + 1
        order = np.random.default_rng(SEED).permutation(count).astype(np.int32)
        return cls(trials, np.sort(order[: count // 2] if half == "first" else order[count // 2 :]))

    def pictures_of(self, person: int) -> list[Path]:
        """Give the pictures of one person."""
        return [self.trials.pictures[number] for number in np.flatnonzero(self.trials.people == person)]

    def with_two_pictures(self) -> list[int]:
        """Give the people who can be compared with themselves."""
        counts = np.bincount(self.trials.people)
        return [int(person) for person in self.numbers if counts[person] > 1]


def opened(path: Path) -> Pixels:
    """Give the pixels of a picture file, RGB."""
    pixels = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    if pixels is None:
        raise ValueError(f"{path} is no picture")
    return np.ascontiguousarray(pixels[:, :, ::-1], np.uint8)
