"""Taiwan's identity numbers: citizens', residents' since 2021, residents' before. Source: `documents.md`, section 4."""

from datetime import date
from typing import Final

from ipse.core.cards.numbers.number import Number, Rule
from ipse.core.cards.numbers.spelling import DIGITS, LETTERS

_ORDER: Final = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
"""The letters as they count from 10 on: I, O, W and Z stand at the end."""

_WEIGHTS: Final = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)

_PLACES: Final = dict(
    zip(
        LETTERS,
        [
            *("臺北市", "臺中市", "基隆市", "臺南市", "高雄市", "新北市", "宜蘭縣", "桃園市", "嘉義市"),
            *("新竹縣", "苗栗縣", "臺中縣", "南投縣", "彰化縣", "新竹市", "雲林縣", "嘉義縣", "臺南縣"),
            *("高雄縣", "屏東縣", "花蓮縣", "臺東縣", "金門縣", "澎湖縣", "陽明山", "連江縣"),
        ],
        strict=True,
    )
)
"""Where the number was first given. Source: the table of the household registration rules."""

_SEXES: Final = {**dict.fromkeys("18AC", "M"), **dict.fromkeys("29BD", "F")}
"""By the second place. What 7 means, sources tell differently: nothing is said."""


def _explain(number: str, today: date) -> Number:
    """Give a place, a sex, seven digits and a check digit; a letter counts as two digits, the second as its last."""
    del today
    first, second = _ORDER.index(number[0]) + 10, number[1]
    second = str(_ORDER.index(second) % 10) if second.isalpha() else second
    digits = f"{first}{second}{number[2:]}"
    is_valid = sum(w * int(digit) for w, digit in zip(_WEIGHTS, digits, strict=True)) % 10 == 0
    return Number(
        number,
        is_valid,
        () if is_valid else ("check_digit",),
        sex=_SEXES.get(number[1]),
        place=_PLACES[number[0]],
        group="citizen" if number[1] in "12" else "resident",
    )


PERSON: Final = Rule("twn-id_number", ((LETTERS, "12789ABCD", *(DIGITS,) * 8),), _explain)
