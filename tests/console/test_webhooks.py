"""Webhooks at the desk of a real server: what was told, found again and told again, by whoever may."""

import asyncio
import os
import re
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import pytest

from ipse.infra.master_key_file import load_master_key
from ipse.infra.store.deliveries import StoredDeliveries
from ipse.infra.store.questions import Questions
from ipse.infra.store.unlocking import open_store
from ipse.service.ports import DeliveryLine, DeliveryWish
from ipse.service.webhooks import news_of
from tests.console.conftest import DeskPage, DeskServer, SignedIn
from tests.console.test_every_page import listened, violations

SHOTS = os.environ.get("DESK_SHOTS")  # noqa: TID251 - where pictures of the pages are left, for people
Answer = TypeVar("Answer")

ENTRIES = {"card": "00000000-0000-4000-8000-00000000aaa1", "capture": "00000000-0000-4000-8000-00000000aaa2"}


def at_once(work: Coroutine[Any, Any, Answer]) -> Answer:
    """What comes of it; on a thread of its own, since Playwright's loop runs on ours."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


class Told:
    """What the server has told, reached through its own database."""

    def __init__(self, server: DeskServer) -> None:
        folder = server.server.folder
        store = open_store(f"sqlite:///{folder / 'ipse.sqlite'}", load_master_key(None, folder))
        self._database, self._questions = store.database, Questions(store.database)
        self.deliveries = StoredDeliveries(store.database, store.master_key, self._questions)

    async def put(self, key: str) -> None:
        """Two things that are told a day from now, so that nobody tells them before the test is over."""
        for event, entry in ENTRIES.items():
            news = news_of(event, entry, key, "https://waits.test/told?secret=1", {"status": "passed"})  # type: ignore[arg-type]  # Events.
            await self.deliveries.put(news, time.time(), time.time() + 80_000)

    async def line(self, entry: str) -> DeliveryLine:
        """How it stands."""
        (found,) = await self.deliveries.lines(DeliveryWish(entry=entry), time.time())
        return found

    def close(self) -> None:
        """Let go of the database."""
        self._questions.close()
        self._database.dispose()


@pytest.fixture(scope="module")
def told(desk_server: DeskServer) -> Iterator[Told]:
    """Two deliveries that wait."""
    told = Told(desk_server)
    at_once(told.put("nobody"))
    yield told
    told.close()


@pytest.mark.usefixtures("told")
@pytest.mark.usefixtures("told")
def test_what_waits_is_listed_and_found(signed_in: SignedIn) -> None:
    """Its host, not its address; by state, event, key and request."""
    client = signed_in("auditor")
    page = client.get("/console/webhooks").text
    assert [2, 0] == [page.count("waits.test"), page.count("secret=1")]
    found = (({"event": "card"}, 1), ({"state": "taken"}, 0), ({"request": ENTRIES["card"]}, 1), ({"key": "x"}, 0))
    for query, count in found:
        assert count == client.get("/console/webhooks", params=query).text.count("waits.test"), query
    assert 'action="/console/webhooks/' not in page


def test_only_who_may_tells_again(signed_in: SignedIn, told: Told) -> None:
    """The auditor may not; the operator may, and it is written down."""
    line = at_once(told.line(ENTRIES["capture"]))
    path = f"/console/webhooks/{line.id}/replay"
    assert httpx2.codes.FORBIDDEN == signed_in("auditor").post(path).status_code
    assert httpx2.codes.NOT_FOUND == signed_in("operator").post("/console/webhooks/nothing/replay").status_code
    came = signed_in("operator").post(path)
    assert (httpx2.codes.SEE_OTHER, "/console/webhooks?again=1") == (came.status_code, came.headers["location"])
    assert at_once(told.line(ENTRIES["capture"])).next_at < time.time() + 60
    assert line.id in signed_in("auditor").get("/console/audit", params={"action": "webhooks.replay"}).text


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_the_page_for_everybody(desk_page: DeskPage, width: int, scheme: str) -> None:
    """No axe violation, nothing said on the console, and a button that works by keyboard."""
    page = desk_page("operator", viewport={"width": width, "height": 800}, color_scheme=scheme)
    said = listened(page)
    page.goto("/console/webhooks")
    assert [] == violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"webhooks-{width}.png", full_page=True)
    button = page.get_by_role("button", name=re.compile("Tell again what was told")).first
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/webhooks?again=1")
    assert page.get_by_role("status").is_visible()
    assert [] == said
