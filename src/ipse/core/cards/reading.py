"""All that was read off a card, and what the checks say of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ipse.core.authenticity.check import Check, Concern
from ipse.core.authenticity.policy import CardStatus, concerns_of, status_of
from ipse.core.cards.card import CardKind, Field


@dataclass(frozen=True, slots=True)
class CardReading:
    """
    A card, front and back together.

    Attributes:
        kind: Which card it is; `None` if it could not be told.
        fields: By name; their corners are in pixels of the upright picture in which the side was sent.
        zone: The lines of its machine-readable zone after repair; empty if there is none.
        checks: Every check that belongs to such a card, whether or not it could be assessed.
        certainty: How sure it is that this is the card, 0 to 1.
        read_on: The day on which it was read, by which ages and expiry are reckoned.
        not_assessed: What could not be read or checked here, by name.
    """

    kind: CardKind | None
    fields: Mapping[str, Field] = field(repr=False)
    zone: tuple[str, ...] = field(repr=False)
    checks: tuple[Check, ...]
    read_on: date
    certainty: float = 0.0
    not_assessed: tuple[str, ...] = ()

    @property
    def status(self) -> CardStatus:
        """What becomes of it."""
        return status_of(self.checks)

    @property
    def concerns(self) -> tuple[Concern, ...]:
        """What speaks against it."""
        return concerns_of(self.checks)

    def value(self, name: str) -> str:
        """Give the normalised value of a field; empty if there is none."""
        found = self.fields.get(name)
        return (found.value or "") if found else ""

    def printed(self, name: str) -> str:
        """Give a field as it is printed; empty if it was not read."""
        found = self.fields.get(name)
        return found.printed if found else ""

    @property
    def age_years(self) -> int | None:
        """How old the person is on the day of reading, in whole years; `None` if the day of birth was not read."""
        try:
            born = date.fromisoformat(self.value("birth_date"))
        except ValueError:
            return None
        had_birthday = (self.read_on.month, self.read_on.day) >= (born.month, born.day)
        return self.read_on.year - born.year - (not had_birthday)
