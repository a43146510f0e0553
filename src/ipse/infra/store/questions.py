"""Questions to the database, asked off the event loop."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from sqlalchemy import Engine
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

from ipse.infra.store.engines import DatabaseError

Result = TypeVar("Result")

_THREADS: Final = 4
"""As many as the connections that a pool keeps open; see `engines`."""

PATIENCE_S: Final = 10
"""How long it is insisted on an answer. Source: ours; PostgreSQL restarts in a few seconds, clients wait for 30."""


class Questions:
    """
    The threads on which one database is asked; all stores of a server share them.

    SQLite has one: who writes waits in line, where two threads of one process would poll for the lock
    (sqlite.org/c3ref/busy_timeout.html: it sleeps between its tries).
    """

    def __init__(self, database: Engine) -> None:
        count = 1 if database.dialect.name == "sqlite" else _THREADS
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="store")

    async def ask(self, question: Callable[[], Result]) -> Result:
        """The answer, without holding up the event loop; the call under way is known there too."""
        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._threads, context.run, question)

    async def ask_again(self, question: Callable[[], Result]) -> Result:
        """The answer to a question that may be asked twice: it is, if its connection turns out to be dead."""
        try:
            return await self.ask(question)
        except DatabaseError:
            return await self.ask(question)

    async def insist(self, question: Callable[[], Result]) -> Result:
        """
        The answer to a question that may be asked twice; a database that is away is asked again for a while.

        Raises:
            DatabaseError: It stays away.
        """
        again = AsyncRetrying(
            retry=retry_if_exception_type(DatabaseError),
            stop=stop_after_delay(PATIENCE_S),
            wait=wait_random_exponential(0.1, max=1),
            reraise=True,
        )
        return await again(self.ask, question)

    def close(self) -> None:
        """Let the last question end."""
        self._threads.shutdown(wait=True)
