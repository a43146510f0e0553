"""The capture page's two calls: a page token, and a form of signed pictures."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ipse.core.reasons import Reason
from ipse.protocols import capture
from ipse.protocols.capture.errors import ERRORS
from ipse.protocols.messages import Dialect
from ipse.service.evidence import Recorder
from ipse.service.page_calls import GiveSession, TakeResult, take_nothing
from ipse.service.page_tokens import PageTokens
from ipse.service.vouching import Vouching
from ipse.service.yardstick import Yardstick
from tests.wire import liveness
from tests.wire.builder import Builder, Case, Sent
from tests.wire.builders.native import CURVE
from tests.wire.captures import capture_states, id_of, token_of
from tests.wire.forms import multipart
from tests.wire.judges import ScriptedJudges

if TYPE_CHECKING:
    from tests.wire.world import World

CALL = "71eeb124-08f0-47b3-8fc8-ac048cfa1372"

PATHS = {"session": ("GET", "/capture/session"), "result": ("POST", "/capture/result")}


def dialect(world: "World") -> Dialect:
    """The dialect over a world's ports; the captures of `tests.wire.captures` wait."""
    states = capture_states(world)
    sessions = world.liveness_sessions()
    tokens = PageTokens(world.vault, world.clock, world.entropy)
    vouching = Vouching(sessions, world.once, ScriptedJudges(), world.clock)
    aftermath = world.capture_aftermath()
    taking = TakeResult(tokens, states, vouching, world.once, aftermath, world.attacks, world.clock, 86_400.0)
    return capture.dialect(
        capture.UseCases(
            give_session=GiveSession(tokens, sessions, states, world.clock),
            take_result=taking if world.settings.get("liveness", "first") != "off" else take_nothing,
            tokens=tokens,
            decide=Recorder(Yardstick(CURVE, "ipse 1.2.3")).capture,
        )
    )


def request(case: Case, files: Mapping[str, bytes]) -> Sent:
    """
    A good call of the page of the capture `capture` (by default `plain`), changed as the case says.

    `bundle` and `flash` are those of `tests.wire.liveness`, `both` sends the two of a session with a flash run; `set`
    and `drop` change fields, `raw` is a whole body, `token` another token.
    """
    method, path = PATHS[case.get("call", "result")]
    method, path = case.get("method", method), case.get("path", path)
    sent = {name.lower() for name in case.get("send_headers", {})}
    headers = []
    if "authorization" not in sent and not case.get("keyless"):
        token = case.get("token") or token_of(case.get("capture", "plain"))
        headers.append(("authorization", f"Bearer {token}"))
    if method != "POST":
        return Sent(method, path, tuple(headers))
    kind, body = _body(case, files)
    return Sent(method, path, (*headers, ("content-type", kind)), body)


def _body(case: Case, files: Mapping[str, bytes]) -> tuple[str, bytes]:
    """The content type and the bytes of a form."""
    if "raw_bytes" in case:
        return "multipart/form-data; boundary=x", bytes(case["raw_bytes"])
    if "raw" in case:
        return case.get("content_type", "application/json"), case["raw"].encode()
    fields = liveness.fields({"bundle": case.get("bundle", {})}, files)
    if "flash" in case:
        fields |= liveness.fields({"flash": case["flash"]}, files)
    fields |= {name: files[value[9:-1]] if value.startswith("<picture ") else value
               for name, value in case.get("set", {}).items()}  # fmt: skip
    dropped = {"face_image_type", *case.get("drop", [])}
    parts = [(name, value) for name, value in fields.items() if name not in dropped]
    return multipart([*parts, *((name, "") for name in case.get("again", []))], "curl")


def body(case: Case) -> str:
    """The expected body: a problem by its reason and field, or an answer with `<call>` and `<capture NAME>`."""
    if "reason" in case:
        status = ERRORS[Reason(case["reason"])]
        problem: dict[str, object] = {
            "type": f"/problems/{case['reason']}",
            "title": status.phrase,
            "status": status.value,
            "reason": case["reason"],
            "request": CALL,
        }
        return json.dumps(problem | ({"field": case["field"]} if "field" in case else {}))
    text = str(case["body"]).strip().replace("\n", "").replace("<call>", CALL)
    return text.replace("<capture>", id_of(case.get("capture", "plain")))


def headers(case: Case) -> Mapping[str, str]:
    """A JSON answer or a problem, for nobody to keep."""
    kind = "application/problem+json" if "reason" in case else "application/json"
    challenge = {"www-authenticate": 'Bearer realm="ipse capture"'} if case["status"] == 401 else {}
    return {"content-type": kind, "x-request-id": CALL, "cache-control": "no-store", **challenge}


POSSIBLE = {
    *(Reason.OPERATION_UNKNOWN, Reason.CREDENTIALS_MISSING, Reason.CREDENTIALS_MALFORMED, Reason.CREDENTIALS_INVALID),
    *(Reason.KEY_DISABLED, Reason.KEY_EXPIRED, Reason.KEY_SUSPENDED, Reason.OPERATION_DENIED, Reason.NOT_OPEN),
    *(Reason.QUOTA_SPENT, Reason.CREDIT_SPENT, Reason.RATE_EXCEEDED, Reason.CONCURRENCY_EXCEEDED, Reason.BUSY),
    *(Reason.BODY_TOO_LARGE, Reason.BODY_MALFORMED, Reason.ARGUMENT_MISSING, Reason.ARGUMENT_INVALID),
    *(Reason.ARGUMENT_UNKNOWN, Reason.ARGUMENT_UNREADABLE, Reason.FILE_MISSING, Reason.FILE_EMPTY),
    *(Reason.LIVENESS_BUNDLE_INVALID, Reason.LIVENESS_BUNDLE_USED, Reason.FLASH_RESULT_INVALID),
    *(Reason.IMAGE_UNRECOGNISED, Reason.IMAGE_TRUNCATED, Reason.IMAGE_CORRUPT, Reason.IMAGE_TOO_LARGE),
    *(Reason.IMAGE_TOO_COMPLEX, Reason.FACE_MISSING, Reason.DATA_SOURCE_FAILED),
}
"""What either call can be refused for; `INTERNAL` and `FLASH_RUN_USED` besides, which no vector can bring about."""

BUILDER = Builder(
    keys=(),
    dialect=dialect,
    request=request,
    headers=headers,
    body=body,
    families={"problems": {reason: reason in POSSIBLE for reason in ERRORS}},
    family_of=lambda _operation: "problems",
)
