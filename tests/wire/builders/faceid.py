"""Megvii FaceID: requests as fields, errors as their message."""

import json
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ipse.core.genuineness.judgement import NAMES
from ipse.core.reasons import Reason
from ipse.protocols import faceid
from ipse.protocols.faceid.errors import ERRORS, ERRORS_V1, NEVER
from ipse.protocols.messages import Dialect
from ipse.service.flash_runs import AskAboutRun
from ipse.service.ports import KeyRecord
from tests.wire import liveness
from tests.wire.builder import Builder, Case, Sent
from tests.wire.forms import BOUNDARY, multipart
from tests.wire.liveness import SESSIONS, open_sessions
from tests.wire.ports import NOW

if TYPE_CHECKING:
    from tests.wire.world import World

PATH = "/faceid/v2/verify"
V1 = "/faceid/v1/"
DETECT = V1 + "detect"
REQUEST_ID = "1461740007,71eeb124-08f0-47b3-8fc8-ac048cfa1372"
GOOD: Mapping[str, str | bytes] = {
    "api_key": "good",
    "api_secret": "s3cret",
    "comparison_type": "0",
    "face_image_type": "raw_image",
    "uuid": "u-1",
}
KEYS = (
    KeyRecord("good", "faceid", "s3cret"),
    KeyRecord("kyc", "faceid", "s3cret", kyc=True),
    KeyRecord("disabled", "faceid", "s3cret", disabled=True),
    KeyRecord("expired", "faceid", "s3cret", expires_at=NOW),
    KeyRecord("last day", "faceid", "s3cret", expires_at=NOW + 1),
    KeyRecord("narrow", "faceid", "s3cret", operations=frozenset({"detect"})),
    KeyRecord("spent", "faceid", "s3cret", test_quota=0),
    KeyRecord("test", "faceid", "s3cret", test_quota=1),
    KeyRecord("in debt", "faceid", "s3cret", suspended=True),
    KeyRecord("used up", "faceid", "s3cret", credit=0),
    KeyRecord("slow", "faceid", "s3cret", rate="1/second"),
    KeyRecord("at work", "faceid", "s3cret", concurrency=0),
    KeyRecord("no detect", "faceid", "s3cret", operations=frozenset({"verify"})),
    KeyRecord("elsewhere", "linkface", "s3cret"),
    KeyRecord("informed", "faceid", "s3cret", kyc=True, liveness=dict.fromkeys(NAMES, "inform")),
    KeyRecord("strict", "faceid", "s3cret", kyc=True, liveness=dict.fromkeys(NAMES, "reject")),
)


def dialect(world: "World") -> Dialect:
    """The dialect over a world's ports; the sessions of `tests.wire.liveness` are open."""
    if ("liveness", "faceid:good", SESSIONS["plain"].sid) not in world.vault.kept:
        _do(open_sessions(world.liveness_sessions(), tuple(key.key for key in KEYS)))
    return faceid.dialect(
        faceid.UseCases(
            world.verify_faces(), world.detect_faces(), world.open_session(), AskAboutRun(world.flash_runs())
        )
    )


def _do(work: Coroutine[None, None, None]) -> None:
    """Do work that waits for nothing: ports in memory answer at once, also inside somebody's event loop."""
    with suppress(StopIteration):
        work.send(None)


def request(case: Case, pictures: Mapping[str, bytes]) -> Sent:
    """A good verify call, changed as the case says."""
    kind, body = _body(case, pictures)
    return Sent(case.get("method", "POST"), case.get("path", PATH), (("content-type", kind),), body)


def _body(case: Case, pictures: Mapping[str, bytes]) -> tuple[str, bytes]:
    """The content type and bytes of a vector's request."""
    if "raw_times" in case:
        piece, times = case["raw_times"]
        return case["content_type"], str(piece).encode() * times
    if "raw" in case:
        return case.get("content_type", f"multipart/form-data; boundary={BOUNDARY}"), case["raw"].encode()
    fields: dict[str, str | bytes] = {**GOOD, **dict.fromkeys(("image_ref1", "image"), pictures["anna"])}
    if case.get("path", PATH) != PATH:
        wanted = {"api_key", "api_secret"} | ({"image"} if case["path"] == DETECT else set())
        fields = {name: value for name, value in fields.items() if name in wanted}
    fields |= {"api_key": case["key"]} if "key" in case else {}
    fields |= liveness.fields(case, pictures)
    fields |= case.get("set", {})
    fields |= {name: bytes.fromhex(octets) for name, octets in case.get("octets", {}).items()}
    fields |= {name: pictures[picture] for name, picture in case.get("pictures", {}).items()}
    fields |= {name: b"\0" * count for name, count in case.get("zeros", {}).items()}
    kept = {name: value for name, value in fields.items() if name not in case.get("drop", [])}
    pairs = [*((name, value) for name, value in case.get("first", [])), *kept.items()]
    if case.get("encoding") == "urlencoded":
        return "application/x-www-form-urlencoded", urlencode(pairs).encode()
    return multipart(pairs, case.get("encoding", "curl"))


def body(case: Case) -> str:
    """The expected body; `error` is short for the usual shape."""
    if "error" not in case:
        return str(case["body"])
    faces = f', "faces": {case["faces"]}' if "faces" in case else ""
    key = "error" if case.get("path", PATH).startswith(V1) else "error_message"
    return f'{{"{key}": {json.dumps(case["error"])}, "request_id": "{REQUEST_ID}", "time_used": 673{faces}}}'


BUILDER = Builder(
    keys=KEYS,
    dialect=dialect,
    request=request,
    body=body,
    families={
        "v2": {reason: row.source != NEVER for reason, row in ERRORS.items()},
        # What is no operation is counted as nobody's, and stands under v2.
        "v1": {
            reason: row.source != NEVER and reason is not Reason.OPERATION_UNKNOWN for reason, row in ERRORS_V1.items()
        },
    },
    family_of=lambda operation: "v1" if operation == faceid.DETECT else "v2",
)
