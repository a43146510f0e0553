"""
The queue on PostgreSQL: procrastinate's tables and its own statements, on our connection and in our transaction.

What it calls a worker is one attempt at one job here, so that its heartbeat is the lease of that job: a process that
was killed and one whose attempt came to nothing are told apart from one that goes on. Whoever touches an attempt has
locked its job before; procrastinate's own pruning of workers has not, and would meet those who end one crosswise.

Its jobs hold the hash of our row and nothing else: payload and result stay sealed in `jobs`. A job that has ended is
deleted from the queue.

Source: procrastinate 3.10, procrastinate/sql/queries.sql and the functions of its schema.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from procrastinate.jobs import Status
from procrastinate.sql import queries
from procrastinate.types import JobToDefer
from psycopg.types.json import Jsonb
from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    bindparam,
    column,
    exists,
    func,
    literal_column,
    or_,
    select,
    table,
)

from ipse.infra.store.tables import JOBS

_QUEUED: Final = table(
    "procrastinate_jobs", *map(column, ("id", "args", "status", "queue_name", "scheduled_at", "worker_id"))
)

_TODO: Final[ColumnElement[Any]] = literal_column(f"'{Status.TODO.value}'::procrastinate_job_status")
_DOING: Final[ColumnElement[Any]] = literal_column(f"'{Status.DOING.value}'::procrastinate_job_status")

_IS_DUE: Final = select(
    exists().where(
        _QUEUED.c.status == _TODO,
        _QUEUED.c.queue_name.in_(bindparam("kinds", expanding=True)),
        or_(_QUEUED.c.scheduled_at.is_(None), _QUEUED.c.scheduled_at <= func.now()),
    )
)


class ProcrastinateQueue:
    """Jobs as procrastinate lines them up, one of its queues for each kind."""

    def add(self, connection: Connection, kind: str, place: bytes) -> None:
        """Defer a job."""
        args: Any = Jsonb({"job": place.hex()})
        job = JobToDefer(kind, kind, 0, None, None, args, None)
        _ask(connection, "defer_jobs", jobs=[job])

    def is_waiting(self, connection: Connection, kinds: tuple[str, ...], now_ms: int, lease_s: float) -> bool:
        """Whether a job is due, or has stalled."""
        del now_ms
        if connection.execute(_IS_DUE, {"kinds": kinds}).scalar_one():
            return True
        return bool(_stalled(connection, lease_s))

    def take(self, connection: Connection, kinds: tuple[str, ...], now_ms: int, lease_s: float) -> bytes | None:
        """Fetch the oldest job that is due, those that have stalled among them; the database's own clock counts."""
        del now_ms
        _retry_stalled(connection, lease_s)
        (worker,) = _ask(connection, "register_worker")
        (job,) = _ask(connection, "fetch_job", queues=list(kinds), worker_id=worker["worker_id"])
        if job["id"] is None:
            _ask(connection, "unregister_worker", worker_id=worker["worker_id"])
            return None
        return bytes.fromhex(job["args"]["job"])

    def seize(self, connection: Connection, place: bytes) -> None:
        """Lock the job before its row, as `take` does."""
        _queued(connection, place)

    def hold(self, connection: Connection, place: bytes) -> None:
        """Beat the heart of the attempt."""
        for job in _queued(connection, place):
            _ask(connection, "update_heartbeat", worker_id=job["worker_id"])

    def put_back(self, connection: Connection, place: bytes, wait_s: float) -> None:
        """Retry it later."""
        later = connection.execute(select(func.now() + timedelta(seconds=wait_s))).scalar_one()
        for job in _queued(connection, place):
            if job["is_doing"]:
                _retry(connection, job, later)

    def drop(self, connection: Connection, place: bytes) -> None:
        """Finish it; nothing of it stays in the queue."""
        for job in _queued(connection, place):
            _ask(connection, "finish_job", job_id=job["id"], status=Status.SUCCEEDED.value, delete_job=True)
            _ask(connection, "unregister_worker", worker_id=job["worker_id"])


def line_up_anew(connection: Connection) -> None:
    """Empty the queue, and line up all rows that wait, the oldest first: after rows were put there by a restore."""
    connection.execute(_QUEUED.delete())
    connection.execute(table("procrastinate_workers").delete())
    rows = select(JOBS.c.kind, JOBS.c.hash).where(JOBS.c.result.is_(None), JOBS.c.payload.is_not(None))
    for row in connection.execute(rows.order_by(JOBS.c.created_at_ms, JOBS.c.hash)).all():
        ProcrastinateQueue().add(connection, row.kind, row.hash)


def _ask(connection: Connection, statement: str, **values: object) -> Sequence[RowMapping]:
    """Run one of procrastinate's own statements."""
    return connection.exec_driver_sql(queries[statement], values).mappings().all()


def _stalled(connection: Connection, lease_s: float) -> Sequence[RowMapping]:
    """The jobs whose heart has not beaten for so long."""
    return _ask(
        connection, "select_stalled_jobs_by_heartbeat", queue=None, task_name=None, seconds_since_heartbeat=lease_s
    )


def _retry_stalled(connection: Connection, lease_s: float) -> None:
    """Line stalled jobs up again; one that somebody else retries or ends at this moment is left to them."""
    stalled = [job["id"] for job in _stalled(connection, lease_s)]
    if not stalled:
        return
    still = select(_QUEUED.c.id, _QUEUED.c.worker_id).where(_QUEUED.c.id.in_(stalled), _QUEUED.c.status == _DOING)
    for job in connection.execute(still.with_for_update(skip_locked=True)).mappings().all():
        _retry(connection, job, None)


def _retry(connection: Connection, job: RowMapping, at: datetime | None) -> None:
    """From `doing` back to `todo`; the attempt that was is over."""
    _ask(connection, "retry_job", job_id=job["id"], retry_at=at, new_priority=None, new_queue_name=None, new_lock=None)
    _ask(connection, "unregister_worker", worker_id=job["worker_id"])


def _queued(connection: Connection, place: bytes) -> Sequence[RowMapping]:
    """The job of a row in the queue, locked; none if it has ended."""
    own = _QUEUED.c.args.op("->>")("job") == place.hex()
    found = select(_QUEUED.c.id, _QUEUED.c.worker_id, (_QUEUED.c.status == _DOING).label("is_doing"))
    is_open = _QUEUED.c.status.in_((_TODO, _DOING))
    return connection.execute(found.where(own, is_open).with_for_update()).mappings().all()
