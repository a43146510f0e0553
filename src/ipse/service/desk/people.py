"""The registry of people, as the desk sees it: one person at a time, by number; nobody lists them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ipse.service.ports import AuditTrail
from ipse.service.roll import Entered, Roll


class Census(Protocol):
    """Counts the registry."""

    async def count(self) -> Mapping[str, int]:
        """Give how many people there are by what their photos are good for (`Entered.photo`)."""
        ...


@dataclass(frozen=True, slots=True)
class DeskPeople:
    """
    The use cases; each look and each change is written down, without the number.

    Attributes:
        roll: The registry.
        census: Counts it.
        trail: Where looks are written down.
    """

    roll: Roll
    census: Census
    trail: AuditTrail

    async def count(self) -> Mapping[str, int]:
        """Give how many people there are, by what their photos are good for."""
        return await self.census.count()

    async def find(self, actor: str, id_number: str) -> Entered | None:
        """Give who has a number; raises `Refusal(DATA_SOURCE_FAILED)`."""
        await self.trail.note(actor, "people.see")
        return await self.roll.find(id_number)

    async def remove(self, actor: str, id_number: str) -> bool:
        """Take somebody out; whether somebody was there. Raises `Refusal(DATA_SOURCE_FAILED)`."""
        was_there = await self.roll.remove(id_number)
        if was_there:
            await self.trail.note(actor, "people.remove")
        return was_there
