"""
Uvicorn's HTTP protocol with the two bounds that it lacks: how large the head of a request may be, and how long a sender
may take for it. Bodies have their bounds in `ipse.protocols`. And with the offer of HTTP/2 declined that Java's own
client makes with every first request on a plain connection: the parser would take the body for another protocol's.
"""

import asyncio
import re
from typing import Any, ClassVar, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_OFFER: Final = re.compile(
    rb"\r\n(?:upgrade:[ \t]*h2c|http2-settings:[^\r\n]*|connection:[^\r\n]*upgrade[^\r\n]*)(?=\r\n)", re.IGNORECASE
)
"""
What a client says that could go on in HTTP/2: a server may ignore it, and the connection stays as it is by default.

Source: RFC 9110, section 7.8; RFC 7540, section 3.2.
"""


class GuardedHttp(HttpToolsProtocol):
    """
    One connection; it is cut when a head grows or lingers beyond its bounds.

    Attributes:
        head_bytes: Most bytes of request line and headers, beyond the first read. Source: four times the default of
            h11's `max_incomplete_event_size`, 16 KB.
        head_seconds: Longest time for a whole head, and for the first one to begin. Source: Apache's
            `RequestReadTimeout header=20`.
    """

    head_bytes: ClassVar[int] = 65_536
    head_seconds: ClassVar[float] = 20.0

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._is_in_head = False
        self._began_in_this_read = False
        self._received_bytes = 0
        self._timer: asyncio.TimerHandle | None = None
        self._is_between = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # As in Uvicorn.
        """Begin to wait: a connection that never says anything is cut too."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Feed the parser, then judge a head that goes on for more than one read."""
        self._began_in_this_read = False
        super().data_received(_declined(data) if self._is_between else data)
        if not self._is_in_head or self._began_in_this_read:
            return
        self._received_bytes += len(data)
        if self._received_bytes > self.head_bytes and not self.transport.is_closing():
            self.send_400_response("Request head too large.")

    def on_message_begin(self) -> None:
        """Begin to wait for the rest of a head."""
        super().on_message_begin()
        self._is_between = False
        self._is_in_head, self._began_in_this_read, self._received_bytes = True, True, 0
        if self._timer is None:
            self._wait()

    def on_headers_complete(self) -> None:
        """Stop waiting: the head is whole."""
        self._is_in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Know that what comes next is a head."""
        super().on_message_complete()
        self._is_between = True

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        """Cut the connection when the head is not whole in time."""
        self._timer = self.loop.call_later(self.head_seconds, self._cut)

    def _stop_waiting(self) -> None:
        """Forget the timer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _cut(self) -> None:
        """Close the connection without a word: nothing was asked yet."""
        self._timer = None
        if not self.transport.is_closing():
            self.transport.close()


def _declined(data: bytes) -> bytes:
    """What was read, its head without an offer of HTTP/2; a head in several pieces is left as it is."""
    head, end, rest = data.partition(b"\r\n\r\n")
    if not end or b"h2c" not in head:
        return data
    return _OFFER.sub(b"", head + b"\r\n")[:-2] + end + rest
