"""
What has expired is deleted: the ports never give it any more, and here it goes from the disk.

Every server and every worker comes by now and then; whoever finds the turn free takes it and does the work for all.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from sqlalchemy import Engine, Table, select

from ipse.infra.store.accounts import forget_bare
from ipse.infra.store.database import DatabaseError, empty_log, inserting, reading, writing
from ipse.infra.store.jobs import MOST_ATTEMPTS
from ipse.infra.store.kept import StoredKept
from ipse.infra.store.keys import forget_old_proofs
from ipse.infra.store.links import LINKED, unlink
from ipse.infra.store.questions import Questions
from ipse.infra.store.tables import (
    ATTACKED,
    CASES,
    DATA_KEYS,
    DELIVERIES,
    EVIDENCE,
    IDEMPOTENCY,
    INVITATIONS,
    JOBS,
    LEASES,
    ONCE,
    OPINIONS,
    RATE_WINDOWS,
    SESSIONS,
    VAULT,
)
from ipse.service.ports import Clock, Log

EXPIRING: Final[tuple[Table, ...]] = (
    *(VAULT, JOBS, IDEMPOTENCY, EVIDENCE, ATTACKED, LEASES, RATE_WINDOWS, ONCE),
    *(SESSIONS, INVITATIONS, DATA_KEYS, CASES, OPINIONS, DELIVERIES),
)
"""Every table whose rows have an end, in the column `expires_at_ms`; but for `kept`, which goes with its blobs."""

BATCH_ROWS: Final = 200
"""Rows deleted in one transaction: even 2 MB pictures keep other writers of SQLite waiting for less than a second."""

EVERY_S: Final = 300
"""How long an expired row may lie around; twice as long after whoever had the turn was killed."""

COLLECT_EVERY_S: Final = 86_400
"""How often the object store is asked for blobs that no row names: it has to list all of them."""

_TURN: Final = hashlib.sha256(b"ipse: the turn of housekeeping").digest()
"""The row of `once` that says whose turn it is: its end is when somebody else may take it."""

_TURN_SHARE: Final = 0.9
"""How much of the pause a turn lasts, so that whoever had it is not late for it the next time."""


def purge_some(database: Engine, now: float) -> Mapping[str, int]:
    """
    How many rows of each table had expired and are gone now: a batch of each, so that others come in between.

    Nor does anybody need the pictures of a job that was given up; no worker may be left to forget them.
    """
    gone = {table.name: _purge(database, table, int(now * 1000)) for table in EXPIRING}
    gone["payloads_of_given_up_jobs"] = _forget_given_up(database, int(now * 1000))
    gone["accounts_of_one_session"] = forget_bare(database, int(now * 1000))
    gone["secrets_before_the_last"] = _forget_old_proofs(database, int(now * 1000))
    return {name: count for name, count in gone.items() if count}


class Housekeeping:
    """
    Purges now and then, one process at a time.

    Args:
        database: Where.
        questions: Where the database is asked.
        clock: Says what has expired.
        every_s: How long it rests in between.
        kept: What policies keep; it goes with its blobs.
    """

    def __init__(
        self,
        database: Engine,
        questions: Questions,
        clock: Clock,
        every_s: float = EVERY_S,
        kept: StoredKept | None = None,
    ) -> None:
        self._database = database
        self._questions = questions
        self._clock = clock
        self._every_s = every_s
        self._kept = kept
        self._collect_at = 0.0

    async def run(self, log: Log, stop: asyncio.Event) -> None:
        """Purge until told to stop; a database that is away is asked again the next time."""
        while not stop.is_set():
            gone: Counter[str] = Counter()
            try:
                if await self._questions.ask(self._take_turn):
                    gone.update(await self._purge_kept())
                    while some := await self._questions.ask(lambda: purge_some(self._database, self._clock.now())):
                        gone.update(some)
                    if gone:
                        await self._questions.ask(lambda: empty_log(self._database))
            except DatabaseError as error:
                log.error("expired rows not purged", why=str(error))  # noqa: TRY400  # Our log; the words say it all.
            else:
                if gone:
                    log.info("expired rows purged", **gone)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._every_s)

    async def _purge_kept(self) -> Mapping[str, int]:
        """How much of what policies keep has expired and is gone now, and, once a day, how many stray blobs are."""
        if self._kept is None:
            return {}
        now = self._clock.now()
        gone = {"kept": await self._kept.purge(now)}
        if now >= self._collect_at:
            self._collect_at = now + COLLECT_EVERY_S
            gone["stray_blobs"] = await self._kept.collect(now)
        return {name: count for name, count in gone.items() if count}

    async def last_turn(self) -> float | None:
        """When somebody last took the turn, by this process's reckoning of how long one lasts; `None`: long ago."""
        with_end = select(ONCE.c.expires_at_ms).where(ONCE.c.hash == _TURN)

        def look() -> int | None:
            with reading(self._database) as connection:
                return connection.execute(with_end).scalar_one_or_none()

        ends_ms = await self._questions.ask(look)
        return None if ends_ms is None else ends_ms / 1000 - self._every_s * _TURN_SHARE

    def _take_turn(self) -> bool:
        """Take the turn, if nobody has it; whether it was free."""
        now_ms = int(self._clock.now() * 1000)
        row = {"hash": _TURN, "expires_at_ms": now_ms + int(self._every_s * _TURN_SHARE * 1000)}
        with writing(self._database) as connection:
            insert = inserting(connection, ONCE).values(row)
            taken = insert.on_conflict_do_update(
                index_elements=[ONCE.c.hash],
                set_={"expires_at_ms": row["expires_at_ms"]},
                where=ONCE.c.expires_at_ms <= now_ms,
            )
            return connection.execute(taken.returning(ONCE.c.hash)).one_or_none() is not None


def _forget_given_up(database: Engine, now_ms: int) -> int:
    """How many jobs were tried for the last time, in vain, and have lost their payload now."""
    is_tried = (JOBS.c.attempts >= MOST_ATTEMPTS, JOBS.c.leased_until_ms <= now_ms, JOBS.c.payload.is_not(None))
    some = select(JOBS.c.hash).where(*is_tried).limit(BATCH_ROWS)
    with writing(database) as connection:
        return connection.execute(JOBS.update().where(JOBS.c.hash.in_(some), *is_tried).values(payload=None)).rowcount


def _forget_old_proofs(database: Engine, now_ms: int) -> int:
    """How many secrets have come to the end of their grace, and are gone now."""
    with writing(database) as connection:
        return forget_old_proofs(connection, now_ms)


def _purge(database: Engine, table: Table, now_ms: int) -> int:
    """How many of the next expired rows are gone; one that was renewed meanwhile stays."""
    (key,) = table.primary_key.columns
    has_expired = table.c.expires_at_ms <= now_ms
    if table is ONCE:
        has_expired &= key != _TURN  # Nobody is to find it gone in between.
    some = select(key).where(has_expired).limit(BATCH_ROWS)
    with writing(database) as connection:
        gone = connection.execute(table.delete().where(key.in_(some), has_expired).returning(key)).scalars().all()
        if table in LINKED:
            unlink(connection, table, gone)
        return len(gone)
