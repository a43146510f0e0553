"""How the servers are: what waits, how long calls take, whether what they rest on can be reached."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from ipse.core.reasons import Reason
from ipse.service.ports import Clock, OutsideError
from ipse.service.ports.ledger import LedgerLines, Timing
from ipse.service.ports.retention import BlobError, Blobs
from ipse.service.ports.vitals import QueueState, Vitals

HOUR_S: Final = 3600.0
"""How far back latencies look."""

MOST_CALLS: Final = 20_000
"""How many calls latencies look at: a second of reading on a slow machine, and an hour of 5 calls a second."""

NO_BLOB: Final = "health/nothing"
"""The name of a blob that is never there; asking for it takes the whole way."""


@dataclass(frozen=True, slots=True)
class Here:
    """
    What this process knows of itself.

    Attributes:
        name: Of the machine.
        since: Unix seconds at which it was warm.
        busy: How many calls it refused because every seat was taken.
        in_flight: How many seats are taken now.
    """

    name: str
    since: float
    busy: Callable[[], int]
    in_flight: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Latency:
    """How long an operation takes: calls, their median and the time that 95 of 100 stay below, in milliseconds."""

    operation: str
    calls: int
    p50_ms: float
    p95_ms: float
    busy: int


@dataclass(frozen=True, slots=True)
class Checkup:
    """
    How everything is now.

    Attributes:
        database_ms: How long the database took; `None` if it is away.
        blobs_ms: The same of the object store.
        queues: What waits; `None` if nobody can say.
        under_way: Calls of limited keys under way on all servers; `None` likewise.
        latencies: Of the last hour, by operation, on all servers.
        tidied_at: Unix seconds of housekeeping's last turn on any server; `None`: not of late.
    """

    database_ms: float | None
    blobs_ms: float | None
    queues: tuple[QueueState, ...] | None
    under_way: int | None
    latencies: tuple[Latency, ...]
    tidied_at: float | None


@dataclass(frozen=True, slots=True)
class DeskHealth:
    """
    The use case.

    Attributes:
        vitals: Asks the database.
        lines: The ledger.
        blobs: The object store.
        tidied: When housekeeping last took a turn.
        here: This process.
        clock: The time.
    """

    vitals: Vitals
    lines: LedgerLines
    blobs: Blobs
    tidied: Callable[[], Awaitable[float | None]]
    here: Here
    clock: Clock

    async def __call__(self) -> Checkup:
        """Give how everything is now; a database that is away leaves gaps, and no error."""
        now = self.clock.now()
        database_ms = await self.vitals.ping_ms()
        blobs_ms = await self._blobs_ms()
        if database_ms is None:
            return Checkup(None, blobs_ms, None, None, (), None)
        timings = await self.lines.timings(now - HOUR_S, MOST_CALLS)
        return Checkup(
            database_ms=database_ms,
            blobs_ms=blobs_ms,
            queues=await self.vitals.queues(now),
            under_way=await self.vitals.calls_under_way(now),
            latencies=latencies(timings),
            tidied_at=await self.tidied(),
        )

    async def _blobs_ms(self) -> float | None:
        """Give how long the object store takes to say that something is not there."""
        began = self.clock.monotonic()
        try:
            await self.blobs.get(NO_BLOB)
        except (BlobError, OutsideError):
            return None
        return (self.clock.monotonic() - began) * 1000


def latencies(timings: Sequence[Timing]) -> tuple[Latency, ...]:
    """Give how long each operation took; calls that were refused for want of a seat only count as such."""
    taken: dict[str, list[float]] = defaultdict(list)
    busy: dict[str, int] = defaultdict(int)
    for one in timings:
        taken[one.operation] += [] if one.outcome == Reason.BUSY.value else [one.elapsed_ms]
        busy[one.operation] += one.outcome == Reason.BUSY.value
    return tuple(
        Latency(operation, len(spent), quantile(spent, 0.5), quantile(spent, 0.95), busy[operation])
        for operation, spent in sorted(taken.items())
    )


def quantile(values: Sequence[float], share: float) -> float:
    """Give the least value that this share of all stays at or below (nearest rank, ISO 3534-1); 0 without any."""
    if not values:
        return 0.0
    rank = max(1, -int(-share * len(values) // 1))
    return sorted(values)[rank - 1]
