"""
One request from its head to its answer, and the one place that catches.

    match → read body → select → authenticate → authorise → decode → use case → encode

A `Refusal` becomes a row of the dialect's own error table. Anything else is a fault of ours: `Reason.INTERNAL`, logged
with the correlation id of the call, and still worded as the vendor would.
"""

import asyncio
import traceback
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from starlette.requests import ClientDisconnect, Request

from ipse.core.reasons import Reason, Refusal
from ipse.protocols import body
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
from ipse.protocols.repeating import FirstCall, fingerprint, kept, replayed
from ipse.protocols.surroundings import Surroundings
from ipse.protocols.unseated import UNSEATED
from ipse.service.access import NOT_COUNTED, Check, Visit
from ipse.service.faults import told_of
from ipse.service.ports import LedgerEntry, Mark, Receipt, Seat
from ipse.service.ports.retention import Artefact
from ipse.service.under_way import under_way

NO_OPERATION = "unknown"
"""What logs and metrics call a request that no operation matched."""


CUT_OFF = 499
"""The status of calls that a stop cut off. Source: nginx's status for a closed request."""


MANY_DIGITS = 6
BRIEF_BYTES = 65_536
"""A body that is thrown away rather than cut off. Source: what uvicorn takes in before anybody asks for it."""


@dataclass(slots=True)
class Held:
    """How many body bytes all requests together hold."""

    count: int = 0


@dataclass(slots=True)
class Call:
    """
    One request on its way through.

    Attributes:
        surroundings: What the composition root provides.
        held: The body bytes that all requests hold.
        dialect: Whose words are spoken.
        head: What is known at first.
        context: What is particular to this call.
        request: Where the body comes from.
        unread: Whether a part of the body was left unread.
    """

    surroundings: Surroundings
    held: Held
    dialect: Dialect
    head: Head
    context: Context
    request: Request
    operation: Operation[Any, Any] | None = field(default=None, init=False)
    visit: Visit | None = field(default=None, init=False)
    reason: Reason | None = field(default=None, init=False)
    marks: tuple[Mark, ...] = field(default=(), init=False)
    decision: Mapping[str, object] | None = field(default=None, init=False)
    artefacts: tuple[Artefact, ...] = field(default=(), init=False)
    worth: int = field(default=1, init=False)
    reserved: str | None = field(default=None, init=False)
    first: FirstCall | None = field(default=None, init=False)
    unread: bool = field(default=False, init=False)
    held_bytes: int = field(default=0, init=False)

    async def answer(self) -> WireResponse:
        """Give the answer, whatever happens: this is the one place that catches."""
        try:
            with under_way(self.context.correlation):
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
        if self.head.method in {"GET", "HEAD"} and self.head.path in self.dialect.pages:
            return self.dialect.pages[self.head.path]
        candidates = [operation for operation in self.dialect.operations if operation.match(self.head)]
        if not candidates:
            raise self.dialect.unmatched(self.head)
        self.operation = candidates[0] if len(candidates) == 1 else None
        if self.dialect.knocks:
            self.unread = not _is_brief(self.head)
            await self._identify(WireRequest(self.head))
        try:
            request = await self._body()
        except Refusal as refusal:
            return await self._refused_early(refusal)
        self.operation = operation = _first(candidates, request)
        visit = self.visit or await self._identify(request)
        try:
            response = await self._admitted(visit, operation, request)
        except Refusal as refusal:
            response = self._refuse(refusal)
        except asyncio.CancelledError:
            self.reason = Reason.INTERNAL
            await asyncio.shield(self._settle(visit, operation, None))
            raise
        except Exception as fault:  # noqa: BLE001 - the one place: the caller gets the vendor's INTERNAL, the log the rest
            self._report(fault)
            response = self._refuse(Refusal(Reason.INTERNAL))
        await self._settle(visit, operation, response)
        return response

    async def _body(self) -> WireRequest:
        """Give the whole request; where the head holds the credential, a bad one counts before a bad body."""
        try:
            with self.context.stopwatch.stage("body"):
                return await self._read()
        except Refusal as refusal:
            if self.dialect.early and refusal.reason in self.dialect.early_before:
                visit = self.visit or await self._identify(WireRequest(self.head))
                gate = tuple(check for check in self.dialect.gate if check is not Check.ROOM)
                await self.surroundings.access.let_in(visit, self._name(), gate)
            raise

    async def _refused_early(self, refusal: Refusal) -> WireResponse:
        """Give the refusal of a bad body, or of a credential before it; whoever is known finds it in the ledger."""
        response = self._refuse(refusal)
        if self.visit is not None and self.operation is not None:
            await self._settle(self.visit, self.operation, response, has_room=False)
        return response

    async def _identify(self, request: WireRequest) -> Visit:
        """Give the visit of a caller who is known."""
        credential = self.dialect.authenticate(request, self.context)
        access, stands_for = self.surroundings.access, self.dialect.stands_for
        if stands_for is None:
            caller = await access.identify(self.dialect.name, credential)
        else:
            caller = await access.stand_in(*await stands_for(credential))
        self.visit = Visit(caller, self.context.correlation)
        return self.visit

    async def _admitted(self, visit: Visit, operation: Operation[Any, Any], request: WireRequest) -> WireResponse:
        """Give the answer to a known caller."""
        self.marks = operation.marks(request)
        self.dialect.ask(request)
        repeats = self.dialect.repeats
        key = None if repeats is None else repeats.key(self.head)
        access = self.surroundings.access
        gate = tuple(check for check in self.dialect.gate if not (operation.free and check is Check.ROOM))
        if repeats is None or key is None:
            await access.let_in(visit, operation.name, gate)
            return await self._worked(visit, operation, request)
        await access.let_in(visit, operation.name, tuple(check for check in gate if check is not Check.ROOM))
        owner, now = visit.caller.record.key, self.surroundings.clock.now()
        before = await repeats.answers.begin(owner, key, fingerprint(request), now)
        if before is not None:
            response, self.first = replayed(before)
            return response
        self.reserved = key
        await access.let_in(visit, operation.name, tuple(check for check in gate if check is Check.ROOM))
        return await self._worked(visit, operation, request)

    async def _worked(self, visit: Visit, operation: Operation[Any, Any], request: WireRequest) -> WireResponse:
        """Give the answer to a caller who was let in."""
        access = self.surroundings.access
        if not operation.seated:
            command = await self._prepared(operation, await self._decoded(visit, operation, request))
            return await self._done(operation, command, UNSEATED)
        if operation.prepare is None:
            async with access.compute.admit() as seat:
                return await self._done(operation, await self._decoded(visit, operation, request), seat)
        async with access.compute.admit():
            command = await self._decoded(visit, operation, request)
        command = await self._prepared(operation, command)
        async with access.compute.admit() as seat:
            return await self._done(operation, command, seat)

    async def _decoded(self, visit: Visit, operation: Operation[Any, Any], request: WireRequest) -> object:
        """Give the command of a caller who can pay for all of it."""
        command = operation.decode(request, visit.caller)
        self.marks += operation.concerns(command)
        await self.surroundings.access.make_room(visit, operation.needs(command))
        return command

    async def _prepared(self, operation: Operation[Any, Any], command: object) -> object:
        """Give the command with what it only named."""
        return command if operation.prepare is None else await operation.prepare(command)

    async def _done(self, operation: Operation[Any, Any], command: object, seat: Seat) -> WireResponse:
        """Give the answer of a command."""
        outcome = await operation.use_case(command, seat, self.context.stopwatch)
        self.marks += operation.makes(outcome)
        self.decision = self._timed(operation.decision(command, outcome))
        self.worth = operation.worth(outcome)
        response = operation.encode(outcome, self.context)
        if self.visit is not None and self.visit.caller.record.retention and operation.keeps is not None:
            answer = Artefact("result", "answer", response.body)
            kept = (*operation.keeps(command, outcome), answer)
            self.artefacts = tuple(one for one in kept if one.kind in self.visit.caller.record.retention)
        return response

    def _timed(self, decision: Mapping[str, object] | None) -> Mapping[str, object] | None:
        """Give a decision with the milliseconds of the stages that led to it."""
        spent_ms = self.context.stopwatch.spent_ms().items()
        return decision and {**decision, "timings_ms": {name: round(spent, 3) for name, spent in spent_ms}}

    async def _settle(
        self, visit: Visit, operation: Operation[Any, Any], response: WireResponse | None, *, has_room: bool = True
    ) -> None:
        """Keep the answer if it may be asked for again, and write the call into the ledger; none: it was cut off."""
        first = self.first or FirstCall(visit.call, self.word, operation.bills(self.reason) * self.worth)
        if self.dialect.repeats is not None and self.reserved is not None:
            answer = None if response is None or self.reason in NOT_COUNTED else kept(response, first)
            await self.dialect.repeats.answers.end(visit.caller.record.key, self.reserved, answer)
        entry = LedgerEntry(
            id=first.call,
            at=self.context.started_at,
            key=visit.caller.record.key,
            dialect=self.dialect.name,
            operation=operation.name,
            outcome=first.outcome,
            status=CUT_OFF if response is None else response.status,
            billed=first.billed,
            counted=has_room and not operation.free and self.reason not in NOT_COUNTED,
            elapsed_ms=round(self.context.elapsed_ms(), 3),
        )
        await self.surroundings.access.settle(visit, Receipt(entry, self.marks, self.decision, self.artefacts))

    async def _read(self) -> WireRequest:
        """Give the whole request; a sender who sends too much, or falls silent, is cut off."""
        limits, patience = self.dialect.limits, self.surroundings.patience
        self.unread = True
        body.check_declared_length(self.head, limits)
        collector = body.Collector(limits)
        try:
            async with self.surroundings.arrivals.arriving(patience.whole_s):
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
        if self.held.count + count > self.surroundings.bodies_bytes:
            raise Refusal(Reason.BUSY)
        self.held.count += count
        self.held_bytes += count

    def let_go(self) -> None:
        """Give back what the body took of that."""
        self.held.count -= self.held_bytes

    def _refuse(self, refusal: Refusal) -> WireResponse:
        """Give the refusal in the vendor's words."""
        self.reason = refusal.reason
        return self._errors().answer(refusal, self.context)

    def _errors(self) -> ErrorFamily[Any]:
        """Give the words of the operation, or of whoever answers for what is none."""
        if self.operation is not None:
            return self.operation.errors
        return self.dialect.errors if self.dialect.errors_at is None else self.dialect.errors_at(self.head)

    def _report(self, fault: Exception) -> None:
        """Log a fault by its kind and place."""
        frames = traceback.extract_tb(fault.__traceback__)
        self.surroundings.log.error(
            "fault",
            request=str(self.context.correlation),
            dialect=self.dialect.name,
            operation=self._name(),
            where=[f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames],
            **told_of(fault),
        )

    def note(self, word: str, status: int) -> None:
        """Log and count the end of the call."""
        elapsed_ms, stages_ms = self.context.elapsed_ms(), dict(self.context.stopwatch.spent_ms())
        self.surroundings.log.info(
            "answered",
            request=str(self.context.correlation),
            dialect=self.dialect.name,
            operation=self._name(),
            outcome=word,
            status=status,
            elapsed_ms=round(elapsed_ms, 3),
            stages_ms={name: round(spent, 3) for name, spent in stages_ms.items()},
        )
        self.surroundings.metrics.answered(self.dialect.name, self._name(), word, status, elapsed_ms, stages_ms)
        if self.decision is not None and self.visit is not None:
            self.surroundings.metrics.decided(self.visit.caller.record.key, self.decision)
        if self.surroundings.tracer is not None:
            facts: dict[str, str | int] = {"dialect": self.dialect.name, "operation": self._name(), "outcome": word}
            facts |= {"status": status, "request": str(self.context.correlation)}
            self.surroundings.tracer.answered(facts, self.context.stopwatch, self.head.header("traceparent"))

    @property
    def word(self) -> str:
        """How the call ended: `"ok"`, or the reason's word; of an answer given again, how the first call ended."""
        if self.first is not None:
            return self.first.outcome
        return "ok" if self.reason is None else self.reason.value

    @property
    def headers(self) -> Headers:
        """What the dialect adds to every answer."""
        return self.dialect.headers(self.context, None if self.visit is None else self.visit.standing)

    def _name(self) -> str:
        """Give the operation's name, if one was found."""
        return NO_OPERATION if self.operation is None else self.operation.name


def _first(candidates: list[Operation[Any, Any]], request: WireRequest) -> Operation[Any, Any]:
    """Give the first operation that the whole request belongs to."""
    for operation in candidates:
        if operation.select(request):
            return operation
    raise Refusal(Reason.OPERATION_UNKNOWN)


def _is_brief(head: Head) -> bool:
    """Give whether the body is so small that it has arrived with the head, or nearly so."""
    length = head.header("content-length")
    if length is None:
        return head.header("transfer-encoding") is None
    return length.isascii() and length.isdigit() and len(length) < MANY_DIGITS and int(length) <= BRIEF_BYTES


async def _next(chunks: AsyncIterator[bytes], stall_s: float) -> bytes:
    """Give the next bytes of a body, empty at its end; silence is a `TimeoutError`."""
    async with asyncio.timeout(stall_s):
        return await anext(chunks)
