"""
A new master key takes over, one value after the other, while servers go on; it can be broken off and taken up again.

Nothing is lost on the way: every value names the key that opens it, and old keys stay until nothing needs them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Engine, Row, bindparam, func, select

from ipse.infra.master_key import MasterKey, MasterKeyError
from ipse.infra.store.database import hold, reading, writing
from ipse.infra.store.keyring import FORM
from ipse.infra.store.schema import must_be_ours
from ipse.infra.store.sealed import SEALED, about
from ipse.infra.store.tables import MASTER_KEYS
from ipse.infra.store.unlocking import listed

BATCH_ROWS: Final = 100
"""Rows in memory at once, and in one transaction: 10 MB of photos of 100 KB each."""


@dataclass(slots=True)
class Rotation:
    """How many values were sealed anew, and how many opened under no key that is there and were left as they are."""

    resealed: int = 0
    shut: int = 0


def is_settled(database: Engine, master_key: MasterKey) -> bool:
    """Whether the key that seals is the only one that this database needs."""
    with reading(database) as connection:
        return [row.id for row in listed(connection)] == [master_key.ids[0]]


def reseal(database: Engine, master_key: MasterKey, progress: Callable[[Rotation], None]) -> Rotation:
    """
    Seal everything anew that another key has sealed, and then strike the others off the database's list.

    Args:
        database: Unlocked by the same master key.
        master_key: Its first key takes over.
        progress: Told how far it is after every batch.

    Raises:
        DatabaseError: A newer Ipse seals more in it than this one knows.
    """
    with reading(database) as connection:
        must_be_ours(connection)
    done = Rotation()
    for column in SEALED:
        after: str | bytes | None = None
        while rows := _sealed_otherwise(database, master_key, column, after):
            _reseal_rows(database, master_key, column, rows, done)
            progress(done)
            after = rows[-1].key
    with writing(database) as connection:
        hold(connection, "master keys")
        connection.execute(MASTER_KEYS.delete().where(MASTER_KEYS.c.id != master_key.ids[0]))
    return done


def _sealed_otherwise(
    database: Engine, master_key: MasterKey, column: Column[bytes], after: str | bytes | None
) -> Sequence[Row[Any, bytes]]:
    """The next rows (`key`, `sealed`) of a column that were not sealed by the first key."""
    key = _primary_key(column)
    prefix = master_key.prefix
    begins = func.substr(column, 1, len(prefix))
    wanted = select(key.label("key"), column.label("sealed")).where(
        begins != prefix,
        func.substr(column, 1, 1) != FORM,  # It is under a data key, which is sealed anew itself.
    )
    if after is not None:
        wanted = wanted.where(key > after)
    with reading(database) as connection:
        return connection.execute(wanted.order_by(key).limit(BATCH_ROWS)).all()


def _reseal_rows(
    database: Engine,
    master_key: MasterKey,
    column: Column[bytes],
    rows: Sequence[Row[Any, bytes]],
    done: Rotation,
) -> None:
    """Seal these anew; a value that somebody has changed meanwhile stays as it is now."""
    fresh: list[dict[str, object]] = []
    for row in rows:
        subject = about(column, row.key)
        try:
            new = master_key.seal(master_key.open(row.sealed, subject), subject)
        except MasterKeyError:
            done.shut += 1
        else:
            fresh.append({"its_key": row.key, "old": row.sealed, "new": new})
    if fresh:
        is_same = (_primary_key(column) == bindparam("its_key"), column == bindparam("old"))
        with writing(database) as connection:
            changed = column.table.update().where(*is_same).values({column: bindparam("new")})
            done.resealed += connection.execute(changed, fresh).rowcount


def _primary_key(column: Column[bytes]) -> Column[Any]:
    """The column that names a row of the same table."""
    (key,) = column.table.primary_key.columns
    return key
