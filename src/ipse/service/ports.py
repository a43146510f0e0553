"""
What the use cases need from the outside world, as Protocols: `infra` implements them, tests have in-memory ones.

Nouns only. Every asynchronous method may be called by many requests at once on one event loop.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias, TypeVar
from uuid import UUID

from ipse.core.reasons import Reason
from ipse.core.vocabulary import Stages

Result = TypeVar("Result")


class Clock(Protocol):
    """Time, as an argument."""

    def now(self) -> float:
        """Give the seconds since 1970-01-01T00:00Z."""
        ...

    def monotonic(self) -> float:
        """Give seconds that never run backwards; only differences mean anything."""
        ...


class Stopwatch(Stages, Protocol):
    """`Stages` of one request, and what they took. Several threads may time at once."""

    def spent_ms(self) -> Mapping[str, float]:
        """Give the milliseconds of each stage so far, in the order of their first start; repeated stages add up."""
        ...


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """
    A key as it was issued.

    Attributes:
        key: What the caller sends openly. Unique within its dialect.
        dialect: The one dialect that it opens.
        secret: What the caller proves to know; `None` for dialects whose key is all. It is the plain secret, since
            vendors sign with it: the store keeps it encrypted.
        disabled: Whether it was switched off.
        expires_at: Unix seconds from which it is expired; `None` is never.
        operations: The operations it may call; `None` is all of its dialect.
        kyc: Whether it may ask the registry of people.
        sees_all: Whether it may look up the calls of every key, not only its own.
        test_quota: How many calls a test key may make in all; `None` for keys that are no test keys.
        suspended: Whether its owner owes money.
        credit: How many units were paid for in all; `None` is without end.
        rate: How often it may call, in the notation of the `limits` library (`"5/second"`); `None` is without limit.
        concurrency: How many of its calls may be under way at once; `None` is without limit.
    """

    key: str
    dialect: str
    secret: str | None = field(repr=False)
    disabled: bool = False
    expires_at: float | None = None
    operations: frozenset[str] | None = None
    kyc: bool = False
    sees_all: bool = False
    test_quota: int | None = None
    suspended: bool = False
    credit: int | None = None
    rate: str | None = None
    concurrency: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """
    How a key stands against its rate after a call was counted.

    Attributes:
        limit: Calls in a window.
        remaining: Calls left in this one.
        resets_in_s: Seconds until the window is new.
        exceeded: Whether the call that was counted is one too many.
        window_s: How long a window is.
    """

    limit: int
    remaining: int
    resets_in_s: float
    exceeded: bool
    window_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that a call can be found by later: the caller's own id (`uuid`), or a token that it made or used."""

    kind: Literal["uuid", "token"]
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """
    One answered call, as it is written once and never changed. No name, number, uuid or token is in it.

    Attributes:
        id: The correlation id; writing the same id again changes nothing.
        at: Unix seconds at which the call began.
        key: Whose call.
        dialect: In which dialect.
        operation: What was called, in our word.
        outcome: `"ok"`, or the reason's word.
        status: The HTTP status of the answer.
        billed: Units that the vendor's rule bills for it.
        counted: Whether it counts against a test quota.
        elapsed_ms: How long it took.
    """

    id: UUID
    at: float
    key: str
    dialect: str
    operation: str
    outcome: str
    status: int
    billed: int
    counted: bool
    elapsed_ms: float


@dataclass(frozen=True, slots=True)
class Receipt:
    """
    What is written down when a call ends.

    Attributes:
        entry: Its line in the ledger.
        marks: What it can be found by; only keyed hashes of them are kept, in a table of their own.
        decision: What was decided and from what, as plain JSON values, for the signed record; `None` if nothing was.
    """

    entry: LedgerEntry
    marks: tuple[Mark, ...] = ()
    decision: Mapping[str, object] | None = field(default=None, repr=False)


class Callers(Protocol):
    """The keys that were issued, what each may still do, and the ledger of what it did. Shared by all servers."""

    async def find(self, dialect: str, key: str) -> KeyRecord | None:
        """Give the record of a key of this dialect, fresh: a key made or switched off elsewhere counts at once."""
        ...

    async def hit(self, record: KeyRecord) -> Standing | None:
        """Count one call against the key's rate; `None` for keys without one."""
        ...

    async def take_room(self, record: KeyRecord, call: UUID, now: float, units: int = 1) -> Reason | None:
        """
        Take room for one call in one atomic step: test quota, credit, concurrency.

        `units` is how much credit it may come to; taken again for the same call, it is that much in all.

        Gives `None`, or why there is none and nothing was taken: `QUOTA_SPENT`, `CREDIT_SPENT`, `CONCURRENCY_EXCEEDED`.
        Room that is never settled (a server was killed) comes back by itself after a while.
        """
        ...

    async def settle(self, record: KeyRecord, receipt: Receipt) -> None:
        """Give the room back and write the ledger, in one transaction; doing it twice changes nothing."""
        ...


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
    """

    by: UsageBy
    key: str | None = None
    since: float | None = None
    until: float | None = None
    uuid: str | None = field(default=None, repr=False)


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


VaultKind: TypeAlias = Literal["face_token", "image", "picture"]


class Vault(Protocol):
    """Things kept for a while: sealed, owned by one key, found only by a token that is itself not kept."""

    async def put(self, kind: VaultKind, owner: str, token: str, content: bytes, expires_at: float) -> None:
        """Keep it until `expires_at` (Unix seconds)."""
        ...

    async def get(self, kind: VaultKind, owner: str, token: str, now: float) -> bytes | None:
        """Give it back; `None` if it was never there, is another key's, has expired or cannot be opened any more."""
        ...

    async def holds(self, kind: VaultKind, owner: str, token: str, now: float) -> bool:
        """Whether it is kept, even if it cannot be opened any more."""
        ...

    async def forget(self, kind: VaultKind, owner: str, token: str) -> None:
        """Throw it away."""
        ...


@dataclass(frozen=True, slots=True)
class Job:
    """Work that was put off: whose, what kind, with what, and the how-manieth attempt this is (from 1)."""

    id: str
    kind: str
    owner: str
    payload: bytes = field(repr=False)
    attempt: int


@dataclass(frozen=True, slots=True)
class JobState:
    """How a job stands; `result` is there once it is done, `given_up` says that it was tried too often."""

    result: bytes | None = field(repr=False)
    given_up: bool = False


class Jobs(Protocol):
    """Work put off until later; it survives a killed server, and its effects happen once."""

    async def put(self, token: str, kind: str, owner: str, payload: bytes, expires_at: float) -> None:
        """Put work off; its owner asks for the result by the token until `expires_at`."""
        ...

    async def claim(self, kinds: tuple[str, ...], now: float, lease_s: float) -> Job | None:
        """Give the oldest job that nobody works on, for so many seconds; a lease that ran out is nobody's."""
        ...

    async def finish(self, job: Job, result: bytes) -> bool:
        """Keep the result and forget the payload; `False`, and nothing kept, if the lease went to somebody else."""
        ...

    async def state(self, kind: str, owner: str, token: str, now: float) -> JobState | None:
        """Give how the owner's job stands; `None` if there is no such job, or no longer."""
        ...


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer that was given before: status, headers and body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)


class Idempotency(Protocol):
    """Which requests were answered before, by the key that the caller gave them."""

    async def begin(self, owner: str, key: str, fingerprint: bytes, now: float) -> KeptAnswer | None:
        """
        Give the answer that this request got before, or `None` and a reservation.

        Raises:
            Refusal: `IDEMPOTENCY_CONFLICT`: the key came with another request (field `request`), or its first one is
                under way.
        """
        ...

    async def end(self, owner: str, key: str, answer: KeptAnswer | None) -> None:
        """Keep the answer; `None` gives the reservation back, so that the caller may try again."""
        ...


@dataclass(frozen=True, slots=True)
class Registered:
    """
    What the registry has of a person whose name was right.

    Attributes:
        template: Packed (`ipse.core.faces.packing`), if there is one of the present recipe.
        photo: Else the file of the photo, for whoever asked to look at; both are `None` when there is no usable photo.
        monochrome: Whether the photo is grey; `None` until somebody looks.
    """

    template: bytes | None = field(default=None, repr=False)
    photo: bytes | None = field(default=None, repr=False)
    monochrome: bool | None = None


class People(Protocol):
    """The registry of people: our own, or an authority elsewhere."""

    async def look_up(self, id_number: str, name: str) -> Registered:
        """
        Give what is registered under a number and a name.

        Raises:
            Refusal: `DATA_SOURCE_FAILED` when it cannot be asked, `PERSON_UNKNOWN`, `PERSON_NAME_DIFFERS`,
                `PERSON_PHOTO_UNUSABLE` or `PERSON_PHOTO_FACELESS`.
        """
        ...


class Attacks(Protocol):
    """Identity numbers under which attacks were seen; only keyed hashes of them are kept."""

    async def seen(self, id_number: str, now: float) -> bool:
        """Give whether there was one that still counts; raises `Refusal(DATA_SOURCE_FAILED)` if it cannot be told."""
        ...

    async def note(self, id_number: str, expires_at: float) -> None:
        """Remember one until `expires_at` (Unix seconds), or as long as one is remembered already."""
        ...


@dataclass(frozen=True, slots=True)
class DownloadLimits:
    """How much may be fetched from a caller's address, and how long all of it may take."""

    most_bytes: int
    total_s: float


class Download(Protocol):
    """Fetches pictures from addresses that callers give; never from private networks unless they are allow-listed."""

    async def fetch(self, url: str, limits: DownloadLimits) -> bytes:
        """
        Give what the address serves.

        Raises:
            Refusal: `DOWNLOAD_FAILED`, `DOWNLOAD_SLOW`, `FILE_TOO_LARGE`, or `BUSY` when too many are fetched already.
        """
        ...


class Seat(Protocol):
    """A place in the engine room, held by one request."""

    async def run(self, work: Callable[[], Result]) -> Result:
        """
        Give the result of CPU work done off the event loop; exceptions come through.

        One seat may run several at once; they wait for free cores among themselves, never for admission.
        """
        ...


class Compute(Protocol):
    """The engine room: a bounded executor that refuses at once rather than queue forever."""

    def admit(self) -> AbstractAsyncContextManager[Seat]:
        """Give a seat for as long as the block lasts; entering raises `Refusal(Reason.BUSY)` at once when full."""
        ...


class Log(Protocol):
    """Structured log lines. Never pixels, names, numbers, secrets or query strings."""

    def info(self, event: str, **facts: object) -> object:
        """Write what happened."""
        ...

    def error(self, event: str, **facts: object) -> object:
        """Write what went wrong."""
        ...


class Metrics(Protocol):
    """Counters and histograms of what was answered."""

    def answered(
        self,
        dialect: str,
        operation: str,
        outcome: str,
        status: int,
        elapsed_ms: float,
        stages_ms: Mapping[str, float],
    ) -> None:
        """Count one answer; `outcome` is `"ok"` or the reason's word."""
        ...
