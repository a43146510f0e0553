"""What was read off a card, as our answers tell it."""

import re
from types import MappingProxyType
from typing import Any, Final

from ipse.core.authenticity.check import Check, CheckStatus, Concern
from ipse.core.authenticity.policy import CardStatus
from ipse.core.cards.card import CardType, Field, Side
from ipse.core.cards.reading import CardReading
from ipse.protocols.native.fields import Schema, TextField
from ipse.protocols.native.shapes import BOX, array, named, number, or_null, record, shared, text
from ipse.service.check_card import AUTO

PX_DECIMALS: Final = 1
CONFIDENCE_DECIMALS: Final = 3
SCORE_DECIMALS: Final = 4

STATUSES: Final = tuple(status.value.upper() for status in CardStatus)
TYPES: Final = tuple(kind.value.upper() for kind in CardType)
"""The words for kinds of cards, the same that are taken."""


def read_card(card: CardReading) -> dict[str, Any]:
    """Give all that was read of a card."""
    kind = card.kind
    return {
        "status": card.status.value.upper(),
        "nationality": None if kind is None else kind.nationality,
        "card_type": None if kind is None else kind.type.value.upper(),
        "card_subtype": None if kind is None else kind.subtype or None,
        "fields": {name: _field(field) for name, field in card.fields.items()},
        "mrz": list(card.zone),
        "checks": [_check(check) for check in card.checks],
        "warnings": [concern.value for concern in card.concerns],
        "not_assessed": list(card.not_assessed),
    }


def _field(field: Field) -> dict[str, Any]:
    """Give one field; its rectangle is in the upright picture of its side."""
    box = field.box
    return {
        "value": field.value,
        "printed": field.printed,
        "confidence": round(field.confidence, CONFIDENCE_DECIMALS),
        "box": [round(edge, PX_DECIMALS) for edge in (box.x1, box.y1, box.x2, box.y2)],
        "side": field.side.value,
    }


def _check(check: Check) -> dict[str, Any]:
    """Give one check."""
    return {
        "name": check.name,
        "status": check.status.value,
        "concern": check.concern.value,
        "score": None if check.score is None else round(check.score, SCORE_DECIMALS),
        "threshold": check.threshold,
        "error_rate": check.error_rate,
        "fields": list(check.fields),
        "detail": dict(check.detail),
    }


WARNING: Final[Schema] = {"type": "string", "enum": [concern.value for concern in Concern]}

FIELD: Final = record(
    "One thing that the card says.",
    value=or_null(text("Normalised: dates as YYYY-MM-DD, sex as M, F or X; null where the print means nothing.")),
    printed=text("As it is printed."),
    confidence=number("How sure the reading is.", 0, 1),
    box=BOX,
    side={"type": "string", "enum": [side.value for side in Side]},
)

CHECK: Final = record(
    "One check.",
    name=text("What was checked."),
    status={"type": "string", "enum": [status.value for status in CheckStatus]},
    concern=WARNING,
    score=or_null(number("What was measured, in the check's own unit.")),
    threshold=or_null(number("The score from which it is suspected.")),
    error_rate=or_null(number("Share of good generated cards that it suspects.", 0, 1)),
    fields=array({"type": "string"}, "The fields that it concerns."),
    detail=named({"type": "string"}, "Why it was not assessed, and the like."),
)

CARD: Final = record(
    "What was read of a card: a contradiction rejects it, a suspicion warns.",
    status={"type": "string", "enum": list(STATUSES)},
    nationality=or_null(text("Who issued it, three letters; null if it could not be told.")),
    card_type=or_null({"type": "string", "enum": [*TYPES, None]}),
    card_subtype=or_null(text("Which of several cards of this type.")),
    fields=named(shared("CardField"), "What it says, by the names of `docs/cards.md`."),
    mrz=array({"type": "string"}, "The lines of its machine-readable zone, after repair."),
    checks=array(shared("CardCheck"), "Every check that belongs to such a card."),
    warnings=array(WARNING, "What speaks against it, what rejects it first."),
    not_assessed=array({"type": "string"}, "What could not be read or checked here."),
)

SCHEMAS: Final = MappingProxyType({"Card": CARD, "CardField": FIELD, "CardCheck": CHECK})

NATIONALITY: Final = TextField(
    "nationality",
    f"Who issued it, three letters; {AUTO}, as without it, lets the card tell.",
    len(AUTO),
    form=re.compile(f"[A-Z]{{3}}|{AUTO}"),
)
"""Whose card it is said to be."""
