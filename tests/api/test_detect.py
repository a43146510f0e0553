"""Megvii's detect through a real server, and the tokens that it issues."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import httpx2
import pytest

if TYPE_CHECKING:
    from tests.api.conftest import Server

Start: TypeAlias = "Callable[..., Server]"

MOST_BYTES = 1024
"""128 numbers of 4 bytes, two digests and the seal take 0.8 KB; a picture takes more."""


def detect(server: "Server", credentials: dict[str, str], picture: Path) -> list[dict[str, Any]]:
    """The faces of a picture."""
    with server.client() as client:
        answer = client.post("/faceid/v1/detect", data=credentials, files={"image": picture.read_bytes()})
    assert 200 == answer.status_code, answer.text
    faces: list[dict[str, Any]] = answer.json()["faces"]
    return faces


def compare(server: "Server", credentials: dict[str, str], token: str, reference: Path) -> httpx2.Response:
    """A face behind a token against a reference."""
    fields = {"comparison_type": "0", "face_image_type": "facetoken", "uuid": "u-1", "face_token": token}
    with server.client() as client:
        return client.post("/faceid/v2/verify", data=credentials | fields, files={"image_ref1": reference.read_bytes()})


def test_a_face_found_now_is_compared_later(server: "Server", samples: Path) -> None:
    """A token gives the likeness that the picture itself gives; another key's token is unknown."""
    credentials = server.key()
    (face,) = detect(server, credentials, samples / "obama.jpg")
    assert 44 == len(face["token"])
    assert face["quality"] > face["quality_threshold"] == 30.1
    answer = compare(server, credentials, face["token"], samples / "obama2.jpg")
    whole = server.call(credentials, samples / "obama.jpg", samples / "obama2.jpg")
    found, expected = answer.json()["result_ref1"]["confidence"], whole.json()["result_ref1"]["confidence"]
    assert pytest.approx(expected, abs=0.1) == found
    assert compare(server, credentials, face["token"], samples / "biden.jpg").json()["result_ref1"]["confidence"] < 62
    foreign = compare(server, server.key(), face["token"], samples / "obama2.jpg")
    assert (400, f"INVALID_FACE_TOKEN: {face['token']}") == (foreign.status_code, foreign.json()["error_message"])


def test_a_token_outlives_the_server_but_not_the_weights(start: Start, samples: Path) -> None:
    """After a restart a token is good; under another profile it is not; what rests in the store is no picture."""
    first = start()
    first.wait_until_ready()
    credentials = first.key()
    (face,) = detect(first, credentials, samples / "obama.jpg")
    with closing(sqlite3.connect(first.folder / "ipse.sqlite")) as store:
        rows = store.execute("SELECT kind, length(content) FROM vault").fetchall()
    assert ["face_token"] == [kind for kind, _ in rows]
    assert all(count < MOST_BYTES for _, count in rows)
    first.process.terminate()
    assert 0 == first.wait()
    again = start()
    again.wait_until_ready()
    assert 200 == compare(again, credentials, face["token"], samples / "obama2.jpg").status_code
    again.process.terminate()
    assert 0 == again.wait()
    other = start(IPSE_PROFILE="fast")
    other.wait_until_ready()
    stale = compare(other, credentials, face["token"], samples / "obama2.jpg")
    assert (400, "IMAGE_ERROR_UNSUPPORTED_FORMAT: facetoken") == (stale.status_code, stale.json()["error_message"])
