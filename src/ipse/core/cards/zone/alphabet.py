"""The 37 letters of a zone, what each counts, and what readers take them for."""

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ipse.core.cards.numbers.spelling import DIGITS, LETTERS, LOOKALIKES

FILLER: Final = "<"
ALPHABET: Final = frozenset(DIGITS + LETTERS + FILLER)

_VALUES: Final[Mapping[str, int]] = MappingProxyType(
    {letter: value for value, letter in enumerate(DIGITS + LETTERS)} | {FILLER: 0}
)
_WEIGHTS: Final = (7, 3, 1)
"""Source: ICAO 9303, part 3, section 4.9."""

_HOMOGLYPHS: Final = str.maketrans(
    {
        **dict.fromkeys("\u2039\u3008\u300a\u27e8\u02c2\u2329>\u203a\u3009\u300b", "<"),
        **dict.fromkeys("\u00ab\u226a\u00bb\u226b", "<<"),
        **dict(
            zip(
                "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
                "ABEZHIKMNOPTYX",
                strict=True,
            )
        ),
        **dict(
            zip(
                "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0405\u0406\u0408",
                "ABEKMHOPCTXSIJ",
                strict=True,
            )
        ),
    }
)
"""
Greek and Cyrillic letters, and angles, which come the wrong way round too: no zone has another.

Source: `documents.md`, section 2.1, and Unicode's confusables.
"""


def folded(text: str) -> str:
    """Give a line as letters of the alphabet alone, capitals, nothing between them; what is unknown is left out."""
    line = unicodedata.normalize("NFKC", text.translate(_HOMOGLYPHS)).upper().translate(_HOMOGLYPHS)
    plain = unicodedata.normalize("NFD", line)
    return "".join(letter for letter in plain if letter in ALPHABET)


def check_digit(letters: str) -> str:
    """Give the check digit of letters of the alphabet."""
    return str(sum(_VALUES[letter] * _WEIGHTS[place % 3] for place, letter in enumerate(letters)) % 10)


def as_digits(letters: str) -> str:
    """Give letters where only digits (or fillers) may stand: lookalikes become digits."""
    return "".join(LOOKALIKES.get(letter, letter) if letter in LETTERS else letter for letter in letters)


def as_letters(letters: str) -> str:
    """Give letters where only letters (or fillers) may stand: lookalikes become letters."""
    return "".join(LOOKALIKES.get(letter, letter) if letter in DIGITS else letter for letter in letters)
