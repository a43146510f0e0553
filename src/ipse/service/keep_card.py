"""What is kept of a card that was read after its call was answered, as the key's policy says."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from ipse.core.cards.reading import CardReading
from ipse.service.artefacts import numbers_of
from ipse.service.check_card import CardToCheck, Follows
from ipse.service.packed_card import pack
from ipse.service.ports import Clock
from ipse.service.ports.retention import Artefact, Keeping

READING: Final = "reading"
"""What the result is called: all that was read, with its places, beside the call's own answer, which is a token."""


@dataclass(frozen=True, slots=True)
class KeepCard:
    """
    Keeps readings.

    Attributes:
        keeping: Where they rest.
        clock: Since when.
        follows: What follows then.
    """

    keeping: Keeping
    clock: Clock
    follows: Follows

    async def __call__(self, owner: str, sent: CardToCheck, card: CardReading) -> None:
        """Keep what was read of a card, and let its call be found by the numbers on it."""
        call = UUID(sent.call)
        await self.keeping.mark(call, numbers_of(card))
        await self.keeping.keep(call, owner, (Artefact("result", READING, pack(card)),), self.clock.now())
        await self.follows(owner, sent, card)
