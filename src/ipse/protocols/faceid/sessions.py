"""
Our own three calls beside Megvii's: a liveness session, a flash run, and how a flash run ended.

The vendor's SDK gets these from calls whose paths nobody outside knows; the words of the answers are ours, those of the
errors are version 2's.
"""

import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.faceid.form import Form
from ipse.protocols.faceid.wire import DIALECT, JSON, request_id, session_owner, time_used
from ipse.protocols.messages import Context, WireRequest, WireResponse
from ipse.service.access import Caller
from ipse.service.flash_runs import AskAboutRunCommand, AskAboutRunOutcome
from ipse.service.open_session import OpenSessionCommand, OpenSessionOutcome

MOST_BIZ_NO_CHARACTERS = 64
"""Longest id of a run that is looked for. Source: the open flash result's rules."""

ORIGIN = re.compile(rb"https?://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?")
"""Source: RFC 6454, section 6.2; what a browser calls the origin of a page on the web."""

COUNTS = frozenset(map(str, range(6)))
"""How many actions can be asked for: as many as there are pictures for them."""


def decode_session(request: WireRequest, caller: Caller) -> OpenSessionCommand:
    """
    Give the command of a request for a session.

    Raises:
        Refusal: `ARGUMENT_INVALID` (actions, then flash, then origin).
    """
    form = Form(request)
    actions = int(form.word("actions", "0", COUNTS))
    flash = form.flag("flash", default=False)
    return OpenSessionCommand(DIALECT, caller.record.key, actions=actions, flash=flash, origin=_origin(form))


def decode_run(request: WireRequest, caller: Caller) -> OpenSessionCommand:
    """
    Give the command of a request for a flash run.

    Raises:
        Refusal: `ARGUMENT_INVALID` (actions, then origin).
    """
    form = Form(request)
    actions = int(form.word("actions", "0", COUNTS))
    return OpenSessionCommand(DIALECT, caller.record.key, actions=actions, flash=True, origin=_origin(form))


def _origin(form: Form) -> str | None:
    """Give the origin of the page that our capture page hands its result to, if one was named."""
    content = form.request.content("origin")
    if content is None:
        return None
    if not ORIGIN.fullmatch(content):
        raise Refusal(Reason.ARGUMENT_INVALID, "origin")
    return content.decode("ascii")


def encode_session(outcome: OpenSessionOutcome, context: Context) -> WireResponse:
    """Give the body: what the client is to capture and to sign with, and the token that opens our capture page."""
    session = outcome.session
    told: dict[str, object] = {
        "sid": session.sid,
        "kid": session.kid,
        "nonce": _spelt(session.nonce),
        "session_key": _spelt(session.key),
        "actions": session.actions,
        "colours": session.colours,
        "biz_no": session.biz_no,
        "expires_in": int(session.expires_at - session.issued_at),
        "token": outcome.token,
    }
    return _answer(told, context)


def decode_run_state(request: WireRequest, caller: Caller) -> AskAboutRunCommand:
    """
    Give the command of a question about a flash run.

    Raises:
        Refusal: `ARGUMENT_MISSING` (biz_no).
    """
    biz_no = Form(request).required("biz_no")[:MOST_BIZ_NO_CHARACTERS].decode("utf-8", "replace")
    return AskAboutRunCommand(session_owner(caller), biz_no)


def encode_run_state(outcome: AskAboutRunOutcome, context: Context) -> WireResponse:
    """Give the body: how the run stands, and its pictures in base64 while they are kept."""
    told: dict[str, object] = {"state": outcome.run.state}
    if outcome.pictures:
        told["images"] = {name: b64encode(content).decode() for name, content in outcome.pictures.items()}
    return _answer(told, context)


def _answer(told: Mapping[str, object], context: Context) -> WireResponse:
    """Give a body in the order of the vendor's."""
    body = {"time_used": time_used(context), **told, "request_id": request_id(context)}
    return WireResponse(200, JSON, json.dumps(body).encode())


def _spelt(octets: bytes) -> str:
    """Give bytes in base64url without padding, as signed tokens have them."""
    return urlsafe_b64encode(octets).rstrip(b"=").decode()
