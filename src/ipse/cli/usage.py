"""`ipse usage`: what the ledger adds up to."""

import asyncio
import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import astuple
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from ipse.cli.options import AsJson, read_day
from ipse.cli.store import configured_store
from ipse.infra.store.keys import Keys
from ipse.infra.store.questions import Questions
from ipse.infra.store.records import StoredRecords
from ipse.infra.store.unlocking import Store
from ipse.service.ports import UsageBy, UsageRow, UsageWish

_COLUMNS: Final = ("calls", "succeeded", "billed")


def usage(
    *,
    by: Annotated[UsageBy, typer.Option(help="What the rows are; a uuid is shown as a pseudonym.")] = "day",
    key: Annotated[str | None, typer.Option(metavar="KEY", help="Of this key only.")] = None,
    uuid: Annotated[str | None, typer.Option(metavar="UUID", help="Of this id of the caller's only.")] = None,
    since: Annotated[date | None, typer.Option(parser=read_day, metavar="DATE", help="From this day on, UTC.")] = None,
    until: Annotated[date | None, typer.Option(parser=read_day, metavar="DATE", help="Up to this day, UTC.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    as_json: AsJson = False,
) -> None:
    """Add up calls and billed units, by day, key, operation or the caller's own id."""
    if as_csv and as_json:
        raise typer.BadParameter("--csv and --json exclude each other")
    store = configured_store()
    wish = UsageWish(
        by=by,
        key=None if key is None else _public_part(store, key),
        since=None if since is None else _begin_of(since),
        until=None if until is None else _begin_of(until + timedelta(days=1)),
        uuid=uuid,
    )
    questions = Questions(store.database)
    rows = asyncio.run(StoredRecords(store.database, store.master_key, questions).usage(wish))
    questions.close()
    if as_json:
        told = [{by: row.group} | {name: getattr(row, name) for name in _COLUMNS} for row in rows]
        typer.echo(json.dumps(told, ensure_ascii=False))
    elif as_csv:
        csv.writer(sys.stdout, lineterminator="\n").writerows([(by, *_COLUMNS), *map(astuple, rows)])
    else:
        Console().print(_table(by, rows))


def _public_part(store: Store, key: str) -> str:
    """The part of a key that stands in the ledger; what is no key stays as it is, and has used nothing."""
    found = Keys(store.database, store.master_key).find(key)
    return key if found is None else found.id


def _begin_of(day: date) -> float:
    """The Unix seconds at which a day begins in UTC."""
    return datetime.combine(day, time(), UTC).timestamp()


def _table(by: str, rows: Sequence[UsageRow]) -> Table:
    """Usage for people, with its sum."""
    table = Table(box=None, header_style="bold", show_footer=True)
    table.add_column(by, footer="in all", overflow="fold")
    for name in _COLUMNS:
        table.add_column(name, justify="right", footer=str(sum(getattr(row, name) for row in rows)))
    for row in rows:
        table.add_row(*map(str, astuple(row)))
    return table
