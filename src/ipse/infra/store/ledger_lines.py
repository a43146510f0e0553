"""The port `LedgerLines` on the store."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Engine, Executable, Row, select

from ipse.infra.store.database import reading
from ipse.infra.store.questions import Questions
from ipse.infra.store.records import FOUND, OPERATION, found_record
from ipse.infra.store.tables import LEDGER
from ipse.service.ports import FoundRecord
from ipse.service.ports.ledger import LinesWish, Timing


class StoredLedgerLines:
    """
    Looks through the ledger.

    Args:
        database: Up to date.
        questions: Where the database is asked.
    """

    def __init__(self, database: Engine, questions: Questions) -> None:
        self._database = database
        self._questions = questions

    async def lines(self, wish: LinesWish) -> tuple[FoundRecord, ...]:
        """The lines, the newest first."""
        wanted = FOUND.where(*_narrowed(wish)).order_by(LEDGER.c.at_ms.desc(), LEDGER.c.id).limit(wish.most)
        return tuple(map(found_record, await self._rows(wanted)))

    async def timings(self, since: float, most: int) -> tuple[Timing, ...]:
        """The newest calls that began then or later."""
        wanted = (
            select(OPERATION.label("operation"), LEDGER.c.outcome, LEDGER.c.elapsed_ms)
            .where(LEDGER.c.at_ms >= int(since * 1000))
            .order_by(LEDGER.c.at_ms.desc())
            .limit(most)
        )
        return tuple(Timing(row.operation, row.outcome, row.elapsed_ms) for row in await self._rows(wanted))

    async def _rows(self, wanted: Executable) -> Sequence[Row[Any]]:
        """All rows of a question."""
        return await self._questions.ask(lambda: self._read(wanted))

    def _read(self, wanted: Executable) -> Sequence[Row[Any]]:
        """The same, on the thread of the questions."""
        with reading(self._database) as connection:
            return connection.execute(wanted).all()


def _narrowed(wish: LinesWish) -> list[ColumnElement[bool]]:
    """What narrows a wish."""
    narrowed: list[ColumnElement[bool]] = []
    if wish.key is not None:
        narrowed.append(LEDGER.c.key == wish.key)
    if wish.operation is not None:
        narrowed.append(OPERATION.in_((wish.operation,)))
    if wish.outcome is not None:
        narrowed.append(LEDGER.c.outcome == wish.outcome)
    if wish.since is not None:
        narrowed.append(LEDGER.c.at_ms >= int(wish.since * 1000))
    if wish.until is not None:
        narrowed.append(LEDGER.c.at_ms < int(wish.until * 1000))
    return narrowed
