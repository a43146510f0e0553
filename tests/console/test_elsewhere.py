"""Signing in with an organisation's own provider: a real one, in a process of its own."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest
from playwright.sync_api import Browser

from tests.api.conftest import Server, running

SETTINGS: Final[dict[str, Any]] = {
    "IPSE_OIDC_CLIENT_ID": "ipse-console",
    "IPSE_OIDC_CLIENT_SECRET": "a secret/with + signs",
    "IPSE_OIDC_ROLES": "ipse-admins=admin,clerks=operator,revision=auditor",
    "IPSE_LIVENESS": "off",
}
NEVER_BELIEVED: Final = {
    "forged": "BadSignatureError",
    "stale": "ExpiredTokenError",
    "replayed": "InvalidClaimError",
    "misdirected": "InvalidClaimError",
    "impostor": "somebody else",
}
"""People whose tokens are wrong in one thing, and what the log says of it."""

READY_WITHIN_S: Final = 30


def free_port() -> int:
    """A port that nobody has now."""
    with socket.create_server(("localhost", 0)) as one:
        return int(one.getsockname()[1])


@dataclass
class World:
    """A server, and the provider that it believes."""

    server: Server
    issuer: str

    @property
    def home(self) -> str:
        """Where the server is."""
        return f"http://localhost:{self.server.port}"

    def sign_in(self, who: str, spoil: Callable[[str], str] = str) -> tuple[httpx2.Client, httpx2.Response]:
        """A client that went there and came back as somebody, and what it was answered."""
        client = httpx2.Client(timeout=60)
        away = client.get(f"{self.home}/console/elsewhere")
        asked = client.get(f"{away.headers['location']}&login_as={who}")
        return client, client.get(spoil(asked.headers["location"]))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, weights: Path) -> Iterator[World]:
    """A warm server and its provider."""
    assert weights.is_dir()
    here, there = free_port(), free_port()
    back = f"http://localhost:{here}/console/elsewhere/back"
    program = [sys.executable, str(Path(__file__).with_name("provider.py")), str(there), back]
    provider = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    issuer = f"http://localhost:{there}"
    try:
        _wait_for(issuer)
        folder = tmp_path_factory.mktemp("elsewhere")
        with running(folder, "--port", str(here), IPSE_OIDC_ISSUER=issuer, **SETTINGS) as server:
            server.wait_until_ready()
            yield World(server, issuer)
    finally:
        provider.terminate()
        provider.wait(30)


def _wait_for(address: str) -> None:
    """Return once somebody answers there."""
    deadline = time.monotonic() + READY_WITHIN_S
    while True:
        try:
            httpx2.get(f"{address}/.well-known/openid-configuration")
        except httpx2.TransportError:
            assert time.monotonic() < deadline
        else:
            return


@pytest.mark.parametrize(("who", "role"), [("ada", "administrator"), ("oscar", "operator")])
def test_groups_there_are_roles_here(world: World, who: str, role: str) -> None:
    """Whoever is in several groups has the role with the most rights."""
    client, came = world.sign_in(who)
    shown = client.get(f"{world.home}/console/account").text
    client.close()
    assert (httpx2.codes.OK, True, True) == (came.status_code, f"<dd>{role}</dd>" in shown, f"<dd>{who}</dd>" in shown)


def test_whoever_comes_again_is_the_same(world: World) -> None:
    """A second sign-in makes no second account."""
    for _ in range(2):
        client, _ = world.sign_in("ada")
        everybody = client.get(f"{world.home}/console/users").text
        client.close()
    assert 1 == len(re.findall(r'<th scope="row">ada', everybody))


def test_no_group_no_entry(world: World) -> None:
    """Somebody whom the provider knows, but whose groups have no role, stays outside."""
    client, came = world.sign_in("visitor")
    client.close()
    assert (httpx2.codes.UNPROCESSABLE_CONTENT, True) == (came.status_code, "none of your groups" in came.text)
    assert "ipse_session" not in client.cookies


@pytest.mark.parametrize(("who", "why"), NEVER_BELIEVED.items())
def test_a_token_that_is_wrong_in_one_thing_is_not_believed(world: World, who: str, why: str) -> None:
    """Another's signature, an older time, nonce or audience, or another person's groups let nobody in."""
    before = len(world.server.logged("sign-in elsewhere failed"))
    client, came = world.sign_in(who)
    client.close()
    assert httpx2.codes.UNPROCESSABLE_CONTENT == came.status_code
    assert "ipse_session" not in client.cookies
    with world.server.news:  # The log is read by a thread, which may come later than the answer.
        told = world.server.news.wait_for(
            lambda: world.server.logged("sign-in elsewhere failed")[before:], READY_WITHIN_S
        )
    assert [True] == [why in one["why"] for one in told]


def _with_state(address: str) -> str:
    """The same answer for another browser's question."""
    parts = urlsplit(address)
    asked = {name: words[0] for name, words in parse_qs(parts.query).items()}
    return parts._replace(query=urlencode({**asked, "state": "another"})).geturl()


def test_an_answer_to_another_question_is_refused(world: World) -> None:
    """Nobody can be signed in as somebody else by a link: the state is the browser's own."""
    client, came = world.sign_in("ada", _with_state)
    client.close()
    assert httpx2.codes.UNPROCESSABLE_CONTENT == came.status_code


def test_a_code_is_worth_nothing_without_the_browser_that_asked(world: World) -> None:
    """Whoever catches the answer on the way lacks the sealed note, and with it the verifier."""
    with httpx2.Client(timeout=60) as client:
        away = client.get(f"{world.home}/console/elsewhere")
        caught = client.get(f"{away.headers['location']}&login_as=ada").headers["location"]
    with httpx2.Client(timeout=60) as thief:
        came = thief.get(caught)
    assert httpx2.codes.UNPROCESSABLE_CONTENT == came.status_code


@pytest.mark.timeout(120)
def test_a_browser_goes_there_and_comes_back(world: World, chromium: Browser) -> None:
    """The strict cookie is there on the first page after the way back, and no policy is broken."""
    said: list[str] = []
    context = chromium.new_context()
    page = context.new_page()
    page.on("console", lambda message: said.append(f"{message.location['url']}: {message.text}"))
    page.goto(f"{world.home}/console")
    page.click("text=Sign in with your organisation")
    page.click("text=oscar")
    page.wait_for_url(f"{world.home}/console")
    heading = page.inner_text("h1")
    context.close()
    ours = [one for one in said if one.startswith(world.home)]
    assert ("Good to see you, oscar", []) == (unescape(heading), ours)
