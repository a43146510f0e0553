"""The ledger: written once, added up, searched, and empty of anything personal."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from sqlalchemy import Engine, MetaData, select

from ipse.infra.master_key import MasterKey
from ipse.infra.store.callers import StoredCallers
from ipse.infra.store.database import reading, writing
from ipse.infra.store.keys import Keys
from ipse.infra.store.ledger import forget_marks
from ipse.infra.store.questions import Questions
from ipse.infra.store.records import StoredRecords
from ipse.infra.telemetry import SystemClock
from ipse.service.ports import KeyRecord, LedgerEntry, Mark, Receipt, UsageRow, UsageWish

DAY = 86_400.0
NOON = 1_461_715_200.0 + DAY / 2
ANNA = Mark("uuid", "Anna Andersson, file 7")
LONE_SURROGATE = Mark("uuid", "\udcff")
DECISION = {"similarity": 0.5, "name": "é", "inputs": [{"sha256": "00"}]}


@dataclass
class Books:
    """A ledger with two keys, to write and to read."""

    database: Engine
    master_key: MasterKey = field(default_factory=lambda: MasterKey(bytes(32)))
    keys: tuple[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """Make the keys."""
        self.questions = Questions(self.database)
        desk = Keys(self.database, self.master_key)
        self.keys = desk.create("faceid", "one", now_s=0).key, desk.create("iapp", "two", now_s=0).key.split(".")[0]
        self.records = StoredRecords(self.database, self.master_key, self.questions)

    def write(
        self, number: int, *marks: Mark, key: int = 0, at: float = NOON, outcome: str = "ok", billed: int = 1,
        evidence_days: int = 30,
    ) -> UUID:  # fmt: skip
        """One call more."""
        dialect, operation = (("faceid", "verify"), ("iapp", "face_and_id_card"))[key]
        record = KeyRecord(self.keys[key], dialect, None)
        entry = LedgerEntry(
            UUID(int=number), at, record.key, dialect, operation, outcome, 200, billed, counted=True, elapsed_ms=1.5
        )
        callers = StoredCallers(self.database, self.master_key, self.questions, SystemClock(), evidence_days)
        asyncio.run(callers.settle(record, Receipt(entry, marks, DECISION if outcome == "ok" else None)))
        return entry.id

    def usage(self, wish: UsageWish) -> list[tuple[str, int, int, int]]:
        """What was used."""
        return [(row.group, row.calls, row.succeeded, row.billed) for row in asyncio.run(self.records.usage(wish))]

    def marked(self, mark: Mark, key: str | None = None) -> list[int]:
        """The calls that a mark finds."""
        return [record.entry.id.int for record in asyncio.run(self.records.of_mark(mark, key))]


@pytest.fixture
def books(database: Engine) -> Iterator[Books]:
    """Five calls: three on one day by one key, two on the next, of another key one of them."""
    books = Books(database)
    books.write(1, ANNA)
    books.write(2, ANNA, outcome="person_unknown")
    books.write(3, LONE_SURROGATE, outcome="busy", billed=0)
    books.write(4, ANNA, at=NOON + DAY)
    books.write(5, at=NOON + DAY, key=1)
    yield books
    books.questions.close()


def test_usage_is_added_up_by_day_key_and_operation(books: Books) -> None:
    """Calls, successes and units, each group once, in order."""
    one, two = books.keys
    assert [("2016-04-27", 3, 1, 2), ("2016-04-28", 2, 2, 2)] == books.usage(UsageWish("day"))
    assert sorted([(one, 4, 2, 3), (two, 1, 1, 1)]) == books.usage(UsageWish("key"))
    by_operation = [("faceid verify", 4, 2, 3), ("iapp face_and_id_card", 1, 1, 1)]
    assert by_operation == books.usage(UsageWish("operation"))


def test_usage_can_be_narrowed(books: Books) -> None:
    """To one key, to a time from its first second and before its last, to one id of the caller's."""
    one = books.keys[0]
    assert [("2016-04-27", 3, 1, 2), ("2016-04-28", 1, 1, 1)] == books.usage(UsageWish("day", key=one))
    assert [("2016-04-28", 2, 2, 2)] == books.usage(UsageWish("day", since=NOON + DAY))
    assert [("2016-04-27", 3, 1, 2)] == books.usage(UsageWish("day", until=NOON + DAY))
    assert [("faceid verify", 3, 2, 3)] == books.usage(UsageWish("operation", uuid=ANNA.text))
    assert [] == books.usage(UsageWish("day", key="nobody"))


def test_usage_by_uuid_gives_no_uuid_away(books: Books) -> None:
    """Each id has a pseudonym of its own; calls without an id are together."""
    rows = books.usage(UsageWish("uuid"))
    assert [("", 1, 1, 1), (1, 0, 0), (3, 2, 3)] == [rows[0], *sorted(row[1:] for row in rows[1:])]
    assert {16} == {len(row[0]) for row in rows[1:]}
    (anna,) = books.usage(UsageWish("uuid", uuid=ANNA.text))
    assert anna in rows
    assert (3, 2, 3) == anna[1:]


def test_a_call_is_found_by_its_id_and_by_its_marks(books: Books) -> None:
    """The newest first; never by another key, another kind of mark, or another id."""
    one, two = books.keys
    found = asyncio.run(books.records.of_call(UUID(int=2), one))
    assert found is not None
    assert LedgerEntry(UUID(int=2), NOON, one, "faceid", "verify", "person_unknown", 200, 1, True, 1.5) == found.entry
    assert found.evidence_until is None
    assert asyncio.run(books.records.of_call(UUID(int=2), two)) is None
    assert asyncio.run(books.records.of_call(UUID(int=99), None)) is None
    assert [4, 1, 2] == books.marked(ANNA)
    assert [3] == books.marked(LONE_SURROGATE)
    assert [[], []] == [books.marked(ANNA, two), books.marked(Mark("token", ANNA.text))]


def test_a_decision_is_kept_as_long_as_said_and_for_its_key(books: Books) -> None:
    """It comes back whole until its days are over; a refusal has none, nor has anything where nothing is to be kept."""
    one, two = books.keys
    books.write(6, evidence_days=0)
    last = NOON + 30 * DAY

    def decision(number: int, key: str | None, now: float) -> object:
        return asyncio.run(books.records.decision(UUID(int=number), key, now))

    assert [DECISION, DECISION] == [decision(1, one, NOON), decision(1, None, last - 1)]
    assert [None] * 4 == [decision(1, two, NOON), decision(1, one, last), decision(2, one, NOON), decision(6, one, 0)]
    found = asyncio.run(books.records.of_call(UUID(int=1), None))
    assert found is not None
    assert last == found.evidence_until


def test_writing_twice_changes_nothing(books: Books) -> None:
    """A call that is settled again leaves its line, its marks and its decision as they were."""
    before = books.usage(UsageWish("day")), books.marked(ANNA)
    books.write(2, Mark("uuid", "somebody else"), outcome="ok", billed=9)
    assert before == (books.usage(UsageWish("day")), books.marked(ANNA))
    assert asyncio.run(books.records.decision(UUID(int=2), None, NOON)) is None


def test_the_same_mark_twice_is_one(books: Books) -> None:
    """A caller who says the same id twice is found by it once."""
    books.write(7, Mark("token", "t"), Mark("token", "t"))
    assert [7] == books.marked(Mark("token", "t"))


def test_forgotten_marks_leave_the_ledger_whole(books: Books) -> None:
    """Nobody can be found any more, and every figure stays."""
    before = books.usage(UsageWish("day"))
    with writing(books.database) as connection:
        assert [3, 0] == [forget_marks(connection, books.master_key, ANNA) for _ in range(2)]
    assert [] == books.marked(ANNA)
    assert before == books.usage(UsageWish("day"))
    assert ("", 4, 3, 4) in books.usage(UsageWish("uuid"))


def test_nothing_personal_is_in_any_table(books: Books) -> None:
    """Neither ids nor what was decided stand anywhere in the clear."""
    tables = MetaData()
    tables.reflect(books.database)
    with reading(books.database) as connection:
        cells = [cell for table in tables.sorted_tables for row in connection.execute(select(table)) for cell in row]
    everything = b"\n".join(cell if isinstance(cell, bytes) else str(cell).encode() for cell in cells)
    assert books.keys[0].encode() in everything
    assert not [word for word in (b"Anna", b"similarity", "é".encode()) if word in everything]


def test_usage_rows_are_what_the_port_says(books: Books) -> None:
    """A row is the port's, so that dialects and commands read the same thing."""
    rows = asyncio.run(books.records.usage(UsageWish("operation", key=books.keys[1])))
    assert (UsageRow("iapp face_and_id_card", 1, 1, 1),) == rows
