"""The resident identity number of mainland China. Source: GB 11643-1999."""

from datetime import date
from typing import Final

from stdnum import numdb
from stdnum.cn import ric

from ipse.core.cards.numbers.days import day
from ipse.core.cards.numbers.number import Fault, Number, Rule
from ipse.core.cards.numbers.spelling import DIGITS


def has_right_check_digit(number: str) -> bool:
    """Give whether the last of 18 letters is what ISO 7064 MOD 11-2 makes of the others."""
    return ric.calc_check_digit(number) == number[-1]


def _explain(number: str, today: date) -> Number:
    """Give six digits of region, a day of birth, three digits of which the last is odd for men, a check digit."""
    born = day(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    regions = numdb.get("cn/loc").info(number[:6])
    place = {name: value for _, properties in regions for name, value in properties.items()}
    is_valid = has_right_check_digit(number)
    faults: list[Fault] = []
    if not is_valid:
        faults.append("check_digit")
    if born is None or born > today:
        faults.append("birth_date")
    if not place:
        faults.append("place")
    return Number(
        number,
        is_valid,
        tuple(faults),
        birth_date=born,
        sex="M" if int(number[16]) % 2 else "F",
        place=place.get("province"),
    )


RESIDENT: Final = Rule("chn-id_number", ((DIGITS,) * 17 + (DIGITS + "X",),), _explain)
