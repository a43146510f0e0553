"""The capture page as it is served: every file, its headers, its words; what browsers would refuse is not there."""

import asyncio
import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from starlette.types import Message, Scope

from ipse.capture.page import KINDS, ROOT, Asset, CapturePage
from ipse.protocols.capture.wire import ADVICE

STATIC = Path(__file__).parents[3] / "src" / "ipse" / "capture" / "static"
LANGUAGES = ("en", "th", "zh", "ja", "id")
WORDS: dict[str, dict[str, str]] = {
    name: json.loads((STATIC / "words" / f"{name}.json").read_text(encoding="utf-8")) for name in LANGUAGES
}
NUMBERS = b"\x00asm" + bytes(5000)


class Answer:
    """What came back."""

    def __init__(self, messages: list[Message]) -> None:
        start, *rest = messages
        self.status: int = start["status"]
        self.headers = {name.decode(): value.decode() for name, value in start["headers"]}
        self.body = b"".join(one.get("body", b"") for one in rest)


def asked(page: CapturePage, path: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> Answer | None:
    """The page's answer; `None` where it leaves the request to others."""
    spelt = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    scope: Scope = {"type": "http", "method": method, "path": path, "headers": spelt, "query_string": b""}
    if not page.answers(scope):
        return None
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        messages.append(message)

    asyncio.run(page(scope, receive, send))
    return Answer(messages)


def got(page: CapturePage, path: str, headers: Mapping[str, str] | None = None) -> Answer:
    """The page's answer, which there must be."""
    answer = asked(page, path, headers)
    assert answer is not None
    return answer


@pytest.fixture
def page(tmp_path: Path) -> CapturePage:
    """A page with one network that is here, one that is damaged and one that is not."""
    (tmp_path / "here.wasm").write_bytes(NUMBERS)
    (tmp_path / "damaged.bin").write_bytes(NUMBERS)
    digest = hashlib.sha256(NUMBERS).hexdigest()
    assets = {
        "here.wasm": Asset(tmp_path / "here.wasm", digest),
        "damaged.bin": Asset(tmp_path / "damaged.bin", digest[::-1]),
        "gone.json": Asset(tmp_path / "gone.json", digest),
    }
    return CapturePage(assets, ("https://shop.test", "http://127.0.0.1:8001"))


def test_every_file_of_the_page_is_served(page: CapturePage) -> None:
    """With its media type and byte for byte, but for the place of the networks."""
    served = {path for path in page.names if "/assets/" not in path}
    there = {one.relative_to(STATIC).as_posix() for one in STATIC.rglob("*") if one.suffix in KINDS}
    assert {ROOT if name == "index.html" else f"{ROOT}/{name}" for name in there} == served
    for name in there - {"index.html"}:
        answer = got(page, f"{ROOT}/{name}")
        assert (200, KINDS[Path(name).suffix]) == (answer.status, answer.headers["content-type"])
        assert (STATIC / name).read_bytes() == answer.body


def test_the_policy_is_strict(page: CapturePage) -> None:
    """No code from text but WebAssembly, nothing from elsewhere, frames for those who were named."""
    headers = got(page, ROOT).headers
    policy = dict(one.strip().partition(" ")[::2] for one in headers["content-security-policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self' 'wasm-unsafe-eval'",
        "style-src": "'self'",
        "img-src": "'self' blob: data:",
        "media-src": "'self' blob:",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'self' https://shop.test http://127.0.0.1:8001",
    }


def test_the_page_itself_is_not_kept_and_tells_nobody_where_it_was(page: CapturePage) -> None:
    """The address of the page held a secret."""
    headers = got(page, ROOT).headers
    assert ("no-store", "no-referrer", "nosniff") == (
        headers["cache-control"],
        headers["referrer-policy"],
        headers["x-content-type-options"],
    )
    assert "camera=(self)" in headers["permissions-policy"]


def test_without_embedders_only_our_own_pages_may_frame_it() -> None:
    """That is the default."""
    assert got(CapturePage({}), ROOT).headers["content-security-policy"].endswith("frame-ancestors 'self'")


def test_a_network_is_kept_for_ever_and_its_address_changes_with_it(page: CapturePage, tmp_path: Path) -> None:
    """Another digest, another address."""
    path = next(name for name in page.names if name.endswith("here.wasm"))
    answer = got(page, path)
    assert (200, NUMBERS, "application/wasm") == (answer.status, answer.body, answer.headers["content-type"])
    assert "immutable" in answer.headers["cache-control"]
    other = CapturePage({"here.wasm": Asset(tmp_path / "here.wasm", "0" * 64)})
    assert path not in other.names
    assert f'data-assets="{path.removeprefix("/").removesuffix("here.wasm")}"'.encode() in got(page, ROOT).body


@pytest.mark.parametrize("name", ["damaged.bin", "gone.json"])
def test_a_network_that_is_not_here_whole_is_a_sentence(page: CapturePage, name: str) -> None:
    """With the command that helps, and not kept by the browser."""
    answer = got(page, next(path for path in page.names if path.endswith(name)))
    assert (503, "no-store") == (answer.status, answer.headers["cache-control"])
    assert b"ipse models fetch" in answer.body


def test_what_was_not_fetched_is_there_once_it_is(page: CapturePage, tmp_path: Path) -> None:
    """Without a restart."""
    path = next(name for name in page.names if name.endswith("gone.json"))
    assert got(page, path).status == 503
    (tmp_path / "gone.json").write_bytes(NUMBERS)
    assert got(page, path).status == 200


def test_a_browser_that_takes_gzip_gets_it(page: CapturePage) -> None:
    """And the same bytes come out."""
    answer = got(page, f"{ROOT}/main.js", {"accept-encoding": "gzip, br"})
    assert answer.headers["content-encoding"] == "gzip"
    assert (STATIC / "main.js").read_bytes() == gzip.decompress(answer.body)


def test_a_browser_that_has_a_file_is_told_so(page: CapturePage) -> None:
    """By its tag."""
    tag = got(page, f"{ROOT}/page.css").headers["etag"]
    again = got(page, f"{ROOT}/page.css", {"if-none-match": tag})
    assert (304, b"") == (again.status, again.body)


@pytest.mark.parametrize(
    "path",
    [
        "/capture/session",
        "/capture/result",
        "/captures",
        "/capture/../server.py",
        "/capture/page.py",
        "/",
        "/capture/words",
    ],
)
def test_the_rest_is_left_to_others(page: CapturePage, path: str) -> None:
    """The page's two calls belong to a dialect, and nothing beside the page's files is served."""
    assert asked(page, path) is None


@pytest.mark.parametrize("path", ["/capture/assets/", "/capture/assets/0/here.wasm", "/capture/assets/../page.css"])
def test_there_are_no_other_assets(page: CapturePage, path: str) -> None:
    """An address of another version is gone."""
    assert got(page, path).status == 404


def test_a_stroke_too_many_leads_to_the_page(page: CapturePage) -> None:
    """Relative, so that a proxy's prefix stays."""
    answer = got(page, f"{ROOT}/")
    assert (308, "../capture") == (answer.status, answer.headers["location"])


def test_nothing_is_posted_to_a_file(page: CapturePage) -> None:
    """Files are read only."""
    assert asked(page, ROOT, method="POST") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word(language: str) -> None:
    """The same names, no empty word, the same places to fill in."""
    words, english = WORDS[language], WORDS["en"]
    assert list(english) == list(words)
    assert all(word.strip() for word in words.values())
    for name, word in words.items():
        assert sorted(re.findall(r"\{\w+\}", english[name])) == sorted(re.findall(r"\{\w+\}", word))


def test_every_word_that_the_page_says_exists() -> None:
    """Those in the markup, and those of every advice, action and trouble in the scripts."""
    markup = (STATIC / "index.html").read_text(encoding="utf-8")
    code = {one.stem: one.read_text(encoding="utf-8") for one in STATIC.glob("*.js")}
    said = set(re.findall(r'data-word="(\w+)"', markup))
    advised = re.search(r"export function advice.*?^}", code["guidance"], re.MULTILINE | re.DOTALL)
    assert advised is not None
    said |= {f"advice_{word}" for word in re.findall(r'"(\w+)"', advised[0]) if word != "good"}
    actions = re.findall(r"^  (\w+): \(face, rest\)", code["actions"], re.MULTILINE)
    said |= {f"{kind}_{action}" for kind in ("action", "again") for action in actions}
    said |= {f"hint_{word}" for word in ("several", "no_face", "back", "other_side")}
    troubles = {word for text in code.values() for word in re.findall(r'Trouble\("(\w+)"', text)}
    troubles |= set(re.findall(r'interrupt\("(\w+)"\)', code["main"])) | set(
        re.findall(r'Error: "(\w+)"', code["camera"])
    )
    said |= {f"{word}_{part}" for word in troubles for part in ("title", "text")}
    said |= {f"advised_{word}" for _, word in ADVICE}
    assert len(actions) == 5
    assert said <= set(WORDS["en"])


def test_the_markup_needs_no_exception_of_the_policy() -> None:
    """No script, style or handler within the markup, nothing from elsewhere."""
    markup = (STATIC / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<style|style=|\son\w+=|<script(?![^>]*src=)|https?://", markup) == []


@pytest.mark.parametrize("file", sorted(STATIC.glob("*.*")), ids=lambda file: file.name)
def test_files_are_small(file: Path) -> None:
    """At most 300 lines each."""
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 300
