"""`ipse erase`: a call or a person is forgotten, and a signed receipt says what is gone."""

import asyncio
import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from ipse.cli.options import AsJson
from ipse.cli.store import configured_master_key
from ipse.infra.settings import read_settings
from ipse.service.ports.audit import CLI
from ipse.service.ports.retention import EraseBy, Whom
from ipse.stores import open_erase, open_stores


def erase(
    *,
    uuid: Annotated[str | None, typer.Option(metavar="UUID", help="All calls with this id of the caller's.")] = None,
    id_number: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="A person: in the registry, and all calls about them.")
    ] = None,
    request: Annotated[str | None, typer.Option(metavar="ID", help="One call, by the id that its answer gave.")] = None,
    key: Annotated[
        str | None, typer.Option(metavar="KEY", help="With --uuid or --id-number: only calls of this key.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Erase everything that is kept of a person or a call, and print a signed receipt. It cannot be undone."""
    given: dict[EraseBy, str | None] = {"uuid": uuid, "number": id_number, "request": request}
    named: list[tuple[EraseBy, str]] = [(by, text) for by, text in given.items() if text]
    if len(named) != 1:
        raise typer.BadParameter("give one of --uuid, --id-number and --request")
    by, text = named[0]
    settings = read_settings()
    stores = open_stores(settings, configured_master_key(settings))
    try:
        receipt = asyncio.run(open_erase(stores)(Whom(by, text, key), CLI))
    finally:
        stores.close()
    if as_json:
        typer.echo(json.dumps(receipt, ensure_ascii=False))
    else:
        _tell(receipt)


def _tell(receipt: Mapping[str, Any]) -> None:
    """A receipt for people."""
    console = Console(soft_wrap=True, highlight=False)
    console.print(f"[bold]{len(receipt['artefacts'])} artefacts[/] of {receipt['calls']} calls are gone.")
    table = Table(box=None, header_style="bold")
    table.add_column("gone")
    table.add_column("how many", justify="right")
    for name, count in receipt["counts"].items():
        table.add_row(name, str(count))
    if receipt["counts"]:
        console.print(table)
    for name, why in receipt["stays"].items():
        console.print(f"[yellow]stays[/] {name}: {why}")
    console.print(f"receipt {receipt['receipt']}; signed as JSON: --json", style="dim")
