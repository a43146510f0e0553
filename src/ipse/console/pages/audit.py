"""The audit trail: who did and saw what, whether anything in it was changed, and all of it as a table to keep."""

import csv
import io
import json
import re
from datetime import UTC, datetime
from typing import Final

from ipse.console.page import Answer, Asked, Page, Route, Sent, Shown
from ipse.service.desk.roles import Right
from ipse.service.ports import Accounts, AuditLine, AuditTrail

MOST: Final = 100
"""Lines of a page."""

MOST_IN_TABLE: Final = 100_000
"""Lines of a table that is taken along; older ones come with `before`."""

_FORMULAS: Final = re.compile(r"^[=+\-@\t\r]")
"""What spreadsheets would compute. Source: OWASP, CSV Injection."""


class Audit:
    """
    The routes of the page.

    Args:
        trail: The lines.
        accounts: What the actors are called.
    """

    def __init__(self, trail: AuditTrail, accounts: Accounts) -> None:
        self._trail = trail
        self._accounts = accounts

    async def show(self, asked: Asked) -> Answer:
        """Show the newest lines."""
        lines = await self._lines(asked, MOST)
        return await self._page(asked, lines)

    async def check(self, asked: Asked) -> Answer:
        """Check the whole chain, and say so."""
        broken = await self._trail.check()
        await self._trail.note(asked.known.user, "audit.check", whole=broken is None)
        return await self._page(asked, await self._lines(asked, MOST), checked=True, broken=broken)

    async def table(self, asked: Asked) -> Answer:
        """Send the lines as CSV."""
        lines = await self._lines(asked, MOST_IN_TABLE)
        names = await self._names()
        await self._trail.note(asked.known.user, "audit.export", lines=len(lines))
        return Sent(_csv(lines, names), "text/csv; charset=utf-8", filename="audit.csv")

    async def _lines(self, asked: Asked, most: int) -> tuple[AuditLine, ...]:
        """The lines that are asked for."""
        before = asked.query("before")
        return await self._trail.lines(
            int(before) if before.isdecimal() and len(before) < 18 else None,  # noqa: PLR2004 - a 64-bit number
            most,
            asked.query("actor") or None,
            asked.query("action") or None,
        )

    async def _names(self) -> dict[str, str]:
        """What the actors are called."""
        return {user.id: user.name for user in await self._accounts.every()}

    async def _page(
        self, asked: Asked, lines: tuple[AuditLine, ...], *, checked: bool = False, broken: int | None = None
    ) -> Answer:
        """The page."""
        names = await self._names()
        facts = {
            "lines": lines,
            "names": names,
            "actor": asked.query("actor"),
            "action": asked.query("action"),
            "older": lines[-1].number if len(lines) == MOST else None,
            "checked": checked,
            "broken": broken,
        }
        return Shown("audit.html", facts)


def page(trail: AuditTrail, accounts: Accounts) -> Page:
    """
    The audit trail.

    Args:
        trail: The lines.
        accounts: What the actors are called.
    """
    doing = Audit(trail, accounts)
    return Page(
        "audit",
        (
            Route("GET", "/audit", doing.show, Right.SEE_AUDIT),
            Route("POST", "/audit/check", doing.check, Right.SEE_AUDIT),
            Route("GET", "/audit/audit.csv", doing.table, Right.SEE_AUDIT),
        ),
        Right.SEE_AUDIT,
    )


def _csv(lines: tuple[AuditLine, ...], names: dict[str, str]) -> bytes:
    """Lines as a table (RFC 4180) in UTF-8 with a mark, without which spreadsheets guess the letters."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(("number", "at", "actor", "actor_name", "action", "subject", "detail"))
    for one in lines:
        at = datetime.fromtimestamp(one.at, UTC).isoformat(timespec="milliseconds")
        name = _FORMULAS.sub(r"'\g<0>", names.get(one.actor, ""))
        detail = json.dumps(one.detail, sort_keys=True)
        table.writerow((one.number, at, one.actor, name, one.action, one.subject, detail))
    return b"\xef\xbb\xbf" + text.getvalue().encode()
