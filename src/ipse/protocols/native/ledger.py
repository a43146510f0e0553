"""What was called and what it cost: `/v1/usage`, `/v1/records` and the signed record of a decision."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, Final

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.messages import Context, Operation, Part, WireRequest, WireResponse
from ipse.protocols.native.described import Described
from ipse.protocols.native.fields import ChoiceField, Schema, TextField, text_of
from ipse.protocols.native.paths import value
from ipse.protocols.native.reading import arguments
from ipse.protocols.native.shapes import REQUEST, array, number, or_null, record, shared, text, whole
from ipse.protocols.native.writing import answer, plain
from ipse.service.access import Caller
from ipse.service.evidence import Signer
from ipse.service.ports import FoundRecord, Mark, UsageRow, UsageWish
from ipse.service.read_records import FindRecords, GiveEvidence, ReadUsage, WhichCall

LONGEST_WORD: Final = 512
"""Most characters of an id or a token that is looked for. Source: Megvii's `uuid` has at most 512 bytes."""


@dataclass(frozen=True, slots=True)
class DayField:
    """A day in UTC, given as the Unix seconds of its first moment."""

    name: str
    about: str
    required: bool = field(default=False, init=False)

    def of_json(self, value: Any) -> float:
        """Give the first moment of the day."""
        if not isinstance(value, str):
            raise Refusal(Reason.ARGUMENT_TYPE, self.name)
        try:
            return datetime.combine(date.fromisoformat(value), time(), UTC).timestamp()
        except ValueError:
            raise Refusal(Reason.ARGUMENT_INVALID, self.name) from None

    def of_parts(self, parts: Sequence[Part]) -> float:
        """Give the first moment of the day."""
        return self.of_json(text_of(parts[-1], self.name))

    def absent(self) -> None:
        """Give nothing."""

    def schema(self) -> Schema:
        """Give its schema."""
        return text(self.about, format="date")

    def form_schema(self) -> Schema:
        """Give the same."""
        return self.schema()


HOLE: Final = {"request_id": text("The id of a call as its answer bore it, in any dialect's spelling.")}

RECORD: Final = record(
    "A call as it stands in the ledger.",
    id=text("The call.", format="uuid"),
    at=text("When it began.", format="date-time"),
    key=text("Whose call: the public part of the key."),
    dialect=text("In which dialect."),
    operation=text("What was called."),
    outcome=text("`ok`, or the reason of the refusal."),
    status=whole("HTTP status of the answer.", 100, 599),
    billed=whole("Units.", 0),
    elapsed_ms=number("How long it took.", 0),
    evidence_until=or_null(text("Until when its signed record can be had; null if there is none.", format="date-time")),
)

EVIDENCE_SCHEMA: Final = {
    "type": "object",
    "description": "The signed record; docs/evidence.md tells every member.",
    "properties": {
        "format": {"const": "ipse-evidence/1"},
        "call": text("The call.", format="uuid"),
        "at": text("When it began.", format="date-time"),
        "decision": {"type": "object", "description": "Digests of the pictures, scores, thresholds, models, curve."},
        "signature": record(
            "Over the rest of the record in canonical form (RFC 8785).",
            algorithm={"const": "Ed25519"},
            public_key=text("32 bytes in base64."),
            value=text("64 bytes in base64."),
        ),
    },
    "required": ["format", "call", "at", "decision", "signature"],
}

USAGE: Final = Described(
    name="usage",
    method="GET",
    path="/v1/usage",
    group="Ledger",
    summary="Add up what this key has used.",
    about="Days are in UTC. `uuid` groups by your own ids, which are told as pseudonyms only.",
    takes=(
        ChoiceField("by", "What the rows are.", ("day", "operation", "uuid", "key"), "day"),
        DayField("since", "From this day on."),
        DayField("until", "Before this day."),
    ),
    gives=record(
        "What was used.",
        request=REQUEST,
        by=text("What the rows are."),
        rows=array(
            record(
                "One row.",
                group=text("The day, operation, pseudonym or key."),
                calls=whole("Calls that were answered.", 0),
                succeeded=whole("Calls that were not refused.", 0),
                billed=whole("Units.", 0),
            )
        ),
    ),
    refuses=frozenset({Reason.ARGUMENT_INVALID}),
    example="-G -d by=day",
)

RECORD_BY_ID: Final = Described(
    name="record",
    method="GET",
    path="/v1/records/{request_id}",
    group="Ledger",
    summary="Find a call by its id.",
    about="Calls of this key only; with the permission `records`, those of every key and dialect.",
    holes=HOLE,
    gives=record("The call.", request=REQUEST, record=shared("Record")),
    refuses=frozenset({Reason.RECORD_UNKNOWN}),
)

FIND: Final = Described(
    name="find_records",
    method="POST",
    path="/v1/records/find",
    group="Ledger",
    summary="Find calls by your own id or by a token.",
    about="By one of both. Your own id is what `X-Client-Request-Id` said; only keyed hashes are kept.",
    takes=(TextField("uuid", "Your own id.", LONGEST_WORD), TextField("token", "A token.", LONGEST_WORD)),
    gives=record("The calls, newest first.", request=REQUEST, records=array(shared("Record"))),
    rules={"oneOf": [{"required": ["uuid"]}, {"required": ["token"]}]},
    repeats=False,
    example="""--json '{"uuid": "order-17"}'""",
)

EVIDENCE: Final = Described(
    name="evidence",
    method="GET",
    path="/v1/records/{request_id}/evidence",
    group="Ledger",
    summary="Give the signed record of a decision.",
    about="`ipse replay` checks it and computes it again. It holds no picture, name, number or id of yours.",
    holes=HOLE,
    gives=shared("Evidence"),
    refuses=frozenset({Reason.RECORD_UNKNOWN}),
)

EVIDENCE_KEY: Final = Described(
    name="evidence_key",
    method="GET",
    path="/v1/evidence/key",
    group="Ledger",
    summary="Give the public key that signs records.",
    about="Keep it apart from the records; `ipse replay --key` trusts no other.",
    gives=record("The key.", request=REQUEST, algorithm={"const": "Ed25519"}, public_key=text("32 bytes in base64.")),
)

ALL: Final = (USAGE, RECORD_BY_ID, FIND, EVIDENCE, EVIDENCE_KEY)


def operations(
    read_usage: ReadUsage, find_records: FindRecords, give_evidence: GiveEvidence, signer: Signer
) -> tuple[Operation[Any, Any], ...]:
    """Give the operations."""

    async def key(_command: None, _seat: object, _stopwatch: object) -> str:
        return signer.public

    return (
        USAGE.operation(_wish, read_usage, _usage, seated=False, free=True),
        RECORD_BY_ID.operation(_call(RECORD_BY_ID), find_records, _found, seated=False, free=True),
        FIND.operation(_mark, find_records, _all_found, seated=False, free=True),
        EVIDENCE.operation(_call(EVIDENCE), give_evidence, plain, seated=False, free=True),
        EVIDENCE_KEY.operation(_nothing, key, _key, seated=False, free=True),
    )


def _wish(request: WireRequest, caller: Caller) -> UsageWish:
    """Give which calls to add up: those of the caller."""
    values = arguments(request, USAGE.takes)
    return UsageWish(values["by"], caller.record.key, values["since"], values["until"])


def _usage(found: tuple[UsageWish, tuple[UsageRow, ...]], context: Context) -> WireResponse:
    """Give the rows."""
    wish, rows = found
    told = [{"group": row.group, "calls": row.calls, "succeeded": row.succeeded, "billed": row.billed} for row in rows]
    return answer({"by": wish.by, "rows": told}, context)


def _call(described: Described) -> Any:
    """Give the decoder of a call's id."""

    def decode(request: WireRequest, caller: Caller) -> WhichCall:
        arguments(request, ())
        return WhichCall(value(described.path, request.head.path, "request_id"), caller.sees)

    return decode


def _mark(request: WireRequest, caller: Caller) -> WhichCall:
    """Give what calls are looked for by."""
    values = arguments(request, FIND.takes)
    given = [name for name in ("uuid", "token") if values[name] is not None]
    if len(given) != 1:
        raise Refusal(Reason.ARGUMENT_INVALID if given else Reason.ARGUMENT_MISSING, "uuid")
    mark = Mark("uuid", values["uuid"]) if given == ["uuid"] else Mark("token", values["token"])
    return WhichCall(mark, caller.sees)


def _nothing(request: WireRequest, _caller: Caller) -> None:
    """Give nothing: there is nothing to ask."""
    arguments(request, ())


def _found(found: tuple[FoundRecord, ...], context: Context) -> WireResponse:
    """Give the one call."""
    return answer({"record": _record(found[0])}, context)


def _all_found(found: tuple[FoundRecord, ...], context: Context) -> WireResponse:
    """Give every call."""
    return answer({"records": [_record(one) for one in found]}, context)


def _key(public: str, context: Context) -> WireResponse:
    """Give the key."""
    return answer({"algorithm": "Ed25519", "public_key": public}, context)


def _record(found: FoundRecord) -> dict[str, Any]:
    """Give a line of the ledger."""
    entry = found.entry
    return {
        "id": str(entry.id),
        "at": _moment(entry.at),
        "key": entry.key,
        "dialect": entry.dialect,
        "operation": entry.operation,
        "outcome": entry.outcome,
        "status": entry.status,
        "billed": entry.billed,
        "elapsed_ms": entry.elapsed_ms,
        "evidence_until": None if found.evidence_until is None else _moment(found.evidence_until),
    }


def _moment(at: float) -> str:
    """Give a moment in UTC."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
