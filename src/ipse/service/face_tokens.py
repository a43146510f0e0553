"""
Face tokens: a face found now, compared later, without its picture.

A token is random, opens only for the key that it was given to, and ends by itself. Behind it lies the template and
nothing else, unless the operator asks for pictures to be kept.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field

from ipse.core.faces.packing import pack, unpack
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Recipe, Template
from ipse.service.ports import Clock, Vault

HALF_BYTES = 16
"""
Random bytes for the picture, and again for each face.

Source: recorded tokens are 32 bytes in URL-safe base64; of three faces of one picture the first half was the same.
"""

HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class FaceTokens:
    """
    Issues face tokens and honours them.

    Attributes:
        vault: Where templates rest.
        clock: When they end.
        entropy: Gives that many random bytes.
        recipe: What today's templates are made of.
        hours: How long a token is good; with 0 it is issued, but nothing is kept.
        keep_pictures: Whether the picture is kept as long as its faces.
    """

    vault: Vault
    clock: Clock
    entropy: Callable[[int], bytes] = field(repr=False)
    recipe: Recipe
    hours: float
    keep_pictures: bool = False

    async def issue(self, owner: str, picture: bytes, templates: tuple[Template, ...]) -> tuple[str, ...]:
        """Give a token for each template of one picture."""
        first_half = self.entropy(HALF_BYTES)
        tokens = tuple(_spelled(first_half + self.entropy(HALF_BYTES)) for _ in templates)
        if self.hours <= 0:
            return tokens
        expires_at = self.clock.now() + self.hours * HOUR_S
        for token, template in zip(tokens, templates, strict=True):
            await self.vault.put("face_token", owner, token, pack(template), expires_at)
        if self.keep_pictures and tokens:
            await self.vault.put("picture", owner, _spelled(first_half), picture, expires_at)
        return tokens

    async def recall(self, owner: str, token: str) -> Template:
        """
        Give the template behind a token.

        Raises:
            Refusal: `FACE_TOKEN_UNKNOWN` (never issued to this owner, or expired), `FACE_TOKEN_STALE` (made by other
                weights, or sealed under another master key).
        """
        now = self.clock.now()
        packed = await self.vault.get("face_token", owner, token, now)
        if packed is None:
            kept = await self.vault.holds("face_token", owner, token, now)
            raise Refusal(Reason.FACE_TOKEN_STALE if kept else Reason.FACE_TOKEN_UNKNOWN, token)
        template = unpack(packed)
        if template.recipe != self.recipe:
            raise Refusal(Reason.FACE_TOKEN_STALE, token)
        return template


def _spelled(octets: bytes) -> str:
    """Give the bytes in URL-safe base64 with its padding."""
    return base64.urlsafe_b64encode(octets).decode("ascii")
