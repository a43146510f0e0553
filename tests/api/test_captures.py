"""A capture on a real server: opened, done as the page does it, told to a webhook, asked for and compared."""

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import httpx2
import PIL.Image
import pytest

from ipse.capture import check_webhook, pack_flash, sign_bundle

if TYPE_CHECKING:
    from tests.api.conftest import Server

Tell: TypeAlias = Callable[..., Any]

TOLD_WITHIN_S = 30


@dataclass
class Receiver:
    """An integrator's webhook: the first answer is a fault of theirs, as integrators have them."""

    port: int = 0
    told: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)
    news: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A webhook on the loopback."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        """Takes whatever is posted."""

        def do_POST(self) -> None:
            """Keep it."""
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.told.append((dict(self.headers), body))
            self.send_response(204)
            self.end_headers()
            receiver.news.release()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # As in the base.
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield receiver
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def server(start: Callable[..., "Server"]) -> "Server":
    """A server of its own that may tell the loopback."""
    server = start(IPSE_WEBHOOK_ALLOW="127.0.0.0/8")
    server.wait_until_ready()
    return server


def owner(server: "Server", tell: Tell, *words: str) -> httpx2.Client:
    """A client with a native key of its own."""
    key = tell(server.folder, "keys", "create", "--dialect", "native", "--name", "test", *words)["key"]
    client = server.client()
    client.headers["authorization"] = f"Bearer {key}"
    return client


def done(server: "Server", token: str, picture: bytes) -> httpx2.Response:
    """What the page of a token is answered when it has captured this picture, whatever it was asked to do."""
    page = {"authorization": f"Bearer {token}"}
    with server.client() as client:
        session = client.get("/capture/session", headers=page).json()
        names = ["image_best", "image_env", *(f"image_action{at + 1}" for at in range(len(session["actions"])))]
        images = dict.fromkeys(names, picture)
        files: dict[str, bytes | str] = {**images, "delta": sign_bundle(session, images, actions=session["actions"])}
        if session["colours"]:
            times = [600.0 * at for at in range(len(session["colours"]))]
            small = reduced(picture)
            frames = {"image_best": small, **{f"flash{at + 1}": small for at in range(len(times))}}
            late = [time + 450 for time in times]
            files["meglive_flash_result"] = pack_flash(session, frames, shown_ms=times, taken_ms=late)
        return client.post("/capture/result", headers=page, files=files)


def reduced(picture: bytes) -> bytes:
    """A picture as wide as the frames of a flash run are."""
    file = BytesIO()
    with PIL.Image.open(BytesIO(picture)) as opened:
        opened.resize((320, round(opened.height * 320 / opened.width))).save(file, "JPEG")
    return file.getvalue()


def test_a_capture_is_done_told_and_compared(server: "Server", tell: Tell, samples: Path, receiver: Receiver) -> None:
    """The webhook is told what the owner is answered, signed; a second result is refused, and no picture is kept."""
    picture, other = ((samples / name).read_bytes() for name in ("obama.jpg", "obama2.jpg"))
    with owner(server, tell) as client:
        asked = {"actions": 0, "webhook": f"http://127.0.0.1:{receiver.port}/told", "uuid": "order-17"}
        opened = client.post("/v1/captures", json=asked).json()
        assert "waiting" == client.get(f"/v1/captures/{opened['capture']}").json()["status"]
        answer = done(server, opened["token"], picture)
        assert (200, "passed") == (answer.status_code, answer.json()["status"])
        assert 409 == done_again(server, opened["token"])

        standing = client.get(f"/v1/captures/{opened['capture']}").json()
        assert standing["status"] in {"passed", "warned"}
        assert {"image_best", "image_env"} == set(standing["sha256"])
        assert receiver.news.acquire(timeout=TOLD_WITHIN_S)
        ((headers, body),) = receiver.told
        told = check_webhook(headers, body, opened["webhook_secret"])
        about = {"event": "capture", "delivery": headers["X-Ipse-Delivery"], "request": answer.json()["request"]}
        assert {**standing, **about} == told
        assert "order-17" == told["uuid"]

        compared = client.post(f"/v1/captures/{opened['capture']}/compare", files={"reference": other}).json()
        assert compared["same_person"] is True
        record = client.get(f"/v1/records/{answer.json()['request']}/evidence").json()
        assert {"kind": "capture", "verdict": standing["status"]}.items() <= record["decision"].items()
        assert standing["judgements"].keys() == record["decision"]["judgements"].keys()
    log = "".join(server.lines)
    for secret in (opened["token"], opened["webhook_secret"], "order-17"):
        assert secret not in log
    kept = b"".join(path.read_bytes() for path in server.folder.rglob("ipse.sqlite*"))
    assert picture[2000:2064] not in kept
    assert opened["token"].encode() not in kept
    assert b"order-17" not in kept


def done_again(server: "Server", token: str) -> int:
    """The status that a page is answered that asks what is to be done."""
    with server.client() as client:
        return client.get("/capture/session", headers={"authorization": f"Bearer {token}"}).status_code


def test_captures_are_their_owners_alone(server: "Server", tell: Tell, samples: Path) -> None:
    """Another key finds neither capture nor record; a token is no key, and a key is no token."""
    with owner(server, tell) as client, owner(server, tell) as stranger:
        opened = client.post("/v1/captures", json={"actions": 1, "flash": True}).json()
        place = f"/v1/captures/{opened['capture']}"
        assert (404, "job_unknown") == (stranger.get(place).status_code, stranger.get(place).json()["reason"])
        reference = {"reference": (samples / "obama.jpg").read_bytes()}
        assert 404 == stranger.post(f"{place}/compare", files=reference).status_code
        assert 409 == client.post(f"{place}/compare", files=reference).status_code
        assert 401 == client.get("/capture/session").status_code
        wrong = {"authorization": f"Bearer {opened['token']}"}
        assert 401 == stranger.get(place, headers=wrong).status_code
        taken = done(server, opened["token"], reference["reference"])
        assert 200 == taken.status_code
        usage = client.get("/v1/usage", params={"by": "operation"}).json()["rows"]
        billed = {row["group"]: row["billed"] for row in usage}
        assert {"capture capture_result": 1, "native open_capture": 0} == {
            name: billed[name] for name in ("capture capture_result", "native open_capture")
        }


def test_a_webhook_on_a_private_network_is_told_nothing(
    start: Callable[..., "Server"], tell: Tell, samples: Path, receiver: Receiver
) -> None:
    """Unless the operator allows it; the capture is done all the same."""
    server = start()
    server.wait_until_ready()
    with owner(server, tell) as client:
        opened = client.post(
            "/v1/captures", json={"actions": 0, "webhook": f"http://127.0.0.1:{receiver.port}/"}
        ).json()
        assert 200 == done(server, opened["token"], (samples / "obama.jpg").read_bytes()).status_code
        server.wait_for("webhook told")
        assert "not_allowed" in next(line for line in server.lines if '"webhook told"' in line)
    assert [] == receiver.told
