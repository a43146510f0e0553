"""What a check says of a card."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class CheckStatus(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    SUSPECTED = "suspected"
    """Something speaks against the card, but not for certain: it warns."""
    FAILED = "failed"
    """The card contradicts itself, or its signature is false: it is rejected."""
    NOT_ASSESSED = "not_assessed"


class Concern(StrEnum):
    """What a check that did not pass says of the card; each dialect has its own word for it."""

    INCOMPLETE = "incomplete"
    SEVERAL_CARDS = "several_cards"
    GREY_COPY = "grey_copy"
    SCREEN = "screen"
    SCREENSHOT = "screenshot"
    RETYPED = "retyped"
    PORTRAIT_REPLACED = "portrait_replaced"
    PORTRAIT_MISSING = "portrait_missing"
    BLURRED = "blurred"
    GLARE = "glare"
    CONTRADICTORY = "contradictory"
    """A number, a date or a field contradicts its own rule or another field."""
    SIGNATURE_FALSE = "signature_false"
    EXPIRED = "expired"
    UNREADABLE = "unreadable"
    """A field that every such card has was not read."""
    NO_CARD = "no_card"
    """No card was found in the picture."""
    WRONG_SIDE = "wrong_side"
    """The other side of the card was sent."""
    WRONG_KIND = "wrong_kind"
    """It is another card than the one it is said to be."""
    UNSUPPORTED = "unsupported"
    """It is a card that cannot be read here, or part of it cannot."""


@dataclass(frozen=True, slots=True)
class Check:
    """
    One check.

    Attributes:
        name: What was checked: `"id_number_check_digit"`, `"grey_copy"`.
        status: How it ended.
        concern: What it speaks of.
        score: What was measured, in the unit that the check's docstring states; `None` if it is yes or no.
        threshold: The score from which it is suspected; `None` likewise.
        error_rate: Share of good generated cards that it suspects at this threshold; `None` where it is exact.
        fields: The fields that it concerns, by name.
        detail: More that may be shown to the caller, without anything personal: why it was not assessed.
    """

    name: str
    status: CheckStatus
    concern: Concern
    score: float | None = None
    threshold: float | None = None
    error_rate: float | None = None
    fields: tuple[str, ...] = ()
    detail: Mapping[str, str] = field(default_factory=dict)
