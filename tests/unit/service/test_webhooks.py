"""Telling webhooks: real receivers on the loopback, and a clock that a test sets."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

import pytest

from ipse.capture import WebhookRefused, check_webhook
from ipse.infra.master_key import MasterKey
from ipse.infra.store.database import open_database
from ipse.infra.store.deliveries import StoredDeliveries
from ipse.infra.store.keys import Keys
from ipse.infra.store.questions import Questions
from ipse.infra.store.webhook_secrets import StoredWebhookSecrets
from ipse.infra.webhooks import WebWebhooks
from ipse.service.ports import DeliveryLine, DeliveryWish, Event, News
from ipse.service.webhooks import Teller, news_of, wait_s

KEY = MasterKey(bytes(32))
LOOPBACK = (ip_network("127.0.0.0/8"),)
HEARD_WITHIN_S = 20


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


@dataclass
class Silence:
    """A log that nobody reads."""

    lines: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    def info(self, event: str, **facts: object) -> None:
        """Keep it."""
        self.lines.append((event, facts))

    def error(self, event: str, **facts: object) -> None:
        """Keep it."""
        self.lines.append((event, facts))


@dataclass
class Receiver:
    """Whoever is told, on the loopback: answers as it is asked to, and keeps what it heard."""

    answers: list[int] = field(default_factory=list)
    heard: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)
    address: str = ""
    news: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A real server; without a word of what to answer it takes what it is told."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        """Takes what is posted."""

        def do_POST(self) -> None:
            """Keep it, and answer."""
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.heard.append((dict(self.headers), body))
            self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
            self.end_headers()
            receiver.news.release()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in the base
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.address = f"http://127.0.0.1:{server.server_address[1]}/told"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield receiver
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Telling:
    """A teller over a database, and what it stands on."""

    clock: Clock
    deliveries: StoredDeliveries
    secrets: StoredWebhookSecrets
    log: Silence
    key: str
    allow: bool = True

    def __call__(self, random: Callable[[], float] = lambda: 0.0) -> bool:
        """Tell what is due; whether anything was."""
        webhooks = WebWebhooks(LOOPBACK if self.allow else ())
        teller = Teller(self.deliveries, webhooks, self.secrets, self.clock, random, self.log)
        try:
            return asyncio.run(teller.tell_next())
        finally:
            webhooks.close()

    def line(self, news: News) -> DeliveryLine:
        """How it stands."""
        (found,) = asyncio.run(self.deliveries.lines(DeliveryWish(entry=news.entry), self.clock.now()))
        return found

    def put(self, address: str, event: Event = "card", entry: str = "one") -> News:
        """Have the key's owner told."""
        news = news_of(event, entry, self.key, address, {"status": "WARNING", "name": "王"})
        asyncio.run(self.deliveries.put(news, self.clock.now(), self.clock.now()))
        return news


@pytest.fixture
def telling(sqlite_url: str) -> Iterator[Telling]:
    """A teller, and a key."""
    database, clock = open_database(sqlite_url), Clock()
    questions = Questions(database)
    key = Keys(database, KEY).create("tencent", "shop", now_s=0).key
    secrets = StoredWebhookSecrets(database, KEY, questions, clock)
    yield Telling(clock, StoredDeliveries(database, KEY, questions), secrets, Silence(), key)
    questions.close()
    database.dispose()


def test_whoever_is_told_can_check_it(telling: Telling, receiver: Receiver) -> None:
    """Signed with the key's secret, now, with the ids of delivery and call; the log tells no address and no content."""
    news = telling.put(receiver.address)
    assert [True, False] == [telling(), telling()]
    ((headers, body),) = receiver.heard
    (secret,) = asyncio.run(telling.secrets.of(telling.key))
    told = check_webhook(headers, body, secret, telling.clock.now())
    assert {"event": "card", "delivery": news.id, "request": "one", "status": "WARNING", "name": "王"} == told
    assert ("card", news.id) == (headers["X-Ipse-Event"], headers["X-Ipse-Delivery"])
    assert ("taken", "204", 1) == (
        telling.line(news).state,
        telling.line(news).answer,
        telling.line(news).attempts,
    )
    assert [False, False] == [word in repr(telling.log.lines) for word in ("王", receiver.address)]
    assert "webhook told" == telling.log.lines[0][0]


def test_it_is_tried_for_a_day(telling: Telling, receiver: Receiver) -> None:
    """Ever more rarely, each time signed anew with the same id; then it is given up."""
    news = telling.put(receiver.address)
    receiver.answers = [500] * 100
    began, times = telling.clock.now(), []
    while (stands := telling.line(news)).state == "waiting":
        telling.clock.time = stands.next_at
        assert telling()
        times.append(telling.clock.now() - began)
    assert [0, 30, 150, 630, 2550, 10_230, 31_830, 53_430, 75_030] == [round(one) for one in times]
    assert ("given_up", 9, "500") == (
        telling.line(news).state,
        telling.line(news).attempts,
        telling.line(news).answer,
    )
    assert 9 == len({headers["X-Ipse-Signature"] for headers, _ in receiver.heard})
    assert {news.id} == {json.loads(body)["delivery"] for _, body in receiver.heard}
    assert asyncio.run(telling.deliveries.replay(news.id, telling.clock.now()))
    receiver.answers = []
    assert telling()
    assert "taken" == telling.line(news).state


def test_waits_are_left_to_chance_by_half() -> None:
    """So that what failed together is not tried together."""
    assert [(30.0, 15.0), (120.0, 60.0), (21_600.0, 10_800.0)] == [
        (wait_s(attempt, lambda: 0.0), wait_s(attempt, lambda: 1.0)) for attempt in (1, 2, 9)
    ]


def test_who_wants_no_more_is_left_alone(telling: Telling, receiver: Receiver) -> None:
    """410 gives up at once."""
    news = telling.put(receiver.address)
    receiver.answers = [410]
    assert telling()
    assert ("given_up", "410") == (
        telling.line(news).state, telling.line(news).answer
    )  # fmt: skip


def test_a_private_network_is_not_told(telling: Telling, receiver: Receiver) -> None:
    """Unless it is allowed; once it is, the next attempt reaches it."""
    news = telling.put(receiver.address)
    telling.allow = False
    assert telling()
    assert ("not_allowed", []) == (telling.line(news).answer, receiver.heard)
    telling.allow = True
    telling.clock.time += 30
    assert telling()
    assert 1 == len(receiver.heard)


def test_a_secret_is_renewed_with_grace(telling: Telling, receiver: Receiver) -> None:
    """For a while what is told is signed with both; then with the new one only."""
    (old,) = asyncio.run(telling.secrets.of(telling.key))
    new = asyncio.run(telling.secrets.renew(telling.key, telling.clock.now(), 3600))
    assert (new, old) == asyncio.run(telling.secrets.of(telling.key))
    telling.put(receiver.address)
    assert telling()
    headers, body = receiver.heard[-1]
    assert new is not None
    for secret in (old, new):
        check_webhook(headers, body, secret, telling.clock.now())
    telling.clock.time += 3600
    assert (new,) == asyncio.run(telling.secrets.of(telling.key))
    telling.put(receiver.address, entry="two")
    assert telling()
    headers, body = receiver.heard[-1]
    check_webhook(headers, body, new, telling.clock.now())
    with pytest.raises(WebhookRefused):
        check_webhook(headers, body, old, telling.clock.now())


def test_a_key_that_is_not_there_has_no_secret(telling: Telling) -> None:
    """Nor can it be renewed."""
    assert () == asyncio.run(telling.secrets.of("nobody"))
    assert asyncio.run(telling.secrets.renew("nobody", telling.clock.now(), 0)) is None


def test_one_that_is_slow_holds_up_nobody(telling: Telling, receiver: Receiver) -> None:
    """Several are told at once: while one owner's receivers say nothing, another's is told, and the stop is clean."""

    async def both() -> None:
        stop, hung = asyncio.Event(), asyncio.Event()

        async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            hung.set()
            await reader.read()
            writer.close()

        silent = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
        port = silent.sockets[0].getsockname()[1]
        webhooks = WebWebhooks(LOOPBACK, total_s=1.0)
        for number in range(3):
            slow = news_of("card", f"slow{number}", "a", f"http://127.0.0.1:{port}/", {})
            await telling.deliveries.put(slow, telling.clock.now(), telling.clock.now())
        good = news_of("card", "good", telling.key, receiver.address, {})
        await telling.deliveries.put(good, telling.clock.now(), telling.clock.now())
        teller = Teller(telling.deliveries, webhooks, telling.secrets, telling.clock, lambda: 0.0, telling.log)
        running = asyncio.create_task(teller.run(stop))
        await hung.wait()
        assert await asyncio.to_thread(receiver.news.acquire, timeout=HEARD_WITHIN_S)
        assert not [facts for event, facts in telling.log.lines if event == "webhook told" and not facts["taken"]]
        stop.set()
        await running
        webhooks.close()
        silent.close()

    asyncio.run(both())
    told = [facts["answer"] for event, facts in telling.log.lines if event == "webhook told"]
    assert ["204", "slow", "slow"] == told
