"""
The database: opened, brought up to date by whichever process comes first, read and written in transactions.

The same statements run on SQLite and on PostgreSQL. Where two calls may meet, write one conditional statement
(`UPDATE … WHERE used < quota`), or an `inserting(...)` that says what happens on a conflict; what must be read first
and written then takes `hold` at the head of its transaction.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Connection, Engine, Table, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from ipse.infra.store.engines import DatabaseError, begin, in_words, make_engine
from ipse.infra.store.schema import is_usable, migrate, version

__all__ = [
    "DatabaseError",
    "alone",
    "compact",
    "empty_log",
    "hold",
    "insert_once",
    "insert_or_replace",
    "inserting",
    "open_database",
    "reading",
    "upgrade",
    "writing",
]


def open_database(address: str) -> Engine:
    """
    The database of an address, up to date. Whoever opens it disposes of it.

    Raises:
        DatabaseError: A newer Ipse has written it, or it is no database that can be opened.
        SetupError: Its file cannot be made.
    """
    return upgrade(address)[0]


def upgrade(address: str) -> tuple[Engine, str | None]:
    """
    The database of an address, up to date, and the migration that it stood at before.

    A second process waits until the first one is done, and then finds nothing to do.

    Raises:
        DatabaseError: A newer Ipse has changed it beyond use, or it is no database that can be opened.
        SetupError: Its file cannot be made.
    """
    engine = make_engine(address)
    try:
        with reading(engine) as connection:
            before, is_done = version(connection), is_usable(connection)
        if not is_done:
            with writing(engine) as connection:
                hold(connection, "migrations")
                before = version(connection)
                if not is_usable(connection):
                    migrate(connection)
    except BaseException:
        engine.dispose()
        raise
    return engine, before


@contextmanager
def reading(database: Engine) -> Iterator[Connection]:
    """
    A connection to read with; who wants all statements to see one moment says so before the first.

    On PostgreSQL each statement is its own transaction: to open and to close one would take three times as long as
    to ask for a key.

    Raises:
        DatabaseError: The database cannot be read.
    """
    with in_words(database), database.connect() as connection:
        begin(connection, writes=False)
        if database.dialect.name == "postgresql":
            connection.execution_options(isolation_level="AUTOCOMMIT")
        yield connection


@contextmanager
def writing(database: Engine) -> Iterator[Connection]:
    """
    A transaction that writes, committed at the end of the block.

    SQLite is locked for writing at once, and waits its turn: a transaction that began by reading could not wait, it is
    refused when another has written meanwhile (sqlite.org/rescode.html#busy_snapshot). On PostgreSQL only the rows that
    are touched are locked, so that others may write between two statements of yours: see `hold`.

    Raises:
        DatabaseError: The database cannot be written.
    """
    with in_words(database), database.connect() as connection, connection.begin():
        begin(connection, writes=True)
        yield connection


@contextmanager
def alone(database: Engine) -> Iterator[Connection]:
    """
    A connection on which each statement is a transaction of its own, for a change that is one statement.

    On PostgreSQL that saves two of three journeys, and no lock is held while one is under way.

    Raises:
        DatabaseError: The database cannot be written.
    """
    with in_words(database), database.connect() as connection:
        if database.dialect.name == "postgresql":
            connection.execution_options(isolation_level="AUTOCOMMIT")
        yield connection


def hold(connection: Connection, word: str, *, together: bool = False) -> None:
    """
    Wait until nobody else holds this word, and hold it to the end of the transaction; together with others, if wanted.

    On SQLite `writing` keeps everybody else out already.
    """
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big", signed=True)
        lock = func.pg_advisory_xact_lock_shared if together else func.pg_advisory_xact_lock
        connection.execute(select(lock(literal(number, BigInteger))))


def inserting(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT whose `on_conflict_do_nothing` and `on_conflict_do_update` are those of this database."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def insert_once(connection: Connection, table: Table, row: Mapping[str, object]) -> bool:
    """
    Insert a row; whether it is new, or one like it was there already and stays.

    The count that an INSERT leaves behind on PostgreSQL says nothing (SQLAlchemy has closed the cursor by then).
    """
    return connection.execute(_once(connection.dialect.name, table), row).one_or_none() is not None


def insert_or_replace(connection: Connection, table: Table, row: Mapping[str, object]) -> None:
    """Insert a whole row, or put it in the place of the one with its primary key."""
    connection.execute(_instead(connection.dialect.name, table), row)


@cache
def _instead(kind: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """The statement of `insert_or_replace`, put together once."""
    insert = postgresql.insert(table) if kind == "postgresql" else sqlite.insert(table)
    fresh = {column.name: insert.excluded[column.name] for column in table.c if not column.primary_key}
    return insert.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=fresh)


@cache
def _once(kind: str, table: Table) -> ReturningInsert[Any]:
    """The statement of `insert_once`, put together once: that takes longer than to run it."""
    insert = postgresql.insert(table) if kind == "postgresql" else sqlite.insert(table)
    return insert.on_conflict_do_nothing().returning(*table.primary_key.columns)


def empty_log(database: Engine) -> bool:
    """
    Bring SQLite's write-ahead log into its file and empty it; whether that is so, for somebody may be reading in it.

    What was deleted was overwritten in the file (`secure_delete`); so this is where the last copy goes.
    """
    if database.dialect.name != "sqlite":
        return False
    with in_words(database), closing(database.raw_connection()) as connection:
        cursor = connection.cursor()
        is_busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.close()
    return not is_busy


def compact(database: Engine) -> bool:
    """
    Rewrite a SQLite file, so that what was deleted or replaced cannot be read from it any more; whether that is so.

    The write-ahead log is emptied too, unless somebody reads in it for too long. PostgreSQL uses the space of dead rows
    again by itself, page after page (postgresql.org/docs/current/routine-vacuuming.html).

    Raises:
        DatabaseError: Somebody has been writing for too long.
    """
    if database.dialect.name != "sqlite":
        return False
    with in_words(database), closing(database.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        cursor.close()
    return empty_log(database)
