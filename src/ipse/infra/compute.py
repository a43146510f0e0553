"""
The engine room: as many threads as the CPU quota gives, and a door that closes when enough wait inside.

A queue without a bound would answer everybody too late; here the last to come is told at once.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import ParamSpec, TypeVar

from ipse.core.reasons import Reason, Refusal

P = ParamSpec("P")
R = TypeVar("R")


class BoundedCompute:
    """Runs CPU work off the event loop; implements the port `Compute`."""

    def __init__(self, threads: int, max_in_flight: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="compute")
        self._lock = Lock()
        self._max_in_flight = max_in_flight
        self._in_flight = 0

    @property
    def in_flight(self) -> int:
        """How many pieces of work run or wait."""
        return self._in_flight

    async def run(self, work: Callable[P, R], *arguments: P.args, **options: P.kwargs) -> R:
        """
        What the work returns; what it raises is raised here.

        A place is taken until the work itself ends: a caller who goes away frees none that is still computed.

        Raises:
            Refusal: `BUSY`, at once, when all places are taken.
        """
        self._enter()
        try:
            future = self._pool.submit(work, *arguments, **options)
        except RuntimeError:  # The pool is closed: the server is going down.
            self._leave(None)
            raise Refusal(Reason.BUSY) from None
        future.add_done_callback(self._leave)
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Let what runs end, drop what waits, and take nothing more."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _enter(self) -> None:
        """Take a place or refuse."""
        with self._lock:
            if self._in_flight >= self._max_in_flight:
                raise Refusal(Reason.BUSY)
            self._in_flight += 1

    def _leave(self, _done: Future[R] | None) -> None:
        """Give the place back."""
        with self._lock:
            self._in_flight -= 1
