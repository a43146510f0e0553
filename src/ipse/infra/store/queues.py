"""
Whose turn it is among the jobs: said by their own rows on SQLite, by procrastinate on PostgreSQL.

A queue is asked on the connection, and so in the transaction, that writes the row: both happen or neither does.
"""

from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Select, select

from ipse.infra.store.tables import JOBS


class Queue(Protocol):
    """Says whose turn it is; a place is the primary key of a row of `jobs`."""

    def add(self, connection: Connection, kind: str, place: bytes) -> None:
        """Line a new job up."""
        ...

    def is_waiting(self, connection: Connection, kinds: tuple[str, ...], now_ms: int, lease_s: float) -> bool:
        """Whether `take` would give something; nothing is written or locked."""
        ...

    def take(self, connection: Connection, kinds: tuple[str, ...], now_ms: int, lease_s: float) -> bytes | None:
        """Give the place of the oldest job on which nobody works, which nobody else is given for so many seconds."""
        ...

    def seize(self, connection: Connection, place: bytes) -> None:
        """Keep others from it to the end of the transaction; said before its row is written, as `take` does it."""
        ...

    def hold(self, connection: Connection, place: bytes) -> None:
        """Let its seconds begin anew."""
        ...

    def put_back(self, connection: Connection, place: bytes, wait_s: float) -> None:
        """Line it up again; nobody is given it for so many seconds."""
        ...

    def drop(self, connection: Connection, place: bytes) -> None:
        """Forget it."""
        ...


def queue_of(database: Engine) -> Queue:
    """Give the queue of a database."""
    if database.dialect.name != "postgresql":
        return RowQueue()
    from ipse.infra.store.procrastinated import ProcrastinateQueue  # noqa: PLC0415  # 0.2 s that SQLite need not wait.

    return ProcrastinateQueue()


def waiting(kinds: tuple[str, ...], now_ms: int) -> Select[Any]:
    """The oldest job whose lease is over, one that was tried too often among them: it must be given up."""
    return (
        select(JOBS.c.hash)
        .where(JOBS.c.result.is_(None), JOBS.c.payload.is_not(None), JOBS.c.kind.in_(kinds))
        .where(JOBS.c.leased_until_ms <= now_ms, JOBS.c.expires_at_ms > now_ms)
        .order_by(JOBS.c.created_at_ms, JOBS.c.hash)
        .limit(1)
    )


class RowQueue:
    """
    The rows themselves, for SQLite: whoever writes has locked the whole database.

    The lease stands in the row, where `StoredJobs` writes it; nothing is left to keep here.
    """

    def add(self, connection: Connection, kind: str, place: bytes) -> None:
        """The row is the queue."""

    def is_waiting(self, connection: Connection, kinds: tuple[str, ...], now_ms: int, lease_s: float) -> bool:
        """Whether a lease is over."""
        return self.take(connection, kinds, now_ms, lease_s) is not None

    def take(self, connection: Connection, kinds: tuple[str, ...], now_ms: int, lease_s: float) -> bytes | None:
        """Give the place of the oldest job whose lease is over."""
        del lease_s
        place: bytes | None = connection.execute(waiting(kinds, now_ms)).scalar_one_or_none()
        return place

    def seize(self, connection: Connection, place: bytes) -> None:
        """The database is locked."""

    def hold(self, connection: Connection, place: bytes) -> None:
        """The row is the queue."""

    def put_back(self, connection: Connection, place: bytes, wait_s: float) -> None:
        """The row is the queue."""

    def drop(self, connection: Connection, place: bytes) -> None:
        """The row is the queue."""
