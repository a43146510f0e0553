"""
Take the pictures of the console that the site shows, from a server of their own; `make site` does so.

They show sample portraits and specimen cards only, and are never committed; without them the site shows their captions.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import httpx2
from playwright.sync_api import Page, ViewportSize, sync_playwright

ROOT: Final = Path(__file__).resolve().parents[1]
PICTURES: Final = ROOT / "build" / "pictures"
IPSE: Final = str(Path(sys.executable).with_name("ipse"))
READY_S: Final = 240
DESKTOP: Final[ViewportSize] = {"width": 1180, "height": 760}
PHONE: Final[ViewportSize] = {"width": 390, "height": 800}
PASSWORD: Final = "seven small green turtles"  # noqa: S105 - of a server that lives for a minute


def main() -> None:
    """Start a server, enter, visit every page, and leave its pictures in `build/pictures`."""
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(base_url=home, viewport=DESKTOP, locale="en")
        page.set_default_timeout(120_000)
        enter(page, (Path(folder) / "console-token").read_text("ascii").strip())
        for name, way in WAYS.items():
            page.set_viewport_size(PHONE if name.endswith("-phone") else DESKTOP)
            way(page)
            page.screenshot(path=PICTURES / f"{name}.png")
        browser.close()


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """A warm server on a data folder of its own; its address."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    machine = dict(os.environ)  # noqa: TID251 - handed on to our own server
    kept = {name: word for name, word in machine.items() if not name.startswith("IPSE_") or name == "IPSE_WEIGHTS_DIR"}
    quiet = {"IPSE_DATA_DIR": str(folder), "IPSE_LOG_LEVEL": "error"}
    command = [IPSE, "serve", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(command, env={**kept, **quiet}, stdout=subprocess.DEVNULL)  # noqa: S603 - our own server
    try:
        home = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + READY_S
        while not (_answers(f"{home}/readyz") and (folder / "console-token").exists()):
            if server.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("the server whose pictures are taken did not start")
            time.sleep(0.1)
        yield home
    finally:
        server.terminate()
        server.wait(READY_S)


def _answers(address: str) -> bool:
    """Whether there is a good answer."""
    try:
        return httpx2.get(address).status_code == httpx2.codes.OK
    except httpx2.TransportError:
        return False


def enter(page: Page, token: str) -> None:
    """Become the first user by the one-time token."""
    page.goto(f"/console/enter?token={token}")
    page.fill("[name=name]", "ann")
    for field in ("password", "again"):
        page.fill(f"[name={field}]", PASSWORD)
    page.click("main form button")
    page.wait_for_load_state()


def visit(address: str) -> Callable[[Page], None]:
    """The way to a page that is there by itself."""

    def go(page: Page) -> None:
        page.goto(address)

    return go


def tried(trial: str) -> Callable[[Page], None]:
    """The way to the result of a trial with its samples."""

    def go(page: Page) -> None:
        page.goto("/console/try")
        page.click(f"form[action$='/try/{trial}'] button")
        page.wait_for_selector("#verdict")
        scroll(page, "#verdict")

    return go


def scroll(page: Page, place: str) -> None:
    """Bring a place to the top, with some air above it."""
    page.evaluate("place => document.querySelector(place).scrollIntoView()", place)
    page.evaluate("window.scrollBy(0, -48)")


def below(address: str, place: str) -> Callable[[Page], None]:
    """The way to a place further down a page."""

    def go(page: Page) -> None:
        page.goto(address)
        scroll(page, place)

    return go


def keyed(page: Page) -> None:
    """Make a key; its secret is shown once."""
    page.goto("/console/keys/new?dialect=faceid")
    page.fill("main [name=name]", "shop")
    page.click("main form button:not(.quiet)")
    page.wait_for_load_state()


WAYS: Final[dict[str, Callable[[Page], None]]] = {
    "home": visit("/console"),
    "try": visit("/console/try"),
    "compare": tried("native.compare"),
    "holder": tried("native.holder"),
    "card": tried("native.documents"),
    "card-phone": tried("native.documents"),
    "key": keyed,
    "keys": visit("/console/keys"),
    "usage": visit("/console/usage"),
    "find": visit("/console/find?all=on"),
    "review": visit("/console/review"),
    "engine": below("/console/engine", "main svg"),
    "health": visit("/console/health"),
    "audit": visit("/console/audit"),
}
"""Every picture's name, and how one comes to what it shows."""


if __name__ == "__main__":
    main()
