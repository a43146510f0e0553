"""
The port `AuditTrail` on the store: a chain of keyed hashes, so that whoever changes a line breaks every later one.

Only the end can be cut off unseen; therefore every line goes to the log too, where others keep it.
"""

import json
from typing import Final

from sqlalchemy import ColumnElement, Connection, Engine, Row, select

from ipse.infra.master_key import MasterKey
from ipse.infra.store.database import hold, reading, writing
from ipse.infra.store.questions import Questions
from ipse.infra.store.tables import AUDIT
from ipse.service.ports import AuditLine, Clock, Log

_LAST: Final = select(AUDIT.c.number, AUDIT.c.chain).order_by(AUDIT.c.number.desc()).limit(1)
_NEWEST: Final = select(AUDIT).order_by(AUDIT.c.number.desc())

BATCH_ROWS: Final = 1000
"""Lines checked at a time: the memory of a check does not grow with the trail."""


class AuditRows:
    """
    The lines, for whoever has a thread to wait in: the command line as it is, servers by `StoredAudit`.

    Args:
        database: Up to date, unlocked by this master key.
        master_key: Chains.
        clock: When a line is written.
        log: Gets a copy of every line.
    """

    def __init__(self, database: Engine, master_key: MasterKey, clock: Clock, log: Log | None = None) -> None:
        self._database = database
        self._master_key = master_key
        self._clock = clock
        self._log = log

    def note(self, actor: str, action: str, subject: str = "", **detail: str | int | bool) -> None:
        """Write a line, after all others."""
        with writing(self._database) as connection:
            number = self.note_in(connection, actor, action, subject, **detail)
        if self._log is not None:
            self._log.info("audit", number=number, actor=actor, action=action, subject=subject, **_prefixed(detail))

    def note_in(
        self, connection: Connection, actor: str, action: str, subject: str = "", **detail: str | int | bool
    ) -> int:
        """The number of a line written within somebody else's transaction: it stands exactly if that one does."""
        hold(connection, "audit")
        last = connection.execute(_LAST).one_or_none()
        row = {
            "number": 1 if last is None else last.number + 1,
            "at_ms": int(self._clock.now() * 1000),
            "actor": actor,
            "action": action,
            "subject": subject,
            "detail": json.dumps(detail, sort_keys=True, separators=(",", ":")),
        }
        chain = self._chain(b"" if last is None else last.chain, *row.values())
        connection.execute(AUDIT.insert().values(**row, chain=chain))
        return int(row["number"])

    def lines(
        self, before: int | None = None, most: int = 100, actor: str | None = None, action: str | None = None
    ) -> tuple[AuditLine, ...]:
        """The newest lines, the newest first; an action ending in a dot is all that begin with it."""
        with reading(self._database) as connection:
            rows = connection.execute(_NEWEST.where(*_wanted(before, actor, action)).limit(most))
            return tuple(_line(row) for row in rows)

    def check(self) -> int | None:
        """The number of the first line that does not follow from the one before."""
        number, chain = 0, b""
        while True:
            with reading(self._database) as connection:
                some = connection.execute(
                    select(AUDIT).where(AUDIT.c.number > number).order_by(AUDIT.c.number).limit(BATCH_ROWS)
                ).all()
            if not some:
                return None
            for row in some:
                follows = self._chain(chain, row.number, row.at_ms, row.actor, row.action, row.subject, row.detail)
                if row.number != number + 1 or follows != row.chain:
                    return number + 1
                number, chain = row.number, row.chain

    def _chain(self, before: bytes, *line: object) -> bytes:
        """What binds a line to the one before."""
        return self._master_key.keyed_hash("audit", json.dumps([before.hex(), *line]))


class StoredAudit:
    """The same lines for a server, whose event loop does not wait."""

    def __init__(self, rows: AuditRows, questions: Questions) -> None:
        self._rows = rows
        self._questions = questions

    async def note(self, actor: str, action: str, subject: str = "", **detail: str | int | bool) -> None:
        """Write a line."""
        await self._questions.ask(lambda: self._rows.note(actor, action, subject, **detail))

    async def lines(
        self, before: int | None = None, most: int = 100, actor: str | None = None, action: str | None = None
    ) -> tuple[AuditLine, ...]:
        """The newest lines, the newest first."""
        return await self._questions.ask(lambda: self._rows.lines(before, most, actor, action))

    async def check(self) -> int | None:
        """The number of the first line that was changed or is missing."""
        return await self._questions.ask(self._rows.check)


def _wanted(before: int | None, actor: str | None, action: str | None) -> list[ColumnElement[bool]]:
    """What the lines that were asked for have in common."""
    wanted = []
    if before is not None:
        wanted.append(AUDIT.c.number < before)
    if actor is not None:
        wanted.append(AUDIT.c.actor == actor)
    if action is not None:
        wanted.append(
            AUDIT.c.action.startswith(action, autoescape=True) if action.endswith(".") else AUDIT.c.action == action
        )
    return wanted


def _line(row: Row[tuple[object, ...]]) -> AuditLine:
    """A row as a line."""
    return AuditLine(row.number, row.at_ms / 1000, row.actor, row.action, row.subject, json.loads(row.detail))


def _prefixed(detail: dict[str, str | int | bool]) -> dict[str, str | int | bool]:
    """The detail under names that are nobody else's in the log."""
    return {f"detail_{name}": value for name, value in detail.items()}
