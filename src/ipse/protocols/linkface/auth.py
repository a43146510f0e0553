"""Linkface's credential: `api_id` and `api_secret`, wherever arguments may stand."""

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.linkface.fields import read_fields
from ipse.protocols.messages import Context, WireRequest
from ipse.service.access import SharedSecret


def authenticate(request: WireRequest, _context: Context) -> SharedSecret:
    """
    Give the credential of a request.

    Raises:
        Refusal: `CREDENTIALS_MISSING` naming `api_id`, then `api_secret`; an empty one is missing.
    """
    texts = read_fields(request).texts
    for name in ("api_id", "api_secret"):
        if not texts.get(name):
            raise Refusal(Reason.CREDENTIALS_MISSING, name)
    return SharedSecret(texts["api_id"].decode("utf-8", "replace"), texts["api_secret"])
