"""Megvii's billing rule, in units for an outcome."""

from typing import Final

from ipse.core.reasons import Reason

BILLED_REFUSALS: Final = frozenset(
    {
        Reason.PERSON_UNKNOWN,
        Reason.PERSON_NAME_DIFFERS,
        Reason.PERSON_PHOTO_UNUSABLE,
        Reason.PERSON_PHOTO_FACELESS,
    }
)
"""The data source was asked and has answered. Source: the page, errors of verify, the four that are billed."""


def bills_verify(reason: Reason | None) -> int:
    """Give one unit for a result and for an answer of the data source, none for any other refusal."""
    return int(reason is None or reason in BILLED_REFUSALS)


def bills_nothing(_reason: Reason | None) -> int:
    """Give no units. Source: the page, billing rules: what is billed has a confidence, or asked the data source."""
    return 0
