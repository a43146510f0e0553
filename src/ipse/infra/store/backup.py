"""
A backup: one SQLite file with every row of the database, sealed values still sealed, and a sealed list of digests.

The master key is not in it. The list can be opened, and so the backup be restored, only with that key.
"""

import json
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import URL, Column, Engine, Integer, LargeBinary, MetaData, String, Table, create_engine, text

from ipse.infra.store.copying import Content, contents, copy_rows
from ipse.infra.store.database import reading
from ipse.infra.store.engines import DatabaseError, in_words
from ipse.infra.store.schema import HEAD, must_be_ours
from ipse.infra.store.tables import METADATA
from ipse.infra.store.unlocking import Store
from ipse.infra.trouble import SetupError, using

_LISTS: Final = MetaData()

BACKUP: Final = Table(
    "backup",
    _LISTS,
    Column("made_at_s", Integer, nullable=False),
    Column("contents", LargeBinary, nullable=False, comment="sealed JSON: rows and digest of every other table"),
)
"""The one table of a backup that is no table of the database."""

VERSION: Final = Table("alembic_version", _LISTS, Column("version_num", String(32), nullable=False))
"""The schema of the backup, where migrations look for it."""

SUBJECT: Final = "backup"
"""What the sealed list is about."""


def write_backup(store: Store, file: Path, now_s: int, progress: Callable[[int], None]) -> Mapping[str, Content]:
    """
    Write everything into a new file, mode 0600, while servers go on; what the file holds.

    All rows are of one moment: PostgreSQL's REPEATABLE READ, and SQLite's WAL, keep the state of the first statement.

    Raises:
        SetupError: The file is there already, or cannot be written.
        DatabaseError: The database cannot be read.
    """
    if file.exists():
        raise SetupError(f"{file} is there already.")
    with using(file), _draft(file) as draft:
        engine = create_engine(URL.create("sqlite", database=str(draft)))
        try:
            with in_words(engine):
                _fill(store.database, engine, progress)
                held = _list(store, engine, draft, now_s)
        finally:
            engine.dispose()
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.rename(file)
    return held


def read_only(file: Path) -> sqlite3.Connection:
    """A backup, to be looked at only: no lock, no journal beside it."""
    return sqlite3.connect(f"file:{quote(str(file.resolve()))}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def digests(file: Path) -> Mapping[str, Content]:
    """
    What a backup holds now.

    Raises:
        DatabaseError: It is damaged.
    """
    try:
        with closing(read_only(file)) as connection:
            return contents(connection, frozenset({BACKUP.name}))
    except sqlite3.DatabaseError as error:
        raise DatabaseError(f"The backup {file} is damaged: {error}.") from None


def _fill(database: Engine, engine: Engine, progress: Callable[[int], None]) -> None:
    """All tables with all rows; the file needs no journal, since it has no name yet."""
    with reading(database) as source, engine.connect() as target:
        if database.dialect.name == "postgresql":
            source.execution_options(isolation_level="REPEATABLE READ")
        must_be_ours(source)
        target.execute(text("PRAGMA journal_mode=OFF"))
        target.execute(text("PRAGMA synchronous=OFF"))
        METADATA.create_all(target)
        _LISTS.create_all(target)
        copy_rows(source, target, progress)
        target.execute(VERSION.insert().values(version_num=HEAD))
        target.commit()


def _list(store: Store, engine: Engine, draft: Path, now_s: int) -> Mapping[str, Content]:
    """Read the file as it will be restored, and seal the list of what it holds into it."""
    held = digests(draft)
    spelt = json.dumps({name: [content.rows, content.sha256] for name, content in held.items()})
    with engine.begin() as connection:
        sealed = store.master_key.seal(spelt.encode(), SUBJECT)
        connection.execute(BACKUP.insert().values(made_at_s=now_s, contents=sealed))
    return held


@contextmanager
def _draft(file: Path) -> Iterator[Path]:
    """An empty file beside this one, mode 0600; gone at the end unless it was renamed."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    draft.touch(mode=0o600, exist_ok=False)
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)
