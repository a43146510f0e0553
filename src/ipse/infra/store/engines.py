"""
How each kind of database is opened: SQLite in a file, or PostgreSQL.

Nothing here repeats a password or a value: a driver's own words about a failed statement are cut to what names no row.
"""

import select
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidatePoolError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.pool import ConnectionPoolEntry

from ipse.infra.folders import make_data_dir
from ipse.infra.trouble import SetupError, using

WAIT_S: Final = 10
"""How long a writer waits for another one: longer than any transaction of ours, shorter than patience."""

_CONNECT_S: Final = 5
"""How long PostgreSQL may take to answer a new connection: libpq would wait for ever."""

_POOL: Final = MappingProxyType({"pool_size": 4, "max_overflow": 8, "pool_timeout": WAIT_S, "pool_use_lifo": True})
"""At most twelve connections, so that eight processes of ours fit into PostgreSQL's default of 100
(postgresql.org/docs/current/runtime-config-connection.html)."""

_TRUSTED_S: Final = 1.0
"""How long after its last use a connection is used without being tried, if nothing has come from the server; then it
is tried first, since a server that went away should cost nobody a call. Source: ours; to try it before every use was a
fifth of a call's database time."""


class DatabaseError(SetupError):
    """The database is not usable; the message says why, without the statement and its values."""


def make_engine(address: str) -> Engine:
    """
    The engine of an address; a SQLite file is made if need be, for its owner only.

    Raises:
        DatabaseError: It is no address of a database that we know.
        SetupError: The file cannot be made.
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise DatabaseError("The database address cannot be read; write sqlite:///FILE or postgresql://...") from None
    match url.get_backend_name():
        case "sqlite":
            return _sqlite(url)
        case "postgresql":
            return _postgresql(url)
    raise DatabaseError(f"There is no database of the kind {url.get_backend_name()}: use sqlite or postgresql.")


@contextmanager
def in_words(engine: Engine) -> Iterator[None]:
    """
    Turn what the database refuses into one sentence that names it.

    Raises:
        DatabaseError: Instead of whatever the driver raised.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        raise DatabaseError(f"The database {place(engine.url)} cannot be used: {_reason(error)}.") from None
    except NoConnectionLeft:
        raise DatabaseError(f"The database {place(engine.url)} cannot be used: all connections are taken.") from None


def place(url: URL) -> str:
    """Where a database is, without user and password."""
    return f"{url.database} at {url.host}" if url.host else str(url.database)


def _sqlite(url: URL) -> Engine:
    """SQLite in a file."""
    file = Path(url.database or "")
    make_data_dir(file.parent)
    with using(file):
        file.touch(mode=0o600)
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare)
    return engine


def _postgresql(url: URL) -> Engine:
    """
    PostgreSQL through psycopg.

    A peer that stops answering without a word is given up after as long as a lock
    (postgresql.org/docs/current/libpq-connect.html, tcp_user_timeout).
    """
    wishes = {
        "application_name": "ipse",
        "connect_timeout": _CONNECT_S,
        "tcp_user_timeout": WAIT_S * 1000,
        "options": f"-c timezone=UTC -c lock_timeout={WAIT_S}s",
    }
    given = {name: value for name, value in wishes.items() if name not in url.query}
    engine = create_engine(url.set(drivername="postgresql+psycopg"), connect_args=given, **_POOL)

    def put_back(connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        del connection
        entry.info["used_at"] = time.monotonic()

    def taken(connection: DBAPIConnection, entry: ConnectionPoolEntry, borrowed: object) -> None:
        del borrowed
        idle_s = time.monotonic() - entry.info.get("used_at", time.monotonic())
        if idle_s <= _TRUSTED_S and _is_quiet(connection):
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error:
            raise InvalidatePoolError from None  # All of its age; a new one is made.

    event.listen(engine, "checkin", put_back)
    event.listen(engine, "checkout", taken)
    return engine


def _is_quiet(connection: DBAPIConnection) -> bool:
    """Whether nothing has come from the server since the last answer: its farewell would have. No round trip."""
    waiting = select.poll()
    waiting.register(cast("Any", connection).fileno(), select.POLLIN)
    return not waiting.poll(0)


def _prepare(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    """
    Set up one SQLite connection.

    The driver's own transactions are off, so that ours begin where we say. WAL lets readers go on while one writes;
    with it `synchronous=NORMAL` loses at most the last transactions when the power fails, and never consistency
    (sqlite.org/pragma.html#pragma_synchronous). What is deleted is overwritten with zeros (…#pragma_secure_delete).
    """
    del entry
    assert isinstance(connection, sqlite3.Connection)
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={WAIT_S * 1000}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def begin(connection: Connection, *, writes: bool) -> None:
    """
    Begin a transaction of SQLite, whose driver's own are off; elsewhere the driver begins them.

    It is said to the driver itself: to listen for SQLAlchemy's own beginning makes it announce every statement, and
    costs a call 0.07 ms of its 0.35.
    """
    driver = connection.connection.dbapi_connection
    if isinstance(driver, sqlite3.Connection):
        driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")


def _reason(error: DBAPIError | sqlite3.Error) -> str:
    """
    What the driver says, in one line.

    PostgreSQL's primary message names columns and constraints; its details, which hold values, are left away.
    """
    origin = error.orig if isinstance(error, DBAPIError) else error
    told = getattr(getattr(origin, "diag", None), "message_primary", None) or str(origin)
    return told.strip().splitlines()[0].rstrip(".") if told.strip() else type(origin).__name__
