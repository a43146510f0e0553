"""The ledger, to look through: which calls there were, and how long they took."""

from dataclasses import dataclass
from typing import Protocol

from ipse.service.ports.records import FoundRecord


@dataclass(frozen=True, slots=True)
class LinesWish:
    """
    Which lines to give.

    Attributes:
        key: Of this key only.
        operation: Of this operation only, in the words of `UsageRow.group` (`faceid verify`).
        outcome: With this outcome only: `ok`, or a reason's word.
        since: From these Unix seconds on.
        until: Before these Unix seconds.
        most: How many, the newest ones.
    """

    key: str | None = None
    operation: str | None = None
    outcome: str | None = None
    since: float | None = None
    until: float | None = None
    most: int = 100


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one call took, and how it ended."""

    operation: str
    outcome: str
    elapsed_ms: float


class LedgerLines(Protocol):
    """The ledger, line by line; for the server's owner only."""

    async def lines(self, wish: LinesWish) -> tuple[FoundRecord, ...]:
        """Give the lines, the newest first."""
        ...

    async def timings(self, since: float, most: int) -> tuple[Timing, ...]:
        """Give the newest calls that began at these Unix seconds or later."""
        ...
