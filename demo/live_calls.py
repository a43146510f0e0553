"""Good calls about captures: sessions, signed bundles, flash runs and the capture page's own two; see `demo.calls`."""

from collections.abc import Mapping
from typing import Any

import httpx2

from ipse.capture.signing import pack_flash, sign_bundle

COLOUR_MS = 450.0
"""How long the capture page stays on one colour."""


def faceid_session(address: str, key: dict[str, str], actions: int, *, flash: bool) -> httpx2.Request:
    """Megvii: a session for one capture; the path is ours."""
    fields = {**_credential(key), "actions": str(actions), "flash": str(int(flash))}
    return httpx2.Request("POST", f"{address}/v1/liveness/session", data=fields)


def faceid_flash_state(address: str, key: dict[str, str], biz_no: str) -> httpx2.Request:
    """Megvii: how did a flash run end? The path is ours."""
    return httpx2.Request("POST", f"{address}/v1/flash/biz_info", data={**_credential(key), "biz_no": biz_no})


def faceid_verify_bundle(
    address: str, key: dict[str, str], session: Mapping[str, Any], pictures: Mapping[str, bytes], reference: bytes
) -> httpx2.Request:
    """Megvii: is the face of a signed bundle the face of the reference, and is it alive?"""
    fields = {"comparison_type": "0", "face_image_type": "meglive", "uuid": "demo-user"}
    return httpx2.Request(
        "POST",
        f"{address}/faceid/v2/verify",
        data={**_credential(key), **fields, "delta": sign_bundle(session, pictures)},
        files={"image_ref1": ("reference.jpg", reference), **_files(pictures)},
    )


def faceid_verify_flash(
    address: str, key: dict[str, str], session: Mapping[str, Any], picture: bytes, reference: bytes
) -> httpx2.Request:
    """Megvii: is the face of a flash run the face of the reference, and does it reflect the colours?"""
    fields = {"comparison_type": "0", "face_image_type": "meglive_flash", "uuid": "demo-user"}
    return httpx2.Request(
        "POST",
        f"{address}/faceid/v2/verify",
        data={**_credential(key), **fields},
        files={
            "image_ref1": ("reference.jpg", reference),
            "meglive_flash_result": ("run.ekf", flash_result(session, picture)),
        },
    )


def native_genuineness(address: str, key: dict[str, str], picture: bytes) -> httpx2.Request:
    """Our own API: does this picture show somebody who is there?"""
    return httpx2.Request(
        "POST", f"{address}/v1/genuineness", headers=_bearer(key["key"]), files=_files({"picture": picture})
    )


def native_capture(address: str, key: dict[str, str], actions: int, *, flash: bool) -> httpx2.Request:
    """Our own API: a capture for our page."""
    asked = {"actions": actions, "flash": flash}
    return httpx2.Request("POST", f"{address}/v1/captures", headers=_bearer(key["key"]), json=asked)


def native_capture_state(address: str, key: dict[str, str], capture: str) -> httpx2.Request:
    """Our own API: how does a capture stand?"""
    return httpx2.Request("GET", f"{address}/v1/captures/{capture}", headers=_bearer(key["key"]))


def native_capture_compare(address: str, key: dict[str, str], capture: str, reference: bytes) -> httpx2.Request:
    """Our own API: is the captured person the one on the reference?"""
    return httpx2.Request(
        "POST",
        f"{address}/v1/captures/{capture}/compare",
        headers=_bearer(key["key"]),
        files=_files({"reference": reference}),
    )


def capture_session(address: str, token: str) -> httpx2.Request:
    """The page: what is to be captured?"""
    return httpx2.Request("GET", f"{address}/capture/session", headers=_bearer(token))


def capture_result(
    address: str, token: str, session: Mapping[str, Any], pictures: Mapping[str, bytes]
) -> httpx2.Request:
    """The page: here is what was captured."""
    files = _files(pictures)
    if session["biz_no"] is not None:
        files["meglive_flash_result"] = ("run.ekf", flash_result(session, pictures["image_best"]))
    return httpx2.Request(
        "POST",
        f"{address}/capture/result",
        headers=_bearer(token),
        data={"delta": sign_bundle(session, pictures)},
        files=files,
    )


def flash_result(session: Mapping[str, Any], picture: bytes) -> bytes:
    """Give a run in which the same picture was taken under every colour: well signed, and of nobody alive."""
    count = len(session["colours"])
    names = ("image_best", *(f"flash{number}" for number in range(1, 1 + count)))
    shown_ms = [COLOUR_MS * place for place in range(count)]
    taken_ms = [time_ms + 250 for time_ms in shown_ms]
    return pack_flash(session, dict.fromkeys(names, picture), shown_ms=shown_ms, taken_ms=taken_ms)


def _credential(key: dict[str, str]) -> dict[str, str]:
    """Give the fields that say who asks."""
    return {"api_key": key["key"], "api_secret": key["secret"]}


def _bearer(token: str) -> dict[str, str]:
    """Give the header that says who asks."""
    return {"authorization": f"Bearer {token}"}


def _files(pictures: Mapping[str, bytes]) -> dict[str, tuple[str, bytes]]:
    """Give pictures as parts of a form."""
    return {name: (f"{name}.jpg", content) for name, content in pictures.items()}
