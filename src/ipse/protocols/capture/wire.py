"""What the page asks and is told: a session, and what became of what it captured."""

import json
import math
from base64 import urlsafe_b64encode
from typing import Any, Final

from python_multipart.multipart import parse_options_header

from ipse.core.genuineness.bundle import PICTURES
from ipse.core.genuineness.judgement import Status
from ipse.core.reasons import Reason, Refusal
from ipse.protocols.capture.auth import token_of
from ipse.protocols.messages import Context, WireRequest, WireResponse
from ipse.service.access import Caller
from ipse.service.page_calls import FLASH_FILE, PageSession, TakenResult, TakeResultCommand

SDK: Final = "2.4.5"
"""The version that the page signs as. Source: the open bundle's rules; from 2.4.3 on everything is answered."""

DELTA: Final = "delta"
BEST: Final = "image_best"

KNOWN: Final = frozenset({DELTA, FLASH_FILE, *PICTURES})
"""Every field of a result."""

ADVICE: Final = (("action", "actions_not_done"), ("flash", "light_not_seen"))
"""
What somebody who is really there can do better next time; of other suspicions nothing is said.

Source: ours: who is told that a screen was seen would try another screen.
"""


def decode_session(request: WireRequest, _caller: Caller) -> str:
    """Give the token."""
    return token_of(request.head)


def encode_session(found: PageSession, context: Context) -> WireResponse:
    """Give what is to be done."""
    page, session = found.page, found.session
    body = {
        "mode": page.mode,
        "sid": session.sid,
        "kid": session.kid,
        "nonce": _text(session.nonce),
        "session_key": _text(session.key),
        "actions": [action.value for action in session.actions],
        "colours": [colour.value for colour in session.colours],
        "biz_no": session.biz_no,
        "expires_in_s": math.floor(found.expires_in_s),
        "origin": page.origin,
        "sdk": SDK,
    }
    return _answer(body, context)


def decode_result(request: WireRequest, caller: Caller) -> TakeResultCommand:
    """
    Give what was captured.

    Raises:
        Refusal: `BODY_MALFORMED` (it is no form), `ARGUMENT_UNKNOWN`, `ARGUMENT_INVALID` (a field came twice),
            `ARGUMENT_MISSING` or `ARGUMENT_UNREADABLE` (the delta), `FILE_MISSING` (`image_best`), `FILE_EMPTY`.
    """
    kind, _ = parse_options_header(request.head.header("content-type"))
    if kind != b"multipart/form-data":
        raise Refusal(Reason.BODY_MALFORMED, "content-type")
    sent: dict[str, bytes] = {}
    for part in request.parts:
        if part.name not in KNOWN:
            raise Refusal(Reason.ARGUMENT_UNKNOWN)
        if part.name in sent:
            raise Refusal(Reason.ARGUMENT_INVALID, part.name)
        sent[part.name] = part.content
    delta = _delta(sent)
    if BEST not in sent:
        raise Refusal(Reason.FILE_MISSING, BEST)
    for name, content in sent.items():
        if not content:
            raise Refusal(Reason.FILE_EMPTY, name)
    images = {name: sent[name] for name in PICTURES if name in sent}
    return TakeResultCommand(token_of(request.head), caller.record.liveness, delta, images, sent.get(FLASH_FILE))


def encode_result(taken: TakenResult, context: Context) -> WireResponse:
    """Give what became of it: no score, and no word about which attack it looked like."""
    judgements = taken.result.judgements
    advice = [word for name, word in ADVICE for one in judgements.values() if (one.name, one.status) == (name, _SEEN)]
    said = advice[0] if advice and taken.status == "failed" else None
    return _answer({"capture": taken.capture, "status": taken.status, "advice": said}, context)


_SEEN: Final = Status.SUSPECTED


def _delta(sent: dict[str, bytes]) -> str:
    """Give what vouches for the pictures."""
    if DELTA not in sent:
        raise Refusal(Reason.ARGUMENT_MISSING, DELTA)
    try:
        return sent[DELTA].decode("ascii")
    except UnicodeDecodeError:
        raise Refusal(Reason.ARGUMENT_UNREADABLE, DELTA) from None


def _answer(body: dict[str, Any], context: Context) -> WireResponse:
    """Give an answer: its members, after the id of the call."""
    octets = json.dumps({"request": str(context.correlation), **body}, separators=(",", ":")).encode()
    return WireResponse(200, (("content-type", "application/json"),), octets)


def _text(octets: bytes) -> str:
    """Give bytes in base64url without padding. Source: RFC 7515, section 2."""
    return urlsafe_b64encode(octets).rstrip(b"=").decode()
