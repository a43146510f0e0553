"""`ipse backup`: everything in the database into one file."""

import json
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ipse.cli.store import configured_store, noted
from ipse.infra.store.backup import write_backup


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file; its owner only will read it.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write the database into a file while servers go on. The master key is not in it: keep that elsewhere."""
    store = configured_store()
    done = 0

    def show(rows: int) -> None:
        nonlocal done
        done += rows
        status.update(f"{done:,} rows")

    with Console(stderr=True).status("Reading …") as status:
        held = write_backup(store, file, int(time.time()), show)
    store.database.dispose()
    noted("backup.write", rows=sum(content.rows for content in held.values()))
    if as_json:
        typer.echo(json.dumps({"rows": {name: content.rows for name, content in held.items()}}))
    else:
        typer.echo(f"{file} holds {sum(content.rows for content in held.values()):,} rows. It needs the master key.")
