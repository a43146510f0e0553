"""PhilID's signed QR, under a key of our own."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SECRET = b"a key for specimens, which signs nothing that counts"


def _key(secret: bytes) -> Ed25519PrivateKey:
    """Give a key from a sentence."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(secret).digest())


def public_key() -> bytes:
    """Give the 32 bytes of the key that signs specimens."""
    return _key(SECRET).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def signed(subject: Mapping[str, Any], issued: str, *, secret: bytes = SECRET) -> str:
    """
    Give the JSON of a PhilID's QR.

    The signature covers the compact JSON of the members before it, in their order (`alg` too): how the real card's
    message is put together was not published; a checker states which form it takes.
    """
    message: dict[str, Any] = {"DateIssued": issued, "Issuer": "PSA", "subject": dict(subject), "alg": "EDDSA"}
    text = json.dumps(message, separators=(",", ":"), ensure_ascii=False)
    signature = base64.b64encode(_key(secret).sign(text.encode())).decode()
    return json.dumps({**message, "signature": signature}, separators=(",", ":"), ensure_ascii=False)
