"""
The whole application inside this process: real store, real networks, real decoders; only the socket is left out.

Used by the wire fuzzer and by the measurement of what the dialects cost.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

import httpx2
import PIL.Image
from demo import calls, cards
from starlette.types import ASGIApp, Message

from ipse.composition import compose
from ipse.engine import load_curve, open_engine, thread_count
from ipse.infra.compute import BoundedCompute
from ipse.infra.master_key import MasterKey
from ipse.infra.settings import Settings, read_settings
from ipse.infra.store.database import open_database
from ipse.infra.store.keys import DIALECTS, Keys
from ipse.infra.telemetry import RequestStopwatch, SystemClock
from ipse.protocols.dialect import asgi_app
from ipse.protocols.surroundings import Surroundings
from ipse.service.access import Access
from ipse.service.ports import Compute, Log, Metrics
from ipse.stores import open_stores

ADDRESS = "http://ipse.test"
SMALL_PX = 480


class Journal(Log, Metrics, Protocol):
    """Whoever takes log lines and counts."""


@dataclass(frozen=True)
class Sent:
    """A request as it is sent, without a host."""

    method: str
    path: str
    query: bytes
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)

    def header(self, name: str) -> str:
        """Give a header, empty when it is not there."""
        return next((value for key, value in self.headers if key == name), "")

    def with_header(self, name: str, value: str | None) -> "Sent":
        """Give the request with this header instead of its like."""
        kept = tuple(one for one in self.headers if one[0] != name)
        return replace(self, headers=kept if value is None else (*kept, (name, value)))


def sent(request: httpx2.Request) -> Sent:
    """Give a client's request as it is sent."""
    headers = tuple(
        (name.lower(), value) for name, value in request.headers.items() if name.lower() != "content-length"
    )
    return Sent(request.method, request.url.path, request.url.query, headers, request.read())


@dataclass(frozen=True)
class Inside:
    """The application, good calls to spoil, and the small portraits that they send."""

    app: ASGIApp
    keys: dict[str, dict[str, str]]
    good: dict[str, Callable[[], Sent]]
    samples: dict[str, bytes]
    close: Callable[[], None]


def small(path: Path) -> bytes:
    """Give a sample portrait so small that an examination is cheap."""
    picture = PIL.Image.open(path).convert("RGB")
    picture.thumbnail((SMALL_PX, SMALL_PX))
    file = BytesIO()
    picture.save(file, "JPEG", quality=80)
    return file.getvalue()


def good_calls(keys: dict[str, dict[str, str]], samples: dict[str, bytes]) -> dict[str, Callable[[], Sent]]:
    """Give makers of one good call of each operation."""
    one, other = samples["obama"], samples["obama2"]
    drawn = cards.card(samples["obama"])
    card, held = cards.as_jpeg(drawn[::2, ::2].copy()), cards.held_up(other, drawn)
    made = {
        "faceid verify": lambda: calls.faceid_verify(ADDRESS, keys["faceid"], one, other),
        "faceid verify token": lambda: calls.faceid_verify_token(
            ADDRESS, keys["faceid"], secrets.token_urlsafe(32), other
        ),
        "faceid verify person": lambda: calls.faceid_verify_person(
            ADDRESS, keys["faceid"], one, "A", "110101199003077512"
        ),
        "faceid detect": lambda: calls.faceid_detect(ADDRESS, keys["faceid"], one),
        "iapp face_and_card": lambda: calls.iapp_face_and_card(ADDRESS, keys["iapp"], card, other),
        "linkface handheld": lambda: calls.linkface_handheld(ADDRESS, keys["linkface"], held),
        "linkface upload": lambda: calls.linkface_upload(ADDRESS, keys["linkface"], one),
        "linkface handheld kept": lambda: calls.linkface_handheld_kept(
            ADDRESS, keys["linkface"], secrets.token_hex(16)
        ),
        "tencent apply": lambda: calls.tencent_apply(ADDRESS, keys["tencent"], card),
        "tencent result": lambda: calls.tencent_result(
            ADDRESS, keys["tencent"], "b76914c0-e1ca-4c36-aede-b64e418d2319"
        ),
        "native compare": lambda: calls.native_compare(ADDRESS, keys["native"], one, other),
    }
    return {name: partial(_made, make) for name, make in made.items()}


def _made(make: Callable[[], httpx2.Request]) -> Sent:
    """Give a new request as it is sent."""
    return sent(make())


def open_inside(folder: Path, journal: Journal, compute: Compute | None = None) -> Inside:
    """Give the whole application over a fresh data folder, with keys for all dialects."""
    settings: Settings = read_settings(data_dir=folder, tencent_without_reader="reject")
    master_key = MasterKey(secrets.token_bytes(32))
    stores = open_stores(settings, master_key)
    desk = Keys(open_database(settings.database), master_key)
    keys: dict[str, dict[str, str]] = {}
    for name in DIALECTS:
        made = desk.create(name, "fuzz", now_s=int(time.time()), permissions=frozenset({"kyc"}))
        keys[name] = {"key": made.key, "secret": made.secret or ""}
    engine = open_engine(settings)
    engine.warm_up()
    curve = load_curve(settings, engine.examiner.recipe)
    room = compute or BoundedCompute(thread_count(settings), settings.max_in_flight)
    surroundings = Surroundings(
        access=Access(stores.callers, room, SystemClock()),
        clock=SystemClock(),
        entropy=secrets.token_bytes,
        stopwatch=RequestStopwatch,
        log=journal,
        metrics=journal,
    )
    dialects = compose(settings, engine, curve, stores, None, journal)
    app = asgi_app(dialects.vendors, dialects.native, surroundings, settings.hosts)
    samples = {path.stem: small(path) for path in (settings.weights_dir / "samples").glob("obama*.jpg")}
    return Inside(app, keys, good_calls(keys, samples), samples, stores.close)


async def answer(app: ASGIApp, request: Sent) -> tuple[int, bytes]:
    """Give status and body of the answer to a request that comes in two pieces."""
    headers = [(name.encode("utf-8", "replace"), value.encode("utf-8", "replace")) for name, value in request.headers]
    scope: dict[str, Any] = {"type": "http", "method": request.method, "path": request.path, "headers": headers}
    scope |= {"query_string": request.query, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2), "scheme": "http"}
    half = len(request.body) // 2
    waiting: list[Message] = [
        {"type": "http.request", "body": request.body[:half], "more_body": True},
        {"type": "http.request", "body": request.body[half:], "more_body": False},
    ]
    got: list[Message] = []

    async def receive() -> Message:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        got.append(message)

    await app(scope, receive, send)
    status = next((one["status"] for one in got if one["type"] == "http.response.start"), 0)
    return status, b"".join(one.get("body", b"") for one in got)
