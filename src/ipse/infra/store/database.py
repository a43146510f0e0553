"""
The database: opened with the pragmas it needs, and brought up to date by whichever process comes first.

Alembic is imported only when there is something to migrate: it would double the time of `ipse keys list`.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, column, create_engine, event, inspect, select, table
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.engine.url import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from ipse.infra.master_key import MasterKey, MasterKeyError, make_data_dir
from ipse.infra.store.tables import PROOFS
from ipse.infra.trouble import SetupError, using

HEAD: Final = "0002"
"""The newest migration; a test holds it equal to what Alembic finds."""

_MIGRATIONS: Final = Path(__file__).parent / "migrations"

_WAIT_MS: Final = 10_000
"""How long a writer waits for another one: longer than any transaction of ours, shorter than patience."""

_VERSION_TABLE: Final = table("alembic_version", column("version_num"))


class DatabaseError(SetupError):
    """The database is not usable; the message says why."""


def open_database(url: str) -> Engine:
    """
    The database of an address, up to date.

    Raises:
        DatabaseError: A newer Ipse has written it, or it is no database that can be opened.
        SetupError: Its file cannot be made.
    """
    file = Path(make_url(url).database or "")
    make_data_dir(file.parent)
    with using(file):
        file.touch(mode=0o600)
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    with _in_words(engine):
        _bring_up_to_date(engine)
    return engine


def prove_master_key(database: Engine, master_key: MasterKey) -> None:
    """
    Note the master key's proof in a new database, or compare it in an old one.

    Raises:
        MasterKeyError: The database was begun under another master key.
        DatabaseError: The database cannot be read or written.
    """
    proof = master_key.keyed_hash("proof", "this database")
    with _in_words(database), database.connect() as connection:
        noted = connection.execute(select(PROOFS.c.proof)).scalar_one_or_none()
    if noted is None:
        with writing(database) as connection:
            connection.execute(PROOFS.insert().prefix_with("OR IGNORE").values(id=1, proof=proof))
            noted = connection.execute(select(PROOFS.c.proof)).scalar_one()
    if noted != proof:
        raise MasterKeyError("This database was begun under another master key. Bring that key back, or start afresh.")


@contextmanager
def writing(database: Engine) -> Iterator[Connection]:
    """
    A transaction that locks for writing at once, and waits its turn.

    One that began by reading could not wait: SQLite refuses it when another has written meanwhile
    (sqlite.org/rescode.html#busy_snapshot).

    Raises:
        DatabaseError: The database cannot be written.
    """
    with (
        _in_words(database),
        database.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def _in_words(database: Engine) -> Iterator[None]:
    """Turn what the database refuses into one sentence that names its file, without the statement and its values."""
    try:
        yield
    except DBAPIError as error:
        raise DatabaseError(f"The database {database.url.database} cannot be used: {error.orig}.") from None


def _prepare(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    """
    Set up one SQLite connection.

    The driver's own transactions are off, so that ours begin where we say. WAL lets readers go on while one writes;
    with it `synchronous=NORMAL` loses at most the last transactions when the power fails, and never consistency
    (sqlite.org/pragma.html#pragma_synchronous).
    """
    del entry
    assert isinstance(connection, sqlite3.Connection)
    connection.isolation_level = None
    for pragma in (f"busy_timeout={_WAIT_MS}", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """Begin a transaction; see `writing` for the mark."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


def _bring_up_to_date(engine: Engine) -> None:
    """Run what migrations are missing, under a lock that makes a second process wait and then find nothing to do."""
    with engine.connect() as connection:
        if _version(connection) == HEAD:
            return
    with writing(engine) as connection:
        if _version(connection) != HEAD:
            _migrate(connection)


def _version(connection: Connection) -> str | None:
    """The migration that the database stands at; none when it is empty."""
    if not inspect(connection).has_table(_VERSION_TABLE.name):
        return None
    return str(connection.execute(select(_VERSION_TABLE.c.version_num)).scalar_one())


def _migrate(connection: Connection) -> None:
    """Run Alembic inside the open transaction."""
    from alembic import command  # noqa: PLC0415  # See the top: rarely needed, slow to import.
    from alembic.config import Config  # noqa: PLC0415  # Likewise.
    from alembic.util import CommandError  # noqa: PLC0415  # Likewise.

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise DatabaseError(f"This database cannot be brought up to date; a newer Ipse may own it ({error}).") from None
