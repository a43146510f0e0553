"""`ipse keys`: make, list, show, renew, limit and switch the keys of callers. A running server sees changes at once."""

import time
from datetime import date
from typing import Annotated, Final, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from ipse.cli.keys.rotate_master import rotate_master
from ipse.cli.keys.rotate_webhook import rotate_webhook
from ipse.cli.keys.shown import facts, print_credentials, print_json, sheet, table
from ipse.cli.keys.words import (
    NONE,
    Allowed,
    Given,
    Keep,
    KeyWord,
    Liveness,
    PermissionOrNone,
    or_none,
    read_count,
    read_name,
    read_operations,
    read_places,
    read_policy,
    read_rate,
    read_retention,
)
from ipse.cli.options import AsJson, read_day
from ipse.cli.store import configured_store, noted
from ipse.infra.store.keys import DialectName, Key, Keys, Limits
from ipse.service.desk.keys import GRACE_HOURS, MOST_GRACE_HOURS

app: Final = typer.Typer(no_args_is_help=True)

HOUR_MS: Final = 3_600_000

NO_SUCH_KEY: Final = 1
"""Exit status when there is no such key."""


@app.command()
def create(
    *,
    dialect: Annotated[DialectName, typer.Option(help="Whose calls the key makes.")],
    name: Annotated[str, typer.Option(parser=read_name, help="What you will know it by: 1 to 200 characters.")],
    allow: Allowed = None,
    operation: Annotated[
        list[str] | None, typer.Option(metavar="WORD", help="It may call this one only; may be repeated.")
    ] = None,
    test_quota: Annotated[
        int | None, typer.Option(parser=read_count, metavar="N", help="Make it a test key with so many calls.")
    ] = None,
    credit: Annotated[
        int | None, typer.Option(parser=read_count, metavar="N", help="Units that were paid for, in all.")
    ] = None,
    rate: Annotated[
        str | None, typer.Option(parser=read_rate, metavar="RATE", help="How often it may call: 5/second, 600/minute.")
    ] = None,
    concurrency: Annotated[
        int | None, typer.Option(parser=read_places, metavar="N", help="Calls that may be under way at once.")
    ] = None,
    expires: Annotated[date | None, typer.Option(parser=read_day, metavar="DATE", help="Its last day, in UTC.")] = None,
    liveness: Liveness = None,
    keep: Keep = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and print its credentials, once."""
    made = open_keys().create(
        dialect,
        name,
        now_s=int(time.time()),
        permissions=frozenset(one.value for one in allow or ()),
        operations=read_operations(operation, dialect) if operation else None,
        test_quota=test_quota,
        credit=credit,
        rate=rate,
        concurrency=concurrency,
        expires_on=expires,
        liveness=read_policy(liveness or ()),
        retention=read_retention(keep or ()),
    )
    noted("keys.create", _public(made.key), dialect=dialect)
    print_credentials(made, as_json=as_json)


@app.command("list")
def list_keys(*, as_json: AsJson = False) -> None:
    """List all keys, oldest first; no secrets."""
    keys = open_keys().every()
    if as_json:
        print_json([facts(key) for key in keys])
    elif keys:
        Console(soft_wrap=True).print(table(keys))
    else:
        Console().print("No keys yet. Make one: ipse keys create --dialect faceid --name demo")


@app.command()
def show(key: KeyWord, *, as_json: AsJson = False) -> None:
    """Show one key; no secret."""
    _show(open_keys(), key, as_json=as_json)


@app.command()
def disable(key: KeyWord, *, as_json: AsJson = False) -> None:
    """Switch a key off: calls with it are refused from now on."""
    _change(key, {"enabled": False}, as_json=as_json)


@app.command()
def enable(key: KeyWord, *, as_json: AsJson = False) -> None:
    """Switch a key on again."""
    _change(key, {"enabled": True}, as_json=as_json)


@app.command()
def rotate(
    key: KeyWord,
    *,
    grace: Annotated[
        int,
        typer.Option(
            min=0, max=MOST_GRACE_HOURS, metavar="HOURS", help="How long the old one works on; 0: it is refused."
        ),
    ] = GRACE_HOURS,
    as_json: AsJson = False,
) -> None:
    """Give a key a new secret, or a new last part where it is all, and print it, once; the old one has a grace."""
    made = open_keys().rotate(key, now_ms=time.time_ns() // 1_000_000, grace_ms=grace * HOUR_MS)
    if made is None:
        _end_without(key)
    else:
        noted("keys.rotate", _public(made.key), grace_hours=grace)
        print_credentials(made, as_json=as_json)


@app.command()
def limit(
    key: KeyWord,
    *,
    allow: Annotated[
        list[PermissionOrNone] | None, typer.Option(help="What it may beyond its calls, all of it; none: nothing.")
    ] = None,
    operation: Annotated[
        list[str] | None,
        typer.Option(metavar=f"WORD|{NONE}", help="It may call these only; may be repeated."),
    ] = None,
    test_quota: Annotated[
        Given[int] | None,
        typer.Option(parser=or_none(read_count), metavar=f"N|{NONE}", help="Calls of a test key, in all."),
    ] = None,
    credit: Annotated[
        Given[int] | None,
        typer.Option(parser=or_none(read_count), metavar=f"N|{NONE}", help="Units that were paid for, in all."),
    ] = None,
    rate: Annotated[
        Given[str] | None,
        typer.Option(parser=or_none(read_rate), metavar=f"RATE|{NONE}", help="How often it may call: 5/second."),
    ] = None,
    concurrency: Annotated[
        Given[int] | None,
        typer.Option(parser=or_none(read_places), metavar=f"N|{NONE}", help="Calls under way at once."),
    ] = None,
    expires: Annotated[
        Given[date] | None,
        typer.Option(parser=or_none(read_day), metavar=f"DATE|{NONE}", help="Its last day, in UTC."),
    ] = None,
    suspended: Annotated[bool | None, typer.Option("--suspend/--resume", help="Whether its owner owes money.")] = None,
    liveness: Liveness = None,
    keep: Keep = None,
    as_json: AsJson = False,
) -> None:
    """Set limits of a key, leaving those that are not named; `none` takes a limit away."""
    given = {
        "test_quota": test_quota,
        "credit": credit,
        "rate": rate,
        "concurrency": concurrency,
        "expires_on": expires,
    }
    limits: dict[str, object] = {name: one.value for name, one in given.items() if one is not None}
    if operation:
        limits["operations"] = None if operation == [NONE] else read_operations(operation, _found(key).dialect)
    if allow:
        limits["permissions"] = frozenset(one.value for one in allow) - {NONE}
    if suspended is not None:
        limits["suspended"] = suspended
    if liveness:
        limits["liveness"] = {} if liveness == [NONE] else {**_found(key).liveness, **read_policy(liveness)}
    if keep:
        limits["retention"] = {} if keep == [NONE] else read_retention(keep)
    if not limits:
        raise typer.BadParameter("name a limit to set; see: ipse keys limit --help")
    _change(key, Limits(**limits), as_json=as_json)  # type: ignore[typeddict-item]  # The names are those of the options.


app.command("rotate-master")(rotate_master)
app.command("rotate-webhook")(rotate_webhook)


def open_keys() -> Keys:
    """The keys of the database that the settings name; both are made if need be."""
    store = configured_store()
    return Keys(store.database, store.master_key)


def _change(key: str, limits: Limits, *, as_json: bool) -> None:
    """Change a key and show how it stands."""
    keys = open_keys()
    if keys.change(key, **limits):
        noted("keys.limit", _public(key), limits=" ".join(sorted(limits)))
        _show(keys, key, as_json=as_json)
    else:
        _end_without(key)


def _show(keys: Keys, key: str, *, as_json: bool) -> None:
    """Show one key."""
    found = keys.find(key)
    if found is None:
        _end_without(key)
    elif as_json:
        print_json(facts(found))
    else:
        Console(highlight=False).print(sheet(found))


def _found(key: str) -> Key:
    """A key that must be there."""
    found = open_keys().find(key)
    if found is None:
        _end_without(key)
    return found


def _public(key: str) -> str:
    """The part of a key that may be shown."""
    return key.partition(".")[0]


def _end_without(key: str) -> NoReturn:
    """Say that there is no such key, without repeating a whole bearer key, and end."""
    Console(stderr=True).print(f"[red]There is no key {escape(key.split('.', maxsplit=1)[0])}.[/] See: ipse keys list")
    raise typer.Exit(NO_SUCH_KEY)
