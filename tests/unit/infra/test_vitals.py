"""The ledger line by line, what waits, and who is registered, on both databases."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from sqlalchemy import Engine

from ipse.infra.store.census import StoredCensus
from ipse.infra.store.database import writing
from ipse.infra.store.engines import make_engine
from ipse.infra.store.ledger_lines import StoredLedgerLines
from ipse.infra.store.questions import Questions
from ipse.infra.store.tables import DELIVERIES, JOBS, LEASES, LEDGER, PEOPLE
from ipse.infra.store.vitals import StoredVitals
from ipse.service.ports.ledger import LinesWish, Timing
from ipse.service.ports.vitals import QueueState

NOW = 1_461_740_000.0
NOW_MS = int(NOW * 1000)


@dataclass
class Looks:
    """A database, and everything that looks into it for the desk."""

    database: Engine
    questions: Questions = field(init=False)

    def __post_init__(self) -> None:
        """Open the looks."""
        self.questions = Questions(self.database)
        self.lines = StoredLedgerLines(self.database, self.questions)
        self.vitals = StoredVitals(self.database, self.questions)
        self.census = StoredCensus(self.database, self.questions)

    def ledger(self, number: int, *, key: str = "one", operation: str = "verify", outcome: str = "ok") -> None:
        """One line more, as many seconds later as its number."""
        row = {"id": str(UUID(int=number)), "at_ms": NOW_MS + number * 1000, "key": key, "dialect": "faceid"}
        row |= {"operation": operation, "outcome": outcome, "status": 200, "billed": 1, "counted": True}
        with writing(self.database) as connection:
            connection.execute(LEDGER.insert().values({**row, "elapsed_ms": float(number)}))

    def job(self, number: int, kind: str, *, leased: bool = False, done: bool = False, over: bool = False) -> None:
        """One job more, put off as many seconds ago as its number."""
        row = {"hash": bytes([number]), "kind": kind, "owner": "o", "attempts": 0, "payload": None if done else b"p"}
        row |= {"result": b"r" if done else None, "created_at_ms": NOW_MS - number * 1000}
        row |= {"leased_until_ms": NOW_MS + 1 if leased else 0, "expires_at_ms": NOW_MS + (0 if over else 1)}
        with writing(self.database) as connection:
            connection.execute(JOBS.insert().values(row))

    def found(self, wish: LinesWish) -> list[int]:
        """The numbers of the lines that are given."""
        return [record.entry.id.int for record in asyncio.run(self.lines.lines(wish))]


@pytest.fixture
def looks(database: Engine) -> Iterator[Looks]:
    """Everything that looks, at an empty database."""
    looks = Looks(database)
    yield looks
    looks.questions.close()


def test_lines_are_narrowed_and_come_newest_first(looks: Looks) -> None:
    """By key, operation, outcome and time, whose end is left out; no more than are asked for."""
    looks.ledger(1)
    looks.ledger(2, key="two")
    looks.ledger(3, operation="detect")
    looks.ledger(4, outcome="busy")
    assert [4, 3, 2, 1] == looks.found(LinesWish())
    assert [4, 3] == looks.found(LinesWish(most=2))
    assert [2] == looks.found(LinesWish(key="two"))
    assert [3] == looks.found(LinesWish(operation="faceid detect"))
    assert [4] == looks.found(LinesWish(outcome="busy"))
    assert [3, 2] == looks.found(LinesWish(since=NOW + 2, until=NOW + 4))
    timings = (Timing("faceid verify", "busy", 4.0), Timing("faceid detect", "ok", 3.0))
    assert timings == asyncio.run(looks.lines.timings(NOW + 3, 9)) == asyncio.run(looks.lines.timings(NOW, 2))


def test_what_waits_is_counted_by_kind(looks: Looks) -> None:
    """Done and expired work does not wait, what somebody has begun is under way, webhooks are a kind of their own."""
    looks.job(10, "card")
    looks.job(20, "card")
    looks.job(30, "card", leased=True)
    looks.job(40, "card", done=True)
    looks.job(50, "card", over=True)
    looks.job(60, "capture", leased=True)
    with writing(looks.database) as connection:
        row = {"id": "d", "owner": "o", "event": "card", "address": b"", "entry": "e", "content": b"", "attempts": 0}
        row |= {"created_at_ms": NOW_MS - 5000, "next_at_ms": 0, "until_ms": 0, "leased_until_ms": 0}
        connection.execute(DELIVERIES.insert().values({**row, "state": "waiting", "expires_at_ms": 0}))
    told = asyncio.run(looks.vitals.queues(NOW))
    assert told is not None
    assert {
        QueueState("capture", 0, 1, None),
        QueueState("card", 2, 1, NOW - 20),
        QueueState("webhook", 1, 0, NOW - 5),
    } == set(told)


def test_leases_that_last_are_calls_under_way(looks: Looks) -> None:
    """One that has run out is a killed server's."""
    rows = [
        {"call": str(number), "key": "k", "units": 1, "expires_at_ms": NOW_MS + ends}
        for number, ends in enumerate((-1, 1, 2))
    ]
    with writing(looks.database) as connection:
        connection.execute(LEASES.insert(), rows)
    assert 2 == asyncio.run(looks.vitals.calls_under_way(NOW))


def test_a_database_answers_in_a_while_or_is_away(looks: Looks) -> None:
    """What cannot be asked is none, and no error."""
    assert 0 < (asyncio.run(looks.vitals.ping_ms()) or 0)
    away = make_engine("postgresql://ipse@127.0.0.1:1/none")
    questions = Questions(away)
    vitals = StoredVitals(away, questions)
    asked = [asyncio.run(one) for one in (vitals.ping_ms(), vitals.queues(NOW), vitals.calls_under_way(NOW))]
    questions.close()
    away.dispose()
    assert [None] * 3 == asked


def test_people_are_counted_by_their_photos(looks: Looks) -> None:
    """Nothing else is told of them."""
    rows = [
        {"hash": bytes([at]), "number": b"", "name": b"", "photo_state": state, "row_hash": b"", "updated_at_ms": 0}
        for at, state in enumerate(("usable", "usable", "absent"))
    ]
    assert {} == asyncio.run(looks.census.count())
    with writing(looks.database) as connection:
        connection.execute(PEOPLE.insert(), rows)
    assert {"usable": 2, "absent": 1} == asyncio.run(looks.census.count())
