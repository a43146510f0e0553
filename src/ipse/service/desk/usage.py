"""What was used, as the desk shows it: rows, days without calls among them, and a table to keep."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ipse.service.ports import IssuedKeys, Records, UsageRow, UsageWish

COLUMNS = ("calls", "succeeded", "billed")


@dataclass(frozen=True, slots=True)
class DeskUsage:
    """
    The use cases.

    Attributes:
        records: The ledger.
        keys: What keys are called.
    """

    records: Records
    keys: IssuedKeys

    async def rows(self, wish: UsageWish) -> tuple[UsageRow, ...]:
        """Give what was used, in the order of the groups."""
        return await self.records.usage(wish)

    async def names(self) -> dict[str, str]:
        """Give what keys are called, by their public ids."""
        return {key.id: key.name for key in await self.keys.every()}

    async def table(self, wish: UsageWish) -> bytes:
        """Give the rows as CSV (RFC 4180), in the columns of `ipse usage --csv`."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow((wish.by, *COLUMNS))
        writer.writerows((row.group, row.calls, row.succeeded, row.billed) for row in await self.rows(wish))
        return text.getvalue().encode()


def every_day(rows: Sequence[UsageRow], first: date, last: date) -> tuple[UsageRow, ...]:
    """Give the rows of days, and empty ones for the days between that had no calls."""
    known = {row.group: row for row in rows}
    days = (str(first + timedelta(days=count)) for count in range((last - first).days + 1))
    return tuple(known.get(day, UsageRow(day, 0, 0, 0)) for day in days)


def in_all(rows: Sequence[UsageRow]) -> UsageRow:
    """Give the sum of rows."""
    calls, succeeded, billed = (sum(getattr(row, name) for row in rows) for name in COLUMNS)
    return UsageRow("", calls, succeeded, billed)
