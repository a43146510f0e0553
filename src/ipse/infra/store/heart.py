"""
What is held in the database only as long as this process lives: its rows are renewed until their call has ended.

A row lasts a quarter of a minute, so what a killed server held is free again soon after, whoever else is there.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from sqlalchemy import Engine, Table, bindparam, update

from ipse.infra.store.database import DatabaseError, writing
from ipse.infra.store.questions import Questions
from ipse.infra.store.tables import IDEMPOTENCY, LEASES
from ipse.service.ports import Clock, Log

LEASE_S: Final = 15
"""How long a row outlives its process. Source: ours; a client that waits and tries again is let in meanwhile."""

BEAT_S: Final = 4.0
"""How often rows are renewed: two beats may get lost."""

AGAIN_S: Final = 1.0
"""How soon a beat that failed is tried again."""

_ROWS: Final = {
    LEASES: LEASES.c.call.in_(bindparam("held", expanding=True)),
    IDEMPOTENCY: IDEMPOTENCY.c.hash.in_(bindparam("held", expanding=True)) & IDEMPOTENCY.c.answer.is_(None),
}
"""What can be held, and which of its rows are; an answer that was kept meanwhile has an end of its own."""


class Heart:
    """
    Renews what the calls of this process hold.

    A call is a task: what it holds is let go when the task is done, whatever ended it. Used in one event loop only.

    Args:
        database: Where the rows are.
        questions: Where the database is asked.
        clock: Says until when.
        every_s: How often it beats.
    """

    def __init__(self, database: Engine, questions: Questions, clock: Clock, every_s: float = BEAT_S) -> None:
        self._database = database
        self._questions = questions
        self._clock = clock
        self._every_s = every_s
        self._held: dict[tuple[Table, object], asyncio.Task[Any] | None] = {}

    def hold(self, table: Table, key: object) -> None:
        """Renew this row until the task that runs now is done."""
        self._held[table, key] = asyncio.current_task()

    def let_go(self, table: Table, key: object) -> None:
        """Renew this row no longer."""
        self._held.pop((table, key), None)

    async def run(self, log: Log, stop: asyncio.Event) -> None:
        """Beat until told to stop; a database that is away is asked again soon."""
        while not stop.is_set():
            wait_s = self._every_s
            try:
                await self.beat()
            except DatabaseError as error:
                log.error("leases not renewed", why=str(error))  # noqa: TRY400  # Our log; the words say it all.
                wait_s = min(wait_s, AGAIN_S)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), wait_s)

    async def beat(self) -> None:
        """
        Renew once.

        Raises:
            DatabaseError: The database is away.
        """
        self._held = {row: task for row, task in self._held.items() if task is not None and not task.done()}
        held: dict[Table, list[object]] = {}
        for table, key in self._held:
            held.setdefault(table, []).append(key)
        if held:
            ends_ms = int((self._clock.now() + LEASE_S) * 1000)
            await self._questions.ask(lambda: self._renew(held, ends_ms))

    def _renew(self, held: Mapping[Table, Sequence[object]], ends_ms: int) -> None:
        """Write when they end now."""
        with writing(self._database) as connection:
            for table, keys in held.items():
                connection.execute(update(table).where(_ROWS[table]).values(expires_at_ms=ends_ms), {"held": keys})
