"""Japan's numbers."""

from datetime import date
from typing import Final

from stdnum.jp import in_

from ipse.core.cards.numbers.number import Number, Rule
from ipse.core.cards.numbers.spelling import DIGITS

_WEIGHTS: Final = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
"""Source: the ten digits before a licence's check digit; `documents.md`, section 4, verified on 309012345620."""

_AUTHORITIES: Final = dict(
    zip(
        [
            *(*range(10, 15), *range(20, 26), 30, *range(40, 56), *range(60, 66)),
            *(*range(70, 75), *range(80, 84), *range(90, 98)),
        ],
        [
            *("北海道",) * 5,
            *("青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "東京都", "茨城県", "栃木県", "群馬県"),
            *("埼玉県", "千葉県", "神奈川県", "新潟県", "山梨県", "長野県", "静岡県", "富山県", "石川県", "福井県"),
            *("岐阜県", "愛知県", "三重県", "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県"),
            *("島根県", "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県", "福岡県", "佐賀県"),
            *("長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県"),
        ],
        strict=True,
    )
)
"""Whose public safety commission gave the number. Source: the codes of the National Police Agency."""


def _personal(number: str, today: date) -> Number:
    """Give eleven digits and a check digit. Source: ordinance 85 of 2014 of the Ministry of Internal Affairs."""
    del today
    is_valid = in_.calc_check_digit(number[:-1]) == number[-1]
    return Number(in_.format(number), is_valid, () if is_valid else ("check_digit",))


def _licence(number: str, today: date) -> Number:
    """Give an authority, a year, a serial number, a check digit, and how often the card was given anew."""
    del today
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    is_valid = (11 - total % 11) % 10 == int(number[10])
    return Number(number, is_valid, () if is_valid else ("check_digit",), place=_AUTHORITIES.get(int(number[:2])))


MY_NUMBER: Final = Rule("jpn-id_number", ((DIGITS,) * 12,), _personal)
LICENCE: Final = Rule("jpn-document_number", ((DIGITS,) * 12,), _licence)
