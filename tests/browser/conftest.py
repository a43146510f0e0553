"""A real server, real browsers, and people composed from a sample portrait."""

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeAlias

import httpx2
import pytest
from playwright.sync_api import Page, Playwright, Route, sync_playwright

from ipse.capture import CaptureClient, OpenCapture
from tests.api.conftest import Server, running, said
from tests.browser.cast import Films, make_films

Form: TypeAlias = dict[str, bytes]


class Shop(ThreadingHTTPServer):
    """An integrator's own web server, with one page."""

    page = b""

    @property
    def origin(self) -> str:
        """Where it is."""
        return f"http://localhost:{self.server_port}"


class ShopWindow(BaseHTTPRequestHandler):
    """Shows the page of a shop."""

    def do_GET(self) -> None:
        """Give the page, whatever is asked for."""
        assert isinstance(self.server, Shop)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.server.page)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Write nothing."""


@dataclass
class Desk:
    """An integrator's back end: opens captures and reads what became of them."""

    server: Server
    shop: Shop
    client: CaptureClient

    @property
    def home(self) -> str:
        """Where the server is."""
        return f"http://localhost:{self.server.port}"

    def open(self, **asked: Any) -> OpenCapture:
        """A new capture."""
        return self.client.open(**asked)

    def judgements(self, capture: str) -> dict[str, dict[str, Any]]:
        """What was judged about a capture."""
        judged: dict[str, dict[str, Any]] = self.client.result(capture)["judgements"]
        return judged

    def submit(self, token: str, form: Form) -> httpx2.Response:
        """Send a capture's form as the page does."""
        files = {name: (f"{name}.jpg", content) for name, content in form.items() if name != "delta"}
        with self.server.client() as client:
            return client.post(
                "/capture/result",
                headers={"Authorization": f"Bearer {token}"},
                data={"delta": form["delta"].decode()},
                files=files,
            )


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright, if both browsers are here; its event loop occupies the thread, so that no other module may see it."""
    for browser in ("chromium", "firefox-esr"):
        if shutil.which(browser) is None:
            pytest.skip(f"{browser} is not installed: apt install {browser}")
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Films:
    """The films of one sample portrait."""
    return make_films(tmp_path_factory.mktemp("films"), (samples / "obama.jpg").read_bytes())


@pytest.fixture(scope="session")
def shop() -> Iterator[Shop]:
    """An integrator's web server on the loopback."""
    with Shop(("localhost", 0), ShopWindow) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory, weights: Path, shop: Shop) -> Iterator[Desk]:
    """A warm server, and an integrator whose cameras are films: hints of injection only inform."""
    assert weights.is_dir()
    folder = tmp_path_factory.mktemp("captures")
    with running(folder, IPSE_CAPTURE_EMBED_ORIGINS=shop.origin, IPSE_LIVENESS="start") as server:
        server.wait_until_ready()
        key = said(folder, "keys", "create", "--dialect", "native", "--name", "shop", "--liveness", "injection=inform")
        with httpx2.Client(timeout=60) as http:
            yield Desk(server, shop, CaptureClient(f"http://localhost:{server.port}", key["key"], http))


def until(page: Page, *steps: str, within_s: float = 150) -> str:
    """The first of these steps that the page comes to."""
    page.wait_for_function(
        "steps => steps.includes(document.querySelector('main').dataset.step)",
        arg=list(steps),
        timeout=within_s * 1000,
    )
    return str(page.evaluate("document.querySelector('main').dataset.step"))


def begin(page: Page, opened: OpenCapture) -> None:
    """Open the page of a capture and agree."""
    page.goto(opened.page)
    until(page, "welcome", within_s=30)
    page.click("#start")


def form_of(route: Route) -> Form:
    """The fields of the multipart form that a page is about to send."""
    body = route.request.post_data_buffer
    assert body is not None
    kind = route.request.headers["content-type"]
    whole = BytesParser().parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    parts = [part for part in whole.walk() if part.get_content_disposition() == "form-data"]
    return {
        str(part.get_param("name", header="content-disposition")): bytes(part.get_payload(decode=True) or b"")
        for part in parts
    }


@pytest.fixture
def held() -> Callable[[Page], list[Form]]:
    """Keeps back what a page sends: the test sends it on, or something else in its place."""

    def hold(page: Page) -> list[Form]:
        kept: list[Form] = []

        def keep(route: Route) -> None:
            kept.append(form_of(route))
            route.abort()

        page.route("**/capture/result", keep)
        return kept

    return hold
