"""
Megvii's credentials: `api_key` and `api_secret` as form fields (v1 and v2), or a signature over both (from v3 on).

The signature is taken where our own calls stand beside the vendor's, so that a back end written for v3 can begin a run.
"""

import hashlib
import hmac
import re
from base64 import b64decode
from binascii import Error
from dataclasses import dataclass, field
from typing import Final

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.messages import Context, WireRequest
from ipse.service.access import Credential, SharedSecret

SIGNED_PATHS: Final = frozenset({"/v1/liveness/session", "/v1/flash/biz_no", "/v1/flash/biz_info"})
"""Where a signature is taken: our own calls."""

VERSION: Final = b"hmac_sha1"
"""Source: FaceID authentication, `sign_version`."""

DIGEST_BYTES: Final = 20
"""SHA-1's."""

SIGNED: Final = re.compile(rb"a=([^&]{1,256})&b=([0-9]{1,12})&c=([0-9]{1,12})&d=[0-9]{1,10}")
"""Source: FaceID authentication: key, end, beginning, a random number of at most ten digits."""


@dataclass(frozen=True, slots=True)
class SignedText:
    """
    A credential that is a signed text.

    Attributes:
        key: The key that it names.
        text: What was signed.
        digest: With what result.
        stale: Whether its time is over; one for a single use (an end of 0) is, since nobody could tell its second use.
    """

    key: str
    text: bytes = field(repr=False)
    digest: bytes = field(repr=False)
    stale: bool

    def proves(self, secret: str | None) -> bool:
        """Whether this secret signs the text so. Source: HMAC-SHA1."""
        expected = hmac.digest((secret or "").encode(), self.text, hashlib.sha1)
        return hmac.compare_digest(expected, self.digest) and secret is not None


def authenticate(request: WireRequest, context: Context) -> Credential:
    """
    Give the credential of a request.

    Raises:
        Refusal: `CREDENTIALS_MISSING` naming `api_key`, then `api_secret`; an empty one is missing. For a signature:
            `CREDENTIALS_MALFORMED`.
    """
    if request.head.path in SIGNED_PATHS and request.content("sign") and not request.content("api_key"):
        return _signature(request, context.started_at)
    key, secret = (_required(request, name) for name in ("api_key", "api_secret"))
    return SharedSecret(key.decode("utf-8", "replace"), secret)


def _signature(request: WireRequest, now: float) -> SignedText:
    """Give the credential in `sign`: base64 of a digest and the text that it is of."""
    try:
        signed = b64decode(_required(request, "sign"), validate=True)
    except Error:
        raise Refusal(Reason.CREDENTIALS_MALFORMED) from None
    digest, text = signed[:DIGEST_BYTES], signed[DIGEST_BYTES:]
    found = SIGNED.fullmatch(text)
    if found is None or _required(request, "sign_version") != VERSION:
        raise Refusal(Reason.CREDENTIALS_MALFORMED)
    return SignedText(found[1].decode("utf-8", "replace"), text, digest, stale=int(found[2]) <= now)


def _required(request: WireRequest, name: str) -> bytes:
    """Give the bytes of a field that must be there."""
    content = request.content(name)
    if not content:
        raise Refusal(Reason.CREDENTIALS_MISSING, name)
    return content
