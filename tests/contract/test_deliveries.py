"""The port `Deliveries` on both databases: nothing is lost, nobody starves, and whoever is told knows a repeat."""

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import ip_network
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select

from ipse.infra.master_key import MasterKey
from ipse.infra.store.database import reading
from ipse.infra.store.deliveries import StoredDeliveries
from ipse.infra.store.housekeeping import purge_some
from ipse.infra.store.jobs import StoredJobs
from ipse.infra.store.questions import Questions
from ipse.infra.store.tables import DELIVERIES
from ipse.infra.store.vault import StoredVault
from ipse.service.ports import Delivery, DeliveryLine, DeliveryWish, Job, News
from ipse.service.ports.deliveries import delivery_id
from ipse.service.under_way import under_way
from ipse.service.webhooks import LEASE_S, Announcing, news_of

KEY = MasterKey(bytes(32))
LOOPBACK = (ip_network("127.0.0.0/8"),)
DAY_S = 86_400.0


@dataclass
class Clock:
    """The time that a test says it is."""

    time: float = 1_700_000_000.0

    def now(self) -> float:
        """The time."""
        return self.time

    def monotonic(self) -> float:
        """The time."""
        return self.time


@pytest.fixture
def clock() -> Clock:
    """Standing."""
    return Clock()


@pytest.fixture
def questions(database: Engine) -> Iterator[Questions]:
    """Asked of each database."""
    questions = Questions(database)
    yield questions
    questions.close()


@pytest.fixture
def deliveries(database: Engine, questions: Questions) -> StoredDeliveries:
    """On each database."""
    return StoredDeliveries(database, KEY, questions)


def put(deliveries: StoredDeliveries, clock: Clock, owner: str, name: str, address: str = "https://a.test/x") -> News:
    """Have an owner told."""
    news = news_of("card", name, owner, address, {"token": name})
    asyncio.run(deliveries.put(news, clock.now(), clock.now()))
    return news


def claim(deliveries: StoredDeliveries, clock: Clock) -> Delivery | None:
    """The next."""
    return asyncio.run(deliveries.claim(clock.now(), LEASE_S))


def line(deliveries: StoredDeliveries, clock: Clock, news: News) -> DeliveryLine:
    """How it stands."""
    (found,) = asyncio.run(deliveries.lines(DeliveryWish(entry=news.entry), clock.now()))
    return found


def test_what_is_put_off_is_told_once_it_is_let_go(deliveries: StoredDeliveries, clock: Clock) -> None:
    """And never when nobody lets it go, asked for or not."""
    news = news_of("capture", "one", "owner", "https://a.test/x?y", {"capture": "c"})
    announcing = Announcing(deliveries, clock)
    asyncio.run(announcing.put_off(news))
    assert claim(deliveries, clock) is None
    asyncio.run(announcing.let_go("capture", "one"))
    told = claim(deliveries, clock)
    assert told is not None
    assert (news.id, "owner", "capture", "https://a.test/x?y", news.content, 1) == (
        told.id, told.owner, told.event, told.address, told.content, told.attempt
    )  # fmt: skip
    assert {"event": "capture", "delivery": news.id, "request": "one", "capture": "c"} == json.loads(told.content)
    asyncio.run(deliveries.taken(told, "200"))
    asyncio.run(announcing.put_off(news_of("card", "two", "owner", "https://a.test/", {})))
    clock.time += 2 * DAY_S
    assert claim(deliveries, clock) is None
    assert not asyncio.run(deliveries.replay(delivery_id("card", "two"), clock.now()))
    assert "held" == line(deliveries, clock, News("card", "two", "owner", "", b"")).state


def test_what_was_let_go_is_not_held_again(deliveries: StoredDeliveries, clock: Clock) -> None:
    """A worker that lost its job to another puts down too late what it has read."""
    first, late = (news_of("card", "one", "owner", "https://a.test/", {"by": by}) for by in ("first", "late"))
    announcing = Announcing(deliveries, clock)
    asyncio.run(announcing.put_off(first))
    asyncio.run(announcing.let_go("card", "one"))
    asyncio.run(announcing.put_off(late))
    told = claim(deliveries, clock)
    assert told is not None
    assert first.content == told.content


@pytest.fixture
def jobs(database: Engine, questions: Questions, clock: Clock) -> StoredJobs:
    """Work that is put off, in the same database."""
    return StoredJobs(database, KEY, questions, clock)


async def put_down(jobs: StoredJobs, deliveries: StoredDeliveries, clock: Clock) -> Job:
    """A job of a call that is under way, of which something was put down already."""
    call = uuid4()
    with under_way(call):
        await jobs.put("token", "check_card", "owner", b"pictures", clock.now() + DAY_S)
    job = await jobs.claim(("check_card",), clock.now(), 10)
    assert job is not None
    await Announcing(deliveries, clock).put_off(news_of("card", str(call), "owner", "https://a.test/", {}))
    return job


def test_a_card_is_told_once_its_result_is_kept(deliveries: StoredDeliveries, jobs: StoredJobs, clock: Clock) -> None:
    """In one transaction: no server need live on to let it go."""

    async def told() -> list[bool]:
        job = await put_down(jobs, deliveries, clock)
        before = await deliveries.claim(clock.now() + DAY_S / 2, LEASE_S)
        return [before is None, await jobs.finish(job, b"read"), await deliveries.claim(clock.now(), 9) is not None]

    assert [True, True, True] == asyncio.run(told())


def test_of_a_job_that_is_given_up_nobody_is_told(deliveries: StoredDeliveries, jobs: StoredJobs, clock: Clock) -> None:
    """What its attempts put down is forgotten with the last of them."""

    async def left() -> tuple[DeliveryLine, ...]:
        job: Job | None = await put_down(jobs, deliveries, clock)
        while job is not None:
            await jobs.fail(job, clock.now(), 0)
            job = await jobs.claim(("check_card",), clock.now(), 10)
        return await deliveries.lines(DeliveryWish(), clock.now())

    assert () == asyncio.run(left())


def test_a_capture_is_told_once_its_result_is_kept(
    database: Engine, questions: Questions, deliveries: StoredDeliveries, clock: Clock
) -> None:
    """In the transaction of the vault; what another call keeps lets nothing go."""
    vault, call = StoredVault(database, KEY, questions), uuid4()

    async def told() -> list[bool]:
        await Announcing(deliveries, clock).put_off(news_of("capture", str(call), "owner", "https://a.test/", {}))
        with under_way(uuid4()):
            await vault.put("capture", "owner", "another", b"state", clock.now() + DAY_S)
        before = await deliveries.claim(clock.now(), LEASE_S)
        with under_way(call):
            await vault.put("capture", "owner", "one", b"state", clock.now() + DAY_S)
        return [before is None, await deliveries.claim(clock.now(), LEASE_S) is not None]

    assert [True, True] == asyncio.run(told())


def test_addresses_and_contents_are_sealed(database: Engine, deliveries: StoredDeliveries, clock: Clock) -> None:
    """The table tells whose call it was and which, no more."""
    put(deliveries, clock, "owner", "a token", "https://secret.test/path")
    with reading(database) as connection:
        row = connection.execute(select(DELIVERIES)).one()
    text = repr(tuple(row)).encode()
    assert [False, False] == [word in text for word in (b"secret.test", b'token":')]


def test_nobody_starves(deliveries: StoredDeliveries, clock: Clock) -> None:
    """One owner has fifty waiting, the others one each: each has its turn, and of the first two are told at once."""
    for number in range(50):
        put(deliveries, clock, "a", f"a{number:02}")
    for owner in "bcd":
        put(deliveries, clock, owner, owner)
    claimed = [claim(deliveries, clock) for _ in range(6)]
    assert ["a", "b", "c", "d", "a", None] == [one and one.owner for one in claimed]
    first = claimed[0]
    assert first is not None
    asyncio.run(deliveries.taken(first, "200"))
    after = claim(deliveries, clock)
    assert after is not None
    assert "a" == after.owner


def test_what_a_killed_server_had_begun_another_tells(deliveries: StoredDeliveries, clock: Clock) -> None:
    """After the lease; and who comes back too late notes nothing."""
    news = put(deliveries, clock, "owner", "one")
    lost = claim(deliveries, clock)
    assert lost is not None
    assert claim(deliveries, clock) is None
    clock.time += LEASE_S
    again = claim(deliveries, clock)
    assert again is not None
    assert (news.id, 2) == (again.id, again.attempt)
    asyncio.run(deliveries.fail(lost, "500", None))
    assert ("waiting", None) == (line(deliveries, clock, news).state, line(deliveries, clock, news).answer)
    asyncio.run(deliveries.taken(again, "204"))
    stands = line(deliveries, clock, news)
    assert ("taken", 2, "204") == (stands.state, stands.attempts, stands.answer)


def test_servers_that_look_at_once_tell_each_thing_once(
    database: Engine, deliveries: StoredDeliveries, clock: Clock
) -> None:
    """Four look for twenty owners' news."""
    wanted = {put(deliveries, clock, f"owner{number}", str(number)).id for number in range(20)}

    def look(_: int) -> list[str]:
        questions = Questions(database)
        own = StoredDeliveries(database, KEY, questions)
        found = []
        while (one := asyncio.run(own.claim(clock.now(), LEASE_S))) is not None:
            found.append(one.id)
        questions.close()
        return found

    with ThreadPoolExecutor(4) as pool:
        found = [name for names in pool.map(look, range(4)) for name in names]
    assert (20, wanted) == (len(found), set(found))


def test_what_was_told_can_be_told_again(deliveries: StoredDeliveries, clock: Clock) -> None:
    """With the same id and a day anew; not while somebody tells it, nor once it is forgotten."""
    news = put(deliveries, clock, "owner", "one")
    told = claim(deliveries, clock)
    assert told is not None
    assert not asyncio.run(deliveries.replay(news.id, clock.now()))
    asyncio.run(deliveries.fail(told, "410", None))
    assert "given_up" == line(deliveries, clock, news).state
    clock.time += DAY_S
    assert asyncio.run(deliveries.replay(news.id, clock.now()))
    again = claim(deliveries, clock)
    assert again is not None
    assert (told.id, 2, 1, clock.now() + DAY_S) == (again.id, again.attempt, again.before, again.until)
    clock.time += 3 * DAY_S
    assert not asyncio.run(deliveries.replay(news.id, clock.now()))
    assert not asyncio.run(deliveries.replay("nothing", clock.now()))


def test_who_told_before_a_replay_ends_nothing_of_it(deliveries: StoredDeliveries, clock: Clock) -> None:
    """Neither before the new attempt is begun nor while it is under way."""
    news = put(deliveries, clock, "owner", "one")
    lost = claim(deliveries, clock)
    assert lost is not None
    clock.time += LEASE_S
    assert asyncio.run(deliveries.replay(news.id, clock.now()))
    asyncio.run(deliveries.fail(lost, "500", None))
    anew = claim(deliveries, clock)
    assert anew is not None
    asyncio.run(deliveries.fail(lost, "500", None))
    asyncio.run(deliveries.taken(anew, "200"))
    stands = line(deliveries, clock, news)
    assert ("taken", 2, "200") == (stands.state, stands.attempts, stands.answer)


def test_what_is_forgotten_leaves_no_row(database: Engine, deliveries: StoredDeliveries, clock: Clock) -> None:
    """After three days."""
    put(deliveries, clock, "owner", "one")
    assert {} == purge_some(database, clock.now() + 3 * DAY_S - 1)
    assert {"deliveries": 1} == purge_some(database, clock.now() + 3 * DAY_S)


@pytest.mark.parametrize(("wish", "found"), [
    (DeliveryWish(), ["three", "two", "one"]), (DeliveryWish(owner="b"), ["two"]), (DeliveryWish(most=1), ["three"]),
    (DeliveryWish(state="given_up"), []), (DeliveryWish(event="case"), []),
    (DeliveryWish(before=1_700_000_001.0), ["one"]),
])  # fmt: skip
def test_what_is_looked_for(deliveries: StoredDeliveries, clock: Clock, wish: DeliveryWish, found: list[str]) -> None:
    """The newest first, by key, event, state and time; of addresses the host is shown."""
    for owner, name in zip("aba", ("one", "two", "three"), strict=True):
        put(deliveries, clock, owner, name, "https://user.shop.test:8443/secret")
        clock.time += 1
    lines = asyncio.run(deliveries.lines(wish, clock.now()))
    assert found == [one.entry for one in lines]
    assert {"user.shop.test:8443"} >= {one.host for one in lines}
