"""The edge itself: reading, cutting off, charging, logging, closing; driven by ASGI messages."""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.wire.world import World

URLENCODED = b"application/x-www-form-urlencoded"
GOOD_START = b"api_key=good&api_secret=s3cret&comparison_type=0&face_image_type=raw_image"


@dataclass
class Wire:
    """One connection: what the client sends, piece by piece, and what it got."""

    pieces: Iterable[bytes]
    headers: tuple[tuple[bytes, bytes], ...] = ()
    after: str = "silence"
    path: str = "/faceid/v2/verify"
    sent: list[dict[str, Any]] = field(default_factory=list)
    asked: int = 0

    async def receive(self) -> dict[str, Any]:
        """The next piece; after the last one the end, silence, or a hang-up."""
        self.asked += 1
        for piece in self.pieces:
            return {"type": "http.request", "body": piece, "more_body": True}
        if self.after == "silence":
            await asyncio.get_running_loop().create_future()
        if self.after == "hang-up":
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(self, message: dict[str, Any]) -> None:
        """Keep the message, and how often the client had been asked by then."""
        self.sent.append({**message, "asked": self.asked})

    def run(self, world: "World") -> Any:
        """Make the call; give the application that answered."""
        self.pieces = iter(self.pieces)
        scope = {
            "type": "http",
            "method": "POST",
            "path": self.path,
            "query_string": b"secret=1",
            "headers": [(b"content-type", URLENCODED), *self.headers],
        }
        app: Any = world.app()
        asyncio.run(app(scope, self.receive, self.send))
        return app

    @property
    def status(self) -> int:
        """The status of the answer."""
        return int(self.sent[0]["status"])

    @property
    def body(self) -> bytes:
        """The body of the answer."""
        return b"".join(message["body"] for message in self.sent[1:])

    @property
    def answer_headers(self) -> dict[bytes, bytes]:
        """The headers of the answer."""
        return dict(self.sent[0]["headers"])


def test_a_body_in_many_pieces_is_the_same_body(world: "World") -> None:
    """Bytes that come one by one get the answer of the whole."""
    wire = Wire([bytes([octet]) for octet in GOOD_START], after="end")
    wire.run(world)
    assert (400, "MISSING_ARGUMENTS: uuid") == (wire.status, json.loads(wire.body)["error_message"])


def test_a_declared_length_over_the_limit_is_answered_unread(world: "World") -> None:
    """With a Content-Length over 2 MB the answer is complete before a byte is asked for; then the line is closed."""
    wire = Wire([], headers=((b"content-length", b"2097153"),), after="end")
    wire.run(world)
    assert (413, b"Request Entity Too Large") == (wire.status, wire.body)
    assert [0, 0] == [message["asked"] for message in wire.sent[:2]]
    assert b"close" == wire.answer_headers[b"connection"]
    assert b"24" == wire.answer_headers[b"content-length"]


@pytest.mark.parametrize("path", ["/v1/compare", "/capture/result", "/face-verify-id2"])
@pytest.mark.parametrize("size", [(b"content-length", b"10000000"), (b"transfer-encoding", b"chunked")])
def test_nothing_of_a_strangers_body_is_read(world: "World", path: str, size: tuple[bytes, bytes]) -> None:
    """Where the head holds the credential, whoever brings none is answered before a byte is asked for."""
    wire = Wire((b"a" * 65536 for _ in range(100)), headers=(size,), after="end", path=path)
    wire.run(world)
    assert 401 == wire.status
    assert [0, 0] == [message["asked"] for message in wire.sent[:2]]
    assert b"close" == wire.answer_headers[b"connection"]


@pytest.mark.parametrize("declared", [b"2097152", b"", b"-1", b"x", "²".encode("latin-1")])
def test_other_declared_lengths_are_read(world: "World", declared: bytes) -> None:
    """A length within the limit, or none that can be read, is no reason to refuse."""
    wire = Wire([GOOD_START], headers=((b"content-length", declared),), after="end")
    wire.run(world)
    assert 400 == wire.status


def test_a_length_with_thousands_of_digits_is_too_large(world: "World") -> None:
    """The number is not computed, only found too large."""
    wire = Wire([], headers=((b"content-length", b"9" * 5000),), after="end")
    wire.run(world)
    assert 413 == wire.status


def test_a_streamed_body_is_counted(world: "World") -> None:
    """Without a length the body is refused as soon as it passes the limit; 100 MB are not kept, and not all read."""
    wire = Wire((b"a" * 65536 for _ in range(1600)), after="end")
    wire.run(world)
    assert 413 == wire.status
    assert 33 == wire.sent[0]["asked"]


def test_the_rest_of_a_refused_body_is_thrown_away(world: "World") -> None:
    """The answer is sent whole, the rest is read for a while so that the client can read the answer, then it ends."""
    wire = Wire((b"a" * 65536 for _ in range(100)), after="end")
    wire.run(world)
    assert [True, False] == [message["more_body"] for message in wire.sent[1:]]
    assert b"Request Entity Too Large" == wire.sent[1]["body"]
    assert 101 == wire.sent[2]["asked"]


def test_a_body_that_stalls_is_cut_off(world: "World") -> None:
    """Silence in the middle is a body that never came whole, and the line is closed."""
    wire = Wire([b"api_key=good"])
    wire.run(world)
    assert (400, "MISSING_ARGUMENTS: api_key") == (wire.status, json.loads(wire.body)["error_message"])
    assert b"close" == wire.answer_headers[b"connection"]


def test_a_body_that_drips_is_cut_off(world: "World") -> None:
    """A byte now and then keeps the line open no longer than the whole body may take."""

    class Dripping(Wire):
        async def receive(self) -> dict[str, Any]:
            await asyncio.sleep(0.02)
            return {"type": "http.request", "body": b"a", "more_body": True}

    wire = Dripping([])
    wire.run(world)
    assert (400, b"close") == (wire.status, wire.answer_headers[b"connection"])


def test_a_client_that_hangs_up_gets_nothing(world: "World") -> None:
    """Hanging up in the middle is logged and nothing else."""
    wire = Wire([b"api_key=good"], after="hang-up")
    wire.run(world)
    assert [] == wire.sent
    assert [("faceid", "verify", "disconnected", 0)] == world.journal.counted


def test_a_client_that_hangs_up_before_the_answer_is_no_fault(world: "World") -> None:
    """A line that breaks while the answer is written is logged as what it is."""

    class Breaking(Wire):
        async def send(self, message: dict[str, Any]) -> None:
            raise BrokenPipeError(message["type"])

    Breaking([GOOD_START], after="end").run(world)
    assert [("faceid", "verify", "disconnected", 0)] == world.journal.counted


def test_all_bodies_together_are_bounded(world: "World") -> None:
    """When the bodies of all requests would take more than allowed, the next is refused, and room comes back."""
    world.bodies_bytes = 10
    wire = Wire([GOOD_START[:8], GOOD_START[8:]], after="end")
    app = wire.run(world)
    assert "CONCURRENCY_LIMIT_EXCEEDED" == json.loads(wire.body)["error_message"]
    assert 0 == app.held.count


def test_an_answered_body_is_let_go(world: "World") -> None:
    """After an answer no body byte is held, nor after a hang-up."""
    assert 0 == Wire([GOOD_START], after="end").run(world).held.count
    assert 0 == Wire([GOOD_START], after="hang-up").run(world).held.count


@pytest.mark.parametrize(
    ("case", "spent"),
    [
        ({}, 1),
        ({"drop": ["uuid"]}, 1),
        ({"pictures": {"image": "nobody"}}, 1),
        ({"pictures": {"image": "fault"}}, 0),
        ({"room": "full"}, 0),
    ],
    ids=["answered", "argument missing", "no face", "our fault", "busy"],
)
def test_what_is_charged(world: "World", case: dict[str, Any], spent: int) -> None:
    """A call that came to nothing by our doing is given back; a caller's mistake is not."""
    if case.get("room") == "full":
        world.compute.free = 0
    world.send({**case, "key": "test"})
    assert {"test": spent} == world.callers.spent


def test_a_fault_is_logged_without_its_message(world: "World") -> None:
    """The log has the correlation id, the kind and the place of a fault, and nothing that the fault says."""
    world.send({"pictures": {"image": "fault"}})
    (event, facts), _ = world.journal.lines
    assert ("fault", "RuntimeError") == (event, facts["error"])
    assert "71eeb124-08f0-47b3-8fc8-ac048cfa1372" == facts["request"]
    assert "examine" in str(facts["where"])
    assert "on fire" not in str(world.journal.lines)


def test_the_log_holds_nothing_of_the_caller(world: "World") -> None:
    """Neither key, secret, uuid nor query string reaches a log line."""
    world.send({"set": {"uuid": "someone"}, "path": "/faceid/v2/verify?api_secret=hidden"})
    text = str(world.journal.lines)
    assert all(word not in text for word in ("good", "s3cret", "someone", "hidden"))


def test_stages_are_told(world: "World") -> None:
    """`Server-Timing` names each stage and the total, with milliseconds; there is no header of ours besides."""
    response = world.send({})
    assert "body;dur=1.0, decode;dur=2.0, total;dur=673.0" == response.headers["server-timing"]
    assert not [name for name in response.headers if name.startswith("x-")]


def test_a_host_chooses_its_dialect(world: "World") -> None:
    """A host that is set belongs to its dialect whatever the path; the port does not matter, nor does the case."""
    world.hosts = {"api.megvii.com": "faceid"}
    for host in ("api.megvii.com", "API.megvii.com:8443"):
        response = world.send({"path": "/v1/nothing", "send_headers": {"host": host}})
        assert '{"error_message": "API_NOT_FOUND"}' == response.text


def test_an_unknown_dialect_for_a_host_is_found_at_start(world: "World") -> None:
    """A host that is given to a dialect that does not exist stops the start."""
    world.hosts = {"api.example.com": "faceld"}
    with pytest.raises(KeyError):
        world.app()


def test_all_pictures_are_examined_side_by_side(world: "World") -> None:
    """The probe and its three references are in work at the same time; one alone would wait for ever."""
    meeting = asyncio.Barrier(4)
    alone = world.compute.run

    async def run(work: Any) -> Any:
        # The headers are read first, by one piece of work for all pictures.
        if reading_headers:
            reading_headers.pop()
            return await alone(work)
        async with asyncio.timeout(5):
            await meeting.wait()
        return await alone(work)

    reading_headers = ["once"]
    world.compute.run = run  # type: ignore[method-assign] # the same seats, but they meet
    response = world.send({"pictures": {"image_ref2": "anna", "image_ref3": "anna"}})
    assert ["result_ref1", "result_ref2", "result_ref3"] == [name for name in response.json() if "ref" in name]


def test_a_known_callers_refused_body_stands_in_the_ledger(world: "World") -> None:
    """Where the head holds the key, a call whose body is too large can be found, and costs nothing."""
    wire = Wire(
        [], after="end", headers=((b"apikey", b"good"), (b"content-length", b"99999999")), path="/face-verify-id2"
    )
    wire.run(world)
    entries = [one.entry for one in world.callers.ledger]
    assert [("body_too_large", 413, 0, False)] == [
        (one.outcome, one.status, one.billed, one.counted) for one in entries
    ]
