"""Webhooks: what was told to whom, what waits, and telling it again."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from ipse.console.page import Answer, Asked, Page, Refused, Route, Shown, Went
from ipse.console.showing import moment
from ipse.service.desk.roles import Right
from ipse.service.desk.webhooks import DeskWebhooks
from ipse.service.ports import DELIVERY_STATES, EVENTS, DeliveryWish, IssuedKeys

MOST: Final = 50
"""Lines of a page."""


@dataclass(frozen=True, slots=True)
class Webhooks:
    """The routes of the page."""

    desk: DeskWebhooks
    keys: IssuedKeys

    async def show(self, asked: Asked) -> Answer:
        """Show the newest."""
        wish = DeliveryWish(
            owner=asked.query("key") or None,
            event=next((one for one in EVENTS if one == asked.query("event")), None),
            state=next((one for one in DELIVERY_STATES if one == asked.query("state")), None),
            entry=asked.query("request") or None,
            before=_number(asked.query("before")),
            most=MOST,
        )
        lines = await self.desk.lines(wish)
        facts = {
            "lines": lines,
            "keys": {key.id: key.name for key in await self.keys.every()},
            "wish": wish,
            "events": EVENTS,
            "states": DELIVERY_STATES,
            "older": f"{lines[-1].created_at:.3f}" if len(lines) == MOST else None,
            "again": asked.query("again"),
            "plain": moment,
        }
        return Shown("webhooks.html", facts)

    async def replay(self, asked: Asked) -> Answer:
        """Have one told again."""
        if not await self.desk.replay(asked.known.user, asked.words["delivery"]):
            return Refused(HTTPStatus.NOT_FOUND, "no_page")
        return Went("/webhooks?again=1")

    async def replay_given_up(self, asked: Asked) -> Answer:
        """Have all told again that were given up."""
        count = await self.desk.replay_given_up(asked.known.user, asked.text("key") or None)
        return Went(f"/webhooks?again={count}")


def page(desk: DeskWebhooks, keys: IssuedKeys) -> Page:
    """
    Webhooks.

    Args:
        desk: What was told, and telling it again.
        keys: What the keys are called.
    """
    doing = Webhooks(desk, keys)
    return Page(
        "webhooks",
        (
            Route("GET", "/webhooks", doing.show, Right.SEE_WEBHOOKS),
            Route("POST", "/webhooks/given-up/replay", doing.replay_given_up, Right.REPLAY_WEBHOOKS),
            Route("POST", "/webhooks/{delivery}/replay", doing.replay, Right.REPLAY_WEBHOOKS),
        ),
        Right.SEE_WEBHOOKS,
    )


def _number(word: str) -> float | None:
    """Give the Unix seconds that an address names."""
    whole, _, rest = word.partition(".")
    return float(word) if whole.isdecimal() and len(word) < 18 and (rest.isdecimal() or not rest) else None  # noqa: PLR2004 - longer is no time
