"""The sample integrator: its key stays in its back end, and a visitor sees their own captures only."""

import json
from typing import Final

import httpx2
import pytest
from examples.integrator.app import Shop
from starlette.testclient import TestClient

from ipse.capture import CaptureClient

KEY: Final = "the-shops-key"
SERVER: Final = "https://ipse.test"


class Ipse:
    """What stands for Ipse: it remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        """Answer as the API does."""
        self.asked.append(request)
        if request.method == "POST" and request.url.path == "/v1/captures":
            opened = {"capture": "c1", "token": "t1", "page": "/capture#t1", "expires_in_s": 600}
            return httpx2.Response(200, json=opened)
        if request.url.path == "/v1/captures/c1":
            return httpx2.Response(200, json={"capture": "c1", "status": "passed"})
        return httpx2.Response(409, json={"reason": "capture_not_passed"})


@pytest.fixture
def ipse() -> Ipse:
    """Ipse, as the shop sees it."""
    return Ipse()


def visitor(ipse: Ipse) -> TestClient:
    """Somebody's browser, which has loaded the shop's page."""
    client = CaptureClient(SERVER, KEY, httpx2.Client(transport=httpx2.MockTransport(ipse)))
    browser = TestClient(Shop(client, SERVER).application(), base_url="https://shop.test")
    assert browser.get("/").status_code == 200
    return browser


def test_the_page_shows_the_capture_and_not_the_key(ipse: Ipse) -> None:
    """It loads Ipse's script."""
    page = visitor(ipse).get("/").text
    assert f'src="{SERVER}/capture/embed.js"' in page
    assert KEY not in page


def test_a_visitor_opens_a_capture_and_reads_what_came_of_it(ipse: Ipse) -> None:
    """The wishes and the origin of the page go to Ipse, the token comes back."""
    browser = visitor(ipse)
    opened = browser.post("/captures?actions=2&flash=true", headers={"Origin": "https://shop.test"})
    assert {"capture": "c1", "token": "t1"} == opened.json()
    asked = json.loads(ipse.asked[0].content)
    assert (2, True, "https://shop.test") == (asked["actions"], asked["flash"], asked["origin"])
    assert f"Bearer {KEY}" == ipse.asked[0].headers["authorization"]
    assert {"capture": "c1", "status": "passed"} == browser.get("/captures/c1").json()


def test_others_do_not(ipse: Ipse) -> None:
    """Nor does anybody without a cookie."""
    browser = visitor(ipse)
    browser.post("/captures")
    browser.cookies.clear()
    browser.cookies.set("visitor", "somebody-else")
    assert browser.get("/captures/c1").status_code == 404
    assert browser.post("/captures/c1/compare", content=b"x").status_code == 404
    browser.cookies.clear()
    assert browser.post("/captures").status_code == 403


def test_what_ipse_refuses_is_told(ipse: Ipse) -> None:
    """With its reason."""
    browser = visitor(ipse)
    browser.post("/captures")
    answer = browser.post("/captures/c1/compare", content=b"x")
    assert (502, {"error": "409 capture_not_passed"}) == (answer.status_code, answer.json())
