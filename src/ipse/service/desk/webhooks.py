"""Webhooks as the people at the desk see them: what was told to whom, and telling it again."""

from dataclasses import dataclass

from ipse.service.ports import AuditTrail, Clock, Deliveries, DeliveryLine, DeliveryWish

MOST_AGAIN = 1000
"""How many are told again at once. Source: ours; the rest is asked for again."""


@dataclass(frozen=True, slots=True)
class DeskWebhooks:
    """
    The use cases.

    Attributes:
        deliveries: What was told, and waits.
        audit: Who had it told again.
        clock: For what is over.
    """

    deliveries: Deliveries
    audit: AuditTrail
    clock: Clock

    async def lines(self, wish: DeliveryWish) -> tuple[DeliveryLine, ...]:
        """Give what was and will be told, the newest first."""
        return await self.deliveries.lines(wish, self.clock.now())

    async def replay(self, actor: str, delivery: str) -> bool:
        """Have one told again, for a day; whether there is such a one that nobody tells at this moment."""
        is_put_off = await self.deliveries.replay(delivery, self.clock.now())
        if is_put_off:
            await self.audit.note(actor, "webhooks.replay", delivery)
        return is_put_off

    async def replay_given_up(self, actor: str, owner: str | None) -> int:
        """Have all told again that were given up, of a key or of all; how many that are."""
        wish = DeliveryWish(owner=owner, state="given_up", most=MOST_AGAIN)
        count = 0
        for line in await self.lines(wish):
            count += await self.deliveries.replay(line.id, self.clock.now())
        if count:
            await self.audit.note(actor, "webhooks.replay_given_up", owner or "", deliveries=count)
        return count
