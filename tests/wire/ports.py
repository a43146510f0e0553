"""The ports of the service in memory, and a clock that stands still."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from ipse.core.reasons import Reason, Refusal
from ipse.service.ports import DownloadLimits, Job, JobState, KeyRecord, OnceKind, Receipt, Seat, Standing, VaultKind

Result = TypeVar("Result")

NOW = 1461740007.25


class InMemoryCallers:
    """Keys in a mapping, and what they were charged."""

    def __init__(self, records: tuple[KeyRecord, ...]) -> None:
        self.records = {(record.dialect, record.key): record for record in records}
        self.spent: dict[str, int] = {}
        self.billed: dict[str, int] = {}
        self.hits: dict[str, int] = {}
        self.under_way: dict[str, int] = {}
        self.rooms: set[UUID] = set()
        self.ledger: list[Receipt] = []
        self.window_s = 1.0

    async def find(self, dialect: str, key: str) -> KeyRecord | None:
        """The record of this dialect's key."""
        return self.records.get((dialect, key))

    async def named(self, dialect: str, key: str) -> KeyRecord | None:
        """The same: here a key is its own name."""
        return self.records.get((dialect, key))

    async def hit(self, record: KeyRecord) -> Standing | None:
        """One call more; the rate's first number is the limit of a window that never ends."""
        if record.rate is None:
            return None
        limit = int(record.rate.partition("/")[0])
        self.hits[record.key] = self.hits.get(record.key, 0) + 1
        return Standing(limit, max(limit - self.hits[record.key], 0), 1.0, self.hits[record.key] > limit, self.window_s)

    async def take_room(self, record: KeyRecord, call: UUID, now: float, units: int = 1) -> Reason | None:
        """Room, unless quota, credit or seats are spent; more units than one are asked for a call that has its room."""
        del now
        lacks_credit = record.credit is not None and self.billed.get(record.key, 0) + units > record.credit
        if units > 1:
            return Reason.CREDIT_SPENT if lacks_credit else None
        spent = self.spent.get(record.key, 0)
        if record.test_quota is not None and spent >= record.test_quota:
            return Reason.QUOTA_SPENT
        if lacks_credit:
            return Reason.CREDIT_SPENT
        if record.concurrency is not None and self.under_way.get(record.key, 0) >= record.concurrency:
            return Reason.CONCURRENCY_EXCEEDED
        self.spent[record.key] = spent + 1
        self.rooms.add(call)
        return None

    async def settle(self, record: KeyRecord, receipt: Receipt) -> None:
        """Write it down; what does not count is given back, if it was taken."""
        self.ledger.append(receipt)
        had_room = receipt.entry.id in self.rooms
        self.rooms.discard(receipt.entry.id)
        self.billed[record.key] = self.billed.get(record.key, 0) + receipt.entry.billed
        gives_back = receipt.entry.outcome in {"busy", "internal", "data_source_failed"}
        if had_room and gives_back and not receipt.entry.counted:
            self.spent[record.key] -= 1


class InMemoryCompute:
    """Seats that work on the spot."""

    def __init__(self, seats: int) -> None:
        self.free = seats

    @asynccontextmanager
    async def admit(self) -> AsyncIterator[Seat]:
        """A seat, if one is free."""
        if self.free == 0:
            raise Refusal(Reason.BUSY)
        self.free -= 1
        try:
            yield self
        finally:
            self.free += 1

    async def run(self, work: Callable[[], Result]) -> Result:
        """The result, at once."""
        return work()


class StandingClock:
    """Always the same moment, 673 ms after the first question; a test may move it on."""

    def __init__(self) -> None:
        self.asked = 0
        self.moment = NOW

    def now(self) -> float:
        """The moment of the page's sample, unless it was moved."""
        return self.moment

    def monotonic(self) -> float:
        """0, then 0.673 for ever."""
        self.asked += 1
        return 0.0 if self.asked == 1 else 0.673


class StandingStopwatch:
    """Counts stages, and says a millisecond each."""

    def __init__(self) -> None:
        self.stages: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """A millisecond more."""
        self.stages[name] = self.stages.get(name, 0.0) + 1
        yield

    def spent_ms(self) -> Mapping[str, float]:
        """Milliseconds by stage."""
        return self.stages


class InMemoryVault:
    """Things kept in a mapping; while it is not `opened`, the master key is another than the one that sealed them."""

    def __init__(self) -> None:
        self.opened = True
        self.kept: dict[tuple[VaultKind, str, str], tuple[bytes, float]] = {}

    async def put(self, kind: VaultKind, owner: str, token: str, content: bytes, expires_at: float) -> None:
        """Keep it."""
        self.kept[kind, owner, token] = content, expires_at

    async def get(self, kind: VaultKind, owner: str, token: str, now: float) -> bytes | None:
        """Give it back until it expires."""
        content, expires_at = self.kept.get((kind, owner, token), (b"", 0.0))
        return content if now < expires_at and self.opened else None

    async def holds(self, kind: VaultKind, owner: str, token: str, now: float) -> bool:
        """Whether it is kept and has not expired."""
        return now < self.kept.get((kind, owner, token), (b"", 0.0))[1]

    async def forget(self, kind: VaultKind, owner: str, token: str) -> None:
        """Throw it away."""
        self.kept.pop((kind, owner, token), None)


class InMemoryOnce:
    """What was used, in a mapping."""

    def __init__(self) -> None:
        self.until: dict[tuple[OnceKind, str, str], float] = {}

    async def spend(self, kind: OnceKind, owner: str, token: str, expires_at: float, now: float) -> bool:
        """Whether nobody had, or not lately."""
        if now < self.until.get((kind, owner, token), 0.0):
            return False
        self.until[kind, owner, token] = expires_at
        return True

    async def release(self, kind: OnceKind, owner: str, token: str) -> None:
        """Forget it."""
        self.until.pop((kind, owner, token), None)


class InMemoryJobs:
    """Work in a mapping, done when somebody asks for it; unless its fate is to wait, to be given up, or to break."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str, str], tuple[bytes, float]] = {}
        self.handlers: dict[str, Callable[[Job, Seat], Awaitable[bytes]]] = {}
        self.fate = "done"

    async def put(self, token: str, kind: str, owner: str, payload: bytes, expires_at: float) -> None:
        """Keep it."""
        if self.fate == "broken":
            raise RuntimeError("the disk is full")
        self.kept[kind, owner, token] = payload, expires_at

    async def claim(self, kinds: tuple[str, ...], now: float, lease_s: float) -> Job | None:
        """Nothing: there is no worker."""
        del kinds, now, lease_s
        return None

    async def hold(self, job: Job, now: float, lease_s: float) -> bool:
        """Nothing: there is no worker."""
        del job, now, lease_s
        return False

    async def fail(self, job: Job, now: float, wait_s: float) -> None:
        """Nothing: there is no worker."""

    async def finish(self, job: Job, result: bytes) -> bool:
        """Nothing: there is no worker."""
        del job, result
        return False

    async def state(self, kind: str, owner: str, token: str, now: float) -> JobState | None:
        """What the work comes to, until it expires."""
        payload, expires_at = self.kept.get((kind, owner, token), (b"", 0.0))
        if now >= expires_at:
            return None
        if self.fate != "done":
            return JobState(None, given_up=self.fate == "given up")
        async with InMemoryCompute(1).admit() as seat:
            return JobState(await self.handlers[kind](Job(token, kind, owner, payload, 1), seat))


@dataclass
class ScriptedDownload:
    """
    A network of a few addresses that keeps the limits it is given.

    `http://slow.test/` is slow, `http://broken.test/` is a fault of ours, `https://pictures.test/NAME` serves the
    picture of that name (spaces as `_`), anything else fails.
    """

    pictures: Mapping[str, bytes]
    fetched: list[str] = field(default_factory=list)

    async def fetch(self, url: str, limits: DownloadLimits) -> bytes:
        """What the address serves."""
        self.fetched.append(url)
        place, _, name = url.rpartition("/")
        if place == "http://broken.test":
            raise RuntimeError("the network is on fire")
        if place == "http://slow.test":
            raise Refusal(Reason.DOWNLOAD_SLOW)
        content = self.pictures.get(name.replace("_", " "))
        if place != "https://pictures.test" or content is None:
            raise Refusal(Reason.DOWNLOAD_FAILED)
        if len(content) > limits.most_bytes:
            raise Refusal(Reason.FILE_TOO_LARGE)
        return content


@dataclass
class Journal:
    """Log and metrics in memory."""

    lines: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    counted: list[tuple[str, str, str, int]] = field(default_factory=list)

    def info(self, event: str, **facts: object) -> None:
        """Keep it."""
        self.lines.append((event, facts))

    def error(self, event: str, **facts: object) -> None:
        """Keep it."""
        self.lines.append((event, facts))

    def answered(
        self,
        dialect: str,
        operation: str,
        outcome: str,
        status: int,
        elapsed_ms: float,
        stages_ms: Mapping[str, float],
    ) -> None:
        """Keep it."""
        del elapsed_ms, stages_ms
        self.counted.append((dialect, operation, outcome, status))

    def decided(self, key: str, decision: Mapping[str, object]) -> None:
        """Keep nothing of it."""
