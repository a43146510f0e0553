"""The port `Vitals` on the store."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Engine, Select, case, func, literal, select

from ipse.infra.store.database import DatabaseError, reading
from ipse.infra.store.questions import Questions
from ipse.infra.store.tables import DELIVERIES, JOBS, LEASES
from ipse.service.ports.vitals import QueueState

Result = TypeVar("Result")

WEBHOOK = "webhook"
"""What deliveries are called among the kinds of work."""


class StoredVitals:
    """
    Asks the database how it is.

    Args:
        database: Which.
        questions: Where the database is asked.
    """

    def __init__(self, database: Engine, questions: Questions) -> None:
        self._database = database
        self._questions = questions

    async def ping_ms(self) -> float | None:
        """How long the smallest question takes, on a thread that had nothing else to do; `None` if it is away."""
        return await self._asked(self._ping_ms)

    async def queues(self, now: float) -> tuple[QueueState, ...] | None:
        """What waits, by kind."""
        return await self._asked(lambda: self._queues(int(now * 1000)))

    async def calls_under_way(self, now: float) -> int | None:
        """How many calls of limited keys are under way, on all servers."""
        return await self._asked(lambda: self._calls(int(now * 1000)))

    async def _asked(self, question: Callable[[], Result]) -> Result | None:
        """An answer; none if the database is away."""
        try:
            return await self._questions.ask(question)
        except DatabaseError:
            return None

    def _ping_ms(self) -> float:
        """The same, timed where it is asked."""
        began = time.perf_counter()
        with reading(self._database) as connection:
            connection.execute(select(literal(1))).scalar_one()
        return (time.perf_counter() - began) * 1000

    def _queues(self, now_ms: int) -> tuple[QueueState, ...]:
        """Jobs by their kinds, then webhooks."""
        is_job = (JOBS.c.result.is_(None), JOBS.c.payload.is_not(None), JOBS.c.expires_at_ms > now_ms)
        with reading(self._database) as connection:
            jobs = connection.execute(
                _counted(JOBS.c.kind, JOBS.c.leased_until_ms, JOBS.c.created_at_ms, now_ms)
                .where(*is_job)
                .group_by(JOBS.c.kind)
            ).all()
            hooks = connection.execute(
                _counted(literal(WEBHOOK), DELIVERIES.c.leased_until_ms, DELIVERIES.c.created_at_ms, now_ms).where(
                    DELIVERIES.c.state == "waiting"
                )
            ).all()
        rows = sorted((*jobs, *hooks), key=lambda row: str(row.kind))
        return tuple(
            QueueState(row.kind, int(row.waiting or 0), int(row.under_way or 0), _seconds(row.oldest)) for row in rows
        )

    def _calls(self, now_ms: int) -> int:
        """Leases that last."""
        with reading(self._database) as connection:
            wanted = select(func.count()).select_from(LEASES).where(LEASES.c.expires_at_ms > now_ms)
            return int(connection.execute(wanted).scalar_one())


def _counted(
    kind: ColumnElement[str], leased_until_ms: ColumnElement[int], created_at_ms: ColumnElement[int], now_ms: int
) -> Select[*tuple[Any, ...]]:
    """Rows of one kind: how many wait and are under way, and since when the oldest waits."""
    waits = leased_until_ms <= now_ms
    return select(
        kind.label("kind"),
        func.sum(case((waits, 1), else_=0)).label("waiting"),
        func.sum(case((waits, 0), else_=1)).label("under_way"),
        func.min(case((waits, created_at_ms))).label("oldest"),
    )


def _seconds(at_ms: int | None) -> float | None:
    """Milliseconds as seconds."""
    return None if at_ms is None else at_ms / 1000
