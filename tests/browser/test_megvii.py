"""A capture that is handed to an integrator's own page, and sent on by its back end as Megvii's `meglive`."""

from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright

from tests.browser.cast import Films, chromium
from tests.browser.conftest import Desk

PAGE = """<!doctype html><title>Shop</title><body><script src="{home}/capture/embed.js"></script><script>
Ipse.capture({{token: "{token}", onResult: async (told) => {{
  const read = (blob) => new Promise((done) => {{
    const reader = new FileReader();
    reader.onload = () => done(reader.result.split(",")[1]);
    reader.readAsDataURL(blob);
  }});
  const images = {{}};
  for (const [name, blob] of Object.entries(told.images)) images[name] = await read(blob);
  window.told = {{delta: told.delta, images}};
}}}});
</script>"""
"""An integrator's page: it keeps what the capture hands over."""

GENUINENESS = {
    *("synthetic_face_confidence", "synthetic_face_threshold", "mask_confidence", "mask_threshold"),
    *("screen_replay_confidence", "screen_replay_threshold", "face_replaced"),
}


@pytest.fixture(scope="module")
def key(desk: Desk) -> dict[str, str]:
    """A Megvii key on the same server."""
    return desk.server.key()


@pytest.fixture(scope="module")
def handed(playwright: Playwright, films: Films, desk: Desk, key: dict[str, str]) -> dict[str, Any]:
    """What the page handed over: the delta, and the pictures by name."""
    with desk.server.client() as client:
        session = client.post("/v1/liveness/session", data=key | {"actions": "1", "origin": desk.shop.origin}).json()
    with chromium(playwright, films.living, viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        desk.shop.page = PAGE.format(home=desk.home, token=session["token"]).encode()
        page.goto(desk.shop.origin)
        page.frame_locator("iframe").locator("#start").click(timeout=30_000)
        page.wait_for_function("window.told", timeout=150_000)
        told = page.evaluate("window.told")
    return {"delta": told["delta"], "images": {name: b64decode(text) for name, text in told["images"].items()}}


def verify(desk: Desk, key: dict[str, str], handed: dict[str, Any], reference: Path, **fields: str) -> dict[str, Any]:
    """The answer to the `meglive` call of an integrator's back end."""
    form = {"comparison_type": "0", "face_image_type": "meglive", "uuid": "u-1", "delta": handed["delta"]}
    with desk.server.client() as client:
        answer = client.post(
            "/faceid/v2/verify",
            data=key | form | fields,
            files=handed["images"] | {"image_ref1": reference.read_bytes()},
        )
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.timeout(240)
def test_a_changed_picture_is_refused_and_the_true_one_passes(
    desk: Desk, key: dict[str, str], handed: dict[str, Any], samples: Path
) -> None:
    """A flipped bit is DATA_VALIDATION_ERROR; the true bundle has its full genuineness; once more is DELTA_USED."""
    best = handed["images"]["image_best"]
    changed = handed | {"images": handed["images"] | {"image_best": best[:-3] + bytes([best[-3] ^ 1]) + best[-2:]}}
    assert verify(desk, key, changed, samples / "obama2.jpg")["error_message"] == "DATA_VALIDATION_ERROR"
    good = verify(desk, key, handed, samples / "obama2.jpg")
    assert set(good["face_genuineness"]) == GENUINENESS
    assert good["face_genuineness"]["face_replaced"] == 0
    assert good["result_ref1"]["confidence"] > good["result_ref1"]["thresholds"]["1e-4"]
    again = verify(desk, key, handed, samples / "obama2.jpg", check_delta="1")
    assert again["error_message"] == "DELTA_USED"


@pytest.mark.timeout(240)
def test_somebody_elses_key_cannot_use_it(desk: Desk, handed: dict[str, Any], samples: Path) -> None:
    """A bundle vouches only for the key that opened its session."""
    other = desk.server.key()
    assert verify(desk, other, handed, samples / "obama2.jpg")["error_message"] == "DATA_VALIDATION_ERROR"
