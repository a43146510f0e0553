"""Who may change what: every POST route of the whole console, asked by each role, on a store of its own."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx2
import pytest
from sqlalchemy import Engine, select
from starlette.types import Receive, Scope, Send

from ipse.console import Console, Route
from ipse.console.bodies import Bodies
from ipse.core.scoring.calibration import Curve, Knot, Provenance
from ipse.core.vocabulary import Recipe
from ipse.desk import open_desk
from ipse.infra.compute import BoundedCompute
from ipse.infra.log import make_log
from ipse.infra.master_key import MasterKey
from ipse.infra.settings import Settings
from ipse.infra.store.database import open_database
from ipse.infra.store.tables import METADATA
from ipse.service.desk.engine import EngineSheet
from ipse.service.desk.health import Here
from ipse.service.desk.roles import RIGHTS, Right, Role
from ipse.service.ports import Vouched
from ipse.stores import Stores, open_stores

CURVE: Final = Curve(
    Recipe("balanced", "float32", "e" * 64, "d" * 64),
    (Knot(-1, 0, 0, 0), Knot(1, -8, -9, -7)),
    1e-6,
    Provenance("set", "people", "2026-01-01", 1, 1, 1, 1),
)
MAY: Final = {
    Role.OPERATOR: {
        *("/try/{operation}", "/people", "/find", "/find/{call}/pictures"),
        *(f"/review/{{entry}}/{what}" for what in ("pictures", "hold", "let-go", "decide")),
        *(f"/webhooks/{which}/replay" for which in ("given-up", "{delivery}")),
    },
    Role.AUDITOR: {"/find", "/audit/check"},
}
"""The forms of each role; an administrator has all. Source: what `ipse.service.desk.roles` says in words."""

HOME: Final = "https://ipse.test"


async def nobody_answers(scope: Scope, receive: Receive, send: Send) -> None:
    """A dialect that answers nothing: whoever may not try must not get this far."""
    raise AssertionError(scope["path"], receive, send)


@dataclass
class Desk:
    """The console as servers compose it, and somebody of each role."""

    console: Console
    stores: Stores
    database: Engine
    cookies: dict[Role, str]

    def ask(self, route: Route, role: Role | None) -> httpx2.Response:
        """What the console answers to a form of this role, with the word of their session."""
        path = route.path.format_map(Anything())
        cookie = "" if role is None else self.cookies[role]

        async def asked() -> httpx2.Response:
            async with httpx2.AsyncClient(transport=httpx2.ASGITransport(self.console), base_url=HOME) as client:
                if cookie:
                    client.cookies.set("__Secure-ipse_session", cookie)
                word = self.stores.sessions.word(cookie)
                return await client.post(f"/console{path}", data={"csrf": word, "role": "admin"})

        return asyncio.run(asked())

    def kept(self) -> dict[str, list[str]]:
        """Every row of every table."""
        with self.database.connect() as connection:
            return {one.name: sorted(map(str, connection.execute(select(one)))) for one in METADATA.sorted_tables}


class Anything(dict[str, str]):
    """Some word for every part of a path."""

    def __missing__(self, key: str) -> str:
        """The same for all."""
        return "7"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk with an administrator, an operator and an auditor."""
    with composed(Settings(data_dir=tmp_path_factory.mktemp("desk"))) as found:
        yield found


@contextmanager
def composed(settings: Settings) -> Iterator[Desk]:
    """A desk as these settings say."""
    log = make_log("error", "json")
    stores = open_stores(settings, MasterKey(bytes(32)), log)
    compute = BoundedCompute(1, 1)
    sheet = EngineSheet({}, (), CURVE, (), "")
    here = Here("here", 0.0, lambda: 0, lambda: 0)
    console = open_desk(settings, stores, sheet, here, nobody_answers, compute, log, Bodies())
    database = open_database(settings.database)
    yield Desk(console, stores, database, asyncio.run(_cookies(stores)))
    database.dispose()
    compute.close()
    stores.close()


async def _cookies(stores: Stores) -> dict[Role, str]:
    """A session of each role."""
    cookies = {role: secrets.token_urlsafe(32) for role in Role}
    now = 4_000_000_000.0  # So that sessions are far from their end.
    for role, cookie in cookies.items():
        user = await stores.accounts.vouched(Vouched(role.value, role.value, role), now)
        assert user is not None
        await stores.sessions.begin(cookie, user.id, now)
    return cookies


def posts(desk: Desk) -> list[Route]:
    """Every route that changes something and asks for a right."""
    return [one for page in desk.console.pages for one in page.routes if one.method == "POST" and one.right is not None]


@pytest.mark.parametrize("role", list(Role))
def test_no_role_changes_anything_without_the_right(desk: Desk, role: Role) -> None:
    """With the right word of their own session, each form that is not theirs is refused, and no row is another."""
    before = desk.kept()
    refused = {one.path: desk.ask(one, role).status_code for one in posts(desk) if one.right not in RIGHTS[role]}
    assert [] == [path for path, status in refused.items() if status != 403]
    assert before == desk.kept()
    theirs = {one.path for one in posts(desk)} - set(refused)
    assert theirs == MAY.get(role, theirs | set(refused))


def test_nobody_tries_anything_where_it_is_switched_off(tmp_path: Path) -> None:
    """Without the page there is no form of it either, for no role, and no key of the console; the others are there."""
    with composed(Settings(data_dir=tmp_path, console_try=False)) as found:
        routes = posts(found)
        trying = Route("POST", "/try/{operation}", routes[0].answer, Right.TRY)
        assert {404} == {found.ask(trying, role).status_code for role in Role}
        assert [] == found.kept()["keys"]
    assert "/people" in {one.path for one in routes}
    assert "/try/{operation}" not in {one.path for one in routes}


def test_nobody_changes_anything_but_at_the_entrance(desk: Desk) -> None:
    """Whoever is not signed in is sent to the sign-in from every form; only the entrance's own are open."""
    before = desk.kept()
    sent = {one.path: desk.ask(one, None).headers.get("location") for one in posts(desk)}
    assert {"/console/sign-in"} == set(sent.values())
    assert before == desk.kept()
    open_ones = {one.path for page in desk.console.pages for one in page.routes if one.right is None}
    entrance = {
        "/",
        "/sign-in",
        "/sign-out",
        "/sign-out-everywhere",
        "/enter",
        "/account",
        "/elsewhere",
        "/elsewhere/back",
    }
    assert entrance == open_ones


def test_the_right_opens_the_form(desk: Desk) -> None:
    """What the others are refused for is the right: an administrator's same form is looked at."""
    answered = {one.path: desk.ask(one, Role.ADMIN).status_code for one in posts(desk)}
    assert [] == [path for path, status in answered.items() if status in {401, 403} or status >= 500]
