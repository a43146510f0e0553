"""
The runner: one control flow for every dialect, over Starlette, and the one place that catches.

    match → read body → select → authenticate → authorise → decode → use case → encode

A `Refusal` becomes a row of the dialect's own error table. Anything else is a fault of ours: `Reason.INTERNAL`, logged
with the correlation id of the call, and still worded as the vendor would.
"""

import asyncio
import traceback
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from ipse.core.reasons import Reason, Refusal
from ipse.protocols import body
from ipse.protocols.arrivals import Arrivals
from ipse.protocols.messages import (
    Context,
    Dialect,
    ErrorFamily,
    Head,
    Headers,
    Operation,
    WireRequest,
    WireResponse,
)
from ipse.protocols.unseated import UNSEATED
from ipse.service.access import NOT_COUNTED, Access, Check, Visit
from ipse.service.ports import Clock, LedgerEntry, Log, Mark, Metrics, Receipt, Seat, Stopwatch

NO_OPERATION = "unknown"
"""What logs and metrics call a request that no operation matched."""


@dataclass(frozen=True, slots=True)
class Patience:
    """
    How long the edge waits for a sender.

    Attributes:
        stall_s: Longest silence within a body. Source: Apache's `RequestReadTimeout body=20`.
        whole_s: Longest time for a whole body. Source: nginx's `client_body_timeout`, 60 s, here for all of it.
        linger_s: Longest time in which the rest of a refused body is thrown away, so that the sender gets to read the
            answer instead of a reset connection. Source: nginx's `lingering_timeout`, 5 s.
    """

    stall_s: float = 20.0
    whole_s: float = 60.0
    linger_s: float = 5.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """
    What the runner needs from the composition root.

    Attributes:
        access: The gate.
        clock: Time.
        entropy: Gives that many random bytes.
        stopwatch: Makes the stopwatch of one request.
        log: Structured log lines.
        metrics: Counters.
        patience: Waiting times.
        bodies_bytes: Most bytes of unfinished and unanswered bodies held at once by all requests together; beyond it
            requests are refused as `BUSY`. The default holds 128 of the smallest vendor's largest bodies (2 MB).
        arrivals: The bodies that are being read; whoever stops the server hurries them.
    """

    access: Access
    clock: Clock
    entropy: Callable[[int], bytes]
    stopwatch: Callable[[], Stopwatch]
    log: Log
    metrics: Metrics
    patience: Patience = Patience()
    bodies_bytes: int = 128 * 2 * 1_048_576
    arrivals: Arrivals = field(default_factory=Arrivals)


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
    held_bytes: int = field(default=0, init=False)

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
        call = _Call(self, self._choose(head), head, context, Request(scope, receive))
        try:
            response = await call.answer()
            response = replace(response, headers=(*response.headers, *call.headers))
            await _send(response, context, send, receive if call.unread else None, self.surroundings.patience)
        except (ClientDisconnect, OSError):
            call.note("disconnected", 0)
        else:
            call.note(call.word, response.status)
        finally:
            self.held_bytes -= call.held_bytes

    def _choose(self, head: Head) -> Dialect:
        """Give the dialect of a request: by Host, else by path, else our own."""
        host = (head.header("host") or "").lower()
        name = host.rpartition(":")[0] if host.count(":") == 1 else host
        if name in self.by_host:
            return self.by_host[name]
        return next((dialect for dialect in self.dialects if dialect.owns(head)), self.native)


@dataclass(slots=True)
class _Call:
    """One request on its way through."""

    application: _Application
    dialect: Dialect
    head: Head
    context: Context
    request: Request
    operation: Operation[Any, Any] | None = field(default=None, init=False)
    visit: Visit | None = field(default=None, init=False)
    reason: Reason | None = field(default=None, init=False)
    marks: tuple[Mark, ...] = field(default=(), init=False)
    decision: Mapping[str, object] | None = field(default=None, init=False)
    unread: bool = field(default=False, init=False)
    held_bytes: int = field(default=0, init=False)

    async def answer(self) -> WireResponse:
        """Give the answer, whatever happens: this is the one place that catches."""
        try:
            return await self._work()
        except Refusal as refusal:
            return self._refuse(refusal)
        except ClientDisconnect:
            raise
        except Exception as fault:  # noqa: BLE001 - the one place: the caller gets the vendor's INTERNAL, the log the rest
            self._report(fault)
            return self._refuse(Refusal(Reason.INTERNAL))

    async def _work(self) -> WireResponse:
        """Give the answer of a request; whoever is known gets it only once it stands in the ledger."""
        candidates = [operation for operation in self.dialect.operations if operation.match(self.head)]
        self.operation = _only(candidates)
        request = await self._body()
        self.operation = operation = _first(candidates, request)
        visit = await self._identify(request)
        try:
            response = await self._admitted(visit, operation, request)
        except Refusal as refusal:
            response = self._refuse(refusal)
        except asyncio.CancelledError:
            self.reason = Reason.INTERNAL
            await asyncio.shield(self._settle(visit, operation, 499))
            raise
        except Exception as fault:  # noqa: BLE001 - the one place: the caller gets the vendor's INTERNAL, the log the rest
            self._report(fault)
            response = self._refuse(Refusal(Reason.INTERNAL))
        await self._settle(visit, operation, response.status)
        return response

    async def _body(self) -> WireRequest:
        """Give the whole request; where the head holds the credential, a bad one counts before a bad body."""
        try:
            with self.context.stopwatch.stage("body"):
                return await self._read()
        except Refusal:
            if self.dialect.early:
                visit = await self._identify(WireRequest(self.head))
                gate = tuple(check for check in self.dialect.gate if check is not Check.ROOM)
                await self.application.surroundings.access.let_in(visit, self._name(), gate)
            raise

    async def _identify(self, request: WireRequest) -> Visit:
        """Give the visit of a caller who is known."""
        credential = self.dialect.authenticate(request, self.context)
        caller = await self.application.surroundings.access.identify(self.dialect.name, credential)
        self.visit = Visit(caller, self.context.correlation)
        return self.visit

    async def _admitted(self, visit: Visit, operation: Operation[Any, Any], request: WireRequest) -> WireResponse:
        """Give the answer to a known caller."""
        access = self.application.surroundings.access
        self.marks = operation.marks(request)
        await access.let_in(visit, operation.name, self.dialect.gate)
        if not operation.seated:
            command = await self._prepared(operation, operation.decode(request, visit.caller))
            return await self._done(operation, command, UNSEATED)
        if operation.prepare is None:
            async with access.compute.admit() as seat:
                return await self._done(operation, operation.decode(request, visit.caller), seat)
        async with access.compute.admit():
            command = operation.decode(request, visit.caller)
        command = await self._prepared(operation, command)
        async with access.compute.admit() as seat:
            return await self._done(operation, command, seat)

    async def _prepared(self, operation: Operation[Any, Any], command: object) -> object:
        """Give the command with what it only named."""
        return command if operation.prepare is None else await operation.prepare(command)

    async def _done(self, operation: Operation[Any, Any], command: object, seat: Seat) -> WireResponse:
        """Give the answer of a command."""
        outcome = await operation.use_case(command, seat, self.context.stopwatch)
        self.marks += operation.makes(outcome)
        self.decision = operation.decision(outcome)
        return operation.encode(outcome, self.context)

    async def _settle(self, visit: Visit, operation: Operation[Any, Any], status: int) -> None:
        """Write the call into the ledger."""
        entry = LedgerEntry(
            id=visit.call,
            at=self.context.started_at,
            key=visit.caller.record.key,
            dialect=self.dialect.name,
            operation=operation.name,
            outcome=self.word,
            status=status,
            billed=operation.bills(self.reason),
            counted=self.reason not in NOT_COUNTED,
            elapsed_ms=round(self.context.elapsed_ms(), 3),
        )
        await self.application.surroundings.access.settle(visit, Receipt(entry, self.marks, self.decision))

    async def _read(self) -> WireRequest:
        """Give the whole request; a sender who sends too much, or falls silent, is cut off."""
        limits, patience = self.dialect.limits, self.application.surroundings.patience
        self.unread = True
        body.check_declared_length(self.head, limits)
        collector = body.Collector(limits)
        try:
            async with self.application.surroundings.arrivals.arriving(patience.whole_s):
                chunks = self.request.stream()
                while chunk := await _next(chunks, patience.stall_s):
                    self._hold(len(chunk))
                    collector.feed(chunk)
        except TimeoutError as silence:
            raise Refusal(Reason.BODY_MALFORMED) from silence
        self.unread = False
        return body.read(self.head, collector.whole(), limits)

    def _hold(self, count: int) -> None:
        """Count body bytes against what all requests may hold together."""
        if self.application.held_bytes + count > self.application.surroundings.bodies_bytes:
            raise Refusal(Reason.BUSY)
        self.application.held_bytes += count
        self.held_bytes += count

    def _refuse(self, refusal: Refusal) -> WireResponse:
        """Give the refusal in the vendor's words."""
        self.reason = refusal.reason
        errors: ErrorFamily[Any] = self.dialect.errors if self.operation is None else self.operation.errors
        return errors.answer(refusal, self.context)

    def _report(self, fault: Exception) -> None:
        """Log a fault by its kind and place; its message may quote a caller's data and is left out."""
        frames = traceback.extract_tb(fault.__traceback__)
        self.application.surroundings.log.error(
            "fault",
            request=str(self.context.correlation),
            dialect=self.dialect.name,
            operation=self._name(),
            error=type(fault).__qualname__,
            where=[f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames],
        )

    def note(self, word: str, status: int) -> None:
        """Log and count the end of the call."""
        elapsed_ms, stages_ms = self.context.elapsed_ms(), dict(self.context.stopwatch.spent_ms())
        surroundings = self.application.surroundings
        surroundings.log.info(
            "answered",
            request=str(self.context.correlation),
            dialect=self.dialect.name,
            operation=self._name(),
            outcome=word,
            status=status,
            elapsed_ms=round(elapsed_ms, 3),
            stages_ms={name: round(spent, 3) for name, spent in stages_ms.items()},
        )
        surroundings.metrics.answered(self.dialect.name, self._name(), word, status, elapsed_ms, stages_ms)

    @property
    def word(self) -> str:
        """How the call ended: `"ok"`, or the reason's word."""
        return "ok" if self.reason is None else self.reason.value

    @property
    def headers(self) -> Headers:
        """What the dialect adds to every answer."""
        return self.dialect.headers(self.context, None if self.visit is None else self.visit.standing)

    def _name(self) -> str:
        """Give the operation's name, if one was found."""
        return NO_OPERATION if self.operation is None else self.operation.name


def _head(scope: Scope) -> Head:
    """Give the head of an ASGI request."""
    headers = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"])
    return Head(scope["method"], scope["path"], scope.get("query_string", b""), headers)


def _only(candidates: list[Operation[Any, Any]]) -> Operation[Any, Any] | None:
    """Give the operation that the head alone decides, if it does."""
    if not candidates:
        raise Refusal(Reason.OPERATION_UNKNOWN)
    return candidates[0] if len(candidates) == 1 else None


def _first(candidates: list[Operation[Any, Any]], request: WireRequest) -> Operation[Any, Any]:
    """Give the first operation that the whole request belongs to."""
    for operation in candidates:
        if operation.select(request):
            return operation
    raise Refusal(Reason.OPERATION_UNKNOWN)


async def _next(chunks: AsyncIterator[bytes], stall_s: float) -> bytes:
    """Give the next bytes of a body, empty at its end; silence is a `TimeoutError`."""
    async with asyncio.timeout(stall_s):
        return await anext(chunks)


async def _send(
    response: WireResponse, context: Context, send: Send, unread: Receive | None, patience: Patience
) -> None:
    """Send the answer; if a refused body is still coming, close, but only after throwing some of the rest away."""
    headers = [*response.headers, ("server-timing", _server_timing(context))]
    headers.append(("content-length", str(len(response.body))))
    if unread is not None and ("connection", "close") not in response.headers:
        headers.append(("connection", "close"))
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": response.status, "headers": raw})
    await send({"type": "http.response.body", "body": response.body, "more_body": unread is not None})
    if unread is not None:
        await _throw_away(unread, patience.linger_s)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _throw_away(receive: Receive, linger_s: float) -> None:
    """Read and forget what is left of a body, for a while."""
    with suppress(TimeoutError):
        async with asyncio.timeout(linger_s):
            while (message := await receive())["type"] == "http.request" and message.get("more_body", False):
                pass


def _server_timing(context: Context) -> str:
    """Give the stages as a `Server-Timing` header. Source: W3C Server Timing, durations in milliseconds."""
    stages = (*context.stopwatch.spent_ms().items(), ("total", context.elapsed_ms()))
    return ", ".join(f"{name};dur={spent:.1f}" for name, spent in stages)
