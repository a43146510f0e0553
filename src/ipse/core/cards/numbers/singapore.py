"""
Singapore's identity numbers, NRIC and FIN, which licences repeat.

Source: `documents.md`, section 4, verified on S1234567D, F1234567N and G5872776N; the M series after SAP note 2572734.
"""

from datetime import date
from typing import Final

from ipse.core.cards.numbers.number import Number, Rule
from ipse.core.cards.numbers.spelling import DIGITS

_WEIGHTS: Final = (2, 7, 6, 5, 4, 3, 2)
_ADDED: Final = {"S": 0, "T": 4, "F": 0, "G": 4, "M": 3}
_CHECKS: Final = {
    **dict.fromkeys("ST", "JZIHGFEDCBA"),
    **dict.fromkeys("FG", "XWUTRQPNMLK"),
    "M": "XWUTRQPNJLK",
}
"""The letter for each remainder of 11."""

_FIRST_YEAR: Final = 68
"""Citizens and residents born since 1968 have their year of birth in front. Source: Wikipedia, "NRIC", structure."""


def _explain(number: str, today: date) -> Number:
    """Give a series, seven digits and a check letter."""
    series = number[0]
    total = _ADDED[series] + sum(w * int(digit) for w, digit in zip(_WEIGHTS, number[1:8], strict=True))
    is_valid = _CHECKS[series][total % 11] == number[-1]
    year = int(number[1:3])
    born = {"S": 1900 + year if year >= _FIRST_YEAR else None, "T": 2000 + year}.get(series)
    return Number(
        number,
        is_valid,
        () if is_valid else ("check_digit",),
        birth_year=born if born is None or born <= today.year else None,
        group="resident" if series in "ST" else "foreigner",
    )


NRIC: Final = Rule("sgp-id_number", (("STFGM", *(DIGITS,) * 7, "ABCDEFGHIJKLMNPQRTUWXZ"),), _explain)
