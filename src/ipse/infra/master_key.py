"""
The master key: 32 bytes under which every secret at rest is sealed.

It is given by `IPSE_MASTER_KEY`, or made once in the data folder. Keys for single purposes are derived from it, so that
a hash made for one purpose says nothing about another.
"""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ipse.infra.trouble import SetupError, using

KEY_BYTES: Final = 32
"""Length of the master key and of every derived key. Source: AES-256, FIPS 197."""

_NONCE_BYTES: Final = 12
"""Source: NIST SP 800-38D section 5.2.1.1, the length that needs no further hashing."""

_FORM: Final = b"\x01"
"""First byte of everything sealed: how it was sealed. 1 = AES-256-GCM, nonce before the ciphertext."""

_FILE_NAME: Final = "master.key"

_OTHERS: Final = 0o077
"""Permission bits of everybody but the owner."""


class MasterKeyError(SetupError):
    """The master key is not usable; the message says what to do and never holds key material."""


class MasterKey:
    """What can be done with the master key without ever seeing it."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise MasterKeyError(f"The master key has {len(key)} bytes; it must have {KEY_BYTES}.")
        self._sealing = AESGCM(_derive(key, b"ipse: secrets at rest"))
        self._hashing = _derive(key, b"ipse: keyed hashes")

    def __repr__(self) -> str:
        """Nothing of the key."""
        return "MasterKey(...)"

    def seal(self, plain: bytes, about: str) -> bytes:
        """
        Ciphertext that opens only under this key and only as being about the same thing.

        Args:
            plain: What to hide.
            about: What it belongs to (a key's id); bound to the ciphertext, so that rows cannot be swapped.
        """
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _FORM + nonce + self._sealing.encrypt(nonce, plain, about.encode())

    def open(self, sealed: bytes, about: str) -> bytes:
        """
        What was sealed.

        Raises:
            MasterKeyError: It was sealed under another key, about something else, or was changed.
        """
        if sealed[:1] != _FORM:
            raise MasterKeyError(f"What was sealed for {about} has an unknown form.")
        nonce, ciphertext = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            return self._sealing.decrypt(nonce, ciphertext, about.encode())
        except InvalidTag:
            raise MasterKeyError(f"What was sealed for {about} does not open under this master key.") from None

    def keyed_hash(self, purpose: str, text: str) -> bytes:
        """
        A fingerprint of a text that nobody can try guesses against without the key.

        Shape: 32 bytes, HMAC-SHA256 (RFC 2104).
        """
        return hmac.new(self._hashing, purpose.encode() + b"\0" + text.encode(), hashlib.sha256).digest()


def load_master_key(given: str | None, data_dir: Path) -> MasterKey:
    """
    The master key that was given, else the one of the data folder, made now if there is none.

    Raises:
        MasterKeyError: The text is no key, or the file may be read by others.
        SetupError: The data folder cannot be used.
    """
    if given:
        return MasterKey(_parse(given, "IPSE_MASTER_KEY"))
    path = data_dir / _FILE_NAME
    with using(path):
        if not path.exists():
            _create(path)
        if os.name == "posix" and path.stat().st_mode & _OTHERS:
            raise MasterKeyError(f"Others may read {path}. Say: chmod 600 {path}")
        return MasterKey(_parse(path.read_text(encoding="ascii", errors="replace"), str(path)))


def make_data_dir(data_dir: Path) -> Path:
    """
    The data folder or one inside it; what is missing on the way is made for its owner only.

    Source: 0700 for every folder made is what the XDG Base Directory Specification 0.8 asks for.

    Raises:
        SetupError: It cannot be made.
    """
    with using(data_dir):
        for folder in reversed((data_dir, *data_dir.parents)):
            folder.mkdir(mode=0o700, exist_ok=True)
    return data_dir


def _create(path: Path) -> None:
    """
    Write a new key, whole or not at all, mode 0600; if another process was first, its key stays.

    A hard link fails when its target is there, which a rename would not.
    """
    make_data_dir(path.parent)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123  # takes a descriptor
            file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            return
    finally:
        draft.unlink(missing_ok=True)


def _parse(text: str, origin: str) -> bytes:
    """The 32 bytes that a text spells in hexadecimal, base64 or URL-safe base64."""
    word = text.strip()
    try:
        if len(word) == 2 * KEY_BYTES:
            return bytes.fromhex(word)
        key = base64.b64decode(word.replace("-", "+").replace("_", "/") + "=" * (-len(word) % 4), validate=True)
    except (ValueError, binascii.Error):
        raise MasterKeyError(f"{origin} is no key: write {KEY_BYTES} bytes in base64 or hexadecimal.") from None
    if len(key) != KEY_BYTES:
        raise MasterKeyError(f"{origin} has {len(key)} bytes; the master key must have {KEY_BYTES}.")
    return key


def _derive(key: bytes, purpose: bytes) -> bytes:
    """
    A key for one purpose.

    Source: HKDF, RFC 5869; no salt, since the master key is uniformly random.
    """
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(key)
