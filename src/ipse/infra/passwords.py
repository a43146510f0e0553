"""Passwords: Argon2id, off the event loop, two at a time."""

import asyncio
from typing import Final

from argon2 import Parameters, PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

AT_ONCE: Final = 2
"""How many are hashed at once: each takes 64 MiB."""


class Argon2Passwords:
    """
    The port `Passwords`.

    Source: RFC 9106, section 4, second recommended option: Argon2id, 64 MiB, three passes, four lanes.

    Args:
        strength: How dear a guess is.
    """

    def __init__(self, strength: Parameters = RFC_9106_LOW_MEMORY) -> None:
        self._hasher = PasswordHasher.from_parameters(strength)
        self._seats = asyncio.Semaphore(AT_ONCE)
        self._nobodys: str | None = None

    async def hash(self, password: str) -> str:
        """A hash in Argon2's own notation, with a salt of its own."""
        async with self._seats:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def fits(self, password: str, kept: str | None) -> bool:
        """Whether it is the password of this hash; without one a hash that nobody has is tried as long."""
        if self._nobodys is None:
            self._nobodys = await self.hash("nobody's")
        async with self._seats:
            fits = await asyncio.to_thread(self._verify, password, kept or self._nobodys)
        return fits and kept is not None

    def _verify(self, password: str, kept: str) -> bool:
        """Whether it fits."""
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False
