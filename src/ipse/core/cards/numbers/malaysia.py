"""Malaysia's identity number, which licences repeat. Source: National Registration Department; no check digit."""

from datetime import date
from typing import Final

from stdnum import numdb

from ipse.core.cards.numbers.days import birth
from ipse.core.cards.numbers.number import Fault, Number, Rule
from ipse.core.cards.numbers.spelling import DIGITS


def _explain(number: str, today: date) -> Number:
    """Give a day of birth, a place of birth, a serial number of which the last digit is odd for men."""
    born = birth(int(number[:2]), int(number[2:4]), int(number[4:6]), today)
    places = numdb.get("my/bp").info(number[6:8])[0][1]
    faults: list[Fault] = []
    if born is None:
        faults.append("birth_date")
    if not places:
        faults.append("place")
    groups = (number[:6], number[6:8], number[8:12], number[12:14], number[14:])
    return Number(
        "-".join(group for group in groups if group),
        None,
        tuple(faults),
        birth_date=born,
        has_century=False,
        sex="M" if int(number[11]) % 2 else "F",
        place=places.get("state") or places.get("countries"),
    )


MYKAD: Final = Rule("mys-id_number", ((DIGITS,) * 12,), _explain)
MYKAD_BACK: Final = Rule("mys-id_number-extended", ((DIGITS,) * 16,), _explain)
"""As the card's back prints it: with two more groups, of the card."""
