"""
Image ids: a picture sent once, named later.

An id is random, opens only for the key that it was given to, and ends by itself. The picture behind it is kept sealed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from ipse.core.reasons import Reason, Refusal
from ipse.service.ports import Clock, Vault

ID_BYTES = 16
"""Random bytes of an id. Source: recorded ids have 32 hexadecimal digits."""

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class ImageIds:
    """
    Issues image ids and honours them.

    Attributes:
        vault: Where the pictures rest.
        clock: When they end.
        entropy: Gives that many random bytes.
        days: How long an id is good; with 0 it is issued, but nothing is kept.
    """

    vault: Vault
    clock: Clock
    entropy: Callable[[int], bytes] = field(repr=False)
    days: float

    async def issue(self, owner: str, picture: bytes) -> str:
        """Give an id for a picture."""
        image_id = self.entropy(ID_BYTES).hex()
        if self.days > 0:
            await self.vault.put("image", owner, image_id, picture, self.clock.now() + self.days * DAY_S)
        return image_id

    async def recall(self, owner: str, image_id: str) -> bytes:
        """
        Give the picture behind an id.

        Raises:
            Refusal: `IMAGE_ID_UNKNOWN`: never issued to this owner, or expired.
        """
        picture = await self.vault.get("image", owner, image_id, self.clock.now())
        if picture is None:
            raise Refusal(Reason.IMAGE_ID_UNKNOWN)
        return picture
