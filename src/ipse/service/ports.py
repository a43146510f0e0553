"""
What the use cases need from the outside world, as Protocols: `infra` implements them, tests have in-memory ones.

Nouns only. Every asynchronous method may be called by many requests at once on one event loop.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

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
        test_quota: How many calls a test key may make in all; `None` for keys that are no test keys.
    """

    key: str
    dialect: str
    secret: str | None = field(repr=False)
    disabled: bool = False
    expires_at: float | None = None
    operations: frozenset[str] | None = None
    kyc: bool = False
    test_quota: int | None = None


class Callers(Protocol):
    """The keys that were issued."""

    async def find(self, dialect: str, key: str) -> KeyRecord | None:
        """Give the record of a key of this dialect, fresh: a key made or switched off elsewhere counts at once."""
        ...

    async def charge(self, record: KeyRecord, operation: str) -> bool:
        """Count one call in one atomic step; `False`, and nothing counted, if the test quota is already spent."""
        ...

    async def give_back(self, record: KeyRecord, operation: str) -> None:
        """Take one counted call back: it was not the caller's doing that it came to nothing."""
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
