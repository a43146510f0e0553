"""Questions to the database, asked off the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from sqlalchemy import Engine

Result = TypeVar("Result")

_THREADS: Final = 4
"""As many as the connections that a pool keeps open; see `engines`."""


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
        """The answer, without holding up the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, question)

    def close(self) -> None:
        """Let the last question end."""
        self._threads.shutdown(wait=True)
