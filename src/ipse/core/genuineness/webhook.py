"""
How what is told to an integrator is signed: a keyed hash over the time and the body.

`X-Ipse-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`. A body that was recorded is of no use later,
and none can be made without the secret. While a secret is being changed there are two `v1`, and one that fits is
enough. The body names its delivery: who is told twice knows it by that. The twin that checks is
`ipse.capture.check_webhook`.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from typing import Final

HEADER: Final = "X-Ipse-Signature"
"""The name of the header that proves it."""

DELIVERY: Final = "X-Ipse-Delivery"
EVENT: Final = "X-Ipse-Event"
"""Names of headers that repeat what the body says, for whoever sorts before reading."""

TOLERANCE_S: Final = 300
"""How old, or how far ahead, a signature may be. Source: Stripe's webhooks, whose form of signature this is."""

MOST_SIGNATURES: Final = 8
"""Most signatures in a header that are looked at. Source: ours; two secrets are in use at most."""

_TIME: Final = re.compile(r"t=([0-9]{1,12})")
_HASH: Final = re.compile(r"v1=([0-9a-f]{64})")


def signature_of(body: bytes, secrets: Sequence[str], now: float) -> str:
    """Give the header's value for a body that is sent now (Unix seconds), signed with every one of these secrets."""
    at = str(int(now))
    return ",".join((f"t={at}", *(f"v1={_hash_of(body, secret, at)}" for secret in secrets)))


def is_signed(value: str, body: bytes, secret: str, now: float) -> bool:
    """Give whether the header's value signs this body, with this secret and within the last five minutes."""
    first, *rest = value.split(",")
    time = _TIME.fullmatch(first)
    if time is None:
        return False
    at = time.group(1)
    wanted = _hash_of(body, secret, at)
    told = [found.group(1) for found in map(_HASH.fullmatch, rest[:MOST_SIGNATURES]) if found is not None]
    fits = [hmac.compare_digest(wanted, one) for one in told]
    return any(fits) and abs(now - int(at)) <= TOLERANCE_S


def _hash_of(body: bytes, secret: str, at: str) -> str:
    """Give the keyed hash of a body at a time, in hex."""
    return hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
