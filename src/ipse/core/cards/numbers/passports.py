"""
Passport numbers: shapes by issuing state; their check digit stands in the machine-readable zone.

Source: `documents.md`, section 4.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from ipse.core.cards.numbers.number import Number, Rule, Shape
from ipse.core.cards.numbers.spelling import DIGITS, LETTERS


def _explain(number: str, today: date) -> Number:
    """Give the number as it is."""
    del today
    return Number(number)


def _rule(state: str, *shapes: Shape) -> Rule:
    """Give the rule of a state."""
    return Rule(f"{state.lower()}-passport", shapes, _explain)


_ONE: Final[Shape] = (LETTERS,)
_TWO: Final[Shape] = (LETTERS,) * 2


def _digits(count: int) -> Shape:
    """Give a shape of digits."""
    return (DIGITS,) * count


PASSPORTS: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "CHN": _rule("CHN", _TWO + _digits(7), _ONE + _digits(8)),
        "HKG": _rule("HKG", ("HK", *_digits(8))),
        "IDN": _rule("IDN", _ONE + _digits(7)),
        "JPN": _rule("JPN", _TWO + _digits(7)),
        "MYS": _rule("MYS", ("AHK", *_digits(8))),
        "PHL": _rule("PHL", ("P", *_digits(7), LETTERS)),
        "SGP": _rule("SGP", ("K", *_digits(7), LETTERS)),
        "THA": _rule("THA", _TWO + _digits(7)),
        "TWN": _rule("TWN", _digits(9)),
    }
)
"""By the state's three letters."""
