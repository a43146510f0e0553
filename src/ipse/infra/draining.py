"""How a server leaves: it says so first, then takes no more connections, and answers what it has begun."""

import asyncio
import signal
import socket
import time
from collections.abc import Callable
from types import FrameType

import uvicorn


class DrainingServer(uvicorn.Server):
    """
    Uvicorn, ending with our own exit status after a signal instead of dying of it again.

    Args:
        config: Loaded already.
        on_hangup: Called in the event loop, where it may log, after every SIGHUP.
        on_leave: Called at the first signal to stop, wherever the program is: it may note that, and nothing more.
        on_stop: Called in the event loop when no more connections are wanted.
        on_insist: Called in the event loop after the second signal.
        delay_s: How long connections are still taken after that signal: until every balancer has asked whether this
            server is ready.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        on_hangup: Callable[[], None],
        on_leave: Callable[[], None],
        on_stop: Callable[[], None],
        on_insist: Callable[[], None],
        delay_s: float = 0.0,
    ) -> None:
        super().__init__(config)
        self._on_hangup = on_hangup
        self._on_leave = on_leave
        self._on_stop = on_stop
        self._on_insist = on_insist
        self._loop: asyncio.AbstractEventLoop | None = None
        self._delay_s = delay_s
        self._leaves_at: float | None = None

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until a signal says stop."""
        self._loop = asyncio.get_running_loop()
        self._loop.add_signal_handler(signal.SIGHUP, self._on_hangup)
        await super().serve(sockets)

    async def on_tick(self, counter: int) -> bool:
        """Whether the time has come; asked ten times a second."""
        if self._leaves_at is not None and time.monotonic() >= self._leaves_at:
            self.should_exit = True
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let the begun requests end."""
        self._on_stop()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to leave; a second signal waits neither for balancers nor for the requests that were begun."""
        del sig, frame
        if self._leaves_at is not None:
            self.force_exit = self.should_exit = True
            assert self._loop is not None
            self._loop.call_soon_threadsafe(self._on_insist)
            return
        self._on_leave()
        self._leaves_at = time.monotonic() + self._delay_s
        self.should_exit = self._delay_s <= 0
