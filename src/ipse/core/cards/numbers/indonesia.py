"""Indonesia's numbers. Source: UU 24/2013, article 13, and Permendagri 137/2017 for regions, as in python-stdnum."""

from datetime import date
from typing import Final

from stdnum import numdb

from ipse.core.cards.numbers.days import birth
from ipse.core.cards.numbers.number import Fault, Number, Rule
from ipse.core.cards.numbers.spelling import DIGITS

_FOR_WOMEN: Final = 40
"""Added to the day of birth."""

NEW_PROVINCES: Final = {"92": "Papua Barat", "93": "Papua Selatan", "94": "Papua Tengah", "95": "Papua Pegunungan"} | {
    "96": "Papua Barat Daya"
}
"""What python-stdnum's table lacks. Source: Kepmendagri 100.1.1-6117/2022 and UU 14, 15, 16 and 29 of 2022."""


def _explain(number: str, today: date) -> Number:
    """Give a region, a day of birth (40 more for women), a serial number."""
    of_month = int(number[6:8])
    is_woman = of_month > _FOR_WOMEN
    born = birth(int(number[10:12]), int(number[8:10]), of_month - _FOR_WOMEN * is_woman, today)
    regions = numdb.get("id/loc").info(number[:4])
    place = regions[0][1].get("name_id") or NEW_PROVINCES.get(number[:2])
    faults: list[Fault] = []
    if born is None:
        faults.append("birth_date")
    if place is None:
        faults.append("place")
    return Number(
        number,
        None,
        tuple(faults),
        birth_date=born,
        has_century=False,
        sex="F" if is_woman else "M",
        place=place,
    )


def _licence(number: str, today: date) -> Number:
    """Give a number of 12 to 15 digits as it is; since July 2024 one of 16 is the holder's own."""
    return _explain(number, today) if len(number) == len(_OWN) else Number(number)


_OWN: Final = (DIGITS,) * 16
NIK: Final = Rule("idn-id_number", (_OWN,), _explain)
SIM: Final = Rule("idn-document_number", tuple((DIGITS,) * length for length in (16, 15, 14, 13, 12)), _licence)
