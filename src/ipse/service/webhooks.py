"""
Webhooks: whoever owns a key is told what came of captures, cards and cases, signed, as soon as it is known.

The address is a stranger's: it is asked only if it is public or allowed, and never followed elsewhere. Who does not
answer is told again, ever more rarely, for a day. What is told is put down before the result is kept, and let go in the
transaction that keeps it: so nobody is told what is not there, and a server that dies leaves nothing untold.
"""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from ipse.core.genuineness.webhook import DELIVERY, EVENT, HEADER, signature_of
from ipse.core.reasons import Reason, Refusal
from ipse.service.faults import told_of
from ipse.service.ports import Clock, Deliveries, Delivery, Event, Log, News, Random, Webhooks, WebhookSecrets
from ipse.service.ports.deliveries import delivery_id

JSON: Final = "application/json"

FIRST_S: Final = 30.0
FACTOR: Final = 4.0
LONGEST_S: Final = 6 * 3600.0
"""
How long is waited after the first attempt, how much longer after each further one, and at most: attempts after half a
minute, 2, 8 and 32 minutes, 2 hours, then every 6 hours.

Source: ours, after Standard Webhooks, "Operational considerations" (exponential, over days, with jitter).
"""

JITTER: Final = 0.5
"""
Which share of a wait is left to chance, so that what failed together is not tried together.

Source: Brooker, "Exponential Backoff And Jitter" (AWS, 2015): equal jitter.
"""

LEASE_S: Final = 30.0
"""How long a delivery is nobody else's. Source: three times what one may take."""

AT_ONCE: Final = 16
"""How many are told at once by one process. Source: ours; eight owners who do not answer leave others waiting 10 s."""

IDLE_S: Final = 0.5
"""How long is waited when nobody has to be told. Source: ours; to look takes a millisecond."""

TROUBLED_S: Final = 5.0
"""How long after a fault. Source: ours."""

SUCCESS: Final = range(200, 300)
"""Source: RFC 9110, section 15.3."""

GONE: Final = 410
"""Whoever answers this wants to be told nothing any more. Source: Standard Webhooks; RFC 9110, section 15.5.11."""

WHY: Final[Mapping[tuple[Reason, str | None], str]] = {
    (Reason.DOWNLOAD_SLOW, None): "slow",
    (Reason.DOWNLOAD_FAILED, "address"): "not_allowed",
}
"""What is said of an attempt without an answer; of all others that nobody was reached."""


def wait_s(attempt: int, random: Random) -> float:
    """Give how long is waited after this attempt (from 1)."""
    whole = min(FIRST_S * FACTOR ** (attempt - 1), LONGEST_S)
    return whole * (1 - JITTER * random())


@dataclass(frozen=True, slots=True)
class Announcing:
    """
    Puts off that something is told.

    Attributes:
        deliveries: Where that waits.
        clock: Since when.
    """

    deliveries: Deliveries
    clock: Clock

    async def put_off(self, news: News) -> None:
        """Have it told as soon as what it tells of is kept, which is about to happen; else never."""
        await self.deliveries.put(news, self.clock.now(), None)

    async def tell(self, news: News) -> None:
        """Have it told now: what it tells of was kept long ago."""
        now = self.clock.now()
        await self.deliveries.put(news, now, now)

    async def let_go(self, event: Event, entry: str) -> None:
        """Have it told now: what it tells of is kept, by a store that has not let it go itself."""
        await self.deliveries.release(delivery_id(event, entry), self.clock.now())


def news_of(event: Event, entry: str, owner: str, address: str, told: Mapping[str, Any]) -> News:
    """Give what is told of a call: what it came to, after what it is and the id that repeats share."""
    whole = {"event": event, "delivery": delivery_id(event, entry), "request": entry, **told}
    content = json.dumps(whole, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    return News(event, entry, owner, address, content)


@dataclass(frozen=True, slots=True)
class Teller:
    """
    Tells what waits; any number may share a store, in any number of processes.

    Attributes:
        deliveries: What waits.
        webhooks: Carries it.
        secrets: What it is signed with.
        clock: For signatures and waits.
        random: For waits.
        log: Learns how it went, never what was told or where.
    """

    deliveries: Deliveries
    webhooks: Webhooks
    secrets: WebhookSecrets
    clock: Clock
    random: Random = field(repr=False)
    log: Log = field(repr=False)

    async def run(self, stop: asyncio.Event) -> None:
        """Tell until told to stop; what was begun is ended first. A fault ends one attempt, not the telling."""
        under_way: set[asyncio.Task[None]] = set()
        while not stop.is_set():
            look = asyncio.ensure_future(self._begin(under_way))
            try:
                await asyncio.wait([look])
            finally:
                look.cancel()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), IDLE_S if self._went_well(look) else TROUBLED_S)
        if under_way:
            await asyncio.wait(under_way)

    async def tell_next(self) -> bool:
        """Tell what is due, once; whether anything was."""
        delivery = await self.deliveries.claim(self.clock.now(), LEASE_S)
        if delivery is None:
            return False
        await self._tell(delivery)
        return True

    async def _begin(self, under_way: set[asyncio.Task[None]]) -> None:
        """Begin to tell all that is due, as far as there is room."""
        while len(under_way) < AT_ONCE:
            delivery = await self.deliveries.claim(self.clock.now(), LEASE_S)
            if delivery is None:
                return
            task = asyncio.create_task(self._tell(delivery))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
            task.add_done_callback(self._went_well)

    def _went_well(self, ended: asyncio.Future[None]) -> bool:
        """Whether no fault ended it; of what could not be noted the lease runs out, and it is told again."""
        fault = None if ended.cancelled() else ended.exception()
        if fault is not None:
            self.log.error("webhook fault", **told_of(fault))
        return fault is None

    async def _tell(self, delivery: Delivery) -> None:
        """Tell it, and note how it went."""
        began = self.clock.monotonic()
        answer = await self._answer(delivery)
        is_taken = answer.isdigit() and int(answer) in SUCCESS
        if is_taken:
            await self.deliveries.taken(delivery, answer)
        else:
            await self.deliveries.fail(delivery, answer, self._next(delivery, answer))
        self.log.info(
            "webhook told",
            delivery=delivery.id,
            kind=delivery.event,
            attempt=delivery.attempt,
            answer=answer,
            taken=is_taken,
            elapsed_ms=round((self.clock.monotonic() - began) * 1000, 3),
        )

    async def _answer(self, delivery: Delivery) -> str:
        """Give the status of the answer, or why there was none."""
        signature = signature_of(delivery.content, await self.secrets.of(delivery.owner), self.clock.now())
        headers = {"Content-Type": JSON, HEADER: signature, EVENT: delivery.event, DELIVERY: delivery.id}
        try:
            return str(await self.webhooks.deliver(delivery.address, delivery.content, headers))
        except Refusal as refusal:
            return WHY.get((refusal.reason, refusal.field), "unreachable")

    def _next(self, delivery: Delivery, answer: str) -> float | None:
        """Give when it is tried next; `None` if it never is."""
        next_at = self.clock.now() + wait_s(delivery.attempt - delivery.before, self.random)
        return None if answer == str(GONE) or next_at > delivery.until else next_at
