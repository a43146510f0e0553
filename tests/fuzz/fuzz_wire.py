"""
Fuzz every dialect at once: `python tests/fuzz/fuzz_wire.py COUNT [SEED]`, with `demo` on PYTHONPATH.

Good calls of all dialects are spoilt and sent to the whole application: real store, real networks, real decoders, only
the socket is left out. The oracle: the answer is never a fault of ours (no status 500, no vendor's word for it, no
`fault` in the log, no traceback), every call of a known caller stands in the ledger, and memory does not grow.
"""

import asyncio
import json
import random
import resource
import secrets
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import calls
import cards
import PIL.Image
from mutate import Sent, sent, spoilt
from starlette.types import ASGIApp, Message

from ipse.composition import compose, open_stores
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

ADDRESS = "http://ipse.test"
MOST_GROWTH = 0.05
"""How much resident memory may grow after the first fifth. Source: ours; allocators keep a few per cent for good."""

SMALL_PX = 160
SIGNED_AGAIN = 0.7
FAULT_WORDS = (b"INTERNAL_ERROR", b'"InternalError', b"Traceback", b'"status_code":500', b"internal server error")


@dataclass
class Journal:
    """What the application logged about itself, counted."""

    faults: list[str] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)

    def info(self, event: str, **facts: object) -> None:
        """Forget it."""

    def warning(self, event: str, **facts: object) -> None:
        """Forget it."""

    def error(self, event: str, **facts: object) -> None:
        """Keep where it was."""
        self.faults.append(json.dumps({"event": event, **{name: str(value) for name, value in facts.items()}}))

    def answered(self, dialect: str, operation: str, outcome: str, *_rest: object) -> None:
        """Count it."""
        self.outcomes[f"{dialect} {operation} {outcome}"] += 1


@dataclass(frozen=True)
class World:
    """The application, and good calls to spoil."""

    app: ASGIApp
    journal: Journal
    good: tuple[Callable[[], Sent], ...]
    tencent_key: dict[str, str]
    close: Callable[[], None]


def small(path: Path) -> bytes:
    """Give a sample portrait so small that an examination is cheap."""
    picture = PIL.Image.open(path).convert("RGB")
    picture.thumbnail((SMALL_PX * 3, SMALL_PX * 3))
    file = BytesIO()
    picture.save(file, "JPEG", quality=80)
    return file.getvalue()


def good_calls(keys: dict[str, dict[str, str]], samples: dict[str, bytes]) -> tuple[Callable[[], Sent], ...]:
    """Give makers of one good call of each operation."""
    one, other = samples["obama"], samples["obama2"]
    drawn = cards.card(samples["obama"])
    card, held = cards.as_jpeg(drawn[::2, ::2].copy()), cards.held_up(other, drawn)
    made = (
        lambda: calls.faceid_verify(ADDRESS, keys["faceid"], one, other),
        lambda: calls.faceid_verify_token(ADDRESS, keys["faceid"], secrets.token_urlsafe(32), other),
        lambda: calls.faceid_verify_person(ADDRESS, keys["faceid"], one, "A", "110101199003077512"),
        lambda: calls.faceid_detect(ADDRESS, keys["faceid"], one),
        lambda: calls.iapp_face_and_card(ADDRESS, keys["iapp"], card, other),
        lambda: calls.linkface_handheld(ADDRESS, keys["linkface"], held),
        lambda: calls.linkface_upload(ADDRESS, keys["linkface"], one),
        lambda: calls.linkface_handheld_kept(ADDRESS, keys["linkface"], secrets.token_hex(16)),
        lambda: calls.tencent_apply(ADDRESS, keys["tencent"], card),
        lambda: calls.tencent_result(ADDRESS, keys["tencent"], "b76914c0-e1ca-4c36-aede-b64e418d2319"),
        lambda: calls.native_compare(ADDRESS, keys["native"], one, other),
    )
    return tuple((lambda make=make: sent(make())) for make in made)


def open_world(folder: Path) -> World:
    """Give the whole application over a fresh data folder."""
    settings: Settings = read_settings(data_dir=folder, tencent_without_reader="reject")
    master_key, journal = MasterKey(secrets.token_bytes(32)), Journal()
    stores = open_stores(settings, master_key)
    desk = Keys(open_database(settings.database), master_key)
    keys: dict[str, dict[str, str]] = {}
    for name in DIALECTS:
        made = desk.create(name, "fuzz", now_s=int(time.time()), permissions=frozenset({"kyc"}))
        keys[name] = {"key": made.key, "secret": made.secret or ""}
    engine = open_engine(settings)
    engine.warm_up()
    curve = load_curve(settings, engine.examiner.recipe)
    compute = BoundedCompute(thread_count(settings), settings.max_in_flight)
    surroundings = Surroundings(
        access=Access(stores.callers, compute, SystemClock()),
        clock=SystemClock(),
        entropy=secrets.token_bytes,
        stopwatch=RequestStopwatch,
        log=journal,
        metrics=journal,
    )
    dialects = compose(settings, engine, curve, stores)
    app = asgi_app(dialects.vendors, dialects.native, surroundings, settings.hosts)
    samples = {path.stem: small(path) for path in (settings.weights_dir / "samples").glob("obama*.jpg")}
    return World(app, journal, good_calls(keys, samples), keys["tencent"], stores.close)


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


def next_request(world: World, chance: random.Random) -> Sent:
    """Give a spoilt request; Tencent's is often signed again, so that more than its signature is tried."""
    request = spoilt(chance.choice(world.good)(), chance)
    if request.header("x-tc-action") and chance.random() < SIGNED_AGAIN:
        try:
            asked = json.loads(request.body)
        except ValueError:
            return request
        again = sent(calls.tencent(ADDRESS, world.tencent_key, request.header("x-tc-action"), asked))
        return replace(again, path=request.path)
    return request


def rss_mb() -> float:
    """Give the resident memory now, in megabytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * resource.getpagesize() / 1e6


async def run(world: World, count: int, seed: int) -> list[str]:
    """Give what went wrong over so many requests."""
    chance, wrong, early_mb = random.Random(seed), [], 0.0  # noqa: S311 - mutations, no secrets
    began = time.monotonic()
    for number in range(1, count + 1):
        request = next_request(world, chance)
        before = len(world.journal.faults)
        status, body = await answer(world.app, request)
        bad = [word.decode() for word in FAULT_WORDS if word in body]
        if status in {0, 500} or bad or len(world.journal.faults) > before:
            wrong.append(f"request {number} of seed {seed}: {request.method} {request.path[:80]} -> {status} {bad}")
            wrong += world.journal.faults[before:]
        if number == count // 5:
            early_mb = rss_mb()
        if number % 2000 == 0:
            print(f"{number}: {rss_mb():.0f} MB, {number / (time.monotonic() - began):.0f}/s", flush=True)
    growth = rss_mb() / early_mb - 1
    print(f"memory after the first fifth: {100 * growth:+.1f} %")
    if growth > MOST_GROWTH:
        wrong.append(f"memory grew by {100 * growth:.1f} %")
    return wrong


def main() -> None:
    """Fuzz, and end with 1 if anything was a fault of ours."""
    count = int(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else secrets.randbelow(2**31)
    with tempfile.TemporaryDirectory() as folder:
        world = open_world(Path(folder) / "data")
        wrong = asyncio.run(run(world, count, seed))
        world.close()
    for outcome, times in sorted(world.journal.outcomes.items()):
        print(f"{times:7} {outcome}")
    print(f"seed {seed}: {len(wrong)} things went wrong in {count} requests")
    print("\n".join(wrong[:40]))
    sys.exit(int(bool(wrong)))


if __name__ == "__main__":
    main()
