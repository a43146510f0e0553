"""The client of captures: what it sends, and what it makes of answers."""

import json
from collections.abc import Callable

import httpx2
import pytest

from ipse.capture import CaptureClient, CaptureRefused


def client(answer: Callable[[httpx2.Request], httpx2.Response]) -> CaptureClient:
    """A client whose calls are answered here."""
    return CaptureClient("https://ipse.example/", "key1", httpx2.Client(transport=httpx2.MockTransport(answer)))


def test_a_capture_is_opened() -> None:
    """What was asked goes out as JSON under the key; the page's address is whole."""
    asked = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append((request.method, str(request.url), request.headers["authorization"], json.loads(request.content)))
        told = {"capture": "c1", "token": "t1", "page": "/capture#t1", "expires_in_s": 600, "request": "r"}
        return httpx2.Response(201, json=told)

    with client(answer) as captures:
        made = captures.open(actions=2, flash=True, origin="https://shop.example")
    assert [("POST", "https://ipse.example/v1/captures", "Bearer key1",
             {"actions": 2, "flash": True, "origin": "https://shop.example"})] == asked  # fmt: skip
    assert ("c1", "t1", "https://ipse.example/capture#t1", 600) == (
        made.capture, made.token, made.page, made.expires_in_s)  # fmt: skip
    assert "t1" not in repr(made)
    assert made.webhook_secret is None


def test_a_webhook_can_be_checked_with_what_the_capture_was_opened_with() -> None:
    """The secret comes with the capture, and shows in no text."""
    told = {"capture": "c1", "token": "t1", "page": "/capture#t1", "expires_in_s": 600, "webhook_secret": "s3cret"}
    with client(lambda _: httpx2.Response(200, json=told)) as captures:
        made = captures.open(webhook="https://shop.example/captured")
    assert "s3cret" == made.webhook_secret
    assert "s3cret" not in repr(made)


def test_an_id_is_one_part_of_a_path() -> None:
    """Whatever a browser says that the capture is called, no other call is made with the key."""
    with client(lambda request: httpx2.Response(200, json={"path": request.url.raw_path.decode()})) as captures:
        assert {"path": "/v1/captures/..%2Fpeople%3Fx"} == captures.result("../people?x")


def test_a_result_is_read_and_compared() -> None:
    """By the capture's id; the reference goes out as a file."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        has_file = b'name="reference"' in request.content and b"\xff\xd8" in request.content
        return httpx2.Response(200, json={"path": request.url.path, "file": has_file})

    with client(answer) as captures:
        assert {"path": "/v1/captures/c1", "file": False} == captures.result("c1")
        assert {"path": "/v1/captures/c1/compare", "file": True} == captures.compare("c1", b"\xff\xd8")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (httpx2.Response(404, json={"reason": "record_unknown"}), "record_unknown"),
        (httpx2.Response(502, text="<html>"), ""),
        (httpx2.Response(403, json=["no"]), ""),
    ],
)
def test_a_refusal_says_its_reason(answer: httpx2.Response, reason: str) -> None:
    """Status and reason; what stands between us may have none."""
    with client(lambda _: answer) as captures, pytest.raises(CaptureRefused) as caught:
        captures.result("c1")
    assert (answer.status_code, reason) == (caught.value.status, caught.value.reason)
