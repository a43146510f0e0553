"""A database and the master key that belongs to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Engine, Row, select

from ipse.infra.master_key import MasterKey, MasterKeyError
from ipse.infra.store.database import hold, insert_once, open_database, reading, writing
from ipse.infra.store.tables import MASTER_KEYS

_UNNAMED: Final = ""
"""The name of a key that was noted before keys had names."""


@dataclass(frozen=True, slots=True)
class Store:
    """
    A database with its key.

    Attributes:
        database: Up to date; its owner disposes of it.
        master_key: What seals in it; its keyed hashes are those of this database, whatever key seals now.
    """

    database: Engine
    master_key: MasterKey


def open_store(address: str, master_key: MasterKey) -> Store:
    """
    The database of an address, up to date, unlocked.

    Raises:
        MasterKeyError: Something in it is sealed under a master key that is not there.
        DatabaseError: It cannot be used.
    """
    database = open_database(address)
    try:
        return Store(database, unlock(database, master_key))
    except BaseException:
        database.dispose()
        raise


def unlock(database: Engine, master_key: MasterKey) -> MasterKey:
    """
    The master key with the keyed hashes of this database; a key that will seal from now on is noted first.

    Raises:
        MasterKeyError: Something in the database is sealed under a master key that is not there.
        DatabaseError: The database cannot be read or written.
    """
    with reading(database) as connection:
        rows = listed(connection)
    if not any(row.id == master_key.ids[0] and row.hashing for row in rows):
        with writing(database) as connection:
            hold(connection, "master keys")
            _note(connection, listed(connection), master_key)
            rows = listed(connection)
    return opened(rows, master_key)


def listed(connection: Connection) -> Sequence[Row[tuple[object, ...]]]:
    """The rows of all master keys under which something may be sealed."""
    return connection.execute(select(MASTER_KEYS)).all()


def opened(rows: Sequence[Row[tuple[object, ...]]], master_key: MasterKey) -> MasterKey:
    """
    The master key with the keyed hashes that these rows hold.

    Raises:
        MasterKeyError: One of the rows is of a master key that is not there.
    """
    ids = master_key.ids
    if not rows or not all(row.id in ids and row.proof == master_key.proof(row.id) for row in rows):
        raise MasterKeyError("This database was begun under another master key. Bring that key back, or start afresh.")
    return master_key.with_hashing(rows[0].hashing)


def _note(connection: Connection, rows: Sequence[Row[tuple[object, ...]]], master_key: MasterKey) -> None:
    """
    Note the key that seals, with the hashing of those that are noted already.

    Raises:
        MasterKeyError: One of the rows is of a master key that is not there.
    """
    if any(row.id == _UNNAMED for row in rows):
        _name(connection, rows[0].proof, master_key)
        rows = listed(connection)
    known = opened(rows, master_key) if rows else master_key
    row = {"id": known.ids[0], "proof": known.proof(known.ids[0]), "hashing": known.seal_hashing()}
    insert_once(connection, MASTER_KEYS, row)


def _name(connection: Connection, proof: bytes, master_key: MasterKey) -> None:
    """Give the row of a database of the first version the name of its key, and the hashing that it had all along."""
    for key_id in master_key.ids:
        if proof == master_key.proof(key_id):
            hashing = master_key.hashing_like(key_id).seal_hashing()
            connection.execute(MASTER_KEYS.update().values(id=key_id, hashing=hashing))
