"""Health: what waits, how long calls take, and whether what the servers rest on can be reached."""

from dataclasses import dataclass

from ipse.console.page import Answer, Asked, Page, Route, Shown
from ipse.console.showing import moment
from ipse.service.desk.health import MOST_CALLS, DeskHealth
from ipse.service.desk.roles import Right


@dataclass(frozen=True, slots=True)
class Health:
    """The answers of the page."""

    desk: DeskHealth

    async def show(self, asked: Asked) -> Answer:
        """Give how everything is now."""
        del asked
        now, checkup, here = self.desk.clock.now(), await self.desk(), self.desk.here
        facts = {
            "now": moment(now),
            "checkup": checkup,
            "queues": [
                (one, None if one.oldest_at is None else max(0, round(now - one.oldest_at)))
                for one in checkup.queues or ()
            ],
            "slowest_ms": max((one.p95_ms for one in checkup.latencies), default=0) or 1,
            "tidied": moment(checkup.tidied_at),
            "most": MOST_CALLS,
            "calls": sum(one.calls for one in checkup.latencies),
            "busy": sum(one.busy for one in checkup.latencies),
            "name": here.name,
            "since": moment(here.since),
            "here_busy": here.busy(),
            "in_flight": here.in_flight(),
        }
        return Shown("health.html", facts)


def page(desk: DeskHealth) -> Page:
    """Give the page."""
    return Page("health", (Route("GET", "/health", Health(desk).show, Right.SEE_HEALTH),), Right.SEE_HEALTH)
