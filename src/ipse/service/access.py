"""Who may call what: key, permission, quota and room, in words that no vendor owns."""

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

from ipse.core.reasons import Reason, Refusal
from ipse.service.ports import Callers, Clock, Compute, KeyRecord, Seat

NOT_THE_CALLERS_DOING = frozenset({Reason.BUSY, Reason.INTERNAL, Reason.DATA_SOURCE_FAILED})
"""Refusals that give a counted call back: the engine room was full, or something of ours failed."""

STAND_IN = "the secret of a key that does not exist"
"""What a credential is checked against when its key is unknown, so that the answer takes the same steps."""


class Credential(Protocol):
    """What a caller shows: a key, and a proof of knowing its secret."""

    @property
    def key(self) -> str:
        """The key, sent openly."""
        ...

    def proves(self, secret: str | None) -> bool:
        """Whether the caller knows this secret; takes the same time whether or not."""
        ...


@dataclass(frozen=True, slots=True)
class SharedSecret:
    """A credential that sends the secret itself."""

    key: str
    secret: bytes = field(repr=False)

    def proves(self, secret: str | None) -> bool:
        """Whether the secrets are equal, compared as digests so that neither length nor content shows in the time."""
        expected = sha256((secret or "").encode()).digest()
        return hmac.compare_digest(expected, sha256(self.secret).digest()) and secret is not None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling, once known."""

    record: KeyRecord

    @property
    def kyc(self) -> bool:
        """Whether the registry of people is open to the caller."""
        return self.record.kyc


@dataclass(frozen=True, slots=True)
class Admission:
    """A caller who was let in, and the seat held for the work."""

    caller: Caller
    seat: Seat


@dataclass(frozen=True, slots=True)
class Access:
    """
    The gate.

    Attributes:
        callers: The keys.
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
            Refusal: `CREDENTIALS_INVALID`, with field `key` (unknown) or `secret` (wrong) for dialects that tell.
        """
        record = await self.callers.find(dialect, credential.key)
        proven = credential.proves(STAND_IN if record is None else record.secret)
        if record is None:
            raise Refusal(Reason.CREDENTIALS_INVALID, "key")
        if not proven:
            raise Refusal(Reason.CREDENTIALS_INVALID, "secret")
        return Caller(record)

    def permit(self, caller: Caller, operation: str) -> None:
        """
        Check that the caller may call this operation now.

        Raises:
            Refusal: `KEY_DISABLED`, `KEY_EXPIRED` or `OPERATION_DENIED`, in this order.
        """
        record = caller.record
        if record.disabled:
            raise Refusal(Reason.KEY_DISABLED)
        if record.expires_at is not None and self.clock.now() >= record.expires_at:
            raise Refusal(Reason.KEY_EXPIRED)
        if record.operations is not None and operation not in record.operations:
            raise Refusal(Reason.OPERATION_DENIED)

    @asynccontextmanager
    async def admit(self, dialect: str, credential: Credential, operation: str) -> AsyncIterator[Admission]:
        """
        Let a caller in for the length of the block: known, permitted, counted, seated.

        The count is given back when the block ends in a refusal that was not the caller's doing, in a fault or is
        cancelled.

        Raises:
            Refusal: As `identify` and `permit`; then `QUOTA_SPENT`; then `BUSY`.
        """
        caller = await self.identify(dialect, credential)
        self.permit(caller, operation)
        if not await self.callers.charge(caller.record, operation):
            raise Refusal(Reason.QUOTA_SPENT)
        stands = False
        try:
            async with self.compute.admit() as seat:
                yield Admission(caller, seat)
            stands = True
        except Refusal as refusal:
            stands = refusal.reason not in NOT_THE_CALLERS_DOING
            raise
        finally:
            if not stands:
                await self.callers.give_back(caller.record, operation)
