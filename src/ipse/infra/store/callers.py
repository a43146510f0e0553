"""
The port `Callers` on the store: what several servers on one database grant together is never more than there is.

Nothing is cached. A key without limits costs one read on entry and one short transaction at the end; one with limits
takes a lease in between, which ends with the call, or by itself soon after its server was killed.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from time import time as unix_time
from typing import Any
from uuid import UUID

from limits.strategies import SlidingWindowCounterRateLimiter
from sqlalchemy import Engine

from ipse.core.reasons import Reason
from ipse.infra.master_key import MasterKey
from ipse.infra.store.heart import Heart
from ipse.infra.store.kept import StoredKept
from ipse.infra.store.keys import DialectName, Key, Keys, dialect_name
from ipse.infra.store.ledger import Ledger
from ipse.infra.store.limits_storage import Moment, read_rate
from ipse.infra.store.questions import Questions
from ipse.infra.store.room import take_room
from ipse.infra.store.settling import Ending, settle
from ipse.infra.store.tables import LEASES
from ipse.service.ports import Clock, KeyRecord, Receipt, Standing


class StoredCallers:
    """
    Asks the database for every call, so that a change made elsewhere counts at once.

    Args:
        database: Up to date, and begun under this master key.
        master_key: Opens secrets, seals decisions.
        questions: Where the database is asked.
        clock: For the windows of rates, and the grace of secrets.
        evidence_days: How long decisions are kept; with 0 none is.
        heart: Renews leases; without one they end by themselves.
        kept: Keeps what policies want to keep; without one nothing is kept.
    """

    def __init__(
        self,
        database: Engine,
        master_key: MasterKey,
        questions: Questions,
        clock: Clock,
        evidence_days: int = 0,
        heart: Heart | None = None,
        kept: StoredKept | None = None,
    ) -> None:
        self._database = database
        self._keys = Keys(database, master_key)
        self._ledger = Ledger(master_key, evidence_days)
        self._questions = questions
        self._clock = clock
        self._heart = heart or Heart(database, questions, clock)
        self._kept = kept

    async def find(self, dialect: str, key: str) -> KeyRecord | None:
        """The record of a key of this dialect, fresh."""
        name = dialect_name(dialect)
        return None if name is None else await self._questions.ask_again(lambda: self._find(name, key))

    async def named(self, dialect: str, key: str) -> KeyRecord | None:
        """The record of this dialect that bears this key, without its secret."""
        found = await self._questions.ask_again(lambda: self._keys.find(key))
        return None if found is None or (found.dialect, found.id) != (dialect, key) else _record(found, None)

    async def hit(self, record: KeyRecord) -> Standing | None:
        """Count one call against the key's rate; a call that is one too many does not count."""
        rate = record.rate
        return None if rate is None else await self._questions.ask(lambda: self._hit(record.key, rate))

    async def take_room(self, record: KeyRecord, call: UUID, now: float, units: int = 1) -> Reason | None:
        """Take room for one call, or say why there is none."""
        if not _is_limited(record):
            return None
        self._heart.hold(LEASES, str(call))
        return await self._questions.ask_again(
            lambda: take_room(self._database, record.key, str(call), int(now * 1000), units)
        )

    async def settle(self, record: KeyRecord, receipt: Receipt) -> None:
        """
        Give the room back, charge and write down, all or nothing; the second time nothing.

        So it may be tried again: a database that is restarted just now costs nobody the work that was done.
        """
        entry, rows = receipt.entry, []
        try:
            if self._kept is not None and receipt.artefacts:
                rows = await self._kept.prepared(entry.id, record.key, entry.at, receipt.artefacts, record.retention)
            await self._questions.insist(lambda: self._settle(record, receipt, rows))
        finally:
            self._heart.let_go(LEASES, str(receipt.entry.id))

    def _find(self, dialect: DialectName, key: str) -> KeyRecord | None:
        """The record of a key, with what proves it now."""
        found = self._keys.find_with_secret(dialect, key, int(self._clock.now() * 1000))
        if found is None:
            return None
        return replace(_record(found.key, found.secret), old_secret=found.old_secret, webhook=found.webhook)

    def _hit(self, key: str, rate: str) -> Standing:
        """Count, then look."""
        item = read_rate(rate)
        limiter = SlidingWindowCounterRateLimiter(Moment(self._database, self._clock.now()))
        is_within = limiter.hit(item, key)
        ends_at, remaining = limiter.get_window_stats(item, key)
        # The library adds its own reading of the machine's clock to what is left, so it is taken off again.
        resets_in_s = max(0.0, ends_at - unix_time())
        return Standing(item.amount, remaining, resets_in_s, exceeded=not is_within, window_s=float(item.get_expiry()))

    def _settle(self, record: KeyRecord, receipt: Receipt, rows: Sequence[dict[str, Any]]) -> None:
        """Everything that the end of a call changes."""
        entry = receipt.entry
        ending = Ending(
            line=self._ledger.line(entry),
            marks=self._ledger.marks(receipt),
            decided=self._ledger.decided(receipt),
            kept=rows,
            has_room=_is_limited(record),
            used=int(entry.counted and record.test_quota is not None),
        )
        settle(self._database, ending)


def _is_limited(record: KeyRecord) -> bool:
    """Whether room must be taken for the calls of a key."""
    return not (record.test_quota is None and record.credit is None and record.concurrency is None)


def _record(key: Key, secret: str | None) -> KeyRecord:
    """A row in the words of the port: a last day in UTC ends when the next one begins."""
    end = None if key.expires_on is None else datetime.combine(key.expires_on + timedelta(days=1), time(), UTC)
    return KeyRecord(
        key=key.id,
        dialect=key.dialect,
        secret=secret,
        disabled=not key.enabled,
        expires_at=None if end is None else end.timestamp(),
        operations=key.operations,
        kyc="kyc" in key.permissions,
        sees_all="records" in key.permissions,
        test_quota=key.test_quota,
        suspended=key.suspended,
        credit=key.credit,
        rate=key.rate,
        concurrency=key.concurrency,
        liveness=key.liveness,
        retention=key.retention,
    )
