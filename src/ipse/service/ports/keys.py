"""The keys that were issued, for those who make them and set their limits."""

from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final, Literal, Protocol, TypeAlias, TypedDict, get_args

from ipse.core.genuineness.policy import Policy
from ipse.service.ports.retention import Retention

DialectName: TypeAlias = Literal["iapp", "faceid", "linkface", "tencent", "native"]

DIALECTS: Final[tuple[DialectName, ...]] = get_args(DialectName)
"""Every dialect that keys can be made for."""


@dataclass(frozen=True, slots=True)
class Key:
    """
    What is known of a key, without its secret.

    Attributes:
        id: Public: what callers of a pair dialect send as their key, or the first part of a bearer key.
        dialect: Whose calls it makes.
        name: For people.
        permissions: Words; `"kyc"` may ask the registry of people.
        enabled: Whether it was left switched on.
        created_at_s: Unix time of its making.
        expires_on: The last day, in UTC, on which it works.
        test_quota: How many calls a test key has; `None` for others.
        used: How many of them are spent.
        operations: The operations it may call; `None` is all of its dialect.
        suspended: Whether its owner owes money.
        credit: Units paid for in all; `None` is without end.
        spent: Units billed so far.
        rate: In the notation of the `limits` library; `None` is without limit.
        concurrency: Calls under way at once; `None` is without limit.
        liveness: What follows from which suspicion about a capture; what is not named has its default.
        old_until_ms: Until when (Unix milliseconds) the secret before the last works too; `None` if there is none.
        retention: For how many hours what of its calls is kept; what is not named is not kept.
    """

    id: str
    dialect: DialectName
    name: str
    permissions: frozenset[str]
    enabled: bool
    created_at_s: int
    expires_on: date | None
    test_quota: int | None
    used: int
    operations: frozenset[str] | None
    suspended: bool
    credit: int | None
    spent: int
    rate: str | None
    concurrency: int | None
    liveness: Policy
    old_until_ms: int | None = None
    retention: Retention = field(default_factory=lambda: MappingProxyType({}))


class Limits(TypedDict, total=False):
    """What may be set for a key at its making and ever after; the words are those of `Key`."""

    permissions: frozenset[str]
    operations: frozenset[str] | None
    enabled: bool
    suspended: bool
    expires_on: date | None
    test_quota: int | None
    credit: int | None
    rate: str | None
    concurrency: int | None
    liveness: Policy
    retention: Retention


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the caller is given, once: `secret` is `None` for bearer dialects."""

    key: str
    secret: str | None

    def __repr__(self) -> str:
        """Nothing of either."""
        return "Credentials(...)"


class IssuedKeys(Protocol):
    """The keys that were issued, to keep. A change works at once, on every server."""

    async def every(self) -> tuple[Key, ...]:
        """Give all keys, oldest first."""
        ...

    async def find(self, key: str) -> Key | None:
        """Give the key of this public id."""
        ...

    async def create(self, dialect: DialectName, name: str, now: float, limits: Limits) -> Credentials:
        """Give a new key's credentials; the secret is never shown again."""
        ...

    async def change(self, key: str, limits: Limits) -> bool:
        """Set limits of a key, leaving the others; whether there is such a key."""
        ...

    async def rotate(self, key: str, now: float, grace_s: float) -> Credentials | None:
        """Give a key new credentials, the old ones working on for so many seconds; `None`: there is no such key."""
        ...

    async def end_grace(self, key: str) -> bool:
        """Refuse the credentials before the last from now on; whether there is such a key."""
        ...
