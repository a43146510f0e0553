"""`/v1/cases`: what people came to about a call that warned."""

from datetime import UTC, datetime
from typing import Any, Final

from ipse.core.reasons import Reason
from ipse.protocols.messages import Context, Operation, WireRequest, WireResponse
from ipse.protocols.native.described import Described
from ipse.protocols.native.paths import value
from ipse.protocols.native.reading import arguments
from ipse.protocols.native.shapes import REQUEST, array, or_null, record, text
from ipse.protocols.native.writing import answer
from ipse.service.access import Caller
from ipse.service.ask_for_case import AskForCase
from ipse.service.ports import CASE_KINDS, DECISIONS, CaseLine
from ipse.service.read_records import WhichCall

CASE: Final = Described(
    name="case",
    method="GET",
    path="/v1/cases/{request_id}",
    group="Ledger",
    summary="Ask what people decided about a call that warned.",
    about=(
        "The call is that which handed the card in, or brought the capture: its webhook names it `request`. With the "
        "permission `records`, those of every key. Who decided, and why, is not told."
    ),
    holes={"request_id": text("The id of a call as its answer bore it, in any dialect's spelling.")},
    gives=record(
        "How it stands.",
        request=REQUEST,
        call=text("The call.", format="uuid"),
        kind=text("What it is about.", enum=list(CASE_KINDS)),
        status=text("`open` until it is decided.", enum=["open", "decided"]),
        decision={"enum": [*DECISIONS, None], "description": "What people came to; null until it is decided."},
        warnings=array({"type": "string"}, "Why people were asked."),
        opened=text("Since when it waits.", format="date-time"),
        decided=or_null(text("When it was decided.", format="date-time")),
        until=text("Until when it is remembered.", format="date-time"),
    ),
    refuses=frozenset({Reason.RECORD_UNKNOWN}),
)

ALL: Final = (CASE,)


def operation(ask_for_case: AskForCase) -> Operation[Any, Any]:
    """Give the operation."""
    return CASE.operation(_question, ask_for_case, _standing, seated=False, free=True)


def told_of_case(line: CaseLine) -> dict[str, Any]:
    """Give how a case stands."""
    return {
        "call": line.entry,
        "kind": line.kind,
        "status": "decided" if line.state == "decided" else "open",
        "decision": line.decision,
        "warnings": list(line.warnings),
        "opened": _moment(line.created_at),
        "decided": None if line.decided_at is None else _moment(line.decided_at),
        "until": _moment(line.expires_at),
    }


def _question(request: WireRequest, caller: Caller) -> WhichCall:
    """Give which call is meant."""
    arguments(request, CASE.takes)
    return WhichCall(value(CASE.path, request.head.path, "request_id"), caller.sees)


def _standing(line: CaseLine, context: Context) -> WireResponse:
    """Give how it stands."""
    return answer(told_of_case(line), context)


def _moment(seconds: float) -> str:
    """Give a moment as RFC 3339 has it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
