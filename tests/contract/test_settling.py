"""The end of a call on each database: everything of it is written, or nothing."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, Table, func, insert, select

from ipse.infra.master_key import MasterKey
from ipse.infra.store.callers import StoredCallers
from ipse.infra.store.database import DatabaseError, open_database, writing
from ipse.infra.store.keys import Keys
from ipse.infra.store.ledger import mark_hash
from ipse.infra.store.questions import Questions
from ipse.infra.store.tables import EVIDENCE, LEASES, LEDGER, MARKS
from ipse.infra.telemetry import SystemClock
from ipse.service.ports import KeyRecord, LedgerEntry, Mark, Receipt

NOW = 1_461_740_000.0
KEY = MasterKey(bytes(32))
ANNA, TOKEN = Mark("uuid", "anna"), Mark("token", "t")


@pytest.fixture(params=["sqlite_url", "postgresql_url"])
def database(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Each database."""
    engine = open_database(request.getfixturevalue(request.param))
    yield engine
    engine.dispose()


@pytest.fixture
def record(database: Engine) -> KeyRecord:
    """A test key with every limit."""
    issued = Keys(database, KEY).create("faceid", "n", now_s=0, test_quota=10, credit=10, concurrency=10)
    return KeyRecord(issued.key, "faceid", None, test_quota=10, credit=10, concurrency=10)


@pytest.fixture
def asked(database: Engine) -> Iterator[Callable[[KeyRecord, Receipt], None]]:
    """Takes room and settles."""
    questions = Questions(database)
    callers = StoredCallers(database, KEY, questions, SystemClock(), evidence_days=30)

    def settle(record: KeyRecord, receipt: Receipt) -> None:
        async def both() -> None:
            await callers.take_room(record, receipt.entry.id, NOW)
            await callers.settle(record, receipt)

        asyncio.run(both())

    yield settle
    questions.close()


def receipt(record: KeyRecord, call: UUID, *marks: Mark, decision: dict[str, object] | None = None) -> Receipt:
    """The end of a call of three units."""
    entry = LedgerEntry(call, NOW, record.key, "faceid", "verify", "ok", 200, 3, counted=True, elapsed_ms=1.5)
    return Receipt(entry, marks, decision)


def count(database: Engine, table: Table) -> int:
    """How many rows a table has."""
    with database.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def test_the_end_of_a_call_is_written_whole_and_once(
    database: Engine, record: KeyRecord, asked: Callable[[KeyRecord, Receipt], None]
) -> None:
    """Line, marks without their doubles, decision; the lease is gone, quota and credit are charged once."""
    call, other = uuid4(), uuid4()
    asked(record, receipt(record, other))
    for _ in range(2):
        asked(record, receipt(record, call, ANNA, TOKEN, ANNA, decision={"scores": [1]}))
    with database.connect() as connection:
        line = connection.execute(select(LEDGER).where(LEDGER.c.id == str(call))).one()
        marks = connection.execute(select(MARKS.c.kind, MARKS.c.hash, MARKS.c.entry)).all()
        decided = connection.execute(select(EVIDENCE.c.entry, EVIDENCE.c.content, EVIDENCE.c.expires_at_ms)).one()
    assert (str(call), int(NOW * 1000), record.key, "faceid", "verify", "ok", 200, 3, True, 1.5) == tuple(line)
    assert {(one.kind, mark_hash(KEY, one), str(call)) for one in (ANNA, TOKEN)} == set(map(tuple, marks))
    assert 2 == len(marks)
    assert (str(call), int((NOW + 30 * 86_400) * 1000)) == (decided.entry, decided.expires_at_ms)
    assert b"scores" not in bytes(decided.content)
    assert (2, 1) == (count(database, LEDGER), count(database, LEASES))  # The second time it took room for nothing.
    found = Keys(database, KEY).find(record.key)
    assert found is not None
    assert (2, 6, 10, 10) == (found.used, found.spent, found.test_quota, found.credit)


def test_another_key_is_charged_nothing(
    database: Engine, record: KeyRecord, asked: Callable[[KeyRecord, Receipt], None]
) -> None:
    """Only the row of the key that called changes, and nothing of it but the two counters."""
    other = Keys(database, KEY).create("faceid", "other", now_s=0, credit=5)
    before = Keys(database, KEY).find(other.key), Keys(database, KEY).find(record.key)
    asked(record, receipt(record, uuid4(), ANNA))
    after = Keys(database, KEY).find(record.key)
    assert before[0] == Keys(database, KEY).find(other.key)
    assert after is not None
    assert before[1] == replace(after, used=0, spent=0)


def test_where_one_part_cannot_be_written_nothing_is(
    database: Engine, record: KeyRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A decision of that call is there already, against all rules: no line, no charge, and the error is told."""
    call, questions = uuid4(), Questions(database)
    callers = StoredCallers(database, KEY, questions, SystemClock(), evidence_days=30)
    monkeypatch.setattr("ipse.infra.store.questions.PATIENCE_S", 0)
    with writing(database) as connection:
        connection.execute(insert(EVIDENCE).values(entry=str(call), content=b"x", expires_at_ms=0))
    with pytest.raises(DatabaseError):
        asyncio.run(callers.settle(record, receipt(record, call, ANNA, decision={"scores": []})))
    questions.close()
    found = Keys(database, KEY).find(record.key)
    assert found is not None
    assert (0, 0, 0) == (count(database, LEDGER), count(database, MARKS), found.spent)
