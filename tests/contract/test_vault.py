"""The ports `Vault` and `Idempotency` on both databases, and the purge of what has expired."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import uuid4

import pytest
from sqlalchemy import Engine, func, select, text

from ipse.core.reasons import Reason, Refusal
from ipse.infra.master_key import MasterKey
from ipse.infra.store import housekeeping
from ipse.infra.store.database import reading, writing
from ipse.infra.store.housekeeping import EVERY_S, EXPIRING, Housekeeping, purge_some
from ipse.infra.store.idempotency import KEPT_S, RESERVED_S, StoredIdempotency
from ipse.infra.store.once import StoredOnce
from ipse.infra.store.questions import Questions
from ipse.infra.store.tables import ATTACKED, KEPT, METADATA, ONCE, VAULT
from ipse.infra.store.vault import StoredVault
from ipse.infra.telemetry import SystemClock
from ipse.service.ports import KeptAnswer
from ipse.service.under_way import under_way

KEY = MasterKey(bytes(32))
ANSWER = KeptAnswer(201, (("Content-Type", "application/json"), ("X-Request-Id", "é")), b'{"a": 1}\n\x00\xff')
OpenAgain: TypeAlias = Callable[[], Engine]


@pytest.fixture
def questions(database: Engine) -> Iterator[Questions]:
    """Where the database is asked."""
    asked = Questions(database)
    yield asked
    asked.close()


@pytest.fixture
def vault(database: Engine, questions: Questions) -> StoredVault:
    """On each database."""
    return StoredVault(database, KEY, questions)


@pytest.fixture
def kept(database: Engine, questions: Questions) -> StoredIdempotency:
    """On each database."""
    return StoredIdempotency(database, KEY, questions)


def test_what_was_kept_comes_back_until_its_time_is_over(vault: StoredVault) -> None:
    """One millisecond before the end it is there, at the end it is not."""
    asyncio.run(vault.put("image", "owner", "token", b"\x00picture", 10.0))
    assert [b"\x00picture", None] == [asyncio.run(vault.get("image", "owner", "token", now)) for now in (9.999, 10.0)]
    assert [True, False] == [asyncio.run(vault.holds("image", "owner", "token", now)) for now in (9.999, 10.0)]


def test_only_its_owner_finds_it_and_only_as_what_it_is(vault: StoredVault) -> None:
    """The same token opens nothing for another key, nor another kind of thing."""
    asyncio.run(vault.put("image", "owner", "token", b"x", 10.0))
    assert asyncio.run(vault.get("image", "another", "token", 0)) is None
    assert asyncio.run(vault.get("picture", "owner", "token", 0)) is None
    assert not asyncio.run(vault.holds("image", "another", "token", 0))


def test_a_second_put_takes_the_place_of_the_first(vault: StoredVault) -> None:
    """The newer content and the newer end count."""
    asyncio.run(vault.put("image", "owner", "token", b"old", 10.0))
    asyncio.run(vault.put("image", "owner", "token", b"new", 20.0))
    assert b"new" == asyncio.run(vault.get("image", "owner", "token", 15.0))


def test_what_is_forgotten_is_gone(vault: StoredVault, database: Engine) -> None:
    """No row is left."""
    asyncio.run(vault.put("image", "owner", "token", b"x", 10.0))
    asyncio.run(vault.forget("image", "owner", "token"))
    with reading(database) as connection:
        assert [] == connection.execute(select(VAULT)).all()


def test_what_cannot_be_opened_any_more_is_held_but_not_given(vault: StoredVault, database: Engine) -> None:
    """A content sealed under a lost key, or moved from another row, is `None`, and known to have been there."""
    asyncio.run(vault.put("image", "owner", "one", b"1", 10.0))
    asyncio.run(vault.put("image", "owner", "two", b"2", 10.0))
    with writing(database) as connection:
        one, _ = connection.execute(select(VAULT.c.content)).scalars()
        connection.execute(VAULT.update().values(content=one))
    got = [asyncio.run(vault.get("image", "owner", token, 0)) for token in ("one", "two")]
    assert 1 == got.count(None)
    assert asyncio.run(vault.holds("image", "owner", "one", 0))
    assert asyncio.run(vault.holds("image", "owner", "two", 0))


def test_the_table_tells_neither_token_nor_content(vault: StoredVault, database: Engine) -> None:
    """Both stand nowhere in the clear."""
    asyncio.run(vault.put("image", "owner", "the token", b"the content", 10.0))
    with reading(database) as connection:
        words = [value for value in connection.execute(select(VAULT)).one() if isinstance(value, bytes)]
    assert 2 == len(words)
    assert not [word for word in words if b"the " in word]


def test_the_same_request_gets_the_same_answer_for_a_day(kept: StoredIdempotency) -> None:
    """Status, headers and body come back to the byte, until the key may be used anew."""
    assert asyncio.run(kept.begin("owner", "key", b"request", 0)) is None
    asyncio.run(kept.end("owner", "key", ANSWER))
    assert [ANSWER, ANSWER] == [asyncio.run(kept.begin("owner", "key", b"request", now)) for now in (1, KEPT_S - 0.1)]
    assert asyncio.run(kept.begin("owner", "key", b"request", KEPT_S)) is None


def test_another_request_or_one_under_way_is_a_conflict(kept: StoredIdempotency) -> None:
    """The same key with other bytes is refused before and after the answer; the same request only before."""
    assert asyncio.run(kept.begin("owner", "key", b"request", 0)) is None
    for fingerprint in (b"request", b"other"):
        with pytest.raises(Refusal) as refused:
            asyncio.run(kept.begin("owner", "key", fingerprint, 1))
        assert Reason.IDEMPOTENCY_CONFLICT is refused.value.reason
    asyncio.run(kept.end("owner", "key", ANSWER))
    with pytest.raises(Refusal):
        asyncio.run(kept.begin("owner", "key", b"other", 1))
    assert asyncio.run(kept.begin("another owner", "key", b"other", 1)) is None


def test_who_lost_a_reservation_ends_nothing_of_its_successor(kept: StoredIdempotency) -> None:
    """A server that was away for too long neither answers for the one that took over nor gives its place away."""

    async def scene() -> list[object]:
        first, second = uuid4(), uuid4()
        for call, now in ((first, 0), (second, RESERVED_S)):
            with under_way(call):
                assert await kept.begin("owner", "key", b"request", now) is None
        with under_way(first):
            await kept.end("owner", "key", None)
            await kept.end("owner", "key", KeptAnswer(500, (), b"late"))
        with pytest.raises(Refusal) as refused:
            await kept.begin("owner", "key", b"request", RESERVED_S)
        with under_way(second):
            await kept.end("owner", "key", ANSWER)
        return [refused.value.reason, await kept.begin("owner", "key", b"request", RESERVED_S)]

    assert [Reason.IDEMPOTENCY_CONFLICT, ANSWER] == asyncio.run(scene())


def test_a_reservation_ends_by_hand_or_by_itself(kept: StoredIdempotency) -> None:
    """After a failure the caller may try again at once; after a killed server when the reservation runs out."""
    assert asyncio.run(kept.begin("owner", "key", b"request", 0)) is None
    asyncio.run(kept.end("owner", "key", None))
    assert asyncio.run(kept.begin("owner", "key", b"request", 0)) is None
    assert asyncio.run(kept.begin("owner", "key", b"request", RESERVED_S)) is None
    asyncio.run(kept.end("owner", "key", ANSWER))
    asyncio.run(kept.end("owner", "key", None))
    assert ANSWER == asyncio.run(kept.begin("owner", "key", b"request", RESERVED_S))


def test_of_many_at_once_one_may_go_on(database: Engine, open_again: OpenAgain) -> None:
    """Twenty requests with one key on two servers: one reservation, nineteen conflicts."""
    servers = [StoredIdempotency(engine, KEY, Questions(engine)) for engine in (database, open_again())]

    def begin(turn: int) -> bool:
        try:
            return asyncio.run(servers[turn % 2].begin("owner", "key", b"request", 0)) is None
        except Refusal:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert 1 == list(pool.map(begin, range(20))).count(True)
    for server in servers:
        server._questions.close()


def test_every_table_with_an_end_is_purged() -> None:
    """No table whose rows expire is left out."""
    assert {table for table in METADATA.sorted_tables if "expires_at_ms" in table.c} == {*EXPIRING, KEPT}


def test_the_purge_takes_what_has_expired_and_nothing_else(
    vault: StoredVault, database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In batches, however many there are."""
    monkeypatch.setattr(housekeeping, "BATCH_ROWS", 2)
    for number in range(7):
        asyncio.run(vault.put("image", "owner", str(number), b"x", float(number)))
    with writing(database) as connection:
        connection.execute(ATTACKED.insert(), [{"hash": bytes([n]), "expires_at_ms": n * 1000} for n in range(3)])
    batches = list(iter(lambda: purge_some(database, 4.0), {}))
    assert [{"vault": 2, "attacked": 2}, {"vault": 2, "attacked": 1}, {"vault": 1}] == batches
    with reading(database) as connection:
        assert 2 == connection.execute(select(func.count()).select_from(VAULT)).scalar_one()


@dataclass
class Notes:
    """A log, and a clock that says it is late."""

    lines: list[str] = field(default_factory=list)
    more: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))

    def now(self) -> float:
        """Late."""
        return 1e9

    def monotonic(self) -> float:
        """Late."""
        return 1e9

    def info(self, event: str, **facts: object) -> None:
        """Note the line."""
        self.lines.append(f"{event} {sorted(facts)}")
        self.more.release()

    def error(self, event: str, **facts: object) -> None:
        """Note the line."""
        self.info(event, **facts)


def test_the_house_is_kept_again_after_the_database_was_away(
    vault: StoredVault, database: Engine, questions: Questions
) -> None:
    """A refused purge is a line in the log, and the next one works."""
    asyncio.run(vault.put("image", "owner", "token", b"x", 1.0))

    async def live() -> list[str]:
        notes = Notes()
        with writing(database) as connection:
            connection.execute(text("ALTER TABLE vault RENAME TO away"))
        stop = asyncio.Event()
        house = asyncio.create_task(Housekeeping(database, questions, SystemClock(), every_s=0.01).run(notes, stop))
        await asyncio.wait_for(notes.more.acquire(), 10)
        with writing(database) as connection:
            connection.execute(text("ALTER TABLE away RENAME TO vault"))
        while "expired rows purged ['vault']" not in notes.lines:
            await asyncio.wait_for(notes.more.acquire(), 10)
        stop.set()
        await house
        return notes.lines

    lines = asyncio.run(live())
    assert "expired rows not purged ['why']" == lines[0]


def test_one_keeps_the_house_for_all(database: Engine, questions: Questions) -> None:
    """Of four that come by one has the turn; when it is over the next one has it, and everybody can see since when."""

    @dataclass
    class Hands:
        moment: float = 1000.0

        def now(self) -> float:
            return self.moment

        def monotonic(self) -> float:
            return self.moment

    clock = Hands()
    houses = [Housekeeping(database, questions, clock) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        first = list(pool.map(lambda house: house._take_turn(), houses))
        clock.moment += 0.9 * EVERY_S - 1
        early = list(pool.map(lambda house: house._take_turn(), houses))
        assert 1000.0 == asyncio.run(houses[0].last_turn())
        clock.moment += 1
        later = list(pool.map(lambda house: house._take_turn(), houses))
    assert [1, 0, 1] == [first.count(True), early.count(True), later.count(True)]


@pytest.fixture
def once(database: Engine, questions: Questions) -> StoredOnce:
    """On each database."""
    return StoredOnce(database, KEY, questions)


def test_what_was_spent_stays_spent_until_its_time_is_over(once: StoredOnce) -> None:
    """One millisecond before the end it is, at the end it may be spent anew."""
    spent = [asyncio.run(once.spend("flash_run", "owner", "token", 10.0, now)) for now in (0.0, 9.999)]
    assert [True, False] == spent
    assert asyncio.run(once.spend("flash_run", "owner", "token", 20.0, 10.0))
    assert not asyncio.run(once.spend("flash_run", "owner", "token", 30.0, 19.999))


def test_what_another_spent_or_another_kind_is_not_spent(once: StoredOnce, database: Engine) -> None:
    """Kind, owner and token together are what is spent, and stand nowhere in the clear."""
    assert asyncio.run(once.spend("flash_run", "owner", "the token", 10.0, 0.0))
    assert asyncio.run(once.spend("flash_run", "another", "the token", 10.0, 0.0))
    assert asyncio.run(once.spend("liveness_bundle", "owner", "the token", 10.0, 0.0))
    with reading(database) as connection:
        assert not [row for row in connection.execute(select(ONCE.c.hash)).scalars() if b"the token" in row]


def test_what_was_released_may_be_spent_anew(once: StoredOnce) -> None:
    """The retry that the vendor documents works; a release of what nobody spent changes nothing."""
    asyncio.run(once.release("flash_run", "owner", "token"))
    assert asyncio.run(once.spend("flash_run", "owner", "token", 10.0, 0.0))
    asyncio.run(once.release("flash_run", "owner", "token"))
    assert asyncio.run(once.spend("flash_run", "owner", "token", 10.0, 0.0))
    assert not asyncio.run(once.spend("flash_run", "owner", "token", 10.0, 0.0))


def test_of_many_spenders_at_once_one_is_first(database: Engine, open_again: OpenAgain) -> None:
    """Twenty on two servers, also where a row of before lies there and has expired."""
    servers = [StoredOnce(engine, KEY, Questions(engine)) for engine in (database, open_again())]
    for now in (0.0, 10.0):
        with ThreadPoolExecutor(4) as pool:
            spend = (server.spend("flash_run", "owner", "token", now + 10.0, now) for server in servers * 10)
            assert 1 == list(pool.map(asyncio.run, spend)).count(True)
    for server in servers:
        server._questions.close()
