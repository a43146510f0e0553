"""Cards, and what is none, through a real server: what each vendor's page has for it."""

import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Barrier, Event, Thread
from typing import Any

import cv2
import httpx2
import numpy as np
import pytest
from demo import calls
from demo import cards as drawings

from ipse.core.authenticity.check import Concern
from ipse.core.authenticity.policy import CardStatus
from ipse.core.cards.examine import CardExaminer
from ipse.core.images import Limits, decode
from ipse.core.vocabulary import Pixels
from ipse.engine import LateCards
from ipse.models.manifest import Manifest
from ipse.verifier import Verifier
from tests.api.conftest import Server, running, said

DONE_WITHIN_S = 120
"""Source: ours; a card takes two seconds on a quiet core, and the tests of others may run beside."""

NUMBER = drawings.THAI_NUMBER
NO_CARD = {"Status": "REJECTED", "WarnInfo": ["OtherWarning"], "Nationality": None, "CardType": None}


@dataclass
class Asker:
    """A caller of a server that reads cards, with a key of each dialect."""

    server: Server
    keys: dict[str, dict[str, str]]

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://localhost:{self.server.port}"

    def send(self, request: httpx2.Request) -> httpx2.Response:
        """The answer."""
        with httpx2.Client(timeout=DONE_WITHIN_S) as client:
            return client.send(request)

    def apply(self, **asked: str) -> dict[str, Any]:
        """What Tencent's wire says to a card: the application, or the error."""
        given = {"Nationality": "THA", "CardType": "ID_CARD", **asked}
        request = calls.tencent(self.address, self.keys["tencent"], "ApplyCardVerification", given)
        answer: dict[str, Any] = self.send(request).json()["Response"]
        return answer

    def verdict(self, picture: bytes, **asked: str) -> dict[str, Any]:
        """What Tencent's wire says of a card in the end."""
        token = self.apply(ImageBase64Front=b64encode(picture).decode(), **asked)["CardVerificationToken"]
        deadline = time.monotonic() + DONE_WITHIN_S
        while (told := self._result(token))["Status"] == "PROCESSING":
            assert time.monotonic() < deadline
        return told

    def iapp(self, side: str, picture: bytes) -> tuple[int, dict[str, Any]]:
        """Status and body of iApp's plain route."""
        answer = self.send(calls.iapp_thai_card(self.address, self.keys["iapp"], side, picture))
        return answer.status_code, answer.json()

    def document(self, picture: bytes, nationality: str = "AUTO") -> dict[str, Any]:
        """What our own API says of a card."""
        answer = self.send(calls.native_document(self.address, self.keys["native"], picture, nationality))
        body: dict[str, Any] = answer.json()
        return body

    def _result(self, token: str) -> dict[str, Any]:
        """How a card stands."""
        answer: dict[str, Any] = self.send(calls.tencent_result(self.address, self.keys["tencent"], token)).json()
        result: dict[str, Any] = answer["Response"]
        return result


def asker(server: Server) -> Asker:
    """A caller with new keys."""
    dialects = ("tencent", "iapp", "native")
    return Asker(
        server, {one: said(server.folder, "keys", "create", "--dialect", one, "--name", "test") for one in dialects}
    )


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory, weights: Path) -> Iterator[Asker]:
    """A caller of a server that reads cards, and fetches pictures from this machine."""
    assert weights.is_dir()
    with running(tmp_path_factory.mktemp("cards"), IPSE_DOWNLOAD_ALLOW="127.0.0.0/8,::1/128") as server:
        server.wait_until_ready()
        yield asker(server)


@pytest.fixture(scope="module")
def selfie(samples: Path) -> bytes:
    """A portrait without a card."""
    return (samples / "obama2.jpg").read_bytes()


@pytest.fixture(scope="module")
def card(samples: Path) -> bytes:
    """A Thai card on a table."""
    return drawings.photographed(drawings.thai_card((samples / "obama.jpg").read_bytes()))


def blank() -> Pixels:
    """An empty page."""
    return np.full((900, 1200, 3), 246, np.uint8)


def upside_down(card: bytes) -> bytes:
    """The card, turned by half."""
    return drawings.as_jpeg(np.ascontiguousarray(np.rot90(decode(card, Limits()).pixels, 2)))


@pytest.mark.slow
def test_no_card_is_told_in_each_vendors_words(reading: Asker, selfie: bytes) -> None:
    """A selfie and a blank page: REJECTED with OtherWarning, 420, and a finding of our own."""
    for picture in (selfie, drawings.as_jpeg(blank())):
        told = reading.verdict(picture)
        assert NO_CARD == {name: told[name] for name in NO_CARD}
        assert {None} == set(told["CardInfo"].values())
        status, body = reading.iapp("front", picture)
        assert (420, "NO_ID_CARD_FOUND") == (status, body["error_message"])
        document = reading.document(picture)
        assert ("REJECTED", ["no_card"], {}) == (document["status"], document["warnings"], document["fields"])


@pytest.mark.slow
def test_upside_down_is_read(reading: Asker, card: bytes) -> None:
    """All three wires give the number of a card that lies on its head."""
    turned = upside_down(card)
    told = reading.verdict(turned)["CardInfo"]["ThailandIDCard"]["LicenseNumber"]
    status, body = reading.iapp("front", turned)
    document = reading.document(turned)["fields"]["id_number"]["value"]
    assert (200, NUMBER) == (status, body["id_number"])
    assert [NUMBER, NUMBER] == [number.replace("-", "") for number in (told, document)]


@pytest.mark.slow
def test_another_card_than_it_is_said_to_be(reading: Asker, card: bytes) -> None:
    """It is told what it is, and rejected for it; on its front iApp's other side finds no laser number."""
    told = reading.verdict(card, Nationality="IDN")
    assert ("REJECTED", "THA", "ID_CARD") == (told["Status"], told["Nationality"], told["CardType"])
    assert "OtherWarning" == told["WarnInfo"][0]
    document = reading.document(card, "IDN")
    assert ("REJECTED", "THA", "wrong_kind") == (document["status"], document["nationality"], document["warnings"][0])
    status, body = reading.iapp("back", card)
    assert (434, "LASER_NUMBER_NOT_FOUND") == (status, body["error_message"])


@pytest.mark.slow
def test_the_largest_picture(reading: Asker, card: bytes) -> None:
    """8000 × 8000 pixels with a card in the middle are read; one more is refused."""
    large = np.full((8000, 8000, 3), 60, np.uint8)
    pixels = decode(card, Limits()).pixels
    large[2500:5500, 2000:6000] = cv2.resize(pixels, (4000, 3000), interpolation=cv2.INTER_CUBIC)
    told = reading.verdict(drawings.as_jpeg(large))
    assert NUMBER == told["CardInfo"]["ThailandIDCard"]["LicenseNumber"].replace("-", "")
    one_more = drawings.as_jpeg(np.full((16, 8001, 3), 60, np.uint8))
    answer = reading.apply(ImageBase64Front=b64encode(one_more).decode())
    assert "FailedOperation.ImageSizeTooLarge" == answer["Error"]["Code"]


def test_what_is_no_picture_at_all(reading: Asker) -> None:
    """A GIF, base64 that is none, and neither side: the page's codes."""
    gif = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
    given: tuple[dict[str, str], ...] = (
        {"ImageBase64Front": b64encode(gif).decode()},
        {"ImageBase64Front": "%%%%"},
        {},
    )
    codes = [reading.apply(**one)["Error"]["Code"] for one in given]
    assert [*["InvalidParameter.EngineImageDecodeFailed"] * 2, "MissingParameter"] == codes


class Unhelpful(BaseHTTPRequestHandler):
    """A server of pictures that never sends the bytes of `/slow`, and says too many of anything else."""

    ended = Event()

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(200)
        is_slow = self.path == "/slow"
        self.send_header("Content-Length", "1000" if is_slow else "50000000")
        self.end_headers()
        if is_slow:
            self.ended.wait(30)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's word
        """Say nothing."""


@pytest.fixture
def unhelpful() -> Iterator[str]:
    """The address of such a server."""
    Unhelpful.ended.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Unhelpful)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    Unhelpful.ended.set()
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_address_that_is_slow_or_huge(reading: Asker, unhelpful: str) -> None:
    """After the page's three seconds the download has failed; what says that it is too large is not fetched."""
    begun = time.monotonic()
    slow = reading.apply(ImageUrlFront=f"{unhelpful}/slow")["Error"]["Code"]
    assert time.monotonic() - begun < 20
    huge = reading.apply(ImageUrlFront=f"{unhelpful}/huge")["Error"]["Code"]
    assert ("ResourceUnavailable.ImageDownloadError", "FailedOperation.ImageSizeTooLarge") == (slow, huge)


def chosen(weights: Path, folder: Path, *left_out: str) -> str:
    """A folder of weights without some, by their roles."""
    manifest = Manifest.load()
    files = {one.file for one in (*manifest.networks, *manifest.scripts) if one.role in left_out}
    folder.mkdir()
    for path in weights.iterdir():
        if path.name not in files:
            (folder / path.name).symlink_to(path)
    return str(folder)


@pytest.mark.parametrize("absent", ["switched off", "not fetched"])
def test_where_nobody_reads_cards(absent: str, weights: Path, tmp_path: Path, card: bytes) -> None:
    """The page's own words for it, on every wire, and `/readyz` is ready all the same."""
    is_off = absent == "switched off"
    cards = "off" if is_off else "first"
    folder = str(weights) if is_off else chosen(weights, tmp_path / "weights", "read-text")
    with running(tmp_path / "data", as_fork=True, IPSE_CARDS=cards, IPSE_WEIGHTS_DIR=folder) as server:
        ready = server.wait_until_ready().json()
        one = asker(server)
        applied = one.apply(ImageBase64Front=b64encode(card).decode())
        status, body = one.iapp("front", card)
        document = one.document(card)
    assert ready["cards"]["reads"] is False
    assert "FailedOperation.UnOpenError" == applied["Error"]["Code"]
    assert (427, "SERVER_IS_BUSY") == (status, body["error_message"])
    assert (501, "not_open") == (document["status"], document["reason"])


@pytest.mark.slow
def test_a_thai_card_where_thai_was_not_fetched(weights: Path, tmp_path: Path, card: bytes) -> None:
    """It is no empty success: the number and the English name are told, Thai is not assessed, and that warns."""
    read = Verifier(weights_dir=chosen(weights, tmp_path / "weights", "thai")).document(card)
    assert (("thai",), CardStatus.WARNING) == (read.not_assessed, read.status)
    assert Concern.UNSUPPORTED in read.concerns
    assert (NUMBER, "Example") == (read.value("id_number").replace("-", ""), read.value("first_name"))
    assert not [name for name in read.fields if name.endswith("_local") or name == "address"]


def test_the_first_cards_open_the_readers_once() -> None:
    """Two that come at the same time get the same ones."""
    both, opened = Barrier(2), []

    def open_now() -> CardExaminer:
        opened.append(CardExaminer.__new__(CardExaminer))
        return opened[-1]

    late, got = LateCards(open_now), []

    def come() -> None:
        both.wait()
        got.append(late.opened)

    threads = [Thread(target=come) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 == len(opened)
    assert [opened[0]] * 2 == got
