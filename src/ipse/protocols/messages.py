"""
The messages of every dialect as plain frozen values: what came over the wire, what goes back, and what a dialect is.

Nothing here knows a web framework or a vendor. A dialect is a value (`Dialect`) made of rows (`Operation`); the runner
in `ipse.protocols.dialect` is the only thing that executes them.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeAlias, TypeVar
from uuid import UUID

from ipse.core.reasons import Reason, Refusal
from ipse.service.access import GATE, Caller, Check, Credential
from ipse.service.ports import Clock, Idempotency, Mark, Seat, Standing, Stopwatch
from ipse.service.ports.retention import Artefact

Row = TypeVar("Row")
Command = TypeVar("Command")
Outcome = TypeVar("Outcome")

Headers: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Head:
    """
    A request before its body: enough to choose the dialect and to refuse early.

    Attributes:
        method: In capitals.
        path: Percent-decoded, as sent otherwise (a doubled slash stays doubled).
        query: The raw query string without its `?`; it may hold secrets, so it is never shown.
        headers: In order, names in lower case.
    """

    method: str
    path: str
    query: bytes = field(default=b"", repr=False)
    headers: Headers = field(default=(), repr=False)

    def header(self, name: str) -> str | None:
        """Give the last header of this lower-case name."""
        found = [value for key, value in self.headers if key == name]
        return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class Part:
    """
    One field of a form as it was sent: a multipart part or an urlencoded pair.

    Attributes:
        name: Its name, undecodable bytes kept as surrogates.
        content: Its raw bytes, never decoded here.
        filename: The file name it was sent with, or `None` for a plain field.
        content_type: The type it was sent with, if any; senders lie about it.
    """

    name: str
    content: bytes = field(repr=False)
    filename: str | None = None
    content_type: str | None = None


@dataclass(frozen=True, slots=True)
class WireRequest:
    """
    A whole request.

    Attributes:
        head: Method, path, query and headers.
        body: The raw bytes of a body that is no form (JSON, …), and of a form if the limits ask to keep them.
        parts: The fields of a form, in the order sent.
    """

    head: Head
    body: bytes = field(default=b"", repr=False)
    parts: tuple[Part, ...] = field(default=(), repr=False)

    def part(self, name: str) -> Part | None:
        """Give the part of this name; of several the last, as the sender's last word."""
        for part in reversed(self.parts):
            if part.name == name:
                return part
        return None

    def content(self, name: str) -> bytes | None:
        """Give the raw bytes of the part of this name."""
        part = self.part(name)
        return None if part is None else part.content


@dataclass(frozen=True, slots=True)
class WireResponse:
    """An answer: status, headers exactly as they go out, and body bytes."""

    status: int
    headers: Headers
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Context:
    """
    What is particular to this one call, handed in so that encoding is deterministic.

    Attributes:
        entropy: 16 random bytes.
        started_at: Unix seconds at which the request began.
        clock: Tells how much time went by since.
        started_s: The clock's monotonic seconds at the beginning.
        stopwatch: Where the stages of the work are timed.
    """

    entropy: bytes = field(repr=False)
    started_at: float
    clock: Clock = field(repr=False)
    started_s: float = field(repr=False)
    stopwatch: Stopwatch = field(repr=False)

    @cached_property
    def correlation(self) -> UUID:
        """The random UUID (version 4) of this call: it is logged, and dialects mint their request ids from it."""
        return UUID(bytes=self.entropy, version=4)

    def elapsed_ms(self) -> float:
        """Give the milliseconds since the request began."""
        return (self.clock.monotonic() - self.started_s) * 1000


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """
    What a body may be.

    Attributes:
        body_bytes: Most bytes of a whole body; the dialect's documentation gives it.
        parts: Most fields in a form. Source: werkzeug's `max_form_parts`, 1000.
        header_count: Most headers of one part. Source: python-multipart's default, 8.
        header_bytes: Most bytes of one header line of a part. Source: python-multipart's default, 4096 + 128.
        keep_form_bytes: Whether the raw bytes of a form are kept too (for a signature over the body).
    """

    body_bytes: int
    parts: int = 1000
    header_count: int = 8
    header_bytes: int = 4096 + 128
    keep_form_bytes: bool = False


@dataclass(frozen=True, slots=True)
class ErrorFamily(Generic[Row]):
    """
    One way in which a vendor words its errors.

    Attributes:
        rows: A row for every `Reason`; the table is total and a test holds it so.
        render: Turns a row into bytes, given the refusal itself and the call's context.
    """

    rows: Mapping[Reason, Row] = field(repr=False)
    render: Callable[[Row, Refusal, Context], WireResponse]

    def answer(self, refusal: Refusal, context: Context) -> WireResponse:
        """Give the vendor's answer to a refusal."""
        return self.render(self.rows[refusal.reason], refusal, context)


BODY_FAULTS = frozenset({Reason.BODY_TOO_LARGE, Reason.BODY_MALFORMED, Reason.BUSY})
"""Why a body is refused before anything else is known of it."""


def always(_request: WireRequest) -> bool:
    """Give `True`: the path alone chooses the operation."""
    return True


def one_for_success(reason: Reason | None) -> int:
    """Give the units of vendors that bill answers and no errors."""
    return 1 if reason is None else 0


def one(_of: object) -> int:
    """Give one: a success is billed once."""
    return 1


def unknown(_head: Head) -> Refusal:
    """Give the refusal of dialects that say no more of what they do not have."""
    return Refusal(Reason.OPERATION_UNKNOWN)


def no_question(_request: WireRequest) -> None:
    """Ask nothing."""


def no_marks(_of: object) -> tuple[Mark, ...]:
    """Give nothing to find a call by."""
    return ()


def no_decision(_command: object, _outcome: object) -> None:
    """Give nothing: the operation decides nothing that could be replayed."""


def no_headers(_context: Context, _standing: Standing | None) -> Headers:
    """Give no further headers."""
    return ()


@dataclass(frozen=True, slots=True)
class Operation(Generic[Command, Outcome]):
    """
    One endpoint of a vendor, as a row.

    Attributes:
        name: Our word for it, in logs, permissions and usage.
        match: Whether a head belongs to it; what no operation matches is refused before its body is read.
        decode: Turns request and caller into a command; may raise only `Refusal`.
        use_case: Does the work, in the seat that was admitted.
        encode: Turns the outcome into bytes.
        errors: How this endpoint words its refusals.
        select: Whether the whole request belongs to it, for vendors that name the action in the body.
        prepare: Fetches what the command only names (addresses, ids), before a seat is taken: it may wait long.
        seated: Whether the work needs the CPU; what only asks the store is answered even when the engine room is full.
        free: Whether it asks for what was counted already, so that it takes no quota, credit or room.
        bills: The units that the vendor's rule bills for an outcome; `None` is success.
        needs: How many units a command may come to: as much credit must be left before it is worked on.
        worth: How many times what `bills` says a success is worth: a batch of ten is ten.
        marks: What the request says that the call can be found by later.
        concerns: What the command adds to that (an identity number).
        makes: What the outcome adds to that (tokens just issued).
        decision: What was decided and from what, as plain JSON values, for the signed record; the runner adds the
            time that its stages took.
        keeps: What of it a key's policy may keep, beside the answer; `None`: nothing, and no answer.
    """

    name: str
    match: Callable[[Head], bool]
    decode: Callable[[WireRequest, Caller], Command]
    use_case: Callable[[Command, Seat, Stopwatch], Awaitable[Outcome]]
    encode: Callable[[Outcome, Context], WireResponse]
    errors: ErrorFamily[Any]
    select: Callable[[WireRequest], bool] = always
    prepare: Callable[[Command], Awaitable[Command]] | None = None
    seated: bool = True
    free: bool = False
    bills: Callable[[Reason | None], int] = one_for_success
    needs: Callable[[Command], int] = one
    worth: Callable[[Outcome], int] = one
    marks: Callable[[WireRequest], tuple[Mark, ...]] = no_marks
    concerns: Callable[[Command], tuple[Mark, ...]] = no_marks
    makes: Callable[[Outcome], tuple[Mark, ...]] = no_marks
    decision: Callable[[Command, Outcome], Mapping[str, object] | None] = no_decision
    keeps: Callable[[Command, Outcome], tuple[Artefact, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Repeats:
    """
    How a request that was sent before is known, and answered as before.

    Attributes:
        key: Gives the key under which the caller would be answered again, if the request has one; may refuse.
        answers: The answers that were given.
    """

    key: Callable[[Head], str | None]
    answers: Idempotency = field(repr=False)


@dataclass(frozen=True, slots=True)
class Dialect:
    """
    One vendor's way of asking, as a value.

    Attributes:
        name: `faceid`, `native`, …; keys belong to one dialect.
        owns: Whether a head is this dialect's by its path (the Host header was asked before).
        operations: Its endpoints.
        authenticate: Takes the credential out of a request, without judging it.
        stands_for: Gives dialect and key of whoever handed the credential on, where it is no key itself; may refuse.
        errors: How it words a refusal when no operation was found.
        errors_at: The same, for vendors who word it differently from one path to another.
        limits: What its bodies may be.
        gate: What is asked of a known caller, in the vendor's order.
        ask: Asks the request itself what comes between identity and gate; may raise `Refusal`.
        headers: Further headers of every answer: request ids, rates. The standing is `None` while the caller or its
            rate is unknown.
        early: Whether the head may hold the credential, so that it is judged before a body that is refused.
        knocks: Whether the head always holds it, so that of a stranger's body nothing is read at all.
        early_before: The faults of a body that wait for that; the others are told to anybody.
        pages: What everybody is shown who asks with GET, by its path.
        unmatched: Gives the refusal of a head that no operation matches.
        repeats: How repeated requests are known; `None` where the vendor knows none.
    """

    name: str
    owns: Callable[[Head], bool]
    operations: tuple[Operation[Any, Any], ...]
    authenticate: Callable[[WireRequest, Context], Credential]
    errors: ErrorFamily[Any]
    limits: BodyLimits
    gate: tuple[Check, ...] = GATE
    ask: Callable[[WireRequest], None] = no_question
    headers: Callable[[Context, Standing | None], Headers] = no_headers
    early: bool = False
    knocks: bool = False
    early_before: frozenset[Reason] = BODY_FAULTS
    pages: Mapping[str, WireResponse] = field(default_factory=dict, repr=False)
    unmatched: Callable[[Head], Refusal] = unknown
    repeats: Repeats | None = None
    errors_at: Callable[[Head], ErrorFamily[Any]] | None = None
    stands_for: Callable[[Credential], Awaitable[tuple[str, str]]] | None = None
