"""Usage: how many calls, by day, key or operation, as a chart, a table and a file."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from ipse.console.page import Answer, Asked, Page, Route, Sent, Shown
from ipse.console.showing import begin_of, day_of, end_of, read_day
from ipse.protocols.operations import OPERATIONS
from ipse.service.desk.roles import Right
from ipse.service.desk.usage import DeskUsage, every_day, in_all
from ipse.service.ports import Clock, UsageBy, UsageRow, UsageWish

DAYS: Final = 30
"""Days that are shown unless others are asked for."""

MOST_DAYS: Final = 400
"""Most days of a chart: more bars than a screen has points say nothing."""

HEIGHT: Final = 100.0
"""Units of height of the chart."""

PITCH: Final = 10.0
"""Units of width of a day, of which the bar takes four fifths."""

GROUPS: Final[tuple[UsageBy, ...]] = ("day", "key", "operation")
"""What can be chosen; pseudonyms of callers' own ids are for whoever writes bills, at the command line."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the chart: where it stands, how high it is, and how much of it succeeded."""

    row: UsageRow
    left: float
    height: float
    succeeded: float


@dataclass(frozen=True, slots=True)
class Usage:
    """The answers of the page."""

    desk: DeskUsage
    clock: Clock

    async def show(self, asked: Asked) -> Answer:
        """Give chart and table."""
        wish = self._wish(asked)
        rows = await self.desk.rows(wish)
        first, last = day_of(wish.since or 0), day_of((wish.until or 1) - 1)
        if wish.by == "day" and (last - first).days < MOST_DAYS:
            rows = every_day(rows, first, last)
        names = await self.desk.names()
        facts = {
            "by": wish.by,
            "groups": GROUPS,
            "key": wish.key or "",
            "operation": wish.operation or "",
            "since": str(first),
            "until": str(last),
            "keys": names,
            "operations": sorted(f"{dialect} {one}" for dialect, words in OPERATIONS.items() for one in words),
            "rows": rows,
            "all": in_all(rows),
            "most": max((row.calls for row in rows), default=0),
            "bars": _bars(rows),
            "width": PITCH * max(1, len(rows)),
            "query": asked.request.head.query.decode("ascii", "replace"),
        }
        return Shown("usage.html", facts)

    async def table(self, asked: Asked) -> Answer:
        """Give the table as a file."""
        wish = self._wish(asked)
        return Sent(await self.desk.table(wish), "text/csv; charset=utf-8", filename=f"ipse-usage-by-{wish.by}.csv")

    def _wish(self, asked: Asked) -> UsageWish:
        """Give what is asked for; what cannot be read is left away."""
        today = day_of(self.clock.now())
        until = read_day(asked.query("until")) or today
        since = min(read_day(asked.query("since")) or until - timedelta(days=DAYS - 1), until)
        word = asked.query("by")
        named: UsageBy | None = next((one for one in GROUPS if one == word), None)
        return UsageWish(
            by=named or "day",
            key=asked.query("key") or None,
            operation=asked.query("operation") or None,
            since=begin_of(since),
            until=end_of(until),
        )


def page(desk: DeskUsage, clock: Clock) -> Page:
    """Give the page."""
    usage = Usage(desk, clock)
    return Page(
        "usage",
        (
            Route("GET", "/usage", usage.show, Right.SEE_USAGE),
            Route("GET", "/usage.csv", usage.table, Right.SEE_USAGE),
        ),
        Right.SEE_USAGE,
    )


def _bars(rows: tuple[UsageRow, ...]) -> list[Bar]:
    """Give the chart: one bar a row, the highest as high as the chart."""
    most = max((row.calls for row in rows), default=0) or 1
    scale = HEIGHT / most
    return [
        Bar(row, left=index * PITCH, height=round(row.calls * scale, 2), succeeded=round(row.succeeded * scale, 2))
        for index, row in enumerate(rows)
    ]
