"""The keys of callers, as the desk keeps them: what may be set for one, and how its secret is changed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ipse.service.ports import (
    AuditTrail,
    Clock,
    Credentials,
    DialectName,
    IssuedKeys,
    Key,
    Limits,
    WebhookSecrets,
)

GRACE_HOURS: Final = 24
"""
How long an old secret works on unless somebody says otherwise.

Source: ours: a day for whoever runs the callers to put the new one everywhere.
"""

MOST_GRACE_HOURS: Final = 24 * 30
"""The longest grace: whoever needs more than a month needs a second key."""

HOUR_S: Final = 3600


@dataclass(frozen=True, slots=True)
class DeskKeys:
    """
    The use cases; each that changes something says so in the audit trail.

    Attributes:
        keys: The keys.
        webhooks: What webhooks are signed with.
        trail: Where it is written down.
        clock: For the days and the grace of keys.
        is_rate: Whether words are a rate that the limits understand.
    """

    keys: IssuedKeys
    webhooks: WebhookSecrets
    trail: AuditTrail
    clock: Clock
    is_rate: Callable[[str], bool]

    async def every(self) -> tuple[Key, ...]:
        """Give all keys, oldest first."""
        return await self.keys.every()

    async def find(self, key: str) -> Key | None:
        """Give the key of this public id."""
        return await self.keys.find(key)

    async def create(self, actor: str, dialect: DialectName, name: str, limits: Limits) -> Credentials:
        """Give a new key's credentials; the secret is never shown again."""
        made = await self.keys.create(dialect, name, self.clock.now(), limits)
        await self.trail.note(actor, "keys.create", _public(made), dialect=dialect, limits=_words(limits))
        return made

    async def change(self, actor: str, key: str, limits: Limits) -> bool:
        """Set limits of a key, leaving the others; whether there is such a key."""
        is_there = await self.keys.change(key, limits)
        if is_there:
            await self.trail.note(actor, "keys.limit", key, limits=_words(limits))
        return is_there

    async def rotate(self, actor: str, key: str, grace_hours: int) -> Credentials | None:
        """Give a key new credentials; the old ones work on for so many hours. `None`: there is no such key."""
        made = await self.keys.rotate(key, self.clock.now(), grace_hours * HOUR_S)
        if made is not None:
            await self.trail.note(actor, "keys.rotate", key, grace_hours=grace_hours)
        return made

    async def end_grace(self, actor: str, key: str) -> bool:
        """Refuse the credentials before the last from now on; whether there is such a key."""
        is_there = await self.keys.end_grace(key)
        if is_there:
            await self.trail.note(actor, "keys.end_grace", key)
        return is_there

    async def webhook_secret(self, actor: str, key: str) -> str | None:
        """Give what the webhooks of a key are signed with; `None`: there is no such key."""
        if await self.keys.find(key) is None:
            return None
        await self.trail.note(actor, "keys.see_webhook_secret", key)
        return (await self.webhooks.of(key))[0]

    async def renew_webhook_secret(self, actor: str, key: str) -> str | None:
        """Give the webhooks of a key a new secret, the last one signing beside it for a while; `None`: no such key."""
        made = await self.webhooks.renew(key, self.clock.now(), GRACE_HOURS * HOUR_S)
        if made is not None:
            await self.trail.note(actor, "keys.rotate_webhook", key)
        return made


def _public(made: Credentials) -> str:
    """Give the public part of new credentials."""
    return made.key.partition(".")[0]


def _words(limits: Limits) -> str:
    """Give the names of what was set; the values stand in the key."""
    return " ".join(sorted(limits))
