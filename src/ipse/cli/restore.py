"""`ipse restore`: a backup back into the database that the settings name."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from ipse.cli.store import configured_master_key, noted
from ipse.infra.settings import read_settings
from ipse.infra.store.database import open_database
from ipse.infra.store.restore import check_backup, restore_backup


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="What ipse backup wrote.")],
    *,
    force: Annotated[bool, typer.Option("--force", help="Throw away what the database holds.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Put a backup into an empty database, SQLite or PostgreSQL. Servers are stopped meanwhile."""
    settings = read_settings()
    held = check_backup(file, configured_master_key(settings))
    rows = sum(content.rows for content in held.values())
    database = open_database(settings.database)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Restoring", total=rows)
        restore_backup(file, database, force=force, progress=lambda count: progress.advance(task, count))
    database.dispose()
    noted("backup.restore", rows=rows, force=force)
    if as_json:
        typer.echo(json.dumps({"rows": {name: content.rows for name, content in held.items()}}))
    else:
        typer.echo(f"{rows:,} rows are restored.")
