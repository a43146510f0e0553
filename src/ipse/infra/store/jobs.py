"""
The port `Jobs` on the store: work that survives a killed server, claimed by a lease.

A lease is the number of the attempt: whoever claims the job next makes it one higher, and the result of an earlier
attempt is then refused. So a result is kept once, however many workers have computed it.
"""

from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, Select, bindparam, select

from ipse.infra.master_key import MasterKey, MasterKeyError
from ipse.infra.store.database import insert_once, reading, writing
from ipse.infra.store.questions import Questions
from ipse.infra.store.sealed import about
from ipse.infra.store.tables import JOBS
from ipse.service.ports import Clock, Job, JobState

MOST_ATTEMPTS: Final = 3
"""How often a job is tried: one that has ended three workers would end a fourth."""

_STANDS: Final = select(JOBS.c.result, JOBS.c.attempts, JOBS.c.leased_until_ms).where(
    JOBS.c.hash == bindparam("place"), JOBS.c.expires_at_ms > bindparam("now_ms")
)


class StoredJobs:
    """
    Rows that are found by a keyed hash of whose they are and of the token, so that the table tells neither.

    Args:
        database: Up to date, unlocked by this master key.
        master_key: Seals and opens payloads and results.
        questions: Where the database is asked.
        clock: Says when a job was put off.
    """

    def __init__(self, database: Engine, master_key: MasterKey, questions: Questions, clock: Clock) -> None:
        self._database = database
        self._master_key = master_key
        self._questions = questions
        self._clock = clock

    async def put(self, token: str, kind: str, owner: str, payload: bytes, expires_at: float) -> None:
        """Put work off; its owner asks for the result by the token until `expires_at`. Twice is as good as once."""
        place = self._place(kind, owner, token)
        row = {
            "hash": place,
            "kind": kind,
            "owner": owner,
            "payload": self._master_key.seal(payload, about(JOBS.c.payload, place)),
            "attempts": 0,
            "created_at_ms": int(self._clock.now() * 1000),
            "leased_until_ms": 0,
            "expires_at_ms": int(expires_at * 1000),
        }
        await self._questions.ask(lambda: self._put(row))

    async def claim(self, kinds: tuple[str, ...], now: float, lease_s: float) -> Job | None:
        """Give the oldest job that nobody works on, for so many seconds; a lease that ran out is nobody's."""
        now_ms, until_ms = int(now * 1000), int((now + lease_s) * 1000)
        while (row := await self._questions.ask(lambda: self._claim(kinds, now_ms, until_ms))) is not None:
            try:
                payload = self._master_key.open(row.payload, about(JOBS.c.payload, row.hash))
            except MasterKeyError:
                continue  # Its next claims end here too, until its attempts are used up.
            return Job(id=row.hash.hex(), kind=row.kind, owner=row.owner, payload=payload, attempt=row.attempts + 1)
        return None

    async def finish(self, job: Job, result: bytes) -> bool:
        """Keep the result and forget the payload; `False`, and nothing kept, if the lease went to somebody else."""
        place = bytes.fromhex(job.id)
        sealed = self._master_key.seal(result, about(JOBS.c.result, place))
        return await self._questions.ask(lambda: self._finish(place, job.attempt, sealed))

    async def state(self, kind: str, owner: str, token: str, now: float) -> JobState | None:
        """Give how the owner's job stands; `None` if there is no such job, or no longer."""
        place = self._place(kind, owner, token)
        row = await self._questions.ask(lambda: self._find(place, int(now * 1000)))
        if row is None:
            return None
        if row.result is None:
            return JobState(None, given_up=row.attempts >= MOST_ATTEMPTS and row.leased_until_ms <= now * 1000)
        return JobState(self._master_key.open(row.result, about(JOBS.c.result, place)))

    def _place(self, kind: str, owner: str, token: str) -> bytes:
        """Where it rests."""
        return self._master_key.keyed_hash("job", f"{kind}\0{owner}\0{token}")

    def _put(self, row: dict[str, object]) -> None:
        """Write the row, unless it is there."""
        with writing(self._database) as connection:
            insert_once(connection, JOBS, row)

    def _claim(self, kinds: tuple[str, ...], now_ms: int, until_ms: int) -> Row[*tuple[Any, ...]] | None:
        """The row of the next job, leased; one that waits for nobody is looked for without a lock first."""
        with reading(self._database) as connection:
            if connection.execute(_waiting(kinds, now_ms)).one_or_none() is None:
                return None
        with writing(self._database) as connection:
            row = connection.execute(_waiting(kinds, now_ms).with_for_update(skip_locked=True)).one_or_none()
            if row is not None:
                _lease(connection, row, until_ms)
            return row

    def _finish(self, place: bytes, attempt: int, sealed: bytes) -> bool:
        """Keep a result of this attempt."""
        own = (JOBS.c.hash == place, JOBS.c.attempts == attempt, JOBS.c.result.is_(None))
        done = JOBS.update().where(*own).values(result=sealed, payload=None, leased_until_ms=0)
        with writing(self._database) as connection:
            return connection.execute(done).rowcount == 1

    def _find(self, place: bytes, now_ms: int) -> Row[*tuple[Any, ...]] | None:
        """The row at a place, unless its time is over."""
        with reading(self._database) as connection:
            return connection.execute(_STANDS, {"place": place, "now_ms": now_ms}).one_or_none()


def _waiting(kinds: tuple[str, ...], now_ms: int) -> Select[*tuple[Any, ...]]:
    """The oldest job that may be claimed."""
    return (
        select(JOBS.c.hash, JOBS.c.kind, JOBS.c.owner, JOBS.c.payload, JOBS.c.attempts)
        .where(JOBS.c.result.is_(None), JOBS.c.kind.in_(kinds), JOBS.c.attempts < MOST_ATTEMPTS)
        .where(JOBS.c.leased_until_ms <= now_ms, JOBS.c.expires_at_ms > now_ms)
        .order_by(JOBS.c.created_at_ms, JOBS.c.hash)
        .limit(1)
    )


def _lease(connection: Connection, row: Row[*tuple[Any, ...]], until_ms: int) -> None:
    """Begin the next attempt."""
    attempt = {"attempts": row.attempts + 1, "leased_until_ms": until_ms}
    connection.execute(JOBS.update().where(JOBS.c.hash == row.hash).values(attempt))
