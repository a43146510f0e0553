"""
Signatures under evidence: an Ed25519 key that the master key leads to, and how anybody checks what it signed.

The key follows from the master key's keyed hash, so it outlives a new master key, as old records must. So do the
secrets under which webhooks are signed.
"""

import base64

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ipse.infra.master_key import MasterKey

SEED_BYTES = 32
"""Source: RFC 8032, section 5.1.5: an Ed25519 private key is 32 random bytes."""

SECRET_BYTES = 32
"""Source: RFC 2104, section 3: a key of HMAC-SHA256 has at least as many bytes as its hash."""


class EvidenceKey:
    """Signs evidence; implements `ipse.service.evidence.Signer`."""

    def __init__(self, master_key: MasterKey) -> None:
        root = master_key.keyed_hash("signing", "evidence")
        seed = HKDF(algorithm=SHA256(), length=SEED_BYTES, salt=None, info=b"ipse: evidence, Ed25519").derive(root)
        self._private = Ed25519PrivateKey.from_private_bytes(seed)

    def __repr__(self) -> str:
        """Nothing of the key."""
        return "EvidenceKey(...)"

    @property
    def public(self) -> str:
        """The public key as records show it: 32 bytes in base64."""
        raw = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return base64.b64encode(raw).decode()

    def sign(self, message: bytes) -> str:
        """A signature over the message: 64 bytes in base64."""
        return base64.b64encode(self._private.sign(message)).decode()


class WebhookKeys:
    """What webhooks are signed with: a secret for each owner, and each time that it was renewed."""

    def __init__(self, master_key: MasterKey) -> None:
        self._root = master_key.keyed_hash("signing", "webhooks")

    def __repr__(self) -> str:
        """Nothing of the keys."""
        return "WebhookKeys(...)"

    def secret(self, owner: str, turn: int = 0) -> str:
        """The secret of an owner, always the same: 32 bytes in base64url, so that it fits into any configuration."""
        again = b"" if turn == 0 else b"\0%d" % turn
        info = b"ipse: webhooks, HMAC-SHA256\0" + owner.encode() + again
        made = HKDF(algorithm=SHA256(), length=SECRET_BYTES, salt=None, info=info).derive(self._root)
        return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def is_signed(public: str, message: bytes, signature: str) -> bool:
    """Whether the owner of this public key signed this message; what is no key or signature signs nothing."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public, validate=True))
        key.verify(base64.b64decode(signature, validate=True), message)
    except (InvalidSignature, ValueError):
        return False
    return True
