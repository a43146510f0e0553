"""What the checks of logic look at: the fields of both sides, and the day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from ipse.core.authenticity.check import Check, CheckStatus, Concern
from ipse.core.cards.card import Field, Side, SideReading
from ipse.core.cards.layout import FieldRule, Layout
from ipse.core.cards.zone.parse import Zone

SURE: Final = 0.9
"""
Confidence from which a field counts as surely read: a contradiction of less sure ones only warns.

Where the reader tells of each character it is the least of these, for a field's own confidence is lowered by doubts
about its place and by the very rule that is checked. Source: `benchmarks/accuracy/card_reading.md`: of generated fields
read at 0.9 and above 0.6 % are wrong, of those between 0.85 and 0.9 3.6 %.
"""

IN_PLACE: Final = 0.5
"""
Confidence below which even clear characters may be those of another field.

Source: the least of `places.CERTAINTY` (0.8) times `values.FAULTY` (0.7) is 0.56.
"""

DAY_IN_PLACE: Final = 0.8
"""
The same of a day, which does not show by itself whether it is that of birth or of expiry.

Source: Philippine licences at L3 whose days are taken for one another, clearly read, have 0.78.
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """
    A card.

    Attributes:
        sides: What each side says.
        layouts: What stands where on each, of the card that it was taken for.
        zone: Its machine-readable zone, if it has one.
        today: The day on which it is judged.
        philid_key: The public key of the Philippine authority, 32 bytes; `None` if nobody set it.
    """

    sides: Mapping[Side, SideReading]
    layouts: Mapping[Side, Layout]
    zone: Zone | None
    today: date
    philid_key: bytes | None = None

    @property
    def fields(self) -> Mapping[str, Field]:
        """Every field by its name; what both sides say as the front says it."""
        return {name: field for side in reversed(Side) if side in self.sides for name, field in self._of(side).items()}

    def printed(self, name: str) -> Field | None:
        """Give a field as it stands in print, where a zone may say something else; `None` where only that says it."""
        readings = [self.sides[side] for side in Side if side in self.sides]
        printed = [one.in_print if one.zone else one.fields for one in readings]
        return next((fields[name] for fields in printed if name in fields), None)

    def rules(self) -> Mapping[str, FieldRule]:
        """Give how each field is read, by its name."""
        return {
            rule.name: rule for side in reversed(Side) if side in self.layouts for rule in self.layouts[side].fields
        }

    def date(self, name: str) -> date | None:
        """Give a field as a day; `None` where it was not read or says no whole day."""
        found = self.fields.get(name)
        try:
            return date.fromisoformat(found.value) if found and found.value else None
        except ValueError:
            return None

    def _of(self, side: Side) -> Mapping[str, Field]:
        """Give the fields of a side."""
        return self.sides[side].fields


def judged(
    name: str,
    fields: tuple[Field, ...],
    *,
    is_right: bool,
    concern: Concern = Concern.CONTRADICTORY,
    surely_read: bool = True,
) -> Check:
    """
    Give a check that is exact: passed, failed, or, of what was not surely read, suspected.

    Args:
        name: What is checked.
        fields: What it looks at.
        is_right: What it found.
        concern: What it speaks of.
        surely_read: Whether what else it looks at was read without doubt.
    """
    names = tuple(dict.fromkeys(field.name for field in fields))
    if is_right:
        return Check(name, CheckStatus.PASSED, concern, fields=names)
    if surely_read and all(map(is_sure, fields)):
        return Check(name, CheckStatus.FAILED, concern, fields=names)
    return Check(name, CheckStatus.SUSPECTED, concern, fields=names, detail={"why": "not surely read"})


def is_sure(field: Field) -> bool:
    """Tell whether a field was surely read."""
    if field.legibility is None:
        return field.confidence >= SURE
    in_place = DAY_IN_PLACE if "_date" in field.name else IN_PLACE
    return field.legibility >= SURE and field.confidence >= in_place


def not_assessed(name: str, why: str, *fields: str, concern: Concern = Concern.CONTRADICTORY) -> Check:
    """Give a check that could not be made."""
    return Check(name, CheckStatus.NOT_ASSESSED, concern, fields=fields, detail={"why": why})
