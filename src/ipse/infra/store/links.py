"""
Which rows a call has made in other tables: written with the row, gone with the row.

So whoever erases a call finds what it left behind, without opening anything.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, Select, Table, select

from ipse.infra.store.database import insert_once
from ipse.infra.store.tables import IDEMPOTENCY, JOBS, LINKS, VAULT
from ipse.service.under_way import call_under_way

LINKED: Final[tuple[Table, ...]] = (VAULT, JOBS, IDEMPOTENCY)
"""The tables whose rows calls make, but for those that name the call themselves."""


def link(connection: Connection, table: Table, key: str | bytes) -> None:
    """
    Note that the call under way has made a row, or has changed it.

    Args:
        connection: The transaction that writes the row.
        table: Where it stands.
        key: Its primary key.
    """
    call = call_under_way()
    if call is not None:
        insert_once(connection, LINKS, {"entry": str(call), "stands_in": table.name, "place": place_of(key)})


def unlink(connection: Connection, table: Table, keys: Sequence[str | bytes]) -> None:
    """Forget who made these rows, which are deleted in the same transaction."""
    if keys:
        places = [place_of(key) for key in keys]
        connection.execute(LINKS.delete().where(LINKS.c.stands_in == table.name, LINKS.c.place.in_(places)))


def linked_to(table: Table, key: str | bytes) -> Select[tuple[str]]:
    """The question which calls have made a row, or changed it."""
    return select(LINKS.c.entry).where(LINKS.c.stands_in == table.name, LINKS.c.place == place_of(key))


def place_of(key: str | bytes) -> bytes:
    """The primary key of a row as links have it."""
    return key if isinstance(key, bytes) else key.encode()


def key_of(table: Table, place: bytes) -> str | bytes:
    """The primary key in a link."""
    (column,) = table.primary_key.columns
    return place if column.type.python_type is bytes else place.decode()
