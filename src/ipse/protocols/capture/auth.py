"""The page's credential: `Authorization: Bearer TOKEN` (RFC 6750, section 2.1)."""

import re
from dataclasses import dataclass, field
from typing import Final

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.messages import Context, Head, WireRequest

FIELD: Final = "Authorization"

_TOKEN: Final = re.compile(r"bearer +([A-Za-z0-9_-]{43})", re.IGNORECASE)
"""32 bytes in base64url without padding."""


@dataclass(frozen=True, slots=True)
class PageCredential:
    """A token that the owner of a key handed on: who has it need not know the key."""

    token: str = field(repr=False)

    @property
    def key(self) -> str:
        """No key: the token is looked up instead."""
        return ""

    @property
    def stale(self) -> bool:
        """Never: it ends with its place in the vault."""
        return False

    def proves(self, secret: str | None) -> bool:
        """Nothing about any secret."""
        del secret
        return False


def authenticate(request: WireRequest, _context: Context) -> PageCredential:
    """
    Give the credential of a request.

    Raises:
        Refusal: `CREDENTIALS_MISSING` without the header, `CREDENTIALS_MALFORMED` when it is no page token.
    """
    return PageCredential(token_of(request.head))


def token_of(head: Head) -> str:
    """Give the page token of a request; for what it raises see `authenticate`."""
    sent = (head.header("authorization") or "").strip()
    if not sent:
        raise Refusal(Reason.CREDENTIALS_MISSING, FIELD)
    found = _TOKEN.fullmatch(sent)
    if found is None:
        raise Refusal(Reason.CREDENTIALS_MALFORMED, FIELD)
    return found[1]
