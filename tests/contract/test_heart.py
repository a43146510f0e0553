"""What the calls of a process hold in the database, on both of them: renewed while they go on, and no longer."""

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select

from ipse.core.reasons import Reason, Refusal
from ipse.infra.master_key import MasterKey
from ipse.infra.store.callers import StoredCallers
from ipse.infra.store.database import reading
from ipse.infra.store.heart import LEASE_S, Heart
from ipse.infra.store.idempotency import KEPT_S, StoredIdempotency
from ipse.infra.store.keys import Keys
from ipse.infra.store.questions import Questions
from ipse.infra.store.tables import IDEMPOTENCY
from ipse.service.ports import KeptAnswer, KeyRecord

KEY = MasterKey(bytes(32))
ANSWER = KeptAnswer(200, (), b"{}")


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.moment = 1000.0

    def now(self) -> float:
        """Where it stands."""
        return self.moment

    def monotonic(self) -> float:
        """Likewise."""
        return self.moment


@pytest.fixture
def questions(database: Engine) -> Iterator[Questions]:
    """Where the database is asked."""
    asked = Questions(database)
    yield asked
    asked.close()


def test_room_is_held_as_long_as_its_call_and_not_longer(database: Engine, questions: Questions) -> None:
    """A call that outlasts many leases keeps others out; once its task is done nothing is renewed any more."""
    clock = Hands()
    heart = Heart(database, questions, clock)
    callers = StoredCallers(database, KEY, questions, clock, heart=heart)
    public = Keys(database, KEY).create("faceid", "n", now_s=0, concurrency=1).key
    record = KeyRecord(public, "faceid", None, concurrency=1)

    async def live() -> list[Reason | None]:
        told, is_in, goes_on = [], asyncio.Event(), asyncio.Event()

        async def call() -> None:
            told.append(await callers.take_room(record, uuid4(), clock.now()))
            is_in.set()
            await goes_on.wait()

        task = asyncio.create_task(call())
        await asyncio.wait_for(is_in.wait(), 60)
        for _ in range(3):
            clock.moment += LEASE_S - 1
            await heart.beat()
        told.append(await callers.take_room(record, uuid4(), clock.now()))
        goes_on.set()
        await task
        clock.moment += LEASE_S - 1
        await heart.beat()
        clock.moment += 1
        told.append(await callers.take_room(record, uuid4(), clock.now()))
        return told

    assert [None, Reason.CONCURRENCY_EXCEEDED, None] == asyncio.run(live())


def test_an_answer_that_is_kept_has_an_end_of_its_own(database: Engine, questions: Questions) -> None:
    """A reservation is renewed while its call goes on; a beat that comes after the answer does not shorten it."""
    clock = Hands()
    heart = Heart(database, questions, clock)
    kept = StoredIdempotency(database, KEY, questions, heart)

    async def live() -> list[object]:
        assert await kept.begin("owner", "key", b"print", clock.now()) is None
        clock.moment += LEASE_S - 1
        await heart.beat()
        clock.moment += LEASE_S - 1
        with pytest.raises(Refusal) as refused:
            await kept.begin("owner", "key", b"print", clock.now())
        await kept.end("owner", "key", ANSWER)
        with reading(database) as connection:
            place = connection.execute(select(IDEMPOTENCY.c.hash)).scalar_one()
        heart.hold(IDEMPOTENCY, place)
        await heart.beat()
        return [refused.value.reason, await kept.begin("owner", "key", b"print", clock.now() + KEPT_S - 2 * LEASE_S)]

    assert [Reason.IDEMPOTENCY_CONFLICT, ANSWER] == asyncio.run(live())
