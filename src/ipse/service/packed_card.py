"""A card that was read, as the bytes of a job's result, and back."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

import numpy as np

from ipse.core.authenticity.check import Check, CheckStatus, Concern
from ipse.core.cards.card import CardKind, CardType, Field, Side
from ipse.core.cards.reading import CardReading


def pack(card: CardReading) -> bytes:
    """Give a card as bytes; nothing in them is a picture."""
    said = {
        "kind": None if card.kind is None else asdict(card.kind),
        "fields": [_field(field) for field in card.fields.values()],
        "zone": card.zone,
        "checks": [asdict(check) for check in card.checks],
        "read_on": card.read_on.isoformat(),
        "certainty": card.certainty,
        "not_assessed": card.not_assessed,
    }
    return json.dumps(said, ensure_ascii=False).encode()


def unpack(content: bytes) -> CardReading:
    """Give the card of `pack`."""
    said = json.loads(content)
    kind = said["kind"]
    fields = [_as_field(each) for each in said["fields"]]
    return CardReading(
        kind=None if kind is None else CardKind(kind["nationality"], CardType(kind["type"]), kind["subtype"]),
        fields={field.name: field for field in fields},
        zone=tuple(said["zone"]),
        checks=tuple(_as_check(each) for each in said["checks"]),
        read_on=date.fromisoformat(said["read_on"]),
        certainty=said["certainty"],
        not_assessed=tuple(said["not_assessed"]),
    )


def _field(field: Field) -> dict[str, Any]:
    """Give a field as JSON has it."""
    return {
        "name": field.name,
        "value": field.value,
        "printed": field.printed,
        "confidence": field.confidence,
        "side": field.side,
        "corners": np.round(field.corners_px, 1).tolist(),
    }


def _as_field(said: dict[str, Any]) -> Field:
    """Give the field of `_field`."""
    corners = np.array(said["corners"], np.float32)
    return Field(said["name"], said["value"], said["printed"], said["confidence"], Side(said["side"]), corners)


def _as_check(said: dict[str, Any]) -> Check:
    """Give the check of `asdict`."""
    known = {
        "status": CheckStatus(said["status"]),
        "concern": Concern(said["concern"]),
        "fields": tuple(said["fields"]),
    }
    return Check(**{**said, **known})
