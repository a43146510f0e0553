"""`ipse keys`: make, list, show, switch off and on the keys of callers. A running server sees every change at once."""

import json
import time
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ipse.cli.store import configured_store
from ipse.infra.store.keys import ID_LETTERS, DialectName, Key, Keys

app: Final = typer.Typer(no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
KeyWord = Annotated[str, typer.Argument(metavar="KEY", help="The key as callers send it, or its public part.")]


class Permission(StrEnum):
    """What a key may be allowed beyond its dialect's calls."""

    KYC = "kyc"


NO_SUCH_KEY: Final = 1
"""Exit status when there is no such key."""


NAME_LETTERS: Final = 200
"""Longest name of a key: more is a mistake, and would break the table of `ipse keys list`."""


def _named(name: str) -> str:
    """The name, if it is one."""
    if not 1 <= len(name.strip()) <= NAME_LETTERS:
        raise typer.BadParameter(f"a name has 1 to {NAME_LETTERS} characters, this one has {len(name.strip())}")
    return name.strip()


@app.command()
def create(
    *,
    dialect: Annotated[DialectName, typer.Option(help="Whose calls the key makes.")],
    name: Annotated[str, typer.Option(callback=_named, help="What you will know it by: 1 to 200 characters.")],
    allow: Annotated[list[Permission] | None, typer.Option(help="kyc: may ask the registry of people.")] = None,
    test_quota: Annotated[int | None, typer.Option(min=0, help="Make it a test key with so many calls.")] = None,
    expires: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Its last day, in UTC.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and print its credentials, once."""
    made = open_keys().create(
        dialect,
        name,
        now_s=int(time.time()),
        permissions=frozenset(one.value for one in allow or ()),
        test_quota=test_quota,
        expires_on=None if expires is None else expires.date(),
    )
    if as_json:
        _print_json({"key": made.key, "secret": made.secret})
        return
    console = Console(soft_wrap=True, highlight=False)
    console.print(f"[dim]key   [/] [bold]{made.key}[/]")
    if made.secret is not None:
        console.print(f"[dim]secret[/] [bold]{made.secret}[/]")
    console.print("[yellow]Keep it now: it is not shown again.[/]")


@app.command("list")
def list_keys(*, as_json: AsJson = False) -> None:
    """List all keys, oldest first; no secrets."""
    keys = open_keys().every()
    if as_json:
        _print_json([_facts(key) for key in keys])
    elif keys:
        Console(soft_wrap=True).print(_table(keys))
    else:
        Console().print("No keys yet. Make one: ipse keys create --dialect faceid --name demo")


@app.command()
def show(key: KeyWord, *, as_json: AsJson = False) -> None:
    """Show one key; no secret."""
    found = open_keys().find(key)
    if found is None:
        _end_without(key)
        return
    if as_json:
        _print_json(_facts(found))
    else:
        Console(soft_wrap=True).print(_table((found,)))


@app.command()
def disable(key: KeyWord, *, as_json: AsJson = False) -> None:
    """Switch a key off."""
    _switch(key, enabled=False, as_json=as_json)


@app.command()
def enable(key: KeyWord, *, as_json: AsJson = False) -> None:
    """Switch a key on again."""
    _switch(key, enabled=True, as_json=as_json)


def open_keys() -> Keys:
    """The keys of the database that the settings name; both are made if need be."""
    store = configured_store()
    return Keys(store.database, store.master_key)


def _switch(key: str, *, enabled: bool, as_json: bool) -> None:
    """Switch a key and say how it stands."""
    keys = open_keys()
    if not keys.change(key, enabled=enabled):
        _end_without(key)
    elif as_json:
        show(key, as_json=True)
    else:
        Console().print(
            "The key works." if enabled else "The key is switched off; calls with it are refused from now on."
        )


def _end_without(key: str) -> None:
    """Say that there is no such key, without repeating a whole bearer key, and end."""
    Console(stderr=True).print(f"[red]There is no key {escape(key.split('.', maxsplit=1)[0])}.[/] See: ipse keys list")
    raise typer.Exit(NO_SUCH_KEY)


def _facts(key: Key) -> dict[str, object]:
    """A key as JSON shows it."""
    return {
        "key": key.id,
        "dialect": key.dialect,
        "name": key.name,
        "allow": sorted(key.permissions),
        "enabled": key.enabled,
        "created": datetime.fromtimestamp(key.created_at_s, UTC).isoformat(),
        "expires": None if key.expires_on is None else key.expires_on.isoformat(),
        "test_quota": key.test_quota,
        "used": key.used,
    }


def _table(keys: tuple[Key, ...]) -> Table:
    """Keys for people."""
    table = Table(box=None, header_style="bold")
    table.add_column("key", no_wrap=True, min_width=ID_LETTERS)
    for heading in ("dialect", "name", "works", "may", "left", "made", "last day"):
        table.add_column(heading)
    for key in keys:
        left = "∞" if key.test_quota is None else f"{key.test_quota - key.used}/{key.test_quota}"
        table.add_row(
            key.id,
            key.dialect,
            escape(key.name),
            "[green]yes[/]" if key.enabled else "[red]off[/]",
            " ".join(sorted(key.permissions)),
            left,
            f"{datetime.fromtimestamp(key.created_at_s, UTC):%Y-%m-%d}",
            "" if key.expires_on is None else key.expires_on.isoformat(),
        )
    return table


def _print_json(value: object) -> None:
    """One line of JSON on standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False))
