"""Our own API. It has no operations yet: whatever no vendor owns gets a problem document."""

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.messages import BodyLimits, Context, Dialect, WireRequest
from ipse.protocols.native.errors import FAMILY
from ipse.service.access import SharedSecret


def _authenticate(_request: WireRequest, _context: Context) -> SharedSecret:
    """Refuse: a dialect without operations has no credentials either."""
    raise Refusal(Reason.CREDENTIALS_MISSING)


def dialect() -> Dialect:
    """Give the dialect that owns what nobody else does."""
    return Dialect(
        name="native",
        owns=lambda _head: True,
        operations=(),
        authenticate=_authenticate,
        errors=FAMILY,
        limits=BodyLimits(body_bytes=0),
    )
