"""The desk: who may change what, from where, and what every answer says to the browser."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from ipse.console import Answer, Asked, Console, Page, Route, Visitor, Went
from ipse.console.bodies import FORM, Bodies, Room
from ipse.console.page import Cookie
from ipse.infra.log import make_log
from ipse.service.desk.roles import Right, Role

WORD = "the visitor's word"


class Doors:
    """An administrator and an auditor are signed in."""

    def __init__(self) -> None:
        self.sent: set[tuple[str, str]] = set()

    async def visitor(self, cookie: str) -> Visitor | None:
        """Give whose cookie it is."""
        return Visitor("1", cookie, Role(cookie), WORD) if cookie in set(Role) else None

    async def is_first(self, visitor: Visitor, word: str) -> bool:
        """Give whether it is new."""
        known, self.sent = self.sent, self.sent | {(visitor.name, word)}
        return known != self.sent


async def _change(asked: Asked) -> Answer:
    """Change something."""
    return Went(
        f"/sign-in?by={'' if asked.visitor is None else asked.visitor.name}", (Cookie("ipse_session", "x", 60),)
    )


async def _note(asked: Asked) -> Answer:
    """Say which note the browser brought back."""
    return Went(f"/noted?{asked.cookie('ipse_elsewhere')}")


PAGE = Page(
    "sign_in",
    (
        Route("POST", "/change", _change, Right.CHANGE_KEYS),
        Route("POST", "/open", _change, None),
        Route("POST", "/note", _note, None),
    ),
)


def ask(path: str, role: str, home: str = "http://localhost", origin: str = "", **options: Any) -> httpx2.Response:
    """What the desk answers."""
    console = Console((PAGE,), Doors(), make_log("error", "json"), origin)

    async def asked() -> httpx2.Response:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(console), base_url=home) as client:
            if role:
                client.cookies.set(options.pop("cookie", "ipse_session"), role)
            return await client.post(f"/console{path}", **options)

    return asyncio.run(asked())


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"data": {"csrf": WORD}}, 303),
        ({"headers": {"X-CSRF": WORD}}, 303),
        ({}, 403),
        ({"data": {"csrf": "another word"}}, 403),
        ({"data": {"csrf": WORD}, "headers": {"Sec-Fetch-Site": "cross-site"}}, 403),
        ({"data": {"csrf": WORD}, "headers": {"Sec-Fetch-Site": "same-site"}}, 403),
        ({"data": {"csrf": WORD}, "headers": {"Origin": "https://evil.example"}}, 403),
        ({"data": {"csrf": WORD}, "headers": {"Origin": "http://localhost"}}, 303),
        ({"data": {"csrf": WORD}, "headers": {"Origin": "null"}}, 403),
    ],
)
def test_only_our_own_forms_change_anything(options: dict[str, Any], status: int) -> None:
    """A request that changes something brings the visitor's word, and does not come from elsewhere."""
    assert status == ask("/change", "admin", **options).status_code


def test_nobody_can_be_signed_in_by_another_site() -> None:
    """Forms that are open to everybody are not open to other sites' pages either."""
    tried = [ask("/open", "", headers=sent).status_code for sent in ({}, {"Origin": "https://evil.example"})]
    assert [303, 403] == tried


def test_a_role_without_the_right_changes_nothing() -> None:
    """The right word in the wrong hands is refused, and nobody at all is sent to the sign-in."""
    auditor = ask("/change", "auditor", data={"csrf": WORD})
    nobody = ask("/change", "", data={"csrf": WORD})
    assert (403, 303, "/console/sign-in") == (auditor.status_code, nobody.status_code, nobody.headers["location"])


@pytest.mark.parametrize(
    ("home", "origin", "is_secure"),
    [("http://localhost", "", False), ("https://ipse.test", "", True), ("http://inside", "https://ipse.test", True)],
)
def test_cookies_are_for_the_console_and_for_no_script(home: str, origin: str, *, is_secure: bool) -> None:
    """The session's cookie is HttpOnly, strict, for the console's path, and secure wherever the browser sees https."""
    sent = ask("/open", "", home, origin).headers["set-cookie"].split("; ")
    assert {"HttpOnly", "SameSite=strict", "Path=/console"} <= set(sent)
    assert is_secure == ("Secure" in sent)
    assert is_secure == sent[0].startswith("__Secure-")


def test_over_https_only_cookies_of_https_count() -> None:
    """Whoever can write a cookie over http is nobody over https; the browser is told to stay with https."""
    names = ("ipse_session", "__Secure-ipse_session")
    answers = [ask("/change", "admin", "https://ipse.test", data={"csrf": WORD}, cookie=name) for name in names]
    assert ["/console/sign-in", "/console/sign-in?by=admin"] == [one.headers["location"] for one in answers]
    assert {"max-age=31536000; includeSubDomains"} == {one.headers["strict-transport-security"] for one in answers}


def test_every_answer_forbids_what_we_never_do() -> None:
    """Redirects and refusals too: no scripts but ours, no frames, no guessing of kinds, nothing stored."""
    answers = [ask("/open", ""), ask("/change", "auditor"), ask("/nowhere", "")]
    wanted = ("content-security-policy", "x-content-type-options", "referrer-policy", "permissions-policy")
    assert [] == [one.url.path for one in answers if any(name not in one.headers for name in wanted)]
    assert {"no-store"} == {one.headers["cache-control"] for one in answers}
    assert all("frame-ancestors 'none'" in one.headers["content-security-policy"] for one in answers)
    assert all("unsafe" not in one.headers["content-security-policy"] for one in answers)


@pytest.mark.parametrize(("home", "name"), [("http://localhost", ""), ("https://ipse.test", "__Secure-")])
def test_pages_read_cookies_by_their_plain_names(home: str, name: str) -> None:
    """What somebody takes along to sign in elsewhere comes back over https too."""
    answer = ask("/note", "sealed", home, cookie=f"{name}ipse_elsewhere")
    assert "/console/noted?sealed" == answer.headers["location"]


def test_a_form_that_shows_a_secret_is_taken_once() -> None:
    """Whoever reloads its answer is told that nothing was done again; a new form, or none of these, is done."""
    console = Console((PAGE,), Doors(), make_log("error", "json"))

    async def asked(*words: str) -> list[int]:
        transport, home = httpx2.ASGITransport(console), "http://localhost"
        async with httpx2.AsyncClient(transport=transport, base_url=home, cookies={"ipse_session": "admin"}) as client:
            forms = [{"csrf": WORD, **({"once": word} if word else {})} for word in words]
            return [(await client.post("/console/change", data=form)).status_code for form in forms]

    assert [303, 409, 303, 409, 303, 303] == asyncio.run(asked("first", "first", "second", "first", "", ""))


def test_strangers_send_forms_and_nothing_larger() -> None:
    """Routes that are open to everybody take 64 KiB; whoever has a right may send pictures."""
    large = {"x": "y" * FORM.body_bytes}
    answers = [ask("/open", "", data=large), ask("/change", "admin", data={"csrf": WORD, **large})]
    assert [413, 303] == [one.status_code for one in answers]
    assert "close" == answers[0].headers["connection"]


def test_all_strangers_together_hold_no_more_than_their_room() -> None:
    """What one has begun to send leaves no room for another, until it is over."""
    form = {"x": "y" * 600}

    async def statuses() -> list[int]:
        begun, rest = asyncio.Event(), asyncio.Event()
        async with client_of(Bodies(forms=Room(FORM, 1000, 60))) as client:
            slow = asyncio.create_task(client.post("/console/open", content=slowly(begun, rest)))
            await begun.wait()
            refused = await client.post("/console/open", data=form)
            rest.set()
            answers = (refused, await slow, await client.post("/console/open", data=form))
        return [one.status_code for one in answers]

    assert [503, 303, 303] == asyncio.run(statuses())


def test_who_falls_silent_is_cut_off() -> None:
    """A form that does not arrive in its time is refused, and leaves nothing behind."""
    room = Room(FORM, 1000, 0)

    async def status() -> int:
        async with client_of(Bodies(forms=room)) as client:
            answer = await client.post("/console/open", content=slowly(asyncio.Event(), asyncio.Event()))
        return answer.status_code

    assert (400, 0) == (asyncio.run(status()), room.held_bytes)


def client_of(bodies: Bodies) -> httpx2.AsyncClient:
    """Somebody who asks a console that reads so much."""
    console = Console((PAGE,), Doors(), make_log("error", "json"), bodies=bodies)
    sent = {"Content-Type": "application/x-www-form-urlencoded"}
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(console), base_url="http://localhost", headers=sent)


async def slowly(begun: asyncio.Event, rest: asyncio.Event) -> AsyncIterator[bytes]:
    """The first part of a form, and its end once there is time."""
    yield b"x=" + b"y" * 600
    begun.set()
    await rest.wait()
