"""
The master key: 32 bytes under which every secret at rest is sealed, and older ones that still open.

Keys for single purposes are derived from it, so that a hash made for one purpose says nothing about another. Everything
sealed names its key, so that a new master key can take over one value after the other; see
docs/decisions/0010-rotating-the-master-key.md.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ipse.infra.trouble import SetupError

KEY_BYTES: Final = 32
"""Length of the master key and of every derived key. Source: AES-256, FIPS 197."""

_NONCE_BYTES: Final = 12
"""Source: NIST SP 800-38D section 5.2.1.1, the length that needs no further hashing."""

_ID_BYTES: Final = 4
"""Length of a key's name: it only saves trying, the cipher's own tag decides."""

_NAMELESS: Final = b"\x01"
"""First byte of what was sealed before keys had names: AES-256-GCM, nonce, ciphertext."""

_FORM: Final = b"\x02"
"""First byte of everything sealed: AES-256-GCM; the key's name and the nonce stand before the ciphertext."""

_HASHING: Final = "the key of all keyed hashes"


class MasterKeyError(SetupError):
    """The master key is not usable; the message says what to do and never holds key material."""


@dataclass(frozen=True, slots=True, repr=False)
class _Key:
    """One of the keys, as what is derived from it."""

    id: bytes
    sealing: AESGCM
    hashing: bytes


class _Ring:
    """The keys as they are now; several threads may ask."""

    def __init__(self, keys: Sequence[bytes], renewed: Callable[[], Sequence[bytes] | None]) -> None:
        self._keys = tuple(map(_key, keys))
        self._renewed = renewed

    def __call__(self) -> tuple[_Key, ...]:
        """The key that seals, then those that only open."""
        renewed = self._renewed()
        if renewed is not None:
            self._keys = tuple(map(_key, renewed))
        return self._keys


class MasterKey:
    """
    What can be done with the master key without ever seeing it.

    Args:
        *keys: The first one seals, all of them open. At first the keyed hashes are derived from it too.
        renewed: Gives the keys anew when they have changed since it was last asked, else `None`.
    """

    def __init__(self, *keys: bytes, renewed: Callable[[], Sequence[bytes] | None] = lambda: None) -> None:
        self._ring = _Ring(keys, renewed)
        self._hashing = self._ring()[0].hashing

    def __repr__(self) -> str:
        """Nothing of the key."""
        return "MasterKey(...)"

    @property
    def ids(self) -> tuple[str, ...]:
        """The names of the keys: that of the sealing one, then those that only open."""
        return tuple(key.id.hex() for key in self._ring())

    @property
    def prefix(self) -> bytes:
        """What everything begins with that is sealed from now on."""
        return _FORM + self._ring()[0].id

    def seal(self, plain: bytes, about: str) -> bytes:
        """
        Ciphertext that opens only under this key and only as being about the same thing.

        Args:
            plain: What to hide.
            about: What it belongs to (a key's id); bound to the ciphertext, so that rows cannot be swapped.
        """
        key, nonce = self._ring()[0], secrets.token_bytes(_NONCE_BYTES)
        return _FORM + key.id + nonce + key.sealing.encrypt(nonce, plain, about.encode())

    def open(self, sealed: bytes, about: str) -> bytes:
        """
        What was sealed.

        Raises:
            MasterKeyError: It was sealed under another key, about something else, or was changed.
        """
        if sealed[:1] not in {_FORM, _NAMELESS}:
            raise MasterKeyError(f"What was sealed for {about} has an unknown form.")
        start = 1 + (_ID_BYTES if sealed[:1] == _FORM else 0)
        nonce, ciphertext = sealed[start : start + _NONCE_BYTES], sealed[start + _NONCE_BYTES :]
        for key in self._ring():
            if sealed[:1] == _NAMELESS or sealed[1:start] == key.id:
                try:
                    return key.sealing.decrypt(nonce, ciphertext, about.encode())
                except (InvalidTag, ValueError):  # The second: it is too short to hold a nonce.
                    continue
        raise MasterKeyError(f"What was sealed for {about} does not open under this master key.")

    def keyed_hash(self, purpose: str, text: str) -> bytes:
        """
        A fingerprint of a text that nobody can try guesses against without the key; it outlives a new master key.

        Shape: 32 bytes, HMAC-SHA256 (RFC 2104).
        """
        return _hash(self._hashing, purpose, text)

    def proof(self, key_id: str) -> bytes:
        """What shows that a database was used with this one of the keys."""
        return _hash(self._named(key_id).hashing, "proof", "this database")

    def hashing_like(self, key_id: str) -> "MasterKey":
        """The same keys, hashing as this one of them does by itself."""
        return self._with(self._named(key_id).hashing)

    def seal_hashing(self) -> bytes:
        """The key of keyed hashes, sealed."""
        return self.seal(self._hashing, _HASHING)

    def with_hashing(self, sealed: bytes) -> "MasterKey":
        """
        The same keys, hashing with what `seal_hashing` gave.

        Raises:
            MasterKeyError: It does not open under these keys.
        """
        return self._with(self.open(sealed, _HASHING))

    def _with(self, hashing: bytes) -> "MasterKey":
        """The same keys with another hashing."""
        same = copy(self)
        same._hashing = hashing  # noqa: SLF001  # It is our own copy.
        return same

    def _named(self, key_id: str) -> _Key:
        """The key of this name, which must be among `ids`."""
        return next(key for key in self._ring() if key.id.hex() == key_id)


def _key(key: bytes) -> _Key:
    """What is derived from a key."""
    if len(key) != KEY_BYTES:
        raise MasterKeyError(f"The master key has {len(key)} bytes; it must have {KEY_BYTES}.")
    return _Key(
        id=_derive(key, b"ipse: name of this key", _ID_BYTES),
        sealing=AESGCM(_derive(key, b"ipse: secrets at rest")),
        hashing=_derive(key, b"ipse: keyed hashes"),
    )


def _hash(key: bytes, purpose: str, text: str) -> bytes:
    """HMAC-SHA256 of a text for a purpose; JSON can spell texts that UTF-8 proper has no bytes for."""
    return hmac.new(key, purpose.encode() + b"\0" + text.encode(errors="surrogatepass"), hashlib.sha256).digest()


def _derive(key: bytes, purpose: bytes, length: int = KEY_BYTES) -> bytes:
    """
    A key for one purpose.

    Source: HKDF, RFC 5869; no salt, since the master key is uniformly random.
    """
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(key)
