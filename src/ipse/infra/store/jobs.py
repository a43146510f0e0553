"""
The port `Jobs` on the store: work that survives a killed server, claimed by a lease.

A lease is the number of the attempt: whoever claims the job next makes it one higher, and the result of an earlier
attempt is then refused. So a result is kept once, however many workers have computed it. Whose turn it is, the queue
says, in the same transaction.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Engine, Row, bindparam, or_, select

from ipse.infra.master_key import MasterKey, MasterKeyError
from ipse.infra.store.database import hold, insert_once, reading, writing
from ipse.infra.store.deliveries import drop_held_of, let_go_of
from ipse.infra.store.erased import TURN
from ipse.infra.store.links import link, linked_to
from ipse.infra.store.questions import Questions
from ipse.infra.store.queues import queue_of
from ipse.infra.store.sealed import about
from ipse.infra.store.tables import JOBS
from ipse.service.ports import Clock, Job, JobState

MOST_ATTEMPTS: Final = 3
"""How often a job is tried: one that has ended three workers would end a fourth."""

_OVER: Final = MappingProxyType({"payload": None, "leased_until_ms": 0})
"""What every row becomes whose work is over, whether something came of it or not."""

_STANDS: Final = select(
    JOBS.c.result, JOBS.c.attempts, JOBS.c.leased_until_ms, JOBS.c.payload.is_(None).label("is_over")
).where(JOBS.c.hash == bindparam("place"), JOBS.c.expires_at_ms > bindparam("now_ms"))


_TAKEN: Final = select(
    JOBS.c.hash, JOBS.c.kind, JOBS.c.owner, JOBS.c.payload, JOBS.c.attempts, JOBS.c.expires_at_ms
).where(JOBS.c.hash == bindparam("place"), JOBS.c.result.is_(None), JOBS.c.payload.is_not(None))


class StoredJobs:
    """
    Rows that are found by a keyed hash of whose they are and of the token, so that the table tells neither.

    Args:
        database: Up to date, unlocked by this master key.
        master_key: Seals and opens payloads and results.
        questions: Where the database is asked.
        clock: Says when a job was put off, and when it ended.
    """

    def __init__(self, database: Engine, master_key: MasterKey, questions: Questions, clock: Clock) -> None:
        self._database = database
        self._master_key = master_key
        self._questions = questions
        self._clock = clock
        self._queue = queue_of(database)

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
        await self._questions.ask(lambda: self._put(place, row))

    async def claim(self, kinds: tuple[str, ...], now: float, lease_s: float) -> Job | None:
        """Give the oldest job that nobody works on, for so many seconds; a lease that ran out is nobody's."""
        now_ms = int(now * 1000)
        while (row := await self._questions.ask(lambda: self._claim(kinds, now_ms, lease_s))) is not None:
            try:
                payload = self._master_key.open(row.payload, about(JOBS.c.payload, row.hash))
            except MasterKeyError:
                continue  # Its next claims end here too, until its attempts are used up.
            return Job(id=row.hash.hex(), kind=row.kind, owner=row.owner, payload=payload, attempt=row.attempts + 1)
        return None

    async def hold(self, job: Job, now: float, lease_s: float) -> bool:
        """Begin the lease anew; `False` if it went to somebody else."""
        values = {"leased_until_ms": int((now + lease_s) * 1000)}
        return await self._questions.ask(lambda: self._hold(job, values))

    async def finish(self, job: Job, result: bytes) -> bool:
        """Keep the result and forget the payload; `False`, and nothing kept, if the lease went to somebody else."""
        sealed = self._master_key.seal(result, about(JOBS.c.result, bytes.fromhex(job.id)))
        return await self._questions.ask(lambda: self._end(job, sealed))

    async def fail(self, job: Job, now: float, wait_s: float) -> None:
        """Let somebody try again, not before so many seconds; after the last attempt give up and forget the payload."""
        if job.attempt >= MOST_ATTEMPTS:
            await self._questions.ask(lambda: self._end(job, None))
        else:
            values = {"leased_until_ms": int((now + wait_s) * 1000)}
            await self._questions.ask(lambda: self._put_back(job, values, wait_s))

    async def state(self, kind: str, owner: str, token: str, now: float) -> JobState | None:
        """Give how the owner's job stands; `None` if there is no such job, or no longer."""
        place = self._place(kind, owner, token)
        row = await self._questions.ask(lambda: self._find(place, int(now * 1000)))
        if row is None:
            return None
        if row.result is None:
            is_tried = row.attempts >= MOST_ATTEMPTS and row.leased_until_ms <= now * 1000
            return JobState(None, given_up=row.is_over or is_tried)
        return JobState(self._master_key.open(row.result, about(JOBS.c.result, place)))

    def _place(self, kind: str, owner: str, token: str) -> bytes:
        """Where it rests."""
        return self._master_key.keyed_hash("job", f"{kind}\0{owner}\0{token}")

    def _put(self, place: bytes, row: dict[str, object]) -> None:
        """Write the row and line it up, unless it is there."""
        with writing(self._database) as connection:
            if insert_once(connection, JOBS, row):
                link(connection, JOBS, place)
                self._queue.add(connection, str(row["kind"]), place)

    def _claim(self, kinds: tuple[str, ...], now_ms: int, lease_s: float) -> Row[*tuple[Any, ...]] | None:
        """The row of the next job, leased; one that waits for nobody is looked for without a lock first."""
        with reading(self._database) as connection:
            if not self._queue.is_waiting(connection, kinds, now_ms, lease_s):
                return None
        with writing(self._database) as connection:
            while (place := self._queue.take(connection, kinds, now_ms, lease_s)) is not None:
                row = connection.execute(_TAKEN, {"place": place}).one_or_none()
                if row is not None and row.attempts < MOST_ATTEMPTS and row.expires_at_ms > now_ms:
                    attempt = {"attempts": row.attempts + 1, "leased_until_ms": now_ms + int(lease_s * 1000)}
                    connection.execute(JOBS.update().where(JOBS.c.hash == place).values(attempt))
                    return row
                connection.execute(JOBS.update().where(JOBS.c.hash == place, JOBS.c.result.is_(None)).values(_OVER))
                self._queue.drop(connection, place)
        return None

    def _hold(self, job: Job, values: dict[str, int]) -> bool:
        """Write the new end of the lease."""
        with self._seized(job) as (connection, place):
            if not _write(connection, job, values):
                return False
            self._queue.hold(connection, place)
            return True

    def _put_back(self, job: Job, values: dict[str, int], wait_s: float) -> None:
        """Write when the next attempt may begin."""
        with self._seized(job) as (connection, place):
            if _write(connection, job, values):
                self._queue.put_back(connection, place, wait_s)

    def _end(self, job: Job, sealed: bytes | None) -> bool:
        """
        Keep what came of it, or that nothing did.

        An owner may have been told that it was given up, once the last lease was over: so it stays. What tells
        of the result is let go in the same transaction, or forgotten when there is none.
        """
        in_time = or_(JOBS.c.attempts < MOST_ATTEMPTS, JOBS.c.leased_until_ms > int(self._clock.now() * 1000))
        with self._seized(job) as (connection, place):
            if not _write(connection, job, {"result": sealed, **_OVER}, in_time):
                return False
            self._queue.drop(connection, place)
            calls = linked_to(JOBS, place)
            let_go_of(connection, calls) if sealed is not None else drop_held_of(connection, calls)
            return True

    @contextmanager
    def _seized(self, job: Job) -> Iterator[tuple[Connection, bytes]]:
        """A transaction in which nobody else touches a job, and its place."""
        place = bytes.fromhex(job.id)
        with writing(self._database) as connection:
            hold(connection, TURN, together=True)
            self._queue.seize(connection, place)
            yield connection, place

    def _find(self, place: bytes, now_ms: int) -> Row[*tuple[Any, ...]] | None:
        """The row at a place, unless its time is over."""
        with reading(self._database) as connection:
            return connection.execute(_STANDS, {"place": place, "now_ms": now_ms}).one_or_none()


def _write(
    connection: Connection, job: Job, values: Mapping[str, object], condition: ColumnElement[bool] | None = None
) -> bool:
    """Write into the row of a job, if this attempt is still the one that counts; whether it is."""
    own = [JOBS.c.hash == bytes.fromhex(job.id), JOBS.c.attempts == job.attempt, JOBS.c.payload.is_not(None)]
    own += [] if condition is None else [condition]
    return connection.execute(JOBS.update().where(*own).values(dict(values))).rowcount == 1
