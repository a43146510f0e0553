"""Review at the desk of a real server: a card that warned is looked at, decided by one, and its owner is told."""

import asyncio
import json
import os
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx2
import numpy as np
import PIL.Image
import pytest

from ipse.core.authenticity.check import Check, CheckStatus, Concern
from ipse.core.cards.card import Field, Side
from ipse.core.cards.reading import CardReading
from ipse.infra.master_key_file import load_master_key
from ipse.infra.sample_cards import thai_card
from ipse.infra.settings import Settings
from ipse.service.aftermath import findings
from ipse.service.ports import Artefact, Case, DeliveryWish, NewCase
from ipse.stores import Stores, open_stores
from tests.console.conftest import DeskPage, DeskServer, SignedIn
from tests.console.test_every_page import listened, violations
from tests.wire.read_cards import THAI, TODAY

SHOTS = os.environ.get("DESK_SHOTS")  # noqa: TID251 - where pictures of the pages are left, for people
Answer = TypeVar("Answer")

WHY = "The portrait is that of the holder."


def at_once(work: Coroutine[Any, Any, Answer]) -> Answer:
    """What comes of it; on a thread of its own, since Playwright's loop runs on ours."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def field(name: str, value: str, place: tuple[int, int, int, int]) -> Field:
    """A field at its place on the specimen, in pixels."""
    left, top, right, foot = place
    corners = np.array([(left, top), (right, top), (right, foot), (left, foot)], np.float32)
    return Field(name, value, value, 0.97, Side.FRONT, corners)


FIELDS = (
    field("full_name", "Mr. Example", (165, 165, 340, 205)),
    field("birth_date", "1970-01-01", (245, 288, 400, 325)),
)
CHECKS = (
    Check("front_card", CheckStatus.PASSED, Concern.NO_CARD),
    Check("glare", CheckStatus.SUSPECTED, Concern.GLARE, 0.71, 0.5, 0.01, ("full_name",)),
    Check("screen", CheckStatus.NOT_ASSESSED, Concern.SCREEN),
)
CARD = CardReading(THAI, {one.name: one for one in FIELDS}, (), CHECKS, TODAY, 0.97)


class Waiting:
    """Cases in the server's own database."""

    def __init__(self, server: DeskServer, picture: bytes) -> None:
        folder = server.server.folder
        self.stores: Stores = open_stores(Settings(data_dir=folder), load_master_key(None, folder))
        self._picture = picture
        self._numbers = count(0xCA5E_0000)
        made = self.stores.issued.create("native", "shop", time.time(), {"retention": {"picture": 1}})
        self.key = at_once(made).key.partition(".")[0]

    def put(self) -> str:
        """A card that warns, as a job leaves it; its picture is kept."""
        entry = UUID(int=next(self._numbers), version=4)
        at_once(self._put(entry))
        return str(entry)

    def case(self, entry: str) -> Case:
        """How it stands."""
        found = at_once(self.stores.cases.find(entry, time.time()))
        assert found is not None
        return found

    def told(self, entry: str) -> list[str]:
        """What its owner is told about it."""
        lines = at_once(self.stores.deliveries.lines(DeliveryWish(entry=entry), time.time()))
        return [one.event for one in lines]

    async def _put(self, entry: UUID) -> None:
        """Write all of it."""
        content = json.dumps({"address": "https://shop.test/told", "token": "a token", **findings(CARD)}).encode()
        await self.stores.cases.open(NewCase(str(entry), "card", self.key, ("glare",), content), time.time())
        await self.stores.kept.keep(entry, self.key, (Artefact("picture", "front", self._picture),), time.time())


@pytest.fixture(scope="module")
def waiting(desk_server: DeskServer, samples: Path) -> Iterator[Waiting]:
    """Cases of a specimen with a sample portrait."""
    file = BytesIO()
    PIL.Image.fromarray(thai_card((samples / "obama.jpg").read_bytes())).save(file, "PNG")
    waiting = Waiting(desk_server, file.getvalue())
    yield waiting
    waiting.stores.close()


def test_a_case_is_decided_and_told(signed_in: SignedIn, waiting: Waiting) -> None:
    """By the operator, with a reason; the auditor sees who and why, and that somebody looked at the picture."""
    entry, operator = waiting.put(), signed_in("operator")
    path = f"/console/review/{entry}"
    assert entry[:8] in operator.get("/console/review", params={"key": waiting.key}).text
    seen = operator.post(f"{path}/pictures").text
    assert [True, True] == [word in seen for word in ("data:image/jpeg;base64,", 'points="165,165 340,165')]
    assert httpx2.codes.CONFLICT == operator.post(f"{path}/decide", data={"decision": "approve"}).status_code
    assert 422 == operator.post(f"{path}/decide", data={"decision": "maybe", "reason": WHY}).status_code
    came = operator.post(f"{path}/decide", data={"decision": "approve", "reason": WHY})
    assert (httpx2.codes.SEE_OTHER, path) == (came.status_code, came.headers["location"])
    assert ("decided", "approve", ["case"]) == (
        waiting.case(entry).line.state, waiting.case(entry).line.decision, waiting.told(entry)
    )  # fmt: skip
    assert httpx2.codes.CONFLICT == operator.post(
        f"{path}/decide", data={"decision": "reject", "reason": WHY}
    ).status_code  # fmt: skip
    auditor = signed_in("auditor")
    assert WHY in auditor.get(path).text
    trail = auditor.get("/console/audit").text
    assert [True] * 3 == [action in trail for action in ("cases.see", "pictures.see", "cases.decide")]


def test_who_may_not(signed_in: SignedIn, waiting: Waiting) -> None:
    """The auditor sees cases, and neither pictures nor a way to decide; a case that is not there is nobody's."""
    entry, auditor = waiting.put(), signed_in("auditor")
    shown = auditor.get(f"/console/review/{entry}")
    assert (200, False, False) == (shown.status_code, "/decide" in shown.text, "data:image" in shown.text)
    for way in ("pictures", "hold", "let-go", "decide"):
        assert httpx2.codes.FORBIDDEN == auditor.post(f"/console/review/{entry}/{way}").status_code, way
    operator = signed_in("operator")
    for way in ("pictures", "hold"):
        assert httpx2.codes.NOT_FOUND == operator.post(f"/console/review/nothing/{way}").status_code, way
    assert httpx2.codes.NOT_FOUND == operator.get("/console/review/nothing").status_code


def test_who_works_on_a_case_keeps_others_off(signed_in: SignedIn, waiting: Waiting) -> None:
    """The other one is told who does."""
    entry = waiting.put()
    path = f"/console/review/{entry}"
    operator, admin = signed_in("operator"), signed_in("admin")
    assert httpx2.codes.SEE_OTHER == operator.post(f"{path}/hold").status_code
    assert httpx2.codes.CONFLICT == admin.post(f"{path}/hold").status_code
    assert "/decide" not in admin.get(path).text
    assert httpx2.codes.CONFLICT == admin.post(f"{path}/decide", data={"decision": "reject", "reason": WHY}).status_code
    assert "/console/review" == operator.post(f"{path}/let-go").headers["location"]
    assert "/decide" in admin.get(path).text


@pytest.mark.parametrize(
    ("width", "scheme", "locale"), [(360, "light", "th"), (1280, "light", "en"), (1280, "dark", "zh")]
)
def test_the_pages_for_everybody(desk_page: DeskPage, waiting: Waiting, width: int, scheme: str, locale: str) -> None:
    """From the list to the decision by keyboard: no axe violation, no page wider than the window, nothing said."""
    entry = waiting.put()
    page = desk_page("operator", viewport={"width": width, "height": 800}, color_scheme=scheme, locale=locale)
    said = listened(page)

    def looked_at(name: str) -> None:
        page.wait_for_load_state()
        assert [] == violations(page), name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"review-{name}-{width}-{scheme}.png", full_page=True)

    page.goto("/console/review")
    looked_at("list")
    page.locator(f"a[href$='/review/{entry}']").press("Enter")
    page.wait_for_url(f"**/review/{entry}")
    looked_at("one")
    page.locator("form[action$='/pictures'] button").press("Enter")
    page.locator("figure image").wait_for()
    looked_at("seen")
    page.locator("#reason").fill(WHY)
    page.locator("button[value=reject]").press("Enter")
    page.wait_for_url(f"**/review/{entry}")
    page.wait_for_load_state()
    assert "reject" == waiting.case(entry).line.decision
    assert [] == said
