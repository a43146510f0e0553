"""Megvii's credential: `api_key` and `api_secret` as form fields (v1 and v2)."""

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.messages import Context, WireRequest
from ipse.service.access import SharedSecret


def authenticate(request: WireRequest, _context: Context) -> SharedSecret:
    """
    Give the credential of a request.

    Raises:
        Refusal: `CREDENTIALS_MISSING` naming `api_key`, then `api_secret`; an empty one is missing.
    """
    key, secret = (_required(request, name) for name in ("api_key", "api_secret"))
    return SharedSecret(key.decode("utf-8", "replace"), secret)


def _required(request: WireRequest, name: str) -> bytes:
    """Give the bytes of a field that must be there."""
    content = request.content(name)
    if not content:
        raise Refusal(Reason.CREDENTIALS_MISSING, name)
    return content
