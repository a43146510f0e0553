"""iApp's credential: `apikey` in the header, else in the query, as its gateway (Kong, key-auth) takes it."""

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.body import pairs
from ipse.protocols.messages import BodyLimits, Context, WireRequest
from ipse.service.access import BearerKey

NAME = "apikey"
"""Source: the page, request parameters; Kong's key-auth looks in the query too."""

QUERY = BodyLimits(body_bytes=0)
"""How many pairs a query may have: as many as a form."""


def authenticate(request: WireRequest, _context: Context) -> BearerKey:
    """
    Give the credential of a request; the header wins.

    Raises:
        Refusal: `CREDENTIALS_MISSING`; an empty one is missing.
    """
    key = request.head.header(NAME) or _in_query(request)
    if not key:
        raise Refusal(Reason.CREDENTIALS_MISSING, NAME)
    return BearerKey(key)


def _in_query(request: WireRequest) -> str:
    """Give the last key of the query, or nothing."""
    found = [pair.content for pair in pairs(request.head.query, QUERY) if pair.name == NAME]
    return found[-1].decode("utf-8", "replace") if found else ""
