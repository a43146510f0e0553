"""
The port `Erasing` on the store: everything that hangs together with a call or a person is found, and deleted.

What is found: the calls that are meant; those that made or used the same tokens (a capture and what it was compared
with); and those that touched a row which one of these has made (whoever opened a capture, and the page that did it).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Column, Connection, Engine, Table, select, text

from ipse.core.cards.numbers.spelling import one_spelling
from ipse.infra.master_key import MasterKey
from ipse.infra.store.database import DatabaseError, compact, hold, writing
from ipse.infra.store.engines import in_words
from ipse.infra.store.erased import TURN, bury
from ipse.infra.store.keyring import of_call
from ipse.infra.store.ledger import mark_hash
from ipse.infra.store.links import LINKED, key_of
from ipse.infra.store.questions import Questions
from ipse.infra.store.queues import queue_of
from ipse.infra.store.tables import (
    ATTACKED,
    CASES,
    DATA_KEYS,
    DELIVERIES,
    EVIDENCE,
    JOBS,
    KEPT,
    LEASES,
    LEDGER,
    LINKS,
    MARKS,
    OPINIONS,
    PEOPLE,
)
from ipse.service.ports import Log, Mark
from ipse.service.ports.retention import BlobError, Blobs, Erased, Gone, Whom
from ipse.service.records import call_of

_MOST: Final = 500
"""Values in one question. Source: SQLite took 999 parameters before 3.32 (sqlite.org/limits.html)."""

_OF_ENTRIES: Final[tuple[tuple[Table, Column[Any], Column[Any] | None], ...]] = (
    (EVIDENCE, EVIDENCE.c.entry, None),
    (CASES, CASES.c.entry, CASES.c.kind),
    (OPINIONS, OPINIONS.c.entry, OPINIONS.c.decision),
    (DELIVERIES, DELIVERIES.c.entry, DELIVERIES.c.event),
    (KEPT, KEPT.c.entry, KEPT.c.kind),
)
"""The tables whose rows name their call, in which column, and the column that says what a row is."""

_KNOWN_BY: Final[tuple[Column[Any], ...]] = (
    *(MARKS.c.entry, LINKS.c.entry, KEPT.c.entry, CASES.c.entry, DELIVERIES.c.entry, EVIDENCE.c.entry, LEASES.c.call),
    LEDGER.c.id,
)
"""Where a call leaves a trace; an id without any is nobody's."""


class StoredErasing:
    """
    Deletes in one transaction; then the blobs, which nobody can read any more; then what is left in the files.

    Args:
        database: Up to date, unlocked by this master key.
        master_key: Hashes what somebody is found by.
        questions: Where the database is asked.
        blobs: The object store.
        log: Where it is told that something could not be deleted yet.
    """

    def __init__(
        self, database: Engine, master_key: MasterKey, questions: Questions, blobs: Blobs, log: Log | None = None
    ) -> None:
        self._database = database
        self._master_key = master_key
        self._questions = questions
        self._blobs = blobs
        self._log = log
        self._queue = queue_of(database)

    async def erase(self, whom: Whom, now: float) -> Erased:
        """Delete rows, blobs, marks and data keys; the second time nothing is left to delete."""
        gone, blobs, calls, under_way = await self._questions.ask(lambda: self._rows(whom, int(now * 1000)))
        left = 0
        for name in blobs:
            try:
                was_there = await self._blobs.delete(name)
            except BlobError as error:
                left += 1
                if self._log is not None:
                    self._log.error("blob not deleted", why=str(error))
            else:
                left += not was_there  # It may rest in the folder of another machine.
                gone += [Gone("blobs", "picture", name.encode())] if was_there else []
        compacted = await self._questions.ask(lambda: self._compacted({one.stands_in for one in gone}))
        return Erased(tuple(gone), calls, self._database.dialect.name, compacted, under_way, left)

    def _rows(self, whom: Whom, now_ms: int) -> tuple[list[Gone], list[str], int, int]:
        """What was deleted, the blobs that belonged to it, how many calls it was about, and how much is under way."""
        with writing(self._database) as connection:
            hold(connection, TURN)
            entries = _known(connection, self._together(connection, self._meant(connection, whom)))
            bury(connection, self._master_key, entries, now_ms)
            busy = _with_jobs_under_way(connection, entries, now_ms)
            gone = list(self._linked(connection, entries))
            blobs = [row.blob for row in _rows_of(connection, KEPT, KEPT.c.entry, entries) if row.blob is not None]
            for table, column, kind in _OF_ENTRIES:
                gone += _deleted(connection, table, column, entries, kind)
            quiet = [entry for entry in entries if entry not in busy]
            gone += _deleted(connection, MARKS, MARKS.c.entry, quiet, MARKS.c.kind)
            gone += _deleted(connection, LINKS, LINKS.c.entry, entries, LINKS.c.stands_in)
            keys = [of_call(self._master_key, entry) for entry in entries]
            if whom.by == "number":
                gone += self._person(connection, whom.text, keys)
            gone += _deleted(connection, DATA_KEYS, DATA_KEYS.c.hash, keys, None)
            ended = {row.id for row in _rows_of(connection, LEDGER, LEDGER.c.id, entries)}
        return gone, blobs, len(ended), len(set(entries) - ended | busy)

    def _meant(self, connection: Connection, whom: Whom) -> list[str]:
        """The calls that are meant."""
        if whom.by == "request":
            call = call_of(whom.text)
            return [] if call is None else [str(call)]
        hashed = mark_hash(self._master_key, Mark(whom.by, whom.text))
        marked = select(MARKS.c.entry).where(MARKS.c.kind == whom.by, MARKS.c.hash == hashed)
        if whom.key is not None:
            marked = marked.join(LEDGER, LEDGER.c.id == MARKS.c.entry).where(LEDGER.c.key == whom.key)
        return list(connection.execute(marked).scalars())

    @staticmethod
    def _together(connection: Connection, meant: Sequence[str]) -> list[str]:
        """The calls that are meant, with all that share a token with them, or a row with any of these."""
        tokens = {row.hash for row in _rows_of(connection, MARKS, MARKS.c.entry, meant) if row.kind == "token"}
        mates = (row.entry for row in _rows_of(connection, MARKS, MARKS.c.hash, list(tokens)) if row.kind == "token")
        entries = dict.fromkeys([*meant, *mates])
        fresh = list(entries)
        while fresh:
            places = {row.place for row in _rows_of(connection, LINKS, LINKS.c.entry, fresh)}
            touching = {row.entry for row in _rows_of(connection, LINKS, LINKS.c.place, list(places))}
            fresh = sorted(touching - set(entries))
            entries |= dict.fromkeys(fresh)
        return list(entries)

    def _linked(self, connection: Connection, entries: Sequence[str]) -> Iterator[Gone]:
        """Delete the rows that these calls have made in other tables; a job leaves its queue too."""
        places = {(row.stands_in, row.place) for row in _rows_of(connection, LINKS, LINKS.c.entry, entries)}
        for table in LINKED:
            (column,) = table.primary_key.columns
            kind = table.c.kind if "kind" in table.c else None
            keys = [key_of(table, place) for stands_in, place in sorted(places) if stands_in == table.name]
            if table is JOBS:
                for key in keys:
                    self._queue.drop(connection, key if isinstance(key, bytes) else key.encode())
            yield from _deleted(connection, table, column, keys, kind)

    def _person(self, connection: Connection, number: str, keys: list[bytes]) -> Iterator[Gone]:
        """Delete somebody from the registry, and what was noted of attacks under their number."""
        place = self._master_key.keyed_hash("person", one_spelling(number))
        keys.append(place)
        yield from _deleted(connection, PEOPLE, PEOPLE.c.hash, [place], None)
        attacked = self._master_key.keyed_hash("attacked number", one_spelling(number))
        yield from _deleted(connection, ATTACKED, ATTACKED.c.hash, [attacked], None)

    def _compacted(self, tables: Iterable[str]) -> bool:
        """Whether what was deleted is gone from SQLite's files; PostgreSQL's tables are vacuumed."""
        try:
            if self._database.dialect.name == "sqlite":
                return compact(self._database)
            with in_words(self._database), self._database.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                for name in sorted(set(tables) - {"blobs"}):
                    connection.execute(text(f"VACUUM {name}"))
        except DatabaseError as error:
            if self._log is not None:
                self._log.error("database not compacted", why=str(error))
            return False
        return True


def _known(connection: Connection, entries: Sequence[str]) -> list[str]:
    """Those of these calls that there are or were, as far as anything tells."""
    known: set[str] = set()
    for column in _KNOWN_BY:
        known |= {getattr(row, column.name) for row in _rows_of(connection, column.table, column, entries)}
    return [entry for entry in entries if entry in known]


def _with_jobs_under_way(connection: Connection, entries: Sequence[str], now_ms: int) -> set[str]:
    """Those of these calls that have a job on which somebody works: their marks stay until they are erased again."""
    links = [row for row in _rows_of(connection, LINKS, LINKS.c.entry, entries) if row.stands_in == JOBS.name]
    jobs = _rows_of(connection, JOBS, JOBS.c.hash, [row.place for row in links])
    leased = {row.hash for row in jobs if row.leased_until_ms > now_ms}
    return {row.entry for row in links if row.place in leased}


def _rows_of(connection: Connection, table: Table, column: Column[Any], values: Sequence[Any]) -> list[Any]:
    """The rows of a table with one of these values in a column, without what is sealed in them."""
    told = [one for one in table.c if one.name not in {"content", "payload", "result", "answer", "photo", "template"}]
    found: list[Any] = []
    for first in range(0, len(values), _MOST):
        found += connection.execute(select(*told).where(column.in_(values[first : first + _MOST])))
    return found


def _deleted(
    connection: Connection, table: Table, column: Column[Any], values: Sequence[Any], kind: Column[Any] | None
) -> Iterator[Gone]:
    """Delete the rows of a table with one of these values in a column; each is named by its primary key."""
    for first in range(0, len(values), _MOST):
        some = column.in_(values[first : first + _MOST])
        gone = table.delete().where(some).returning(*table.primary_key.columns, *([] if kind is None else [kind]))
        width = len(table.primary_key.columns)
        for row in connection.execute(gone).all():
            place = b"\0".join(one if isinstance(one, bytes) else str(one).encode() for one in row[:width])
            yield Gone(table.name, table.name if kind is None else str(row[-1]), place)
