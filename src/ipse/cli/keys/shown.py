"""How keys are shown: to programs as JSON, to people as a table; never with a secret, but for new ones."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ipse.core.genuineness.judgement import NAMES
from ipse.core.genuineness.policy import consequence
from ipse.infra.store.keys import ID_LETTERS, Credentials, Key


def print_json(value: object) -> None:
    """One line of JSON on standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False))


def print_credentials(made: Credentials, *, as_json: bool) -> None:
    """New credentials, this once."""
    if as_json:
        print_json({"key": made.key, "secret": made.secret})
        return
    console = Console(soft_wrap=True, highlight=False)
    console.print(f"[dim]key   [/] [bold]{made.key}[/]")
    if made.secret is not None:
        console.print(f"[dim]secret[/] [bold]{made.secret}[/]")
    console.print("[yellow]Keep it now: it is not shown again.[/]")


def facts(key: Key) -> dict[str, object]:
    """A key as JSON shows it."""
    return {
        "key": key.id,
        "dialect": key.dialect,
        "name": key.name,
        "allow": sorted(key.permissions),
        "operations": None if key.operations is None else sorted(key.operations),
        "enabled": key.enabled,
        "suspended": key.suspended,
        "created": datetime.fromtimestamp(key.created_at_s, UTC).isoformat(),
        "expires": None if key.expires_on is None else key.expires_on.isoformat(),
        "test_quota": key.test_quota,
        "used": key.used,
        "credit": key.credit,
        "spent": key.spent,
        "rate": key.rate,
        "concurrency": key.concurrency,
        "liveness": {name: consequence(name, key.liveness) for name in NAMES},
        "keeps_h": dict(key.retention),
        "old_secret_until": _old_until(key),
    }


def table(keys: Iterable[Key]) -> Table:
    """Keys for people, a line each."""
    rows = Table(box=None, header_style="bold")
    rows.add_column("key", no_wrap=True, min_width=ID_LETTERS)
    for heading in ("dialect", "name", "works", "left", "last day"):
        rows.add_column(heading, overflow="fold")
    for key in keys:
        rows.add_row(key.id, key.dialect, escape(key.name), _state(key), _left(key), str(key.expires_on or ""))
    return rows


def sheet(key: Key) -> Table:
    """All of one key for people."""
    rows = Table.grid(padding=(0, 2))
    rows.add_column(style="dim", no_wrap=True)
    rows.add_column(overflow="fold")
    operations = "all of its dialect" if key.operations is None else ", ".join(sorted(key.operations))
    for name, value in (
        ("key", key.id),
        ("name", escape(key.name)),
        ("dialect", key.dialect),
        ("works", _state(key)),
        ("may call", operations),
        ("may ask people", "yes" if "kyc" in key.permissions else "no"),
        ("left", _left(key)),
        ("billed", f"{key.spent} units"),
        ("rate", key.rate or "∞"),
        ("at once", "∞" if key.concurrency is None else str(key.concurrency)),
        ("suspicions", _suspicions(key)),
        ("keeps", _kept(key)),
        ("old secret", "" if _old_until(key) is None else f"until {_old_until(key)}"),
        ("made", f"{datetime.fromtimestamp(key.created_at_s, UTC):%Y-%m-%d}"),
        ("last day", str(key.expires_on or "")),
    ):
        rows.add_row(name, value)
    return rows


def _old_until(key: Key) -> str | None:
    """Until when the secret before the last works, or did."""
    return (
        None
        if key.old_until_ms is None
        else datetime.fromtimestamp(key.old_until_ms / 1000, UTC).isoformat("T", "seconds")
    )


def _state(key: Key) -> str:
    """Whether a key works, as far as its owner decides it."""
    if not key.enabled:
        return "[red]off[/]"
    return "[red]suspended[/]" if key.suspended else "[green]yes[/]"


def _suspicions(key: Key) -> str:
    """What follows from which suspicion about a capture, as far as it is not the default."""
    return ", ".join(f"{name}: {word}" for name, word in sorted(key.liveness.items())) or "as by default"


def _kept(key: Key) -> str:
    """What is kept of its calls, and for how long."""
    return ", ".join(f"{kind}s: {hours} h" for kind, hours in sorted(key.retention.items())) or "nothing"


def _left(key: Key) -> str:
    """What is left of a quota and of a credit."""
    calls = [] if key.test_quota is None else [f"{key.test_quota - key.used}/{key.test_quota} calls"]
    units = [] if key.credit is None else [f"{key.credit - key.spent}/{key.credit} units"]
    return ", ".join([*calls, *units]) or "∞"
