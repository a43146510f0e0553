"""The bodies that are still arriving, and how a server that stops hurries them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Arrivals:
    """All bodies that one server is reading; used in its event loop only."""

    def __init__(self) -> None:
        self._deadlines: set[asyncio.Timeout] = set()
        self._longest_s = float("inf")

    @asynccontextmanager
    async def arriving(self, whole_s: float) -> AsyncIterator[None]:
        """
        Read a body inside, in at most so many seconds, or fewer once the server stops.

        Raises:
            TimeoutError: The time is over.
        """
        async with asyncio.timeout(min(whole_s, self._longest_s)) as deadline:
            self._deadlines.add(deadline)
            try:
                yield
            finally:
                self._deadlines.discard(deadline)

    def hurry(self, rest_s: float) -> None:
        """Leave every body, begun or to come, so many seconds at most."""
        self._longest_s = rest_s
        latest = asyncio.get_running_loop().time() + rest_s
        for deadline in self._deadlines:
            if (due := deadline.when()) is not None and due > latest:
                deadline.reschedule(latest)
