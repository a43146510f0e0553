"""`ipse db`: the database's own affairs."""

import json
from typing import Annotated, Final

import typer

from ipse.infra.settings import read_settings
from ipse.infra.store import database
from ipse.infra.store.schema import HEAD

app: Final = typer.Typer(no_args_is_help=True)


@app.command()
def upgrade(*, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Bring the database up to date, as every server does at its start; make it if there is none."""
    engine, before = database.upgrade(read_settings().database)
    engine.dispose()
    if as_json:
        typer.echo(json.dumps({"from": before, "to": HEAD}))
    elif before == HEAD:
        typer.echo(f"The database is up to date: {HEAD}.")
    else:
        typer.echo(f"The database was made: {HEAD}." if before is None else f"Brought from {before} to {HEAD}.")
