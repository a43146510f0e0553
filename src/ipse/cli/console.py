"""`ipse console`: who may look at the console."""

import asyncio
import json
import secrets
from collections.abc import Coroutine
from typing import Annotated, Any, Final, TypeVar

import typer

from ipse.cli.options import AsJson
from ipse.cli.store import configured_store
from ipse.infra.settings import read_settings
from ipse.infra.store.accounts import AccountRows, StoredAccounts
from ipse.infra.store.audit import AuditRows, StoredAudit
from ipse.infra.store.questions import Questions
from ipse.infra.telemetry import SystemClock
from ipse.service.desk.entrance import FIRST_S, INVITATION_S
from ipse.service.desk.roles import Role
from ipse.service.desk.staff import Staff
from ipse.service.ports import CLI, User

app: Final = typer.Typer(no_args_is_help=True)

Answer = TypeVar("Answer")


@app.command()
def invite(
    *,
    role: Annotated[Role, typer.Option(help="What they become.")] = Role.ADMIN,
    as_json: AsJson = False,
) -> None:
    """Make a one-time link with which somebody enters the console and chooses a name and a password."""
    _give(_done(_staff().invite(CLI, role)), role, INVITATION_S // 3600, as_json=as_json)


@app.command("open")
def open_console(
    *,
    role: Annotated[Role, typer.Option(help="What they are there.")] = Role.ADMIN,
    as_json: AsJson = False,
) -> None:
    """Make a one-time link that lets whoever opens it in without a password, for one session."""
    _give(_done(_staff().let_in(CLI, role)), role, FIRST_S // 3600, as_json=as_json)


@app.command()
def users(*, as_json: AsJson = False) -> None:
    """List who may look at the console."""
    everybody = _done(_staff().every())
    if as_json:
        typer.echo(json.dumps([_facts(one) for one in everybody]))
        return
    for one in everybody:
        typer.echo(f"{one.id}  {one.role.value:8}  {'enabled ' if one.enabled else 'disabled'}  {one.name}")


def _give(token: str, role: Role, hours: int, *, as_json: bool) -> None:
    """Print a one-time link."""
    link = f"{_home()}/console/enter?token={token}"
    if as_json:
        typer.echo(json.dumps({"role": role.value, "token": token, "link": link, "hours": hours}))
    else:
        typer.echo(f"{link}\nIt is good once, for {hours} h. Whoever opens it comes in as {role.value}.")


def _staff() -> Staff:
    """The use cases, on the configured store."""
    store = configured_store()
    questions = Questions(store.database)
    clock = SystemClock()
    return Staff(
        StoredAccounts(AccountRows(store.database, store.master_key), questions),
        StoredAudit(AuditRows(store.database, store.master_key, clock), questions),
        clock,
        secrets.token_bytes,
    )


def _done(doing: Coroutine[Any, Any, Answer]) -> Answer:
    """What a use case gives."""
    return asyncio.run(doing)


def _home() -> str:
    """Where a browser on this machine reaches the server, as far as the settings tell."""
    settings = read_settings()
    return settings.console_url.rstrip("/") or f"http://localhost:{settings.port}"


def _facts(user: User) -> dict[str, object]:
    """Somebody, for programs."""
    return {
        "id": user.id,
        "name": user.name,
        "role": user.role.value,
        "enabled": user.enabled,
        "signs_in": "here" if user.has_password else "elsewhere",
        "seen_at": user.seen_at,
    }
