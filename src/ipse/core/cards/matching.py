"""Where a label stands in a line that was read with errors."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from rapidfuzz import fuzz, process

from ipse.core.cards.variants import VARIANTS

LOOKALIKES: Final = {"0": "o", "1": "i", "l": "i", "|": "i", **VARIANTS}
"""
What the reader takes for one another, folded onto one of them. Source: residual errors of the recogniser (letters O/0
and I/l/1; forms of one Han character), measured on generated cards.
"""

ERRORS: Final = 0.2
"""Share of a label's letters that may be wrong. Source: twice the reader's worst character error on Latin lines."""

SHORT: Final = 4
"""A Latin label of so few letters counts only as whole words: `"NIK"` stands inside many names."""

ALIKE: Final = 58.0
"""Similarity, 0 to 100, from which a whole line that was read badly is a label. Source: as for `ERRORS`, at L3."""

HAN: Final = "\u2e80"
"""From here on a character is a word: a Han label and its value are one line, and no part of it is a blurred letter."""

_LIKELY: Final = 70.0
"""Similarity, 0 to 100, below which no window of a line can be within `ERRORS`; a cheap test before the exact one."""


@dataclass(frozen=True, slots=True)
class Folded:
    """
    A text with all that does not count taken away.

    Attributes:
        text: Letters and digits, folded.
        origin: Where each of them stood.
        starts: Whether a word starts with it.
        ends: Whether a word ends with it.
    """

    text: str = field(repr=False)
    origin: tuple[int, ...]
    starts: tuple[bool, ...]
    ends: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A label in a line: characters `start` to `end` of the text as it was read, and how many of them are wrong."""

    label: str
    start: int
    end: int
    wrong: int

    @property
    def weight(self) -> int:
        """How much it speaks for itself: long and right beats short or wrong."""
        return len(self.label) - 2 * self.wrong

    @property
    def quality(self) -> float:
        """1 where each letter is right, less for each that is not."""
        return 1.0 - self.wrong / len(self.label)


@cache
def plain(text: str) -> str:
    """Give what counts in print that a layout names; kept, as there are only so many layouts, and nothing of a card."""
    return fold(text).text


def fold(text: str) -> Folded:
    """Give a text without blanks, marks, case, accents and the differences between look-alikes."""
    kept = [(letter, at) for at, character in enumerate(text) for letter in _letters(character)]
    origin = tuple(at for _, at in kept)
    return Folded(
        "".join(letter for letter, _ in kept),
        origin,
        tuple(_breaks(text, at - 1, at) for at in origin),
        tuple(_breaks(text, at, at + 1) for at in origin),
    )


def find(label: str, line: Folded) -> Iterator[Hit]:
    """Give where a folded label stands in a line: each exact place, or else the best inexact one."""
    if not label:
        return
    found = False
    at = line.text.find(label)
    while at >= 0:
        if _is_whole(label, line, at, at + len(label)):
            found = True
            yield _hit(label, line, at, at + len(label), 0)
        at = line.text.find(label, at + len(label))
    most = int(ERRORS * len(label))
    if found or most == 0 or len(line.text) < len(label) - most:
        return
    if fuzz.partial_ratio(label, line.text) < _LIKELY:
        return
    end, wrong = _nearest_end(label, line.text)
    if wrong <= most:
        start = end - _nearest_end(label[::-1], line.text[:end][::-1], anchored=True)[0]
        if _is_whole(label, line, start, end):
            yield _hit(label, line, start, end, wrong)


def likeness(line: Folded, labels: Iterable[str]) -> Hit | None:
    """Give the label that a whole line resembles most, read far too badly for `find`; `None` if there is none."""
    read = line.text.lstrip("0123456789")
    found = process.extractOne(read, list(labels), scorer=fuzz.ratio, score_cutoff=ALIKE)
    if found is None or len(read) < SHORT or max(read) > HAN:
        return None
    label, likeness_percent, _ = found
    return _hit(label, line, 0, len(line.text), round(len(label) * (1 - likeness_percent / 100)))


def settle(hits: Sequence[Hit]) -> list[Hit]:
    """Give the hits of one line that do not overlap, the weightiest first served, in the order of the line."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda one: (-one.weight, one.start)):
        if all(hit.end <= other.start or hit.start >= other.end for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda one: one.start)


def _letters(character: str) -> str:
    """Give what is kept of a character."""
    wide = unicodedata.normalize("NFKC", character).casefold()
    apart = unicodedata.normalize("NFD", wide) if wide < "\u0370" else wide
    kept = (one for one in apart if one == "|" or unicodedata.category(one)[0] in "LN" or "\u0e00" <= one <= "\u0e7f")
    return "".join(LOOKALIKES.get(one, one) for one in kept)


def _breaks(text: str, left: int, right: int) -> bool:
    """Give whether a word can end at one place and another start at the next."""
    if left < 0 or right >= len(text):
        return True
    one, other = text[left], text[right]
    if not (one.isalnum() and other.isalnum()) or one > "\u02ff" or other > "\u02ff":
        return True
    return (one.islower() and other.isupper()) or one.isdigit() != other.isdigit()


def _is_whole(label: str, line: Folded, start: int, end: int) -> bool:
    """Give whether a place in a line is made of whole words, as far as a label of this length must be."""
    if start >= end or not line.starts[start]:
        return False
    return len(label) > SHORT or line.ends[end - 1]


def _hit(label: str, line: Folded, start: int, end: int, wrong: int) -> Hit:
    """Give a hit in places of the text as it was read."""
    return Hit(label, line.origin[start], line.origin[end - 1] + 1, wrong)


def _nearest_end(label: str, text: str, *, anchored: bool = False) -> tuple[int, int]:
    """
    Give where the window of a text ends that a label needs the fewest edits for, and how many.

    With `anchored` the window starts where the text does.

    Source: P. Sellers, The theory and computation of evolutionary distances, J. Algorithms 1 (1980): the first row of
    the table of edit distances is nought.
    """
    row = list(range(len(label) + 1))
    best = (0, len(label))
    for at, letter in enumerate(text, 1):
        before, row = row, [at if anchored else 0]
        for place, wanted in enumerate(label, 1):
            row.append(min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != wanted)))
        if row[-1] < best[1]:
            best = (at, row[-1])
    return best
