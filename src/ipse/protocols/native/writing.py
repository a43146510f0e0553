"""What all answers of our own API share: JSON, the headers beside it, and what a call is found by."""

import json
import math
from collections.abc import Mapping
from typing import Any, Final

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.messages import Context, Head, Headers, WireRequest, WireResponse
from ipse.service.ports import Mark, Standing

UUID_HEADER: Final = "x-client-request-id"
"""The header in which callers may name a call in their own words. Source: the name in use at OpenAI and Azure."""

IDEMPOTENCY_HEADER: Final = "idempotency-key"
"""Source: draft-ietf-httpapi-idempotency-key-header-07."""

IDEMPOTENCY_CHARACTERS: Final = 255
"""Longest idempotency key. Source: docs.stripe.com/api/idempotent_requests."""

POLICY: Final = '"key"'
"""The name of the only policy: so many calls of one key in a window."""


def answer(body: Mapping[str, Any], context: Context, status: int = 200) -> WireResponse:
    """Give an answer: its members, after the id of the call."""
    whole = {"request": str(context.correlation), **body}
    octets = json.dumps(whole, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    return WireResponse(status, (("content-type", "application/json"),), octets)


def headers(context: Context, standing: Standing | None) -> Headers:
    """
    Give the headers of every answer: the call's id, and how the key stands against its rate once that is known.

    Source: draft-ietf-httpapi-ratelimit-headers-10 (lists of strings with parameters, RFC 9651).
    """
    found: Headers = (("x-request-id", str(context.correlation)),)
    if standing is None:
        return found
    resets_s = math.ceil(standing.resets_in_s)
    return (
        *found,
        ("ratelimit-policy", f"{POLICY};q={standing.limit};w={math.ceil(standing.window_s)}"),
        ("ratelimit", f"{POLICY};r={standing.remaining};t={resets_s}"),
    )


def uuid_marks(request: WireRequest) -> tuple[Mark, ...]:
    """Give what the caller calls this call."""
    named = request.head.header(UUID_HEADER)
    return (Mark("uuid", named),) if named else ()


def idempotency_key(head: Head) -> str | None:
    """
    Give the key under which a request would be answered again, if it has one.

    The draft asks for a quoted string; the bare word that most clients send is taken for the same.

    Raises:
        Refusal: `ARGUMENT_INVALID`: it is empty, too long, or not plain ASCII.
    """
    sent = head.header(IDEMPOTENCY_HEADER)
    if sent is None:
        return None
    word = sent[1:-1] if len(sent) > 1 and sent[0] == sent[-1] == '"' else sent
    if not 1 <= len(word) <= IDEMPOTENCY_CHARACTERS or not word.isascii() or not word.isprintable() or '"' in word:
        raise Refusal(Reason.ARGUMENT_INVALID, IDEMPOTENCY_HEADER)
    return word


def plain(body: Mapping[str, Any], _context: Context) -> WireResponse:
    """Give an answer that is a document of its own: a signed record has no member more."""
    octets = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    return WireResponse(200, (("content-type", "application/json"),), octets)
