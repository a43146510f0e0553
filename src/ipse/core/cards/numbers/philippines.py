"""
Numbers of the Philippines: shapes only, no check digit is published.

Source: `documents.md`, section 4; the groups as the cards print them.
"""

from collections.abc import Callable
from datetime import date
from typing import Final

from ipse.core.cards.numbers.number import Number, Rule
from ipse.core.cards.numbers.spelling import DIGITS, LETTERS


def _in_groups(*lengths: int) -> Callable[[str, date], Number]:
    """Give a meaning that is nothing but groups of these lengths; a group that is not there is left out."""

    def explain(number: str, today: date) -> Number:
        """Give the number in its groups."""
        del today
        starts = [sum(lengths[:place]) for place in range(len(lengths))]
        groups = (number[start : start + length] for start, length in zip(starts, lengths, strict=True))
        return Number("-".join(group for group in groups if group))

    return explain


PCN: Final = Rule("phl-id_number", ((DIGITS,) * 16,), _in_groups(4, 4, 4, 4))
"""On the PhilID's face."""
PSN: Final = Rule("phl-id_number-psn", ((DIGITS,) * 12,), _in_groups(4, 4, 4))
"""The person's own, which no card shows any more."""
CRN: Final = Rule("phl-id_number-umid", ((DIGITS,) * 12,), _in_groups(4, 7, 1))
SSS: Final = Rule("phl-id_number-sss", ((DIGITS,) * 10,), _in_groups(2, 7, 1))
TIN: Final = Rule("phl-id_number-tin", ((DIGITS,) * 12, (DIGITS,) * 9), _in_groups(3, 3, 3, 3))
LICENCE: Final = Rule("phl-document_number", ((LETTERS, *(DIGITS,) * 10),), _in_groups(3, 2, 6))
