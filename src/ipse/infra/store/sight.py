"""Whether the database can be reached, asked so rarely that nobody feels it and answered so fast that nobody waits."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from sqlalchemy import Engine, literal, select

from ipse.infra.store.database import DatabaseError, reading

FRESH_S: Final = 1.0
"""How long a look counts. Source: ours; probes of several balancers cost one look a second."""

SOON_S: Final = 0.8
"""How long a look may take until the database counts as away. Source: Kubernetes gives a probe one second."""


class Sight:
    """
    Looks at the database, on a thread of its own: those of the calls may all be waiting for it.

    Args:
        database: Which.
    """

    def __init__(self, database: Engine) -> None:
        self._database = database
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="sight")
        self._looking: asyncio.Future[bool] | None = None
        self._looked_at = float("-inf")

    async def is_there(self) -> bool:
        """Whether it answered within the last second, or does so now."""
        if self._looking is None or (self._looking.done() and time.monotonic() - self._looked_at >= FRESH_S):
            self._looked_at = time.monotonic()
            self._looking = asyncio.get_running_loop().run_in_executor(self._threads, self._look)
        seen, _ = await asyncio.wait([self._looking], timeout=SOON_S)
        return bool(seen) and self._looking.result()

    def close(self) -> None:
        """Look no more; a look that goes on ends by itself."""
        self._threads.shutdown(wait=False)

    def _look(self) -> bool:
        """Ask for a number."""
        try:
            with reading(self._database) as connection:
                return connection.execute(select(literal(1))).scalar_one() == 1
        except DatabaseError:
            return False
