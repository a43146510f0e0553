"""iApp and Linkface end to end: a real server, real portraits on made-up cards, keys made by the command line."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import PIL.Image
import pytest
from demo import calls, cards

from tests.api.conftest import said

if TYPE_CHECKING:
    from tests.api.conftest import Server

ORIENTATION = 0x0112
"""EXIF's tag of how a picture must be turned. Source: EXIF 2.32, table 4; 8 is a quarter clockwise."""


@dataclass(frozen=True)
class Photos:
    """Obama's card, and who holds it."""

    card: bytes
    selfie: bytes
    held: bytes
    thief: bytes


@pytest.fixture(scope="session")
def photos(samples: Path) -> Photos:
    """One person's card photographed, his selfie, the card held up by him, and by somebody else."""
    drawn = cards.card((samples / "obama.jpg").read_bytes())
    selfie, thief = (samples / "obama2.jpg").read_bytes(), (samples / "biden.jpg").read_bytes()
    return Photos(cards.photographed(drawn), selfie, cards.held_up(selfie, drawn), cards.held_up(thief, drawn))


@dataclass(frozen=True)
class Caller:
    """A client of the server with a key of one dialect."""

    server: "Server"
    key: dict[str, str]

    def ask(self, call: Callable[..., httpx2.Request], *pictures: bytes | str) -> httpx2.Response:
        """The answer to a call about pictures."""
        with self.server.client() as client:
            return client.send(call(str(client.base_url).rstrip("/"), self.key, *pictures))


@pytest.fixture(scope="session")
def callers(server: "Server") -> dict[str, Caller]:
    """A caller of each dialect, and another one of Linkface."""
    dialects = {"iapp": "iapp", "linkface": "linkface", "other": "linkface"}
    return {
        name: Caller(server, said(server.folder, "keys", "create", "--dialect", dialect, "--name", name))
        for name, dialect in dialects.items()
    }


def lying(photo: bytes, *, told: bool) -> bytes:
    """The photo with its top to the left, and perhaps EXIF's word for it."""
    file, exif = BytesIO(), PIL.Image.Exif()
    exif[ORIENTATION] = 6 if told else 1
    turned = PIL.Image.open(BytesIO(photo)).transpose(PIL.Image.Transpose.ROTATE_90)
    turned.save(file, "JPEG", quality=95, exif=exif)
    return file.getvalue()


def test_iapp_knows_a_card_and_its_holder_in_either_order(callers: dict[str, Caller], photos: Photos) -> None:
    """Which file is the card is decided by what it shows; both parts and the total are above 50."""
    iapp = callers["iapp"]
    one = iapp.ask(calls.iapp_face_and_card, photos.card, photos.selfie).json()
    other = iapp.ask(calls.iapp_face_and_card, photos.selfie, photos.card).json()
    assert one | {"time_process": 0} == other | {"time_process": 0}
    assert ["idcard", "selfie", "time_process", "total"] == list(one)
    assert one["idcard"] == one["selfie"] == one["total"]
    assert "true" == one["total"]["isSamePerson"]
    assert one["total"]["confidence"] >= 60


def test_iapp_refuses_a_stranger_who_holds_the_victims_card(callers: dict[str, Caller], photos: Photos) -> None:
    """Both portraits are compared with the holder's face, so the total is below 30."""
    told = callers["iapp"].ask(calls.iapp_face_and_card, photos.card, photos.thief).json()
    assert told["total"]["confidence"] < 30
    assert {"false"} == {told[part]["isSamePerson"] for part in ("idcard", "selfie", "total")}
    assert told["idcard"] != told["selfie"]


def test_an_iapp_call_is_found_by_the_id_in_its_header(callers: dict[str, Caller], photos: Photos) -> None:
    """The body has no id; the header's finds the call in the ledger, with one unit billed."""
    answer = callers["iapp"].ask(calls.iapp_face_and_card, photos.card, photos.selfie)
    (found,) = said(callers["iapp"].server.folder, "find", "--request-id", answer.headers["x-request-id"])
    assert ("iapp", "face_and_card", 200, 1) == tuple(
        found[name] for name in ("dialect", "operation", "status", "billed")
    )


def test_iapp_says_what_is_missing(callers: dict[str, Caller], photos: Photos) -> None:
    """Two selfies have no card; a card alone has no holder."""
    iapp = callers["iapp"]
    cardless = iapp.ask(calls.iapp_face_and_card, photos.selfie, photos.selfie)
    faceless = iapp.ask(calls.iapp_face_and_card, photos.card, photos.card)
    assert (421, "face on id card or id card not found in image [file0]") == (
        cardless.status_code,
        cardless.json()["message"],
    )
    assert (422, "face on selfie not found in image [file1]") == (faceless.status_code, faceless.json()["message"])


def test_linkface_knows_the_holder_and_keeps_the_picture(callers: dict[str, Caller], photos: Photos) -> None:
    """The score passes the bar of one in a million; the picture's id gives the same score, and only to its owner."""
    linkface = callers["linkface"]
    first = linkface.ask(calls.linkface_handheld, photos.held).json()
    again = linkface.ask(calls.linkface_handheld_kept, first["image_id"]).json()
    foreign = callers["other"].ask(calls.linkface_handheld_kept, first["image_id"]).json()
    assert first["verify_score"] > 0.9
    assert ["request_id", "status", "verify_score", "image_id"] == list(first)
    assert (first["verify_score"], "OK") == (again["verify_score"], again["status"])
    assert "image_id" not in again
    assert ("IMAGE_ID_NOT_EXIST", "file") == (foreign["status"], foreign["image"])


def test_linkface_refuses_a_stranger(callers: dict[str, Caller], photos: Photos) -> None:
    """Somebody else with that card is below the bar of one in ten."""
    told = callers["linkface"].ask(calls.linkface_handheld, photos.thief).json()
    assert ("OK", True) == (told["status"], told["verify_score"] < 0.4)


def test_linkface_counts_only_faces_that_belong(callers: dict[str, Caller], photos: Photos) -> None:
    """A selfie has one face; a card alone has nobody who holds it."""
    linkface = callers["linkface"]
    reasons = [linkface.ask(calls.linkface_handheld, photo).json()["reason"] for photo in (photos.selfie, photos.card)]
    assert ["no two faces detected", "no two faces detected"] == reasons


def test_linkface_turns_by_exif_always_and_searches_when_asked(callers: dict[str, Caller], photos: Photos) -> None:
    """A lying picture that says so is upright; one that does not is found only with `auto_rotate`."""
    linkface = callers["linkface"]

    def searched(address: str, key: dict[str, str], photo: bytes) -> httpx2.Request:
        query = {"api_id": key["key"], "api_secret": key["secret"], "auto_rotate": "true"}
        path = f"{address}/identity/handhold_idcard_verification"
        return httpx2.Request("POST", path, params=query, files={"file": photo})

    told = linkface.ask(calls.linkface_handheld, lying(photos.held, told=True)).json()
    silent = linkface.ask(calls.linkface_handheld, lying(photos.held, told=False)).json()
    found = linkface.ask(searched, lying(photos.held, told=False)).json()
    assert ("OK", "FACE_DETECTION_FAILED", "OK") == (told["status"], silent["status"], found["status"])
    assert min(told["verify_score"], found["verify_score"]) > 0.9


def test_an_uploaded_picture_is_compared_later(callers: dict[str, Caller], photos: Photos) -> None:
    """The id of an upload is good for the comparison."""
    linkface = callers["linkface"]
    kept = linkface.ask(calls.linkface_upload, photos.held).json()
    assert linkface.ask(calls.linkface_handheld_kept, kept["image_id"]).json()["verify_score"] > 0.9
