"""An operation of our own API before there is anything behind it: what the router, the decoder and the page share."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from ipse.core.reasons import Reason
from ipse.protocols.messages import Context, Operation, WireRequest, WireResponse
from ipse.protocols.native.errors import FAMILY
from ipse.protocols.native.fields import Field, Schema
from ipse.protocols.native.paths import matcher
from ipse.protocols.native.writing import uuid_marks
from ipse.service.access import Caller
from ipse.service.ports import Seat, Stopwatch

Command = TypeVar("Command")
Outcome = TypeVar("Outcome")

ANYWHERE: Final = frozenset(
    {
        Reason.CREDENTIALS_MISSING,
        Reason.CREDENTIALS_MALFORMED,
        Reason.CREDENTIALS_INVALID,
        Reason.KEY_DISABLED,
        Reason.KEY_EXPIRED,
        Reason.KEY_SUSPENDED,
        Reason.OPERATION_DENIED,
        Reason.QUOTA_SPENT,
        Reason.CREDIT_SPENT,
        Reason.RATE_EXCEEDED,
        Reason.CONCURRENCY_EXCEEDED,
        Reason.BUSY,
        Reason.BODY_TOO_LARGE,
        Reason.ARGUMENT_UNKNOWN,
        Reason.ARGUMENT_UNREADABLE,
        Reason.INTERNAL,
    }
)
"""What every operation may be refused for."""

WITH_BODY: Final = frozenset(
    {
        Reason.BODY_MALFORMED,
        Reason.ARGUMENT_MISSING,
        Reason.ARGUMENT_INVALID,
        Reason.ARGUMENT_TYPE,
    }
)
"""What operations that read a body may be refused for too."""

PICTURES: Final = frozenset(
    {
        Reason.FILE_EMPTY,
        Reason.IMAGE_UNRECOGNISED,
        Reason.IMAGE_TRUNCATED,
        Reason.IMAGE_CORRUPT,
        Reason.IMAGE_TOO_LARGE,
        Reason.IMAGE_TOO_COMPLEX,
    }
)
"""What operations that read pictures may be refused for too."""


@dataclass(frozen=True, slots=True)
class Described:
    """
    One operation.

    Attributes:
        name: Its name in permissions, usage and as `operationId`.
        method: In capitals.
        path: With holes: `/v1/records/{request_id}`.
        group: The chapter of the page that it stands in.
        summary: What it gives, in a line.
        about: What else is worth knowing.
        takes: Its fields.
        holes: What stands in the holes of the path.
        gives: The schema of its answer.
        refuses: What it may be refused for besides `ANYWHERE` and `WITH_BODY`.
        example: The rest of a curl line that calls it.
        billed: How it is billed, in words.
        needs: The permission that the key needs, if any.
        rules: What the schema of the body says beyond its fields.
        repeats: Whether its answers are kept for an idempotency key; what only looks something up keeps nothing.
    """

    name: str
    method: str
    path: str
    group: str
    summary: str
    about: str
    gives: Schema = field(repr=False)
    takes: tuple[Field, ...] = ()
    holes: Mapping[str, Schema] = field(default_factory=dict)
    refuses: frozenset[Reason] = frozenset()
    example: str = ""
    billed: str = "Not billed."
    needs: str | None = None
    rules: Schema = field(default_factory=dict)
    repeats: bool = True

    @property
    def reasons(self) -> frozenset[Reason]:
        """Everything that it may be refused for."""
        with_body = WITH_BODY if self.method == "POST" else frozenset()
        again = frozenset({Reason.IDEMPOTENCY_CONFLICT}) if self.is_repeatable else frozenset()
        return ANYWHERE | self.refuses | with_body | again

    @property
    def is_repeatable(self) -> bool:
        """Whether an idempotency key means anything to it."""
        return self.method == "POST" and self.repeats

    def operation(
        self,
        decode: Callable[[WireRequest, Caller], Command],
        use_case: Callable[[Command, Seat, Stopwatch], Awaitable[Outcome]],
        encode: Callable[[Outcome, Context], WireResponse],
        **more: Any,
    ) -> Operation[Command, Outcome]:
        """Give the operation, now that there is something behind it; `more` are further columns of the row."""
        return Operation(
            name=self.name,
            match=matcher(self.method, self.path),
            decode=decode,
            use_case=use_case,
            encode=encode,
            errors=FAMILY,
            marks=uuid_marks,
            **{"bills": never, **more},
        )


def never(_reason: Reason | None) -> int:
    """Give nothing: the operation is not billed."""
    return 0
