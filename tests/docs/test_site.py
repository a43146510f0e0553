"""The site is built strictly, whole in itself, and can be read by everybody."""

import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, ConsoleMessage, sync_playwright

from tests.docs.blocks import ROOT

AXE: Final = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
ASKED: Final = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
SEEN: Final = ("", "thresholds/", "vendors/megvii/", "zh/vendors/tencent/", "th/vendors/iapp/", "console/")
"""Pages that are looked at in a browser: one of each kind, one of each language."""

LEAST_BYTES: Final = 15_000
"""A picture of an empty page of this size has 6,000."""

FETCHED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}
"""What a page fetches by itself. Links that a reader may follow are not among it."""


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without a word."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Write nothing."""


class Fetched(HTMLParser):
    """Collects what a page fetches from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.elsewhere: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an address that leads out of the site."""
        place = dict(attrs).get(FETCHED.get(tag, "")) or ""
        if re.match(r"(https?:)?//", place):
            self.elsewhere.append(place)


@pytest.fixture(scope="module")
def site(weights: Path) -> Path:
    """The built site with its pictures; a warning of MkDocs is an error."""
    assert weights.is_dir()
    subprocess.run([sys.executable, "docs/pictures.py"], cwd=ROOT, check=True)
    done = subprocess.run([sys.executable, "docs/site.py"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (0, "", "") == (done.returncode, done.stdout, done.stderr)
    return ROOT / "site"


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """The site, served on the loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    if shutil.which("chromium") is None:
        pytest.skip("chromium is not installed: apt install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield started
        started.close()


def is_trouble(message: ConsoleMessage) -> bool:
    """Whether a page complains; Material asks each language for a sitemap of its own, of which there is one for all."""
    return message.type == "error" and not str(message.location["url"]).endswith("/sitemap.xml")


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    """No page names a script, a style, a font or a picture of another host."""
    for page in site.rglob("*.html"):
        parser = Fetched()
        parser.feed(page.read_text(encoding="utf-8"))
        assert parser.elsewhere == [], page


def test_every_page_of_the_documents_is_in_the_site(site: Path) -> None:
    """What is written can be read: a page for every Markdown file of the folder."""
    for page in (ROOT / "docs").rglob("*.md"):
        name = page.relative_to(ROOT / "docs").with_suffix("").as_posix()
        name, _, language = name.partition(".")
        place = site / language / ("" if name == "index" else name.removesuffix("/index")) / "index.html"
        assert place.exists(), place


def test_the_console_is_shown(site: Path) -> None:
    """Every picture that the page of the console names was taken, and shows more than an empty page."""
    named = re.findall(r"<!-- picture: ([\w-]+) ", (ROOT / "docs" / "console.md").read_text(encoding="utf-8"))
    assert named
    for name in named:
        assert (site / "pictures" / f"{name}.png").stat().st_size > LEAST_BYTES, name


def test_the_reference_has_every_call(site: Path) -> None:
    """Each operation of the OpenAPI document stands in the API reference."""
    from ipse.protocols.native.openapi import document  # noqa: PLC0415 - only this test asks

    text = (site / "api" / "index.html").read_text(encoding="utf-8")
    paths = document("1")["paths"]
    assert paths
    for path, methods in paths.items():
        for method in methods:
            assert f"{method.upper()} {path}" in text


@pytest.mark.parametrize(("place", "word", "title"), [
    ("zh/", "人员库", "只改一行"), ("th/", "ทะเบียน", "เปลี่ยนบรรทัดเดียว"), ("", "strangers", "Which threshold to take"),
])  # fmt: skip
def test_every_language_can_be_searched(address: str, browser: Browser, place: str, word: str, title: str) -> None:
    """A word from the middle of a sentence is found, also in writing without spaces."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(address + place)
    page.click(".md-search__input")
    page.keyboard.type(word)
    page.wait_for_selector(f".md-search-result__item:has-text('{title}')", state="attached")
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_whole_and_legible(address: str, browser: Browser, scheme: str) -> None:
    """No request leaves the site, no script fails, nothing hangs over a phone's edge, and axe finds nothing."""
    context = browser.new_context(color_scheme=scheme, viewport={"width": 360, "height": 800})  # type: ignore[arg-type]  # One of two words.
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    barriers: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if is_trouble(message) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for place in SEEN:
        page.goto(address + place)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), place
        page.evaluate(AXE)
        for broken in page.evaluate("asked => axe.run(document, asked)", ASKED)["violations"]:
            barriers += [
                f"{place}: {broken['id']}: {node['target']} {node['failureSummary']}" for node in broken["nodes"]
            ]
    assert barriers == []
    assert [one for one in asked if not one.startswith((address, "data:", "blob:"))] == []
    assert complaints == []
    context.close()
