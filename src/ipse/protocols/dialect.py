"""
The runner: one control flow for every dialect, over Starlette.

Here a request gets its dialect; `ipse.protocols.call` takes it to its answer, `ipse.protocols.sending` sends that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from ipse.protocols.call import Call, Held
from ipse.protocols.messages import Context, Dialect, Head
from ipse.protocols.sending import send_answer
from ipse.protocols.surroundings import Patience, Surroundings

__all__ = ["Patience", "Surroundings", "asgi_app"]


def asgi_app(
    dialects: tuple[Dialect, ...], native: Dialect, surroundings: Surroundings, hosts: Mapping[str, str] | None = None
) -> ASGIApp:
    """
    Give the ASGI application that answers for all dialects.

    Args:
        dialects: The vendors, asked in this order whether a path is theirs.
        native: Owns whatever no vendor owns.
        surroundings: What the composition root provides.
        hosts: Host name -> dialect name; a host named here is that dialect's whatever the path. An unknown dialect name
            is a `KeyError` here, at start.
    """
    by_name = {dialect.name: dialect for dialect in (*dialects, native)}
    by_host = {host.lower(): by_name[name] for host, name in (hosts or {}).items()}
    return _Application(dialects, native, by_host, surroundings)


@dataclass(slots=True)
class _Application:
    """The ASGI callable; between requests it remembers only how many body bytes are held."""

    dialects: tuple[Dialect, ...]
    native: Dialect
    by_host: Mapping[str, Dialect]
    surroundings: Surroundings
    held: Held = field(default_factory=Held, init=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request; websockets are turned away."""
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        head = _head(scope)
        clock = self.surroundings.clock
        context = Context(
            entropy=self.surroundings.entropy(16),
            started_at=clock.now(),
            clock=clock,
            started_s=clock.monotonic(),
            stopwatch=self.surroundings.stopwatch(),
        )
        call = Call(self.surroundings, self.held, self._choose(head), head, context, Request(scope, receive))
        try:
            response = await call.answer()
            response = replace(response, headers=(*response.headers, *call.headers))
            await send_answer(response, context, send, receive if call.unread else None, self.surroundings.patience)
        except (ClientDisconnect, OSError):
            call.note("disconnected", 0)
        else:
            call.note(call.word, response.status)
        finally:
            call.let_go()

    def _choose(self, head: Head) -> Dialect:
        """Give the dialect of a request: by Host, else by path, else our own."""
        host = (head.header("host") or "").lower()
        name = host.rpartition(":")[0] if host.count(":") == 1 else host
        if name in self.by_host:
            return self.by_host[name]
        return next((dialect for dialect in self.dialects if dialect.owns(head)), self.native)


def _head(scope: Scope) -> Head:
    """Give the head of an ASGI request; the parser leaves blanks behind values, which RFC 9110, 5.5, counts as none."""
    headers = tuple(
        (name.decode("latin-1").lower(), value.decode("latin-1").strip(" \t")) for name, value in scope["headers"]
    )
    return Head(scope["method"], scope["path"], scope.get("query_string", b""), headers)
