"""
How the result of a capture is signed when it is told to an integrator: a keyed hash over the time and the body.

`X-Ipse-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`. A body that was recorded is of no use later,
and none can be made without the secret. The twin that checks is `ipse.capture.check_webhook`.
"""

import hashlib
import hmac
import re
from typing import Final

HEADER: Final = "X-Ipse-Signature"
"""The header's name."""

TOLERANCE_S: Final = 300
"""How old, or how far ahead, a signature may be. Source: Stripe's webhooks, whose form of signature this is."""

_FORM: Final = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")


def signature_of(body: bytes, secret: str, now: float) -> str:
    """Give the header's value for a body that is sent now (Unix seconds)."""
    return f"t={int(now)},v1={_hash_of(body, secret, str(int(now)))}"


def is_signed(value: str, body: bytes, secret: str, now: float) -> bool:
    """Give whether the header's value is that of this body, signed with this secret within the last five minutes."""
    parts = _FORM.fullmatch(value)
    if parts is None:
        return False
    at, told = parts.groups()
    return hmac.compare_digest(_hash_of(body, secret, at), told) and abs(now - int(at)) <= TOLERANCE_S


def _hash_of(body: bytes, secret: str, at: str) -> str:
    """Give the keyed hash of a body at a time, in hex."""
    return hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
