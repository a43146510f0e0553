"""The port `Records` on the store: usage added up, calls looked up."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, Executable, Row, case, func, select

from ipse.infra.master_key import MasterKey
from ipse.infra.store.database import reading
from ipse.infra.store.ledger import DAY_S, mark_hash
from ipse.infra.store.questions import Questions
from ipse.infra.store.sealed import about
from ipse.infra.store.tables import EVIDENCE, LEDGER, MARKS
from ipse.service.ports import FoundRecord, LedgerEntry, Mark, UsageBy, UsageRow, UsageWish

PSEUDONYM_DIGITS: Final = 16
"""Length of a pseudonym: 64 bits, so that a million ids share one with a chance of 3e-8."""

OPERATION: Final = LEDGER.c.dialect + " " + LEDGER.c.operation
"""An operation as usage names it."""

FOUND: Final = select(LEDGER, EVIDENCE.c.expires_at_ms.label("evidence_until_ms")).outerjoin(
    EVIDENCE, EVIDENCE.c.entry == LEDGER.c.id
)
"""Lines of the ledger, each with the end of its decision."""


class StoredRecords:
    """
    Reads the ledger.

    Args:
        database: Up to date, and begun under this master key.
        master_key: Hashes what is looked for, opens decisions.
        questions: Where the database is asked.
    """

    def __init__(self, database: Engine, master_key: MasterKey, questions: Questions) -> None:
        self._database = database
        self._master_key = master_key
        self._questions = questions

    async def usage(self, wish: UsageWish) -> tuple[UsageRow, ...]:
        """What was used, in the order of the groups."""
        return await self._questions.ask(lambda: self._usage(wish))

    async def of_call(self, call: UUID, key: str | None) -> FoundRecord | None:
        """The record of a call."""
        wanted = FOUND.where(LEDGER.c.id == str(call), *_of_key(key))
        rows = await self._questions.ask(lambda: self._rows(wanted))
        return found_record(rows[0]) if rows else None

    async def of_mark(self, mark: Mark, key: str | None, most: int = 100) -> tuple[FoundRecord, ...]:
        """The newest records of a caller's own id or of a token."""
        wanted = FOUND.where(self._has(mark), *_of_key(key)).order_by(LEDGER.c.at_ms.desc(), LEDGER.c.id).limit(most)
        return tuple(map(found_record, await self._questions.ask(lambda: self._rows(wanted))))

    async def decision(self, call: UUID, key: str | None, now: float) -> Mapping[str, object] | None:
        """What was decided in a call, as long as it is kept."""
        wanted = (
            select(EVIDENCE.c.content)
            .join(LEDGER, LEDGER.c.id == EVIDENCE.c.entry)
            .where(EVIDENCE.c.entry == str(call), EVIDENCE.c.expires_at_ms > int(now * 1000), *_of_key(key))
        )
        rows = await self._questions.ask(lambda: self._rows(wanted))
        if not rows:
            return None
        plain = self._master_key.open(rows[0].content, about(EVIDENCE.c.content, str(call)))
        decided: Mapping[str, object] = json.loads(plain)
        return decided

    def _rows(self, wanted: Executable) -> list[Row[Any]]:
        """All rows of a question."""
        with reading(self._database) as connection:
            return list(connection.execute(wanted))

    def _usage(self, wish: UsageWish) -> tuple[UsageRow, ...]:
        """Usage, one statement whatever the groups are."""
        group = _GROUPS[wish.by]
        rows = select(
            group.label("name"),
            func.count().label("calls"),
            func.sum(case((LEDGER.c.outcome == "ok", 1), else_=0)).label("succeeded"),
            func.sum(LEDGER.c.billed).label("billed"),
        ).group_by(group)
        if wish.by == "uuid":
            rows = rows.select_from(LEDGER).outerjoin(MARKS, (MARKS.c.entry == LEDGER.c.id) & (MARKS.c.kind == "uuid"))
        rows = rows.where(*_of_key(wish.key))
        if wish.operation is not None:
            rows = rows.where(OPERATION.in_((wish.operation,)))
        if wish.since is not None:
            rows = rows.where(LEDGER.c.at_ms >= int(wish.since * 1000))
        if wish.until is not None:
            rows = rows.where(LEDGER.c.at_ms < int(wish.until * 1000))
        if wish.uuid is not None:
            rows = rows.where(self._has(Mark("uuid", wish.uuid)))
        found = (UsageRow(_said(wish.by, row.name), row.calls, row.succeeded, row.billed) for row in self._rows(rows))
        return tuple(sorted(found, key=lambda row: row.group))

    def _has(self, mark: Mark) -> ColumnElement[bool]:
        """Whether a line of the ledger can be found by a mark."""
        hashed = mark_hash(self._master_key, mark)
        return LEDGER.c.id.in_(select(MARKS.c.entry).where(MARKS.c.kind == mark.kind, MARKS.c.hash == hashed))


_GROUPS: Final[Mapping[UsageBy, ColumnElement[Any]]] = {
    "day": LEDGER.c.at_ms // (DAY_S * 1000),
    "key": LEDGER.c.key,
    "operation": OPERATION,
    "uuid": MARKS.c.hash,
}


def _said(by: UsageBy, name: Any) -> str:
    """A group in words."""
    if by == "day":
        return datetime.fromtimestamp(name * DAY_S, UTC).date().isoformat()
    if by == "uuid":
        return "" if name is None else bytes(name).hex()[:PSEUDONYM_DIGITS]
    return str(name)


def _of_key(key: str | None) -> tuple[ColumnElement[bool], ...]:
    """Of one key only, or of all."""
    return () if key is None else (LEDGER.c.key == key,)


def found_record(row: Row[Any]) -> FoundRecord:
    """A row of `FOUND` in the words of the port."""
    entry = LedgerEntry(
        id=UUID(row.id),
        at=row.at_ms / 1000,
        key=row.key,
        dialect=row.dialect,
        operation=row.operation,
        outcome=row.outcome,
        status=row.status,
        billed=row.billed,
        counted=row.counted,
        elapsed_ms=row.elapsed_ms,
    )
    until_ms = row.evidence_until_ms
    return FoundRecord(entry, None if until_ms is None else until_ms / 1000)
