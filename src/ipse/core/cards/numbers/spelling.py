"""One spelling for all numbers, and the letters and digits that readers take for one another."""

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

DIGITS: Final = "0123456789"
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

LOOKALIKES: Final[Mapping[str, str]] = MappingProxyType(dict(zip("OILZSBG012586", "0112586OIZSBG", strict=True)))
"""
What a letter or digit may have been.

Source: `documents.md`, section 2.1: PP-OCR's errors on numbers are O/0, I/1, Z/2, S/5; with B/8 and G/6 that is the
list which is searched there. L stands for the small l, which capitals fold onto it.
"""

_TIMES: Final = str.maketrans({"\u00d7": "X", "\u2715": "X", "\u2573": "X"})
"""Crosses that readers of Chinese write for the X that ends a number."""


def one_spelling(number: str) -> str:
    """Give a number as its letters and digits alone, in capitals and half width: what counts when two are compared."""
    folded = unicodedata.normalize("NFKC", number).upper()
    return "".join(letter for letter in folded if letter.isalnum())


def plain(number: str) -> str:
    """Give the Latin letters and digits of a number as a card prints it: `"第309012345620号"` has twelve."""
    return "".join(letter for letter in one_spelling(number.translate(_TIMES)) if letter.isascii())
