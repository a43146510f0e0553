"""The ledger, to read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias
from uuid import UUID

from ipse.service.ports.calls import LedgerEntry, Mark

UsageBy: TypeAlias = Literal["day", "key", "operation", "uuid"]


@dataclass(frozen=True, slots=True)
class UsageWish:
    """
    Which calls to add up.

    Attributes:
        by: What the rows are: days in UTC, keys, operations with their dialect, or the callers' own ids.
        key: Of this key only; whoever answers a caller gives the caller's.
        since: From these Unix seconds on.
        until: Before these Unix seconds.
        uuid: Of this id of the caller's only.
        operation: Of this operation only, in the words of `UsageRow.group`.
    """

    by: UsageBy
    key: str | None = None
    since: float | None = None
    until: float | None = None
    uuid: str | None = field(default=None, repr=False)
    operation: str | None = None


@dataclass(frozen=True, slots=True)
class UsageRow:
    """
    What was used.

    Attributes:
        group: The day (`2026-01-31`), the key, the operation (`faceid verify`), or a pseudonym of the caller's id that
            stays the same and does not give the id away; empty for calls without one.
        calls: Calls that were answered, whatever the answer.
        succeeded: Calls that were not refused.
        billed: Units that the vendors' rules bill.
    """

    group: str
    calls: int
    succeeded: int
    billed: int


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """
    A line of the ledger that was looked for.

    Attributes:
        entry: The line.
        evidence_until: Unix seconds until which its decision is kept; `None` if none is.
    """

    entry: LedgerEntry
    evidence_until: float | None = None


class Records(Protocol):
    """The ledger, to read. `key` narrows a question to what one key has done; `None` is for the server's owner."""

    async def usage(self, wish: UsageWish) -> tuple[UsageRow, ...]:
        """Give what was used, in the order of the groups."""
        ...

    async def of_call(self, call: UUID, key: str | None) -> FoundRecord | None:
        """Give the record of a call; `service.records.call_of` reads the id out of any dialect's request id."""
        ...

    async def of_mark(self, mark: Mark, key: str | None, most: int = 100) -> tuple[FoundRecord, ...]:
        """Give the newest records of a caller's own id or of a token."""
        ...

    async def decision(self, call: UUID, key: str | None, now: float) -> Mapping[str, object] | None:
        """Give what was decided in a call; `None` if nothing was, or if it is kept no longer."""
        ...
