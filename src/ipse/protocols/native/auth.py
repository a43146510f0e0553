"""Our own credential: `Authorization: Bearer KEY` (RFC 6750, section 2.1)."""

import re
from typing import Final

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.messages import Context, WireRequest
from ipse.service.access import BearerKey

FIELD: Final = "Authorization"

_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/-]+=*")
"""Source: RFC 6750, section 2.1, `b64token`."""


def authenticate(request: WireRequest, _context: Context) -> BearerKey:
    """
    Give the credential of a request.

    Raises:
        Refusal: `CREDENTIALS_MISSING` without the header, `CREDENTIALS_MALFORMED` when it is no bearer key.
    """
    sent = (request.head.header("authorization") or "").strip()
    if not sent:
        raise Refusal(Reason.CREDENTIALS_MISSING, FIELD)
    scheme, _, word = sent.partition(" ")
    if scheme.lower() != "bearer" or not _TOKEN.fullmatch(word.strip()):
        raise Refusal(Reason.CREDENTIALS_MALFORMED, FIELD)
    return BearerKey(word.strip())
