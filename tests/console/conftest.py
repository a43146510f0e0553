"""
A real server with a console, somebody of each role, and Chromium.

`desk_server` is warm; `signed_in(role)` gives a client with that role's session and word, `desk_page(role)` a page of a
browser that is signed in.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

import httpx2
import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.api.conftest import Server, running

ROLES: Final = ("admin", "operator", "auditor")
PASSWORD: Final = "seven small green turtles"

SignedIn: TypeAlias = Callable[..., httpx2.Client]
DeskPage: TypeAlias = Callable[..., Page]


@dataclass
class DeskServer:
    """A warm server, and everybody who has an account there."""

    server: Server
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def home(self) -> str:
        """Where the server is."""
        return f"http://localhost:{self.server.port}"

    def client(self) -> httpx2.Client:
        """A client that nobody is signed in with."""
        return httpx2.Client(base_url=self.home, timeout=120)

    def cookie(self, role: str) -> str:
        """The cookie of a session of this role; made on first use."""
        if role not in self.cookies:
            self.cookies[role] = self.enter(role, self.token(role))
        return self.cookies[role]

    def token(self, role: str) -> str:
        """A one-time token: the first user's own, then an administrator's invitation."""
        first = self.server.folder / "console-token"
        if first.exists() and role == "admin":
            return first.read_text(encoding="ascii").strip()
        with closing(self.as_role("admin")) as client:
            made = client.post("/console/users/invite", data={"role": role})
        found = re.search(r"token=([\w.-]+)", made.text)
        assert found is not None, made.text
        return found.group(1)

    def enter(self, name: str, token: str, password: str = PASSWORD) -> str:
        """Use a token; the cookie of the session that begins."""
        with self.client() as client:
            came = client.post(
                "/console/enter", data={"token": token, "name": name, "password": password, "again": password}
            )
            assert came.status_code == httpx2.codes.SEE_OTHER, came.text
            return str(client.cookies["ipse_session"])

    def as_role(self, role: str) -> httpx2.Client:
        """A client with the session of a role; every request brings its word."""
        client = self.client()
        client.cookies.set("ipse_session", self.cookie(role), domain="localhost.local", path="/console")
        shown = client.get("/console/account")
        found = re.search(r'<meta name="csrf" content="([^"]+)"', shown.text)
        assert found is not None, shown.text
        client.headers["X-CSRF"] = found.group(1)
        return client


@pytest.fixture(scope="session")
def desk_server(tmp_path_factory: pytest.TempPathFactory, weights: Path) -> Iterator[DeskServer]:
    """A warm server, and an administrator who entered with the first token."""
    assert weights.is_dir()
    with running(tmp_path_factory.mktemp("desk")) as server:
        server.wait_until_ready()
        yield DeskServer(server)


@pytest.fixture
def signed_in(desk_server: DeskServer) -> Iterator[SignedIn]:
    """Gives clients of a role, `signed_in("auditor")`; they are closed at the end."""
    with ExitStack() as stack:
        yield lambda role="admin": stack.enter_context(closing(desk_server.as_role(role)))


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright, if Chromium is here; its event loop occupies the thread, so that no other module may see it."""
    if shutil.which("chromium") is None:
        pytest.skip("chromium is not installed: apt install chromium")
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One browser for the tests of a module; its camera is Chromium's own test picture."""
    browser = playwright.chromium.launch(
        executable_path=shutil.which("chromium"),
        args=["--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"],
    )
    yield browser
    browser.close()


@pytest.fixture
def desk_page(desk_server: DeskServer, chromium: Browser) -> Iterator[DeskPage]:
    """Gives pages of browsers, `desk_page("admin", locale="th")`; a role of "" is nobody."""
    with ExitStack() as stack:

        def opened(role: str = "admin", **options: Any) -> Page:
            context = chromium.new_context(base_url=desk_server.home, **options)
            stack.callback(context.close)
            if role:
                cookie = desk_server.cookie(role)
                context.add_cookies(
                    [{"name": "ipse_session", "value": cookie, "domain": "localhost", "path": "/console"}]
                )
            return context.new_page()

        yield opened
