"""Thailand's numbers. Source: Department of Provincial Administration, as in python-stdnum's `th.pin`."""

from datetime import date
from typing import Final

from stdnum.th import pin

from ipse.core.cards.numbers.number import Fault, Number, Rule
from ipse.core.cards.numbers.spelling import DIGITS, LETTERS

_NOT_NATIONAL: Final = frozenset("067")
"""First digits of people without Thai nationality (6, 7: and their children; 0: no civil registration)."""


def _explain(number: str, today: date) -> Number:
    """Give a kind of holder, eleven digits, a check digit with the weights 13 to 2."""
    del today
    is_valid = pin.calc_check_digit(number) == number[-1]
    faults: list[Fault] = []
    if not is_valid:
        faults.append("check_digit")
    if number[0] == "9":
        faults.append("prefix")
    group = "other" if number[0] in _NOT_NATIONAL else "national"
    return Number(pin.format(number), is_valid, tuple(faults), group=group)


def _licence(number: str, today: date) -> Number:
    """Give eight digits."""
    del today
    return Number(number)


def _laser(number: str, today: date) -> Number:
    """Give two letters and ten digits as the back of the card prints them."""
    del today
    return Number(f"{number[:3]}-{number[3:10]}-{number[10:]}")


PERSON: Final = Rule("tha-id_number", ((DIGITS,) * 13,), _explain)
LICENCE: Final = Rule("tha-document_number", ((DIGITS,) * 8,), _licence)
LASER: Final = Rule("tha-laser_number", ((LETTERS,) * 2 + (DIGITS,) * 10,), _laser)
