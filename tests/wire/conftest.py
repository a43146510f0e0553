"""
A small world for the wire: pictures that say what is on them, keys in every state, and a clock that stands still.

Pictures are real PNG files of 8 x 8 pixels in one shade of red; the decoder is the real one, only the networks are
replaced by what that shade stands for.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

import numpy as np
import PIL.Image
import pytest
from httpx2 import Response
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from ipse.core.faces.examine import Examination, FaceFinding, Wish
from ipse.core.images import Limits, decode
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Box, Face, Pixels, Quality, Recipe, Stages, Template
from ipse.protocols import faceid, native
from ipse.protocols.dialect import Patience, Surroundings, asgi_app
from ipse.service.access import Access
from ipse.service.ports import KeyRecord, Receipt, Seat, Standing
from ipse.service.verify_faces import VerifyFaces

Result = TypeVar("Result")

RECIPE = Recipe("fast", "float32", "e" * 64, "d" * 64)
NOW = 1461740007.25
CALL = UUID("71eeb124-08f0-47b3-8fc8-ac048cfa1372")


@dataclass(frozen=True)
class Scene:
    """What is on a picture: qualities of its faces, largest first, which way up, and the largest one's likeness."""

    qualities: tuple[float, ...] = (50.0,)
    cosine: float = 1.0
    turned_deg: int = 0
    breaks: bool = False


SCENES: Mapping[str, Scene] = {
    "anna": Scene(),
    "anna at 1e-3": Scene(cosine=0.375),
    "anna at 1e-4": Scene(cosine=0.5),
    "anna at 1e-5": Scene(cosine=0.625),
    "anna at 1e-6": Scene(cosine=0.75),
    "stranger": Scene(cosine=0.0),
    "nobody": Scene(qualities=()),
    "two people": Scene(qualities=(50.0, 20.0)),
    "quality 30.05": Scene(qualities=(30.05,)),
    "quality 29.9996": Scene(qualities=(29.9996,)),
    "poor and small good": Scene(qualities=(12.3456, 80.0)),
    "lying": Scene(turned_deg=90),
    "fault": Scene(breaks=True),
}


def png(number: int, width_px: int = 8, height_px: int = 8) -> bytes:
    """A PNG file of one colour."""
    file = BytesIO()
    PIL.Image.new("RGB", (width_px, height_px), (number, 0, 0)).save(file, "PNG")
    return file.getvalue()


def pictures() -> dict[str, bytes]:
    """Every picture by its name: the scenes, and what is no picture or not a whole one."""
    files = {name: png(number) for number, name in enumerate(SCENES)}
    noise = PIL.Image.fromarray(np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8))
    file = BytesIO()
    noise.save(file, "PNG")
    return {
        **files,
        "no picture": b"this is a letter",
        "half a picture": file.getvalue()[:6000],
        "4097 wide": png(0, 4097, 1),
        "4096 wide": png(0, 4096, 1),
        "4097 high": png(0, 1, 4097),
        "nothing": b"",
    }


class ScriptedExaminer:
    """Decodes for real, then believes the shade; any other picture shows nobody."""

    def examine(self, data: bytes | Pixels, wish: Wish, limits: Limits, stages: Stages) -> Examination:
        """What the scene says."""
        assert isinstance(data, bytes)
        with stages.stage("decode"):
            image = decode(data, limits)
        number = int(image.pixels[0, 0, 0]) if (image.format, *image.pixels.shape) == ("png", 8, 8, 3) else -1
        scene = list(SCENES.values())[number] if 0 <= number < len(SCENES) else Scene(qualities=())
        if scene.breaks:
            raise RuntimeError("the network is on fire")
        visible = scene.qualities if wish.search_orientation or scene.turned_deg == 0 else ()
        judged = {"none": 0, "subject": 1, "all": len(visible)}[wish.quality]
        qualities = [Quality(unified, {}) if index < judged else None for index, unified in enumerate(visible)]
        # The larger face comes last, as a detector may order them; its box reaches out of the picture.
        faces = [_face(index, image.width_px, image.height_px, quality) for index, quality in enumerate(qualities)]
        vector = np.array([scene.cosine, np.sqrt(1 - scene.cosine**2)], np.float32)
        return Examination(
            width_px=image.width_px,
            height_px=image.height_px,
            digest=image.digest,
            format=image.format,
            faces=tuple(reversed(faces)),
            subject=len(faces) - 1 if faces else None,
            orientation_deg=90 if faces and scene.turned_deg else 0,
            template=Template(vector, RECIPE) if faces and wish.template else None,
            quality=qualities[0] if faces else None,
        )


def _face(index: int, width_px: int, height_px: int, quality: Quality | None) -> FaceFinding:
    """The largest face reaches out at the left and top; the next is a small one inside."""
    box = Box(-1, -2, width_px / 2, height_px / 2) if index == 0 else Box(5, 5, 6, 7)
    return FaceFinding(Face(box, np.zeros((5, 2), np.float32), 0.9), quality)


class ScriptedRates:
    """Eight decades of false match rate for a cosine from 0 to 1."""

    def false_match_rate(self, similarity: float) -> float:
        """1 at 0, 1e-8 at 1."""
        return min(1.0, 10 ** (-8 * similarity))


class InMemoryCallers:
    """Keys in a mapping, and what they were charged."""

    def __init__(self, records: tuple[KeyRecord, ...]) -> None:
        self.records = {record.key: record for record in records}
        self.spent: dict[str, int] = {}
        self.billed: dict[str, int] = {}
        self.hits: dict[str, int] = {}
        self.under_way: dict[str, int] = {}
        self.ledger: list[Receipt] = []

    async def find(self, dialect: str, key: str) -> KeyRecord | None:
        """The record, if its dialect fits."""
        record = self.records.get(key)
        return record if record and record.dialect == dialect else None

    async def hit(self, record: KeyRecord) -> Standing | None:
        """One call more; the rate's first number is the limit of a window that never ends."""
        if record.rate is None:
            return None
        limit = int(record.rate.partition("/")[0])
        self.hits[record.key] = self.hits.get(record.key, 0) + 1
        return Standing(limit, max(limit - self.hits[record.key], 0), 1.0, self.hits[record.key] > limit)

    async def take_room(self, record: KeyRecord, call: UUID, now: float) -> Reason | None:
        """Room, unless quota, credit or seats are spent."""
        del call, now
        spent = self.spent.get(record.key, 0)
        if record.test_quota is not None and spent >= record.test_quota:
            return Reason.QUOTA_SPENT
        if record.credit is not None and self.billed.get(record.key, 0) >= record.credit:
            return Reason.CREDIT_SPENT
        if record.concurrency is not None and self.under_way.get(record.key, 0) >= record.concurrency:
            return Reason.CONCURRENCY_EXCEEDED
        self.spent[record.key] = spent + 1
        return None

    async def settle(self, record: KeyRecord, receipt: Receipt) -> None:
        """Write it down; what does not count is given back."""
        self.ledger.append(receipt)
        self.billed[record.key] = self.billed.get(record.key, 0) + receipt.entry.billed
        if not receipt.entry.counted and receipt.entry.outcome in {"busy", "internal", "data_source_failed"}:
            self.spent[record.key] -= 1


class InMemoryCompute:
    """Seats that work on the spot."""

    def __init__(self, seats: int) -> None:
        self.free = seats

    @asynccontextmanager
    async def admit(self) -> AsyncIterator[Seat]:
        """A seat, if one is free."""
        if self.free == 0:
            raise Refusal(Reason.BUSY)
        self.free -= 1
        try:
            yield self
        finally:
            self.free += 1

    async def run(self, work: Callable[[], Result]) -> Result:
        """The result, at once."""
        return work()


class StandingClock:
    """Always the same moment, 673 ms after the first question."""

    def __init__(self) -> None:
        self.asked = 0

    def now(self) -> float:
        """The moment of the page's sample."""
        return NOW

    def monotonic(self) -> float:
        """0, then 0.673 for ever."""
        self.asked += 1
        return 0.0 if self.asked == 1 else 0.673


class StandingStopwatch:
    """Counts stages, and says a millisecond each."""

    def __init__(self) -> None:
        self.stages: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """A millisecond more."""
        self.stages[name] = self.stages.get(name, 0.0) + 1
        yield

    def spent_ms(self) -> Mapping[str, float]:
        """Milliseconds by stage."""
        return self.stages


@dataclass
class Journal:
    """Log and metrics in memory."""

    lines: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    counted: list[tuple[str, str, str, int]] = field(default_factory=list)

    def info(self, event: str, **facts: object) -> None:
        """Keep it."""
        self.lines.append((event, facts))

    def error(self, event: str, **facts: object) -> None:
        """Keep it."""
        self.lines.append((event, facts))

    def answered(
        self,
        dialect: str,
        operation: str,
        outcome: str,
        status: int,
        elapsed_ms: float,
        stages_ms: Mapping[str, float],
    ) -> None:
        """Keep it."""
        del elapsed_ms, stages_ms
        self.counted.append((dialect, operation, outcome, status))


KEYS = (
    KeyRecord("good", "faceid", "s3cret"),
    KeyRecord("kyc", "faceid", "s3cret", kyc=True),
    KeyRecord("disabled", "faceid", "s3cret", disabled=True),
    KeyRecord("expired", "faceid", "s3cret", expires_at=NOW),
    KeyRecord("last day", "faceid", "s3cret", expires_at=NOW + 1),
    KeyRecord("narrow", "faceid", "s3cret", operations=frozenset({"detect"})),
    KeyRecord("spent", "faceid", "s3cret", test_quota=0),
    KeyRecord("test", "faceid", "s3cret", test_quota=1),
    KeyRecord("elsewhere", "linkface", "s3cret"),
)


@dataclass
class World:
    """Everything behind the wire, and the application in front of it."""

    callers: InMemoryCallers = field(default_factory=lambda: InMemoryCallers(KEYS))
    compute: InMemoryCompute = field(default_factory=lambda: InMemoryCompute(4))
    journal: Journal = field(default_factory=Journal)
    pictures: dict[str, bytes] = field(default_factory=pictures)
    patience: Patience = field(default_factory=lambda: Patience(stall_s=0.05, whole_s=0.2, linger_s=0.05))
    bodies_bytes: int = 16 * 1_048_576
    hosts: Mapping[str, str] = field(default_factory=dict)

    def app(self) -> ASGIApp:
        """The application; each request gets a clock of its own."""
        verify = VerifyFaces(ScriptedExaminer(), ScriptedRates())
        clock = StandingClock()

        def entropy(count: int) -> bytes:
            clock.asked = 0
            return CALL.bytes[:count]

        surroundings = Surroundings(
            access=Access(self.callers, self.compute, clock),
            clock=clock,
            entropy=entropy,
            stopwatch=StandingStopwatch,
            log=self.journal,
            metrics=self.journal,
            patience=self.patience,
            bodies_bytes=self.bodies_bytes,
        )
        return asgi_app((faceid.dialect(verify),), native.dialect(), surroundings, self.hosts)

    def send(self, case: Mapping[str, Any]) -> Response:
        """The answer to a vector's request: a good verify call, changed as the vector says."""
        kind, body = self._body(case)
        client = TestClient(self.app(), raise_server_exceptions=True)
        headers = {"content-type": kind, **case.get("send_headers", {})}
        return client.request(case.get("method", "POST"), case.get("path", PATH), content=body, headers=headers)

    def _body(self, case: Mapping[str, Any]) -> tuple[str, bytes]:
        """The content type and bytes of a vector's request."""
        if "raw_times" in case:
            piece, times = case["raw_times"]
            return case["content_type"], str(piece).encode() * times
        if "raw" in case:
            return case.get("content_type", f"multipart/form-data; boundary={BOUNDARY}"), case["raw"].encode()
        fields: dict[str, str | bytes] = {**GOOD, **dict.fromkeys(("image_ref1", "image"), self.pictures["anna"])}
        fields |= {"api_key": case["key"]} if "key" in case else {}
        fields |= case.get("set", {})
        fields |= {name: bytes.fromhex(octets) for name, octets in case.get("octets", {}).items()}
        fields |= {name: self.pictures[picture] for name, picture in case.get("pictures", {}).items()}
        fields |= {name: b"\0" * count for name, count in case.get("zeros", {}).items()}
        kept = {name: value for name, value in fields.items() if name not in case.get("drop", [])}
        pairs = [*((name, value) for name, value in case.get("first", [])), *kept.items()]
        if case.get("encoding") == "urlencoded":
            return "application/x-www-form-urlencoded", urlencode(pairs).encode()
        style = STYLES[case.get("encoding", "curl")]
        parts = b"".join(style(name, value) for name, value in pairs)
        return f"multipart/form-data; boundary={BOUNDARY}", parts + f"--{BOUNDARY}--\r\n".encode()


PATH = "/faceid/v2/verify"
BOUNDARY = "------------------------d74496d66958873e"
GOOD: Mapping[str, str | bytes] = {
    "api_key": "good",
    "api_secret": "s3cret",
    "comparison_type": "0",
    "face_image_type": "raw_image",
    "uuid": "u-1",
}


def curl_part(name: str, value: str | bytes) -> bytes:
    """A part as curl writes it: files with a name and a guessed type, texts bare."""
    if isinstance(value, str):
        return _part(f'form-data; name="{name}"', "", value.encode())
    return _part(f'form-data; name="{name}"; filename="{name}.jpg"', "Content-Type: image/jpeg\r\n", value)


def okhttp_part(name: str, value: str | bytes) -> bytes:
    """A part as okhttp writes it: lengths everywhere, and files that call themselves multipart/form-data."""
    content = value.encode() if isinstance(value, str) else value
    length = f"Content-Length: {len(content)}\r\n"
    if isinstance(value, str):
        return _part(f'form-data; name="{name}"', length, content)
    kind = "Content-Type: multipart/form-data\r\n"
    return _part(f'form-data; name="{name}"; filename="{name}"', kind + length, content)


def bare_part(name: str, value: str | bytes) -> bytes:
    """A part as careless PHP writes it: a file's bytes as a plain field, without a file name."""
    return _part(f'form-data; name="{name}"', "", value.encode() if isinstance(value, str) else value)


def _part(disposition: str, headers: str, content: bytes) -> bytes:
    """One part with its opening boundary."""
    return f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n{headers}\r\n".encode() + content + b"\r\n"


STYLES = {"curl": curl_part, "okhttp": okhttp_part, "bare": bare_part}


@pytest.fixture
def world() -> World:
    """A fresh world."""
    return World()
