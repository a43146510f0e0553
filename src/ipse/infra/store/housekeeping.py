"""What has expired is deleted: the ports never give it any more, and here it goes from the disk."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from sqlalchemy import Engine, Table, select

from ipse.infra.store.database import DatabaseError, writing
from ipse.infra.store.jobs import MOST_ATTEMPTS
from ipse.infra.store.keys import forget_old_proofs
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
    KEPT,
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
    *(SESSIONS, INVITATIONS, DATA_KEYS, KEPT, CASES, OPINIONS, DELIVERIES),
)
"""Every table whose rows have an end, in the column `expires_at_ms`."""

BATCH_ROWS: Final = 200
"""Rows deleted in one transaction: even 2 MB pictures keep other writers of SQLite waiting for less than a second."""

EVERY_S: Final = 300
"""How long an expired row may lie around."""


def purge_some(database: Engine, now: float) -> Mapping[str, int]:
    """
    How many rows of each table had expired and are gone now: a batch of each, so that others come in between.

    Nor does anybody need the pictures of a job that was given up; no worker may be left to forget them.
    """
    gone = {table.name: _purge(database, table, int(now * 1000)) for table in EXPIRING}
    gone["payloads_of_given_up_jobs"] = _forget_given_up(database, int(now * 1000))
    gone["secrets_before_the_last"] = _forget_old_proofs(database, int(now * 1000))
    return {name: count for name, count in gone.items() if count}


class Housekeeping:
    """
    Purges now and then.

    Args:
        database: Where.
        questions: Where the database is asked.
        clock: Says what has expired.
        every_s: How long it rests in between.
    """

    def __init__(self, database: Engine, questions: Questions, clock: Clock, every_s: float = EVERY_S) -> None:
        self._database = database
        self._questions = questions
        self._clock = clock
        self._every_s = every_s

    async def run(self, log: Log, stop: asyncio.Event) -> None:
        """Purge until told to stop; a database that is away is asked again the next time."""
        while not stop.is_set():
            gone: Counter[str] = Counter()
            try:
                while some := await self._questions.ask(lambda: purge_some(self._database, self._clock.now())):
                    gone.update(some)
            except DatabaseError as error:
                log.error("expired rows not purged", why=str(error))  # noqa: TRY400  # Our log; the words say it all.
            else:
                if gone:
                    log.info("expired rows purged", **gone)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._every_s)


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
    some = select(key).where(has_expired).limit(BATCH_ROWS)
    with writing(database) as connection:
        return connection.execute(table.delete().where(key.in_(some), has_expired)).rowcount
