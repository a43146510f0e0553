"""`ipse find`: calls looked up in the ledger. There are no pictures in it, and no names or numbers of people."""

import asyncio
import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Final, TypeAlias

import typer
from rich.console import Console
from rich.table import Table

from ipse.cli.options import AsJson
from ipse.cli.store import configured_store, noted
from ipse.infra.signing import EvidenceKey
from ipse.infra.store.questions import Questions
from ipse.infra.store.records import StoredRecords
from ipse.service.evidence import signed, unsigned
from ipse.service.ports import FoundRecord, Mark
from ipse.service.records import call_of

Found: TypeAlias = tuple[FoundRecord, Mapping[str, object] | None]
"""A record, and what was decided, if it is kept."""

NOTHING_FOUND: Final = 1
"""Exit status when no call can be found by what was given."""

WIDE: Final = 160
"""Letters of a line with its ids, which are there to be copied whole; a narrower terminal wraps it."""


def find(
    *,
    request_id: Annotated[str | None, typer.Option(metavar="ID", help="As the answer gave it, in any dialect.")] = None,
    uuid: Annotated[str | None, typer.Option(metavar="UUID", help="The id that the caller gave.")] = None,
    token: Annotated[str | None, typer.Option(metavar="TOKEN", help="A token that the call made or used.")] = None,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="Print the signed record of the newest call that decided something.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Look calls up: by the request id of an answer, the caller's own id, or a token; the newest first."""
    if sum(word is not None for word in (request_id, uuid, token)) != 1:
        raise typer.BadParameter("give one of --request-id, --uuid and --token")
    store = configured_store()
    questions = Questions(store.database)
    records = StoredRecords(store.database, store.master_key, questions)
    found = asyncio.run(_found(records, request_id, uuid, token))
    questions.close()
    noted("evidence.see" if evidence else "find.see", str(found[0][0].entry.id) if found else "", calls=len(found))
    if evidence:
        decided = [(record.entry, decision) for record, decision in found if decision is not None]
        for entry, decision in decided[:1]:
            typer.echo(json.dumps(signed(unsigned(entry, decision), EvidenceKey(store.master_key)), ensure_ascii=False))
        if not decided:
            Console(stderr=True).print("No decision is kept for this: none was made, or its days are over.")
        raise typer.Exit(0 if decided else NOTHING_FOUND)
    if as_json:
        typer.echo(json.dumps([_facts(*one) for one in found], ensure_ascii=False))
    elif found:
        Console(width=WIDE, soft_wrap=True).print(_table([record for record, _ in found]))
    else:
        Console(stderr=True).print("No call can be found by this; marks of people who were erased are gone.")
    raise typer.Exit(0 if found else NOTHING_FOUND)


async def _found(records: StoredRecords, request_id: str | None, uuid: str | None, token: str | None) -> list[Found]:
    """The records, each with its decision."""
    rows: tuple[FoundRecord, ...] = ()
    if request_id is not None:
        call = call_of(request_id)
        one = None if call is None else await records.of_call(call, None)
        rows = () if one is None else (one,)
    elif uuid is not None:
        rows = await records.of_mark(Mark("uuid", uuid), None)
    elif token is not None:
        rows = await records.of_mark(Mark("token", token), None)
    return [(row, await records.decision(row.entry.id, None, time.time())) for row in rows]


def _facts(record: FoundRecord, decision: Mapping[str, object] | None) -> dict[str, object]:
    """A call as JSON shows it."""
    entry = record.entry
    return {
        "call": str(entry.id),
        "at": datetime.fromtimestamp(entry.at, UTC).isoformat(timespec="milliseconds"),
        "key": entry.key,
        "dialect": entry.dialect,
        "operation": entry.operation,
        "outcome": entry.outcome,
        "status": entry.status,
        "billed": entry.billed,
        "counted": entry.counted,
        "elapsed_ms": entry.elapsed_ms,
        "decision": decision,
    }


def _table(records: list[FoundRecord]) -> Table:
    """Calls for people."""
    table = Table(box=None, header_style="bold")
    for heading in ("request id", "at (UTC)", "key", "operation", "outcome", "billed", "ms"):
        table.add_column(heading, no_wrap=True)
    for entry in (record.entry for record in records):
        at = datetime.fromtimestamp(entry.at, UTC)
        operation = f"{entry.dialect} {entry.operation}"
        outcome = f"{entry.status} {entry.outcome}"
        table.add_row(
            str(entry.id),
            f"{at:%Y-%m-%d %H:%M:%S}",
            entry.key,
            operation,
            outcome,
            str(entry.billed),
            f"{entry.elapsed_ms:.0f}",
        )
    return table
