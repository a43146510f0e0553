"""A backup back into a database, of either kind; nothing is written before key and digests are right."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, exists, select
from sqlalchemy.exc import DBAPIError

from ipse.infra.master_key import MasterKey, MasterKeyError
from ipse.infra.store.backup import BACKUP, SUBJECT, VERSION, digests, read_only
from ipse.infra.store.copying import Content, copy_rows
from ipse.infra.store.database import upgrade, writing
from ipse.infra.store.engines import DatabaseError, place
from ipse.infra.store.schema import HEAD, must_be_ours
from ipse.infra.store.tables import MASTER_KEYS, METADATA
from ipse.infra.store.unlocking import listed, opened
from ipse.infra.trouble import using


def check_backup(file: Path, master_key: MasterKey) -> Mapping[str, Content]:
    """
    What a backup holds, once it is known to be whole and to belong to this master key.

    Raises:
        MasterKeyError: It was made under another master key.
        DatabaseError: It is no backup, or not as it was made.
        SetupError: It cannot be read.
    """
    with using(file), file.open("rb"):
        pass
    with _looking_at(file) as connection:
        sealed = connection.execute(select(BACKUP.c.contents)).scalar_one()
        keys = listed(connection)
    try:
        spelt = opened(keys, master_key).open(sealed, SUBJECT)
    except MasterKeyError:
        raise MasterKeyError(f"The backup {file} was made under another master key. Bring that key back.") from None
    promised = {name: Content(rows, sha256) for name, (rows, sha256) in json.loads(spelt).items()}
    if promised != digests(file):
        raise DatabaseError(f"The backup {file} is damaged: its rows are not those that were written.")
    return promised


def restore_backup(file: Path, database: Engine, *, force: bool, progress: Callable[[int], None]) -> None:
    """
    Put a checked backup into a database that is up to date, whole or not at all.

    Args:
        file: What `check_backup` has seen.
        database: Empty; its rows are deleted if `force` is set.
        force: Throw away what is there.
        progress: Told after every batch how many rows it had.

    Raises:
        DatabaseError: The database holds rows already, or cannot be written.
    """
    with _up_to_date(file) as whole, _looking_at(whole) as source, writing(database) as target:
        must_be_ours(target)
        if not force and not _is_empty(target):
            raise DatabaseError(
                f"The database {place(database.url)} holds rows already. To throw them away and restore: --force"
            )
        for table in reversed(METADATA.sorted_tables):
            target.execute(table.delete())
        copy_rows(source, target, progress)
        if target.dialect.name == "postgresql":
            from ipse.infra.store.procrastinated import line_up_anew  # noqa: PLC0415  # Only there.

            line_up_anew(target)


def _is_empty(connection: Connection) -> bool:
    """Whether no table has a row, but for the note of the master key that every start makes."""
    tables = [table for table in METADATA.sorted_tables if table is not MASTER_KEYS]
    return not any(connection.execute(select(exists().select_from(table))).scalar_one() for table in tables)


@contextmanager
def _up_to_date(file: Path) -> Iterator[Path]:
    """The backup itself, or a copy of one of an older Ipse that has been brought up to date."""
    with _looking_at(file) as connection:
        schema = connection.execute(select(VERSION.c.version_num)).scalar_one()
    if schema == HEAD:
        yield file
        return
    with using(file), tempfile.TemporaryDirectory(dir=file.parent, prefix=f".{file.name}.") as folder:
        copy = Path(folder) / "copy.sqlite"
        shutil.copyfile(file, copy)
        upgrade(URL.create("sqlite", database=str(copy)).render_as_string())[0].dispose()
        yield copy


@contextmanager
def _looking_at(file: Path) -> Iterator[Connection]:
    """
    A backup as a database that cannot be written.

    Raises:
        DatabaseError: It is none.
    """
    engine = create_engine("sqlite://", creator=lambda: read_only(file), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError:
        raise DatabaseError(f"{file} is no backup of Ipse, or a damaged one.") from None
    finally:
        engine.dispose()
