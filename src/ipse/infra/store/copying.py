"""Rows from one database to another of the same schema, a batch at a time, and the digest of what a file holds."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Table, select

from ipse.infra.store.engines import in_words
from ipse.infra.store.tables import METADATA

BATCH_ROWS: Final = 200
"""Rows in memory at once: 20 MB of photos of 100 KB each."""


@dataclass(frozen=True, slots=True)
class Content:
    """What one table of a file holds: how many rows, and their digest."""

    rows: int
    sha256: str


def copy_rows(source: Connection, target: Connection, progress: Callable[[int], None]) -> None:
    """
    Copy all tables.

    Args:
        source: Inside a transaction that sees one state of the database.
        target: Inside a transaction; its tables are empty.
        progress: Told after every batch how many rows it had.

    Raises:
        DatabaseError: One of them cannot be used; it is named.
    """
    for table in METADATA.sorted_tables:
        for batch in _batches(source, table):
            with in_words(target.engine):
                target.execute(table.insert(), batch)
            progress(len(batch))


def contents(file: sqlite3.Connection, without: frozenset[str]) -> Mapping[str, Content]:
    """What every table of a file holds, whatever its schema is, but for those that are left out."""
    there = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
    names = [name for (name,) in file.execute(there) if name not in without]
    return {name: _content(file, name) for name in names}


def _batches(source: Connection, table: Table) -> Iterator[list[dict[str, object]]]:
    """All rows of a table, a few at a time."""
    with in_words(source.engine):
        rows = source.execute(select(table), execution_options={"yield_per": BATCH_ROWS})
        for batch in rows.mappings().partitions():
            yield [{str(name): value for name, value in row.items()} for row in batch]


def _content(file: sqlite3.Connection, name: str) -> Content:
    """What one table holds, in the order in which it was written."""
    digest, count = hashlib.sha256(), 0
    rows = file.execute(f'SELECT * FROM "{name}" ORDER BY rowid')  # noqa: S608  # The name is from the file's own list.
    digest.update(repr([column[0] for column in rows.description]).encode())
    for row in rows:
        for value in row:
            spelt = value if isinstance(value, bytes) else repr(value).encode()
            digest.update(f"{type(value).__name__} {len(spelt)} ".encode())
            digest.update(spelt)
        count += 1
    return Content(count, digest.hexdigest())
