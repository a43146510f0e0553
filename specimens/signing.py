"""PhilID's signed QR, under a key of our own."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ipse.core.cards.philid import signed_text

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

    What is signed is laid out as the checker has it (`ipse.core.cards.philid`), which follows an open verifier of real
    cards: a specimen cannot show whether that is right, only that a card altered afterwards is told.
    """
    message: dict[str, Any] = {"DateIssued": issued, "Issuer": "PSA", "subject": dict(subject), "alg": "EDDSA"}
    signature = base64.b64encode(_key(secret).sign(signed_text(message, subject))).decode()
    return json.dumps({**message, "signature": signature}, separators=(",", ":"), ensure_ascii=False)
