"""Who calls, what each key may still do, and the ledger of what it did."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, Protocol
from uuid import UUID

from ipse.core.genuineness.policy import Policy
from ipse.core.reasons import Reason
from ipse.service.ports.retention import Artefact, Retention


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
        liveness: What follows from which suspicion about a capture; what is not named has its default.
        old_secret: The secret before the last, while it may still be used.
        webhook: Where results are told that no call names another address for.
        retention: For how many hours what of its calls is kept; what is not named is not kept.
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
    liveness: Policy = field(default_factory=lambda: MappingProxyType({}))
    old_secret: str | None = field(default=None, repr=False)
    webhook: str | None = field(default=None, repr=False)
    retention: Retention = field(default_factory=lambda: MappingProxyType({}))


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
    """
    Something that a call can be found by later.

    The caller's own id (`uuid`), a token that it made or used, or the identity number that it was about, however that
    is spelled.
    """

    kind: Literal["uuid", "token", "number"]
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
        artefacts: What the key's policy keeps of it.
    """

    entry: LedgerEntry
    marks: tuple[Mark, ...] = ()
    decision: Mapping[str, object] | None = field(default=None, repr=False)
    artefacts: tuple[Artefact, ...] = ()


class Callers(Protocol):
    """The keys that were issued, what each may still do, and the ledger of what it did. Shared by all servers."""

    async def find(self, dialect: str, key: str) -> KeyRecord | None:
        """Give the record of a key of this dialect, fresh: a key made or switched off elsewhere counts at once."""
        ...

    async def named(self, dialect: str, key: str) -> KeyRecord | None:
        """Give the record of this dialect that bears this key, for whoever was given part of what it may do."""
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
