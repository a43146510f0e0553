"""Hong Kong's identity number. Source: `documents.md`, section 4, verified on A123456(3), C123456(9), AB987654(3)."""

from datetime import date
from typing import Final

from ipse.core.cards.numbers.number import Number, Rule
from ipse.core.cards.numbers.spelling import DIGITS, LETTERS

_ORDER: Final = DIGITS + LETTERS + " "
"""What each counts: digits themselves, A = 10 and so on, a blank 36."""


def _explain(number: str, today: date) -> Number:
    """Give one or two letters, six digits and a check digit: with the weights 9 to 1 the sum is divisible by 11."""
    del today
    total = sum(weight * _ORDER.index(letter) for weight, letter in zip(range(9, 0, -1), f"{number:>9}", strict=True))
    is_valid = total % 11 == 0
    return Number(f"{number[:-1]}({number[-1]})", is_valid, () if is_valid else ("check_digit",))


_AFTER: Final = (DIGITS,) * 6 + (DIGITS + "A",)
HKID: Final = Rule("hkg-id_number", ((LETTERS, LETTERS, *_AFTER), (LETTERS, *_AFTER)), _explain)
