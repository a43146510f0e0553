"""`ipse webhooks`: what was told to whom, telling it again, and where and with which secret a key's owner is told."""

import asyncio
import json
import re
import time
from collections.abc import Callable, Coroutine
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any, Final, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ipse.cli.options import AsJson
from ipse.cli.store import configured_master_key
from ipse.infra.settings import read_settings
from ipse.infra.telemetry import SystemClock
from ipse.protocols.native.telling import ADDRESS, MOST_ADDRESS
from ipse.service.desk.webhooks import DeskWebhooks
from ipse.service.ports import CLI, DeliveryState, DeliveryWish, Event
from ipse.stores import Stores, open_stores

app: Final = typer.Typer(no_args_is_help=True)

Answer = TypeVar("Answer")

NOTHING: Final = 1
"""Exit status when there is no such delivery or key."""

NONE: Final = "none"
"""The word that takes an address away."""

KeyId = Annotated[str, typer.Argument(metavar="KEY", help="The public part of a key.")]


@app.command("list")
def list_deliveries(
    *,
    key: Annotated[str | None, typer.Option(metavar="KEY", help="Of this key only.")] = None,
    state: Annotated[DeliveryState | None, typer.Option(help="That stand so.")] = None,
    event: Annotated[Event | None, typer.Option(help="About this.")] = None,
    request: Annotated[str | None, typer.Option(metavar="ID", help="About this call.")] = None,
    most: Annotated[int, typer.Option(min=1, max=10_000, help="So many at most.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List what was told and what waits, the newest first; of addresses the host only."""
    wish = DeliveryWish(owner=key, event=event, state=state, entry=request, most=most)
    lines = _done(lambda stores: _desk(stores).lines(wish))
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in lines]))
        return
    table = Table(box=None, header_style="bold")
    for heading in ("delivery", "when", "event", "key", "host", "state", "attempts", "answer"):
        table.add_column(heading, overflow="fold")
    for one in lines:
        at = f"{datetime.fromtimestamp(one.created_at, UTC):%Y-%m-%d %H:%M:%S}"
        table.add_row(
            one.id, at, one.event, one.owner, escape(one.host), one.state, str(one.attempts), one.answer or ""
        )
    Console(soft_wrap=True).print(table)


@app.command()
def replay(
    deliveries: Annotated[list[str] | None, typer.Argument(metavar="ID", help="These deliveries.")] = None,
    *,
    given_up: Annotated[bool, typer.Option("--given-up", help="All that were given up.")] = False,
    key: Annotated[str | None, typer.Option(metavar="KEY", help="With --given-up: of this key only.")] = None,
) -> None:
    """Tell again, now and for a day if need be."""
    if bool(deliveries) == given_up:
        raise typer.BadParameter("name deliveries, or --given-up")
    if given_up:
        count = _done(lambda stores: _desk(stores).replay_given_up(CLI, key))
        typer.echo(f"{count} will be told again.")
        return

    async def again(stores: Stores) -> list[bool]:
        return [await _desk(stores).replay(CLI, one) for one in deliveries or ()]

    if not all(_done(again)):
        typer.echo("There is no such delivery, or it is being told just now. See: ipse webhooks list", err=True)
        raise typer.Exit(NOTHING)


@app.command()
def to(
    key: KeyId, address: Annotated[str, typer.Argument(metavar=f"URL|{NONE}", help="Where; none: nowhere.")]
) -> None:
    """Tell a key's owner there what no call names another address for: also of Tencent's cards, whose wire has none."""
    if address != NONE and (not re.fullmatch(ADDRESS, address) or len(address) > MOST_ADDRESS):
        raise typer.BadParameter("write https://HOST/PATH, in ASCII, without a password")

    async def point(stores: Stores) -> bool:
        is_there = await stores.webhook_secrets.point(key, None if address == NONE else address)
        if is_there:
            await stores.audit.note(CLI, "keys.webhook", key, told=address != NONE)
        return is_there

    if not _done(point):
        _end_without()


@app.command()
def secret(key: KeyId, *, as_json: AsJson = False) -> None:
    """Print what a key's webhooks are signed with: the newest secret, then the one before while its grace lasts."""
    found = _done(lambda stores: stores.webhook_secrets.of(key))
    if not found:
        _end_without()
    _print_secrets(found, as_json=as_json)


@app.command()
def rotate(
    key: KeyId,
    *,
    grace: Annotated[float, typer.Option(min=0, max=8760, metavar="HOURS", help="For so long both secrets fit.")] = 24,
    as_json: AsJson = False,
) -> None:
    """Give a key's webhooks a new secret and print it; for a while they are signed with the last one too."""

    async def renew(stores: Stores) -> tuple[str, ...]:
        if await stores.webhook_secrets.renew(key, time.time(), grace * 3600) is None:
            return ()
        await stores.audit.note(CLI, "keys.rotate_webhook", key, grace_hours=int(grace))
        return await stores.webhook_secrets.of(key)

    found = _done(renew)
    if not found:
        _end_without()
    _print_secrets(found, as_json=as_json)


def _desk(stores: Stores) -> DeskWebhooks:
    """The use cases."""
    return DeskWebhooks(stores.deliveries, stores.audit, SystemClock())


def _done(doing: Callable[[Stores], Coroutine[Any, Any, Answer]]) -> Answer:
    """What comes of something on the configured stores."""
    settings = read_settings()
    stores = open_stores(settings, configured_master_key(settings))
    try:
        return asyncio.run(doing(stores))
    finally:
        stores.close()


def _print_secrets(secrets: tuple[str, ...], *, as_json: bool) -> None:
    """Secrets for people or programs."""
    if as_json:
        typer.echo(json.dumps({"secret": secrets[0], "old_secret": secrets[1] if len(secrets) > 1 else None}))
    else:
        typer.echo("\n".join(secrets))


def _end_without() -> NoReturn:
    """Say that there is no such key, and end."""
    typer.echo("There is no such key. See: ipse keys list", err=True)
    raise typer.Exit(NOTHING)
