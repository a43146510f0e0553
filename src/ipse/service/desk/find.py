"""Calls looked up by the people at the desk: what was decided, what is kept, and that they looked is written down."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from ipse.service.evidence import Signer, signed, unsigned
from ipse.service.ports import AuditTrail, Clock, FoundRecord, Mark, Records
from ipse.service.ports.ledger import LedgerLines, LinesWish
from ipse.service.ports.retention import KeptArtefact
from ipse.service.records import call_of
from ipse.service.retention import Keeper, KeptContent

MOST: Final = 100
"""Most calls of one look."""


@dataclass(frozen=True, slots=True)
class FoundCall:
    """
    One call.

    Attributes:
        record: Its line in the ledger.
        decision: What was decided, as the signed record has it; `None` if nothing was, or if it is kept no longer.
        kept: What its key's policy keeps of it.
    """

    record: FoundRecord
    decision: Mapping[str, Any] | None
    kept: tuple[KeptArtefact, ...]


@dataclass(frozen=True, slots=True)
class DeskFind:
    """
    The use cases.

    Attributes:
        records: The ledger, by ids.
        lines: The ledger, by key and time.
        keeper: What policies keep.
        signer: Vouches for records.
        trail: Where looks are written down.
        clock: For what is over.
    """

    records: Records
    lines: LedgerLines
    keeper: Keeper
    signer: Signer
    trail: AuditTrail
    clock: Clock

    async def by_id(self, request_id: str) -> UUID | None:
        """Give the call of a request id in any dialect's spelling; `None` if there is none."""
        call = call_of(request_id)
        known = None if call is None else await self.records.of_call(call, None)
        return None if known is None else known.entry.id

    async def by_mark(self, actor: str, mark: Mark) -> tuple[FoundRecord, ...]:
        """Give the newest calls of a caller's own id, a token or an identity number."""
        await self.trail.note(actor, "calls.find", by=mark.kind)
        return await self.records.of_mark(mark, None, MOST)

    async def by_time(self, wish: LinesWish) -> tuple[FoundRecord, ...]:
        """Give the newest calls of a key and a time; nothing in them says whom they are about."""
        return await self.lines.lines(wish)

    async def one(self, actor: str, call: UUID) -> FoundCall | None:
        """Give all of one call but its pictures."""
        record = await self.records.of_call(call, None)
        if record is None:
            return None
        decision = await self.records.decision(call, None, self.clock.now())
        if decision is not None:
            await self.trail.note(actor, "evidence.see", str(call))
        return FoundCall(record, decision, await self.keeper.listed(call))

    async def evidence(self, actor: str, call: UUID) -> Mapping[str, Any] | None:
        """Give the signed record of what was decided."""
        record = await self.records.of_call(call, None)
        decision = None if record is None else await self.records.decision(call, None, self.clock.now())
        if record is None or decision is None:
            return None
        await self.trail.note(actor, "evidence.take", str(call))
        return signed(unsigned(record.entry, decision), self.signer)

    async def pictures(self, actor: str, call: UUID) -> tuple[KeptContent, ...]:
        """Give the pictures that are kept; the look is written down before anything is shown."""
        await self.trail.note(actor, "pictures.see", str(call))
        return await self.keeper.pictures(call)
