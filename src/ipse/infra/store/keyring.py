"""
Data keys: a key for each call of which something is kept, and for each person, wrapped by the master key.

Whatever is encrypted under a data key is gone with its row, wherever copies of the ciphertext are: in a blob that could
not be deleted yet, in a replica of the object store, in a page of the database's file.
"""

import secrets
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ipse.infra.master_key import MasterKey, MasterKeyError
from ipse.infra.store.sealed import about
from ipse.infra.store.tables import DATA_KEYS

KEY_BYTES: Final = 32
"""Source: AES-256, FIPS 197."""

_NONCE_BYTES: Final = 12
"""Source: NIST SP 800-38D section 5.2.1.1, the length that needs no further hashing."""

FORM: Final = b"\x03"
"""First byte of what is encrypted under a data key: AES-256-GCM; the nonce stands before the ciphertext. What the
master key seals itself begins with another one."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """
    A data key, open.

    Attributes:
        place: `data_keys.hash`: whose it is.
        key: The key itself.
    """

    place: bytes
    key: bytes = field(repr=False)

    def encrypt(self, plain: bytes, what: str) -> bytes:
        """Ciphertext that opens only under this key and only as being the same thing."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return FORM + nonce + AESGCM(self.key).encrypt(nonce, plain, what.encode())

    def decrypt(self, sealed: bytes, what: str) -> bytes:
        """
        What was encrypted.

        Raises:
            MasterKeyError: It was encrypted under another key, as something else, or was changed.
        """
        nonce, ciphertext = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            if sealed[:1] == FORM:
                return AESGCM(self.key).decrypt(nonce, ciphertext, what.encode())
        except (InvalidTag, ValueError):  # The second: it is too short to hold a nonce.
            pass
        raise MasterKeyError(f"What was kept as {what} does not open under its data key.")


def of_call(master_key: MasterKey, call: str) -> bytes:
    """Where the data key of a call rests."""
    return master_key.keyed_hash("data key of a call", call)


def new_key(place: bytes) -> DataKey:
    """A new data key."""
    return DataKey(place, secrets.token_bytes(KEY_BYTES))


def wrapped(master_key: MasterKey, data_key: DataKey) -> bytes:
    """A data key as its row has it."""
    return master_key.seal(data_key.key, about(DATA_KEYS.c.wrapped, data_key.place))


def unwrapped(master_key: MasterKey, place: bytes, sealed: bytes) -> DataKey:
    """
    The data key in a row.

    Raises:
        MasterKeyError: It does not open under this master key.
    """
    return DataKey(place, master_key.open(sealed, about(DATA_KEYS.c.wrapped, place)))
