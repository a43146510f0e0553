"""
How much the console reads of a request, and for how long it waits.

Strangers send forms only: their bodies are small, and have a room of their own, so that whoever is signed in goes on.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request
from starlette.types import Receive, Scope

from ipse.core.reasons import Reason, Refusal
from ipse.protocols import body
from ipse.protocols.arrivals import Arrivals
from ipse.protocols.messages import BodyLimits, Head, WireRequest

FORM: Final = BodyLimits(body_bytes=65_536)
"""What a route takes that is open to everybody: names, passwords, tokens. Source: ours, ten times the longest form."""

UPLOAD: Final = BodyLimits(body_bytes=32 * 1_048_576)
"""What somebody with a right may send. Source: as our own API takes it, `ipse.protocols.native`."""

FORMS_BYTES: Final = 256 * FORM.body_bytes
UPLOADS_BYTES: Final = 8 * UPLOAD.body_bytes
"""What all such bodies together may hold. Source: ours; 16 MiB and, as all dialects together, 256 MiB."""

FORM_S: Final = 10.0
UPLOAD_S: Final = 60.0
"""How long a body may take. Source: ours for a form; nginx's `client_body_timeout`, as `Patience`, for the rest."""


@dataclass(slots=True)
class Room:
    """
    What bodies of one kind may take.

    Attributes:
        limits: Of each.
        most_bytes: Of all together.
        whole_s: How long each may take to arrive.
    """

    limits: BodyLimits
    most_bytes: int
    whole_s: float
    held_bytes: int = field(default=0, init=False)

    def hold(self, count: int) -> None:
        """
        Count bytes that have come.

        Raises:
            Refusal: `BUSY`.
        """
        if self.held_bytes + count > self.most_bytes:
            raise Refusal(Reason.BUSY)
        self.held_bytes += count


class Bodies:
    """
    All bodies that the console reads; used in one event loop only.

    Args:
        arrivals: Whoever stops the server hurries them.
        forms: The room of routes that are open to everybody.
        uploads: The room of those who have a right.
    """

    def __init__(
        self, arrivals: Arrivals | None = None, forms: Room | None = None, uploads: Room | None = None
    ) -> None:
        self._arrivals = arrivals or Arrivals()
        self._forms = forms or Room(FORM, FORMS_BYTES, FORM_S)
        self._uploads = uploads or Room(UPLOAD, UPLOADS_BYTES, UPLOAD_S)

    @asynccontextmanager
    async def reading(self, scope: Scope, receive: Receive, *, is_open: bool) -> AsyncIterator[WireRequest]:
        """
        Give the whole request; its bytes count until the caller leaves.

        Raises:
            Refusal: `BODY_TOO_LARGE`, `BODY_MALFORMED` (also of those who fall silent) or `BUSY`.
        """
        room = self._forms if is_open else self._uploads
        head = _head(scope)
        body.check_declared_length(head, room.limits)
        collector = body.Collector(room.limits)
        held = 0
        try:
            try:
                async with self._arrivals.arriving(room.whole_s):
                    async for chunk in Request(scope, receive).stream():
                        room.hold(len(chunk))
                        held += len(chunk)
                        collector.feed(chunk)
            except TimeoutError as silence:
                raise Refusal(Reason.BODY_MALFORMED) from silence
            yield body.read(head, collector.whole(), room.limits)
        finally:
            room.held_bytes -= held


def _head(scope: Scope) -> Head:
    """What is known before the body."""
    headers = tuple(
        (name.decode("latin-1").lower(), value.decode("latin-1").strip()) for name, value in scope["headers"]
    )
    return Head(scope["method"], scope["path"], scope.get("query_string", b""), headers)
