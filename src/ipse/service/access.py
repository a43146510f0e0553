"""Who may call what: key, permission, quota and room, in words that no vendor owns."""

import hmac
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256
from typing import Protocol
from uuid import UUID

from ipse.core.reasons import Reason, Refusal
from ipse.service.ports import Callers, Clock, Compute, KeyRecord, Receipt, Standing

NOT_COUNTED = frozenset(
    {
        Reason.KEY_DISABLED,
        Reason.KEY_EXPIRED,
        Reason.KEY_SUSPENDED,
        Reason.OPERATION_DENIED,
        Reason.NOT_OPEN,
        Reason.QUOTA_SPENT,
        Reason.CREDIT_SPENT,
        Reason.RATE_EXCEEDED,
        Reason.CONCURRENCY_EXCEEDED,
        Reason.BUSY,
        Reason.INTERNAL,
        Reason.DATA_SOURCE_FAILED,
    }
)
"""Refusals that do not count against a test quota: the call was not let in, or something of ours failed."""

STAND_IN = "the secret of a key that does not exist"
"""What a credential is checked against when its key is unknown, so that the answer takes the same steps."""


class Credential(Protocol):
    """What a caller shows: a key, and a proof of knowing its secret."""

    @property
    def key(self) -> str:
        """The key, sent openly."""
        ...

    @property
    def stale(self) -> bool:
        """Whether it was made too long ago, or in the future."""
        ...

    def proves(self, secret: str | None) -> bool:
        """Whether the caller knows this secret; takes the same time whether or not."""
        ...


@dataclass(frozen=True, slots=True)
class SharedSecret:
    """A credential that sends the secret itself."""

    key: str
    secret: bytes = field(repr=False)

    @property
    def stale(self) -> bool:
        """Never: it bears no time."""
        return False

    def proves(self, secret: str | None) -> bool:
        """Whether the secrets are equal, compared as digests so that neither length nor content shows in the time."""
        expected = sha256((secret or "").encode()).digest()
        return hmac.compare_digest(expected, sha256(self.secret).digest()) and secret is not None


@dataclass(frozen=True, slots=True)
class BearerKey:
    """A credential of one word: its record is found by the whole of it, so that finding it is the proof."""

    key: str = field(repr=False)

    @property
    def stale(self) -> bool:
        """Never: it bears no time."""
        return False

    def proves(self, secret: str | None) -> bool:
        """Whether the record is that of a key without a secret."""
        return secret is None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling, once known."""

    record: KeyRecord

    @property
    def kyc(self) -> bool:
        """Whether the registry of people is open to the caller."""
        return self.record.kyc

    @property
    def sees(self) -> str | None:
        """The key whose calls may be looked up: the caller's own; `None` is every key's."""
        return None if self.record.sees_all else self.record.key


class Check(Enum):
    """One thing that is asked before a known caller is let in; each dialect has its own order."""

    DISABLED = "disabled"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    OPERATION = "operation"
    RATE = "rate"
    ROOM = "room"
    """Test quota, credit and concurrency, taken in one step."""


GATE = (Check.DISABLED, Check.EXPIRED, Check.SUSPENDED, Check.OPERATION, Check.RATE, Check.ROOM)
"""The order for dialects that document none."""


@dataclass(slots=True)
class Visit:
    """
    A known caller's call, from the gate to the ledger.

    Attributes:
        caller: Who calls.
        call: The correlation id.
        standing: How the key stands against its rate, once it was asked.
    """

    caller: Caller
    call: UUID
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """
    The gate.

    Attributes:
        callers: The keys and their ledger.
        compute: The engine room.
        clock: For expiry.
    """

    callers: Callers
    compute: Compute
    clock: Clock

    async def identify(self, dialect: str, credential: Credential) -> Caller:
        """
        Give the caller behind a credential.

        Raises:
            Refusal: `CREDENTIALS_INVALID` with field `key` (unknown), then `CREDENTIALS_STALE`, then
                `CREDENTIALS_INVALID` with field `secret` (wrong).
        """
        record = await self.callers.find(dialect, credential.key)
        secret = STAND_IN if record is None else record.secret
        old = STAND_IN if record is None or record.old_secret is None else record.old_secret
        # Both are tried whatever comes out, so that the time does not tell whether a secret is being changed.
        proven = credential.proves(secret) | (credential.proves(old) and old is not STAND_IN)
        if record is None:
            raise Refusal(Reason.CREDENTIALS_INVALID, "key")
        if credential.stale:
            raise Refusal(Reason.CREDENTIALS_STALE)
        if not proven:
            raise Refusal(Reason.CREDENTIALS_INVALID, "secret")
        return Caller(record)

    async def stand_in(self, dialect: str, key: str) -> Caller:
        """
        Give the owner of a key, for a caller to whom part of what it may do was handed on.

        Raises:
            Refusal: `CREDENTIALS_INVALID` with field `key`: there is no such key any more.
        """
        record = await self.callers.named(dialect, key)
        if record is None:
            raise Refusal(Reason.CREDENTIALS_INVALID, "key")
        return Caller(record)

    async def let_in(self, visit: Visit, operation: str, gate: tuple[Check, ...]) -> None:
        """
        Ask everything that is asked of a known caller, in the dialect's order.

        Raises:
            Refusal: `KEY_DISABLED`, `KEY_EXPIRED`, `KEY_SUSPENDED`, `OPERATION_DENIED`, `RATE_EXCEEDED`, `QUOTA_SPENT`,
                `CREDIT_SPENT` or `CONCURRENCY_EXCEEDED`: the first in this order of checks.
        """
        record = visit.caller.record
        for check in gate:
            if check is Check.RATE:
                visit.standing = await self.callers.hit(record)
                if visit.standing is not None and visit.standing.exceeded:
                    raise Refusal(Reason.RATE_EXCEEDED, findings=visit.standing)
            elif check is Check.ROOM:
                reason = await self.callers.take_room(record, visit.call, self.clock.now())
                if reason is not None:
                    raise Refusal(reason)
            else:
                self._ask(check, record, operation)

    async def make_room(self, visit: Visit, units: int) -> None:
        """
        Take the credit for a call that may come to more than the one unit that the gate took.

        Raises:
            Refusal: `CREDIT_SPENT`: less is left.
        """
        reason = None
        if units > 1:
            reason = await self.callers.take_room(visit.caller.record, visit.call, self.clock.now(), units)
        if reason is not None:
            raise Refusal(reason)

    async def settle(self, visit: Visit, receipt: Receipt) -> None:
        """End a visit: the room is given back and the ledger written."""
        await self.callers.settle(visit.caller.record, receipt)

    def _ask(self, check: Check, record: KeyRecord, operation: str) -> None:
        """Ask one thing that the record alone answers."""
        if check is Check.DISABLED and record.disabled:
            raise Refusal(Reason.KEY_DISABLED)
        if check is Check.EXPIRED and record.expires_at is not None and self.clock.now() >= record.expires_at:
            raise Refusal(Reason.KEY_EXPIRED, findings=record.expires_at)
        if check is Check.SUSPENDED and record.suspended:
            raise Refusal(Reason.KEY_SUSPENDED)
        if check is Check.OPERATION and record.operations is not None and operation not in record.operations:
            raise Refusal(Reason.OPERATION_DENIED)
