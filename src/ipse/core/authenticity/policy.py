"""From checks to what becomes of a card: contradictions reject, suspicions warn."""

from collections.abc import Iterable
from enum import StrEnum

from ipse.core.authenticity.check import Check, CheckStatus, Concern


class CardStatus(StrEnum):
    """What became of a card."""

    PASSED = "passed"
    WARNING = "warning"
    REJECTED = "rejected"


def status_of(checks: Iterable[Check]) -> CardStatus:
    """
    Give what the checks come to: a failed one rejects, a suspicion warns.

    No suspicion ever rejects, however many there are: each may be wrong of a good card at its stated rate.
    """
    found = {check.status for check in checks}
    if CheckStatus.FAILED in found:
        return CardStatus.REJECTED
    return CardStatus.WARNING if CheckStatus.SUSPECTED in found else CardStatus.PASSED


def concerns_of(checks: Iterable[Check]) -> tuple[Concern, ...]:
    """Give what speaks against the card, what rejects it first, nothing twice."""
    order = (CheckStatus.FAILED, CheckStatus.SUSPECTED)
    told = sorted((check for check in checks if check.status in order), key=lambda check: order.index(check.status))
    return tuple(dict.fromkeys(check.concern for check in told))
