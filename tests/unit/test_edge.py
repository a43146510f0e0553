"""What answers before everything is open, and when it never will be."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

import httpx2
import pytest
from starlette.types import Message

from ipse.capture.page import CapturePage
from ipse.edge import Edge, GoOn, NotWantedError, Opened
from ipse.infra.telemetry import PrometheusMetrics
from ipse.infra.trouble import SetupError

PATIENCE_S = 30


@dataclass
class Life:
    """An edge from start to stop, driven as a server drives it."""

    edge: Edge
    failures: list[BaseException]
    said: asyncio.Queue[Message] = field(default_factory=asyncio.Queue)
    heard: asyncio.Queue[Message] = field(default_factory=asyncio.Queue)

    async def begin(self) -> "asyncio.Task[None]":
        """Start it; it listens from here on."""
        living = asyncio.create_task(self.edge({"type": "lifespan"}, self.said.get, self.heard.put))
        await self.said.put({"type": "lifespan.startup"})
        assert {"type": "lifespan.startup.complete"} == await self.heard.get()
        return living

    async def end(self, living: "asyncio.Task[None]") -> None:
        """Stop it, and see it end."""
        await self.said.put({"type": "lifespan.shutdown"})
        assert {"type": "lifespan.shutdown.complete"} == await asyncio.wait_for(self.heard.get(), PATIENCE_S)
        await living

    async def asked(self, path: str) -> tuple[int, object]:
        """What somebody is told there."""
        transport = httpx2.ASGITransport(self.edge)
        async with httpx2.AsyncClient(transport=transport, base_url="http://ipse.test") as client:
            answer = await client.get(path)
        return answer.status_code, answer.json().get("why", answer.json()["ready"])


def life(opening: Callable[[GoOn], Opened]) -> Life:
    """An edge that is opened so."""
    failures: list[BaseException] = []
    return Life(Edge(opening, PrometheusMetrics(lambda: 0), CapturePage({}), failures.append), failures)


def test_who_waits_for_an_opening_that_fails_is_turned_away() -> None:
    """With 503, so that a balancer asks somebody else; what was wrong is told to whoever runs the server."""
    may_fail = threading.Event()

    def opening(go_on: GoOn) -> Opened:
        go_on()
        may_fail.wait(PATIENCE_S)
        raise SetupError("The database is away.")

    async def scene() -> None:
        living = await one.begin()
        waiting = asyncio.create_task(one.asked("/faceid/v2/verify"))
        assert (503, "starting") == await one.asked("/readyz")
        assert not waiting.done()
        may_fail.set()
        assert (503, False) == await waiting
        assert (503, "starting") == await one.asked("/readyz")
        await one.end(living)

    one = life(opening)
    asyncio.run(scene())
    assert ["The database is away."] == [str(fault) for fault in one.failures]


def test_an_opening_that_nobody_wants_any_more_goes_no_further() -> None:
    """A server that is told to stop while it starts takes no further step, and who waits is turned away at once."""
    begun, left = threading.Event(), threading.Event()
    steps: list[str] = []

    def opening(go_on: GoOn) -> Opened:
        for step in ("first", "second", "third"):
            go_on()
            steps.append(step)
            begun.set()
            left.wait(PATIENCE_S)
        raise AssertionError

    async def scene() -> None:
        living = await one.begin()
        waiting = asyncio.create_task(one.asked("/faceid/v2/verify"))
        await asyncio.to_thread(begun.wait, PATIENCE_S)
        one.edge.leave()
        assert (503, "stopping") == await one.asked("/readyz")
        left.set()
        assert (503, False) == await waiting
        await one.end(living)

    one = life(opening)
    asyncio.run(scene())
    assert ["first"] == steps
    assert [NotWantedError] == [type(fault) for fault in one.failures]


def test_a_server_that_leaves_before_anything_is_open_ends(caplog: pytest.LogCaptureFixture) -> None:
    """Nobody asked, nothing was opened: it just ends."""
    opened: Future[None] = Future()

    def opening(go_on: GoOn) -> Opened:
        opened.result(PATIENCE_S)
        go_on()
        raise AssertionError

    async def scene() -> None:
        living = await one.begin()
        one.edge.leave()
        opened.set_result(None)
        await one.end(living)

    one = life(opening)
    asyncio.run(scene())
    assert [NotWantedError] == [type(fault) for fault in one.failures]
    assert [] == caplog.records
