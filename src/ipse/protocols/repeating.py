"""
Requests that were sent before: how they are known, what is kept of an answer, and what the ledger gets when it goes out
again.

An answer is kept before its call stands in the ledger. Should the server die in between, the next repetition writes the
line that is missing: it bears the id of the first call, and the ledger takes an id once.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from ipse.protocols.messages import WireRequest, WireResponse
from ipse.service.ports import KeptAnswer

_CALL: Final = ":call"
_OUTCOME: Final = ":outcome"
_BILLED: Final = ":billed"
"""Names of what is kept beside the headers; no header can begin with a colon (RFC 9110, section 5.6.2)."""

REPLAYED: Final = ("idempotency-replayed", "true")
"""Says that an answer was given before. Source: the name that Stripe's API uses; the draft names none."""


@dataclass(frozen=True, slots=True)
class FirstCall:
    """The call whose answer goes out again: its id, how it ended, and what was billed for it."""

    call: UUID
    outcome: str
    billed: int


def fingerprint(request: WireRequest) -> bytes:
    """
    Give what tells requests apart: method, path, query and what was sent, but no multipart boundary.

    Shape: 32 bytes, SHA-256.
    """
    digest = hashlib.sha256()
    for piece in _pieces(request):
        digest.update(len(piece).to_bytes(8, "big"))
        digest.update(piece)
    return digest.digest()


def kept(answer: WireResponse, first: FirstCall) -> KeptAnswer:
    """Give what is kept of an answer."""
    private = ((_CALL, str(first.call)), (_OUTCOME, first.outcome), (_BILLED, str(first.billed)))
    return KeptAnswer(answer.status, (*answer.headers, *private), answer.body)


def replayed(answer: KeptAnswer) -> tuple[WireResponse, FirstCall]:
    """Give the answer once more, and the call that it was first given to."""
    private = {name: value for name, value in answer.headers if name.startswith(":")}
    headers = tuple(pair for pair in answer.headers if not pair[0].startswith(":"))
    first = FirstCall(UUID(private[_CALL]), private[_OUTCOME], int(private[_BILLED]))
    return WireResponse(answer.status, (*headers, REPLAYED), answer.body), first


def _pieces(request: WireRequest) -> Iterator[bytes]:
    """Give all that makes a request what it is."""
    yield request.head.method.encode()
    yield request.head.path.encode("utf-8", "surrogatepass")
    yield request.head.query
    yield request.body
    for part in request.parts:
        yield part.name.encode("utf-8", "surrogateescape")
        yield (part.filename or "").encode("utf-8", "surrogateescape")
        yield part.content
