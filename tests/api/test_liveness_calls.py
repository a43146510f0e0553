"""Megvii's meglive and meglive_flash through a real server: bundles signed by the Python client, real faces."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import PIL.Image
import pytest

from ipse.capture.signing import pack_flash, sign_bundle
from tests.api.conftest import running

if TYPE_CHECKING:
    from tests.api.conftest import Server

VERIFY = "/faceid/v2/verify"
LENIENT = [word for name in ("screen_replay", "print", "action", "flash", "replaced", "injection", "mask", "synthetic")
           for word in ("--liveness", f"{name}=inform")]  # fmt: skip
"""For what is no test of the judgements: portraits were not made with this capture page."""


@pytest.fixture(scope="module")
def live(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Server"]:
    """A server that judges captures."""
    assert weights.is_dir()
    with ExitStack() as stack:
        server = stack.enter_context(running(tmp_path_factory.mktemp("live")))
        server.wait_until_ready()
        yield server


def opened(server: "Server", credentials: Mapping[str, str], path: str = "/v1/liveness/session", **fields: str) -> Any:
    """A session as the server answers it."""
    with server.client() as client:
        answer = client.post(path, data={**credentials, **fields})
    assert 200 == answer.status_code, answer.text
    return answer.json()


def verified(
    server: "Server", credentials: Mapping[str, str], kind: str, files: Mapping[str, bytes], **fields: str
) -> tuple[int, Any]:
    """Status and body of a face compare."""
    told = {"comparison_type": "0", "face_image_type": kind, "uuid": "u-1", **credentials, **fields}
    with server.client() as client:
        answer = client.post(VERIFY, data=told, files=files)
    return answer.status_code, answer.json()


def reduced(picture: Path, width_px: int = 320) -> bytes:
    """A frame as small as those of a flash run."""
    file = BytesIO()
    with PIL.Image.open(picture) as image:
        height_px = round(image.height * width_px / image.width)
        image.convert("RGB").resize((width_px, height_px)).save(file, "JPEG", quality=85)
    return file.getvalue()


def test_a_signed_bundle_is_compared_judged_and_spent(live: "Server", samples: Path) -> None:
    """The first use passes with all of face_genuineness; a second is DELTA_USED; an exchanged picture does not pass."""
    credentials = live.key(*LENIENT)
    session = opened(live, credentials)
    best, other = (samples / name for name in ("obama.jpg", "biden.jpg"))
    images = {"image_best": best.read_bytes(), "image_env": best.read_bytes()}
    files = {**images, "image_ref1": (samples / "obama2.jpg").read_bytes()}
    delta = sign_bundle(session, images)
    status, told = verified(live, credentials, "meglive", files, delta=delta, check_delta="1")
    assert 200 == status, told
    names = {"mask", "screen_replay", "synthetic_face"}
    fields = {f"{name}_{what}" for name in names for what in ("confidence", "threshold")}
    assert fields | {"face_replaced"} == told["face_genuineness"].keys()
    assert told["result_ref1"]["confidence"] > told["result_ref1"]["thresholds"]["1e-4"]
    again = verified(live, credentials, "meglive", files, delta=delta, check_delta="1")
    assert (400, "DELTA_USED") == (again[0], again[1]["error_message"])
    exchanged = {**files, "image_best": other.read_bytes()}
    refused = verified(live, credentials, "meglive", exchanged, delta=sign_bundle(session, images))
    assert (400, "DATA_VALIDATION_ERROR") == (refused[0], refused[1]["error_message"])


def test_surroundings_cut_to_the_face_do_not_pass_for_no_screen(live: "Server", samples: Path) -> None:
    """Refused for a key that screens reject for; for one that is only informed the answer has the neutral value."""
    with PIL.Image.open(samples / "obama.jpg") as image:
        file = BytesIO()
        width, height = image.size
        image.crop((width * 40 // 100, height * 6 // 100, width * 70 // 100, height * 39 // 100)).save(file, "JPEG")
    images = {"image_best": file.getvalue(), "image_env": file.getvalue()}
    files = {**images, "image_ref1": (samples / "obama2.jpg").read_bytes()}
    told = []
    for wishes in (LENIENT, [*LENIENT, "--liveness", "screen_replay=reject"]):
        credentials = live.key(*wishes)
        delta = sign_bundle(opened(live, credentials), images)
        told.append(verified(live, credentials, "meglive", files, delta=delta))
    assert [200, 400] == [status for status, _ in told]
    assert 0.0 == told[0][1]["face_genuineness"]["screen_replay_confidence"]
    assert "DATA_VALIDATION_ERROR" == told[1][1]["error_message"]


def test_another_keys_session_vouches_for_nothing(live: "Server", samples: Path) -> None:
    """A bundle is good for the key whose session it was made in."""
    mine, theirs = live.key(), live.key()
    images = {"image_best": (samples / "obama.jpg").read_bytes()}
    files = {**images, "image_ref1": (samples / "obama2.jpg").read_bytes()}
    delta = sign_bundle(opened(live, theirs), images)
    status, told = verified(live, mine, "meglive", files, delta=delta)
    assert (400, "DATA_VALIDATION_ERROR") == (status, told["error_message"])


def test_a_flash_run_is_used_once_and_read_back(live: "Server", samples: Path) -> None:
    """The run answers, cannot be used again, and its pictures come back to the byte for its key alone."""
    credentials = live.key(*LENIENT)
    run = opened(live, credentials, "/v1/flash/biz_no")
    frame = reduced(samples / "obama.jpg")
    parts = {"image_best": frame} | {f"flash{number}": frame for number in range(1, 1 + len(run["colours"]))}
    times = [600.0 * number for number in range(len(run["colours"]))]
    result = pack_flash(run, parts, shown_ms=times, taken_ms=[time + 450 for time in times])
    files = {"meglive_flash_result": result, "image_ref1": (samples / "obama2.jpg").read_bytes()}
    assert "unused" == opened(live, credentials, "/v1/flash/biz_info", biz_no=run["biz_no"])["state"]
    cut = {**files, "meglive_flash_result": result[:-1]}
    words = []
    for sent in (cut, files, files):
        status, told = verified(live, credentials, "meglive_flash", sent)
        words.append((status, told.get("error_message")))
    assert [(400, "BAD_ARGUMENTS: meglive_flash_result"), (200, None), (400, "MEGLIVE_BIZ_NO_USED")] == words
    back = opened(live, credentials, "/v1/flash/biz_info", biz_no=run["biz_no"])
    assert ("used", parts.keys()) == (back["state"], back["images"].keys())
    with live.client() as client:
        other = client.post("/v1/flash/biz_info", data={**live.key(), "biz_no": run["biz_no"]})
    assert (400, "BAD_ARGUMENTS: biz_no") == (other.status_code, other.json()["error_message"])


def test_neither_keys_nor_pictures_rest_in_the_clear(live: "Server", samples: Path) -> None:
    """Not in the database, not in the log."""
    credentials = live.key(*LENIENT)
    session = opened(live, credentials, flash="1")
    written = b"".join(path.read_bytes() for path in live.folder.glob("ipse.sqlite*")) + "".join(live.lines).encode()
    for secret in ("session_key", "nonce", "token"):
        assert session[secret].encode() not in written
    assert reduced(samples / "obama.jpg")[:64] not in written
