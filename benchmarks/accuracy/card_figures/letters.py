"""
How many letters are read wrong: printed lines against those that were read where they stand.

As in the figures that are to be reached, texts are compared in NFKC without blanks, and a printed line that nobody read
counts with all its letters. Which lines belong together is told by place alone. A reader may take two printed lines for
one (a label and its value) or one for two: lines that share a place are compared end to end, each error counted
where the printed letter stands.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import ratio

from ipse.core.cards.variants import VARIANTS

Floats = NDArray[np.float32]

ACROSS: Final = "SPECIMEN"
"""Printed faintly across every side: what was read of it counts for nothing where it was not printed plainly."""

SHARED_ROW, SHARED_LENGTH, TALLER = 0.5, 0.3, 3.5
"""
Two lines share a place if they share so much of the lower one's height and of the shorter one's length, and neither is
so many times taller. Source: ours; the finder's boxes leave some 8 pixels above and below the print in them.
"""

POOLED: Final[Mapping[str, str]] = {"chi_sim": "chinese", "chi_tra": "chinese", "jpn": "japanese"}
"""Scripts that are counted under another name."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line and its upright box (left, top, right, bottom) in pixels of the drawn side."""

    text: str
    box: tuple[float, float, float, float]
    script: str = ""

    @classmethod
    def of(cls, text: str, corners: Floats, script: str = "") -> "Line":
        """Give the line with these corners."""
        (x1, y1), (x2, y2) = corners.min(0).tolist(), corners.max(0).tolist()
        return cls(text, (x1, y1, x2, y2), POOLED.get(script, script))


@dataclass(slots=True)
class Letters:
    """Letters of one script: how many errors in how many, and how many lines of how many without one."""

    errors: int = 0
    letters: int = 0
    right: int = 0
    lines: int = 0

    def add(self, errors: int, letters: int) -> None:
        """Count a line."""
        self.errors, self.letters = self.errors + errors, self.letters + letters
        self.right, self.lines = self.right + (errors == 0), self.lines + 1


def plain(text: str, script: str) -> str:
    """Give a text as it is compared: NFKC, no blanks; Chinese with variants of one character folded."""
    bare = "".join(unicodedata.normalize("NFKC", text).split())
    return "".join(VARIANTS.get(letter, letter) for letter in bare) if script == "chinese" else bare


def counted(printed: Sequence[Line], read: Iterable[Line]) -> dict[str, Letters]:
    """Give the errors in the lines of a side, by script."""
    read = [line for line in read if line.text.strip() and not _is_across(line, printed)]
    told: dict[str, Letters] = {}
    for prints, reads in _together(printed, read):
        for line, errors in zip(prints, _errors(prints, reads), strict=True):
            told.setdefault(line.script, Letters()).add(errors, len(plain(line.text, line.script)))
    return told


def counted_zone(printed: Sequence[Line], zone: Sequence[str]) -> Letters:
    """Give the errors in the lines of a zone as its own reader has them, in their order."""
    told = Letters()
    for number, line in enumerate(printed):
        told.add(Levenshtein.distance(line.text, zone[number] if number < len(zone) else ""), len(line.text))
    return told


def shares_place(one: Line, other: Line) -> bool:
    """Tell whether two lines stand in one place."""
    (ax1, ay1, ax2, ay2), (bx1, by1, bx2, by2) = one.box, other.box
    high, low = sorted((max(ay2 - ay1, 1e-6), max(by2 - by1, 1e-6)))
    if low > TALLER * high:
        return False
    row = min(ay2, by2) - max(ay1, by1)
    length = min(ax2, bx2) - max(ax1, bx1)
    return row >= SHARED_ROW * high and length >= SHARED_LENGTH * min(ax2 - ax1, bx2 - bx1)


def _is_across(line: Line, printed: Sequence[Line]) -> bool:
    """Tell whether a line is what stands across the card."""
    said = "".join(letter for letter in line.text.upper() if letter.isalpha())
    return ratio(said, ACROSS) >= 75 and not any(ACROSS in one.text.upper() for one in printed)


def _together(printed: Sequence[Line], read: Sequence[Line]) -> list[tuple[list[Line], list[Line]]]:
    """Give groups of lines that share places, each part in the order of reading."""
    group = list(range(len(printed)))
    taken: list[tuple[int, Line]] = []
    for line in read:
        linked = [at for at, one in enumerate(printed) if shares_place(line, one)]
        if not linked:
            continue
        old, new = {group[at] for at in linked}, group[linked[0]]
        group = [new if number in old else number for number in group]
        taken.append((linked[0], line))
    return [
        (
            _in_order([one for one, number in zip(printed, group, strict=True) if number == wanted]),
            _in_order([line for at, line in taken if group[at] == wanted]),
        )
        for wanted in dict.fromkeys(group)
    ]


def _in_order(lines: list[Line]) -> list[Line]:
    """Give lines by row, then from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: one.box[1] + one.box[3]):
        middle = (line.box[1] + line.box[3]) / 2
        if rows and rows[-1][0].box[1] < middle < rows[-1][0].box[3]:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda one: one.box[0])]


def _errors(printed: Sequence[Line], read: Sequence[Line]) -> list[int]:
    """Give the errors in each of some printed lines that were read together."""
    script = printed[0].script if len({line.script for line in printed}) == 1 else "chinese"
    if all(line.script != "chinese" for line in printed):
        script = ""
    texts = [plain(line.text, script) for line in printed]
    ends = np.cumsum([len(text) for text in texts])
    errors = [0] * len(texts)
    for edit in Levenshtein.editops("".join(texts), "".join(plain(line.text, script) for line in read)):
        errors[min(int(np.searchsorted(ends, edit.src_pos, side="right")), len(texts) - 1)] += 1
    return errors
