"""The words for a number: what it says, what is wrong with it, and the rule by which both are told."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import Final, Literal, TypeAlias

from ipse.core.cards.numbers.spelling import LOOKALIKES, plain

Fault: TypeAlias = Literal["check_digit", "birth_date", "place", "prefix"]
"""What is wrong with a number: the first is arithmetic, the others are parts that mean nothing."""

Shape: TypeAlias = tuple[str, ...]
"""What may stand at each place of a number."""

_MOST_GUESSES: Final = 4096
"""Source: ours; a lookalike has one partner, so this is twelve of them, more than any number that can be read."""

_BETWEEN: Final = frozenset(" -.()")
"""What may stand between the groups of one number; a stroke parts dates."""


@dataclass(frozen=True, slots=True)
class Number:
    """
    What a number says.

    Attributes:
        value: As its standard prints it.
        is_valid: Whether its check digit is right; `None` where there is none.
        faults: What is wrong with it.
        birth_date: What it says of the day of birth.
        has_century: Whether it says in which century that was; otherwise it is the last one that fits.
        birth_year: What it says of the year of birth, with the century.
        sex: `"M"` or `"F"`.
        place: What it says of where the holder was born or registered, as the standard's table has it.
        group: What it says of its kind of holder, in the rule's own words.
    """

    value: str = field(repr=False)
    is_valid: bool | None = None
    faults: tuple[Fault, ...] = ()
    birth_date: date | None = field(default=None, repr=False)
    has_century: bool = True
    birth_year: int | None = field(default=None, repr=False)
    sex: str | None = field(default=None, repr=False)
    place: str | None = field(default=None, repr=False)
    group: str | None = field(default=None, repr=False)

    def agrees_on_birth(self, printed: date) -> bool | None:
        """Give whether it fits a day of birth; `None` where it says nothing about it."""
        if self.birth_date is not None:
            days = (self.birth_date.day, self.birth_date.month, self.birth_date.year % 100)
            return self.birth_date == printed or (
                not self.has_century and days == (printed.day, printed.month, printed.year % 100)
            )
        return None if self.birth_year is None else self.birth_year == printed.year


@dataclass(frozen=True, slots=True)
class Rule:
    """
    How one kind of number is written and what it means.

    Attributes:
        name: `"hkg-id_number"`.
        shapes: What may stand at each place; the longest first where there are several.
        explain: Gives the meaning of a number that has one of these shapes, letters and digits alone, on a given day.
    """

    name: str
    shapes: tuple[Shape, ...]
    explain: Callable[[str, date], Number]

    def parse(self, text: str, today: date) -> Number | None:
        """Give what a number says as it stands, right or wrong; `None` where it does not have the shape."""
        letters = plain(text)
        return self.explain(letters, today) if any(_fits(letters, shape) for shape in self.shapes) else None

    def repair(self, text: str, today: date) -> Number | None:
        """
        Give what a number says, letters where digits must stand (and digits where letters must) read as lookalikes.

        That is done only where the check digit, or without one the rest of the rule, then holds, and in one way only.
        A number that has its shape is never touched: one that is printed wrong must be seen to be wrong.
        """
        as_it_stands = self.parse(text, today)
        if as_it_stands is not None:
            return as_it_stands
        letters = plain(text)
        mended = {guess for shape in self.shapes for guess in _guesses(letters, shape)}
        right = [number for number in (self.explain(guess, today) for guess in mended) if not number.faults]
        return right[0] if len(right) == 1 else None

    def find(self, text: str, today: date) -> tuple[Number, ...]:
        """Give the numbers of this kind within a line, as they stand there: `"NIK : 3171011708450001"` holds one."""
        return tuple(number for part in _runs(text, self.shapes) if (number := self.parse(part, today)))


def _fits(letters: str, shape: Shape) -> bool:
    """Give whether letters have a shape."""
    return len(letters) == len(shape) and all(letter in may for letter, may in zip(letters, shape, strict=True))


def _guesses(letters: str, shape: Shape) -> Iterator[str]:
    """Give what letters may have been in a shape: lookalikes where something else must stand, nothing else changed."""
    if len(letters) != len(shape):
        return
    options = [
        letter if letter in may else LOOKALIKES.get(letter, "") for letter, may in zip(letters, shape, strict=True)
    ]
    guesses = 1
    for option in options:
        guesses *= len(option)
    if 0 < guesses <= _MOST_GUESSES:
        yield from (guess for guess in map("".join, product(*options)) if _fits(guess, shape))


def _runs(text: str, shapes: tuple[Shape, ...]) -> Iterator[str]:
    """Give the parts of a line, not overlapping, that have one of the shapes and end where a word or number ends."""
    line = unicodedata.normalize("NFKC", text).upper()
    start = 0
    while start < len(line):
        end = next((end for shape in shapes if (end := _end(line, start, shape))), None)
        if end is not None:
            yield line[start:end]
        start = end or start + 1


def _end(line: str, start: int, shape: Shape) -> int | None:
    """Give where a number of this shape ends that begins here, if one does."""
    if start and _is_one_word(line[start - 1], line[start]):
        return None
    at = start
    for place, may in enumerate(shape):
        while place and at < len(line) and line[at] in _BETWEEN and at - start < 2 * len(shape):
            at += 1
        if at >= len(line) or line[at] not in may:
            return None
        at += 1
    return None if at < len(line) and _is_one_word(line[at - 1], line[at]) else at


def _is_one_word(left: str, right: str) -> bool:
    """Give whether two neighbours belong together: both digits, or both Latin letters, or a letter and a digit."""
    both = left + right
    return both.isascii() and both.isalnum() and (left.isdigit() or not right.isdigit())
