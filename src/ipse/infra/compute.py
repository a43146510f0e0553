"""
The engine room: as many threads as the CPU quota gives, and a door that closes when enough wait inside.

A queue without a bound would answer everybody too late; here the last to come is told at once.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from threading import Lock
from typing import TypeVar

from ipse.core.reasons import Reason, Refusal
from ipse.service.ports import Seat

Result = TypeVar("Result")


class BoundedCompute:
    """Runs CPU work off the event loop; implements the port `Compute`."""

    def __init__(self, threads: int, max_in_flight: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="compute")
        self._lock = Lock()
        self._max_in_flight = max_in_flight
        self._in_flight = 0

    @property
    def in_flight(self) -> int:
        """How many seats are taken."""
        return self._in_flight

    @asynccontextmanager
    async def admit(self) -> AsyncIterator[Seat]:
        """
        A seat for as long as the block lasts, and as long after it as work begun in it still runs.

        Raises:
            Refusal: `BUSY`, at once, when every seat is taken.
        """
        with self._lock:
            if self._in_flight >= self._max_in_flight:
                raise Refusal(Reason.BUSY)
            self._in_flight += 1
        seat = _PoolSeat(self._pool, self._leave)
        try:
            yield seat
        finally:
            seat.let_go()

    def close(self) -> None:
        """Let what runs end, drop what waits, and take nothing more."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _leave(self) -> None:
        """Give a seat back."""
        with self._lock:
            self._in_flight -= 1


class _PoolSeat:
    """
    One request's place: held by the request and by each piece of its work, given back by the last of them.

    A caller who goes away does not free what is still being computed for them.
    """

    def __init__(self, pool: ThreadPoolExecutor, leave: Callable[[], None]) -> None:
        self._pool = pool
        self._leave = leave
        self._lock = Lock()
        self._holders = 1

    async def run(self, work: Callable[[], Result]) -> Result:
        """What the work returns; what it raises is raised here."""
        with self._lock:
            self._holders += 1
        try:
            future = self._pool.submit(work)
        except RuntimeError:  # The pool is closed: the server is going down.
            self.let_go()
            raise Refusal(Reason.BUSY) from None
        future.add_done_callback(self._done)
        return await asyncio.wrap_future(future)

    def let_go(self) -> None:
        """One holder less."""
        with self._lock:
            self._holders -= 1
            is_empty = self._holders == 0
        if is_empty:
            self._leave()

    def _done(self, _future: Future[Result]) -> None:
        """A piece of work ended, whether it ran or was dropped."""
        self.let_go()
