"""Numbers of a known shape in text that was read with errors."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

DIGIT_FOR: Final = {
    "O": "0", "o": "0", "Q": "0", "D": "0", "U": "0", "I": "1", "l": "1", "|": "1", "i": "1", "!": "1", "L": "1",
    "Z": "2", "z": "2", "A": "4", "S": "5", "s": "5", "G": "6", "b": "6", "T": "7", "B": "8", "g": "9", "q": "9",
}  # fmt: skip
"""Digits that the reader took for letters. Source: its residual errors O/0, I/1, Z/2, S/5, B/8, G/6 and their likes."""

LETTER_FOR: Final = {"0": "O", "1": "I", "2": "Z", "5": "S", "6": "G", "8": "B", "|": "I"}
"""Letters that the reader took for digits, likewise."""

MOST_WRONG: Final = 0.34
"""Share of a number's characters that may have been taken for others before it counts as another thing."""

_SEPARATORS: Final = frozenset(" -–—.·/_:'\u2019`,~()\uff08\uff09[]*")


@dataclass(frozen=True, slots=True)
class Shaped:
    """A number as its shape prints it, where it stood in the text, and how many of its characters were repaired."""

    text: str = field(repr=False)
    start: int
    end: int
    repaired: int


def find_shape(text: str, shape: str) -> Iterator[Shaped]:
    """
    Give what in a text has a shape, separators or not, in the order of the text.

    A shape has `9` for a digit, `A` for a letter; all else is printed as it is and need not have been read.
    """
    kept = [(letter, at) for at, letter in enumerate(text) if letter not in _SEPARATORS]
    wanted = [one for one in shape if one in "9A"]
    last = -1
    for first in range(len(kept) - len(wanted) + 1):
        window = kept[first : first + len(wanted)]
        if window[0][1] <= last or _runs_on(text, window[0][1], window[-1][1]):
            continue
        fitted = [_fit(letter, one) for (letter, _), one in zip(window, wanted, strict=True)]
        if None in fitted:
            continue
        repaired = sum(letter.upper() != fit for (letter, _), fit in zip(window, fitted, strict=True))
        if repaired <= MOST_WRONG * len(wanted):
            last = window[-1][1]
            yield Shaped(_print(shape, fitted), window[0][1], _closed(text, shape, last + 1), repaired)


def _fit(letter: str, wanted: str) -> str | None:
    """Give the digit or letter that was meant, if the one read can have been it."""
    if wanted == "9":
        return letter if letter.isascii() and letter.isdigit() else DIGIT_FOR.get(letter)
    return letter.upper() if letter.isascii() and letter.isalpha() else LETTER_FOR.get(letter)


def _runs_on(text: str, first: int, last: int) -> bool:
    """Give whether a digit stands right before the first or right after the last character: it is part of more."""
    before = first > 0 and text[first - 1].isdigit()
    return before or (last + 1 < len(text) and text[last + 1].isdigit())


def _print(shape: str, fitted: list[str | None]) -> str:
    """Give the characters in the shape's print."""
    rest = iter(fitted)
    return "".join((next(rest) or "") if one in "9A" else one for one in shape)


def _closed(text: str, shape: str, end: int) -> int:
    """Give where a number ends, the bracket that its shape closes with included."""
    return end + 1 if shape.endswith(")") and text[end : end + 1] in (")", "\uff09") else end
