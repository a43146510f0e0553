"""ReadUsage, FindRecords, GiveEvidence: what callers may know of their own calls."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ipse.core.reasons import Reason, Refusal
from ipse.service.evidence import Signer, signed, unsigned
from ipse.service.ports import Clock, FoundRecord, Mark, Records, Seat, Stopwatch, UsageRow, UsageWish
from ipse.service.records import call_of


@dataclass(frozen=True, slots=True)
class WhichCall:
    """
    Which calls are meant.

    Attributes:
        by: A request id in any dialect's spelling, or a mark.
        key: Only of this key; `None` is of every key.
    """

    by: str | Mark
    key: str | None


@dataclass(frozen=True, slots=True)
class ReadUsage:
    """The use case."""

    records: Records

    async def __call__(
        self, wish: UsageWish, seat: Seat, stopwatch: Stopwatch
    ) -> tuple[UsageWish, tuple[UsageRow, ...]]:
        """Give the rows, and what they are rows of."""
        del seat
        with stopwatch.stage("records"):
            return wish, await self.records.usage(wish)


@dataclass(frozen=True, slots=True)
class FindRecords:
    """The use case."""

    records: Records

    async def __call__(self, which: WhichCall, seat: Seat, stopwatch: Stopwatch) -> tuple[FoundRecord, ...]:
        """
        Give the records, newest first; none for a mark that nobody knows.

        Raises:
            Refusal: `RECORD_UNKNOWN` for a request id that nobody knows.
        """
        del seat
        with stopwatch.stage("records"):
            if isinstance(which.by, Mark):
                return await self.records.of_mark(which.by, which.key)
            return (await found(self.records, which.by, which.key),)


@dataclass(frozen=True, slots=True)
class GiveEvidence:
    """The use case."""

    records: Records
    signer: Signer
    clock: Clock

    async def __call__(self, which: WhichCall, seat: Seat, stopwatch: Stopwatch) -> Mapping[str, Any]:
        """
        Give the signed record of a decision.

        Raises:
            Refusal: `RECORD_UNKNOWN`: there is no such call, it decided nothing, or its record is kept no longer.
        """
        del seat
        if isinstance(which.by, Mark):
            raise TypeError("Evidence is asked for by a request id.")
        with stopwatch.stage("records"):
            call = await found(self.records, which.by, which.key)
            decision = await self.records.decision(call.entry.id, which.key, self.clock.now())
        if decision is None:
            raise Refusal(Reason.RECORD_UNKNOWN)
        return signed(unsigned(call.entry, decision), self.signer)


async def found(records: Records, request_id: str, key: str | None) -> FoundRecord:
    """
    Give the record of a call.

    Raises:
        Refusal: `RECORD_UNKNOWN`.
    """
    call = call_of(request_id)
    known = None if call is None else await records.of_call(call, key)
    if known is None:
        raise Refusal(Reason.RECORD_UNKNOWN)
    return known
