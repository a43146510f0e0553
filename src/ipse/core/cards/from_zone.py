"""What a machine-readable zone says, beside what is printed: fields of the card."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from ipse.core.cards.card import CardKind, CardType, Field, Side
from ipse.core.cards.matching import fold
from ipse.core.cards.zone.alphabet import FILLER
from ipse.core.cards.zone.formats import Span
from ipse.core.cards.zone.parse import Element, Zone
from ipse.core.text.lines import TextLine
from ipse.core.vocabulary import Floats

SURE, DOUBTED = 0.99, 0.5
"""
Confidence of what a right check digit covers, and of what a wrong one does.

Source: one wrong letter in ten slips through a check digit, and one letter in a thousand is read wrong by itself
(`documents.md`, section 2.1).
"""

UNCHECKED: Final = 0.9
"""Confidence of an element without a check digit: names and states."""

TITLES: Final[Mapping[str, CardType]] = {
    "P": CardType.PASSPORT,
    "I": CardType.ID_CARD,
    "A": CardType.ID_CARD,
    "C": CardType.ID_CARD,
    "V": CardType.VISA,
}
"""What a zone's first letter says of the card. Source: ICAO 9303, parts 4 to 7."""


def kind_of(zone: Zone) -> CardKind | None:
    """Give the kind of card that a zone stands on, with whatever it has for an issuer; `None` where nobody knows it."""
    type_ = TITLES.get(zone.lines[0][0])
    if type_ is None:
        return None
    told = zone.fields["issuing_country"]
    issuer = told.value or told.printed.strip(FILLER)
    return CardKind(issuer, type_, zone.format.lower() if type_ is CardType.ID_CARD else "")


def with_zone(printed: Mapping[str, Field], zone: Zone, lines: Sequence[TextLine], side: Side) -> dict[str, Field]:
    """
    Give the fields of a card with a zone: where print and zone say the same the print stands, else the zone.

    Args:
        printed: What was read in print.
        zone: The zone.
        lines: Its lines as they were found.
        side: On which side it stands.
    """
    right = dict(zone.check_digits)
    fields = dict(printed)
    for name, element in zone.fields.items():
        if element.value is None or not element.printed.strip(FILLER):
            continue
        told = _field(name, element, lines, side, right, len(zone.lines[0]))
        known = fields.get(name)
        if known is None or (not _is_fuller(known, told) and told.confidence > known.confidence):
            fields[name] = told
    return {**fields, "mrz": _whole(zone, lines, side)}


def _whole(zone: Zone, lines: Sequence[TextLine], side: Side) -> Field:
    """Give the zone itself as a field: its lines, and the quadrilateral around them."""
    corners = np.concatenate((lines[0].corners_px[:2], lines[-1].corners_px[2:])).astype(np.float32)
    printed = "\n".join(zone.lines)
    return Field("mrz", printed, printed, SURE if zone.is_right else DOUBTED, side, corners)


def _is_fuller(known: Field, told: Field) -> bool:
    """Give whether print says what the zone does, with the hyphens and apostrophes that a zone cannot have."""
    one, other = known.value or "", told.value or ""
    return fold(one).text == fold(other).text and len(one) >= len(other)


def _field(
    name: str, element: Element, lines: Sequence[TextLine], side: Side, right: Mapping[str, bool], length: int
) -> Field:
    """Give an element as a field."""
    confidence = UNCHECKED if name not in right else SURE if right[name] else DOUBTED
    corners = _corners(lines[element.span.row], element.span, length)
    return Field(name, element.value, element.printed, confidence, side, corners)


def _corners(line: TextLine, span: Span, length: int) -> Floats:
    """Give where an element stands: every letter of a zone is as wide as any other."""
    shares = span.start / length, span.end / length
    top, bottom = line.corners_px[[0, 1]], line.corners_px[[3, 2]]
    cuts = [edge[0] + share * (edge[1] - edge[0]) for edge in (top, bottom) for share in shares]
    return np.asarray([cuts[0], cuts[1], cuts[3], cuts[2]], np.float32)
