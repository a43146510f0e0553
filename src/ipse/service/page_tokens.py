"""
Page tokens: what an integrator hands to the capture page, so that the page can do one capture and nothing else.

A token names a session and the key that pays for it. It rests sealed in the vault, found by nothing but the token.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Final, Literal, TypeAlias

from ipse.service.ports import Clock, Vault

TOKEN_BYTES: Final = 32
"""Source: OWASP asks for 128 random bits in a session token; ours has as many as the session's key."""

NOBODY: Final = "page"
"""Who owns the tokens in the vault: whoever holds one proves nothing else, so they have one owner for all keys."""

Mode: TypeAlias = Literal["judge", "hand_over"]
"""Whether the page posts what it captured to us, or hands it to the page that embeds it."""


@dataclass(frozen=True, slots=True)
class Page:
    """
    What a page token is good for.

    Attributes:
        dialect: Whose key pays: its dialect,
        key: and the key itself, as its record names it.
        mode: What becomes of what was captured.
        sid: The session.
        capture: The capture that the result belongs to; `None` where it is handed over.
        origin: The origin of the page that is told the end; `None` where nobody is.
        expires_at: Unix seconds.
    """

    dialect: str
    key: str
    mode: Mode
    sid: str = field(repr=False)
    capture: str | None = field(repr=False)
    origin: str | None
    expires_at: float

    @property
    def owner(self) -> str:
        """Who owns the session."""
        return owner_of(self.dialect, self.key)


@dataclass(frozen=True, slots=True)
class PageTokens:
    """
    Issues page tokens and honours them.

    Attributes:
        vault: Where they rest.
        clock: When they end.
        entropy: Gives that many random bytes.
    """

    vault: Vault
    clock: Clock
    entropy: Callable[[int], bytes] = field(repr=False)

    async def issue(self, page: Page) -> str:
        """Give a token for a page."""
        token = urlsafe_b64encode(self.entropy(TOKEN_BYTES)).rstrip(b"=").decode()
        await self.vault.put("page", NOBODY, token, json.dumps(asdict(page)).encode(), page.expires_at)
        return token

    async def find(self, token: str) -> Page | None:
        """Give what a token is good for; `None` if it was never issued, or is over."""
        packed = await self.vault.get("page", NOBODY, token, self.clock.now())
        return None if packed is None else Page(**json.loads(packed))


def owner_of(dialect: str, key: str) -> str:
    """Give what sessions and captures call the owner of a key."""
    return f"{dialect}:{key}"
