"""The command line: one Typer application, a file per command."""

import importlib
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version
from types import MappingProxyType
from typing import Annotated, Final

import typer
from typer._click.exceptions import ClickException  # Typer carries its own copy of Click.

from ipse.infra.trouble import SetupError

WRONG_USAGE: Final = 64
"""Exit status for wrong usage. Source: EX_USAGE of BSD sysexits.h."""

FAULT: Final = 70
"""Exit status for a fault of ours; 1 is an answer of `ipse compare`. Source: EX_SOFTWARE of BSD sysexits.h."""

NOT_SET_UP: Final = 78
"""Exit status when something outside the program must be put right. Source: EX_CONFIG of BSD sysexits.h."""

_GROUPS: Final = MappingProxyType(
    {
        "models": "The networks: list, fetch, verify, bundle, load.",
        "keys": "The keys of callers: create, list, show, disable, enable, rotate, limit, rotate-master.",
        "webhooks": "Webhooks: list, replay, to, secret, rotate.",
        "people": "The registry of people: import, export, remove, show, reindex, attacked.",
        "db": "The database: upgrade.",
        "console": "The console: invite, users.",
        "tls": "Certificates for trying clients on this machine: dev.",
    }
)
_COMMANDS: Final = (
    *("serve", "worker", "compare", "holder", "document", "genuineness", "usage", "find", "erase", "replay"),
    *("backup", "restore", "evaluate", "evaluate-pad", "calibrate", "doctor"),
)


def build_app(words: Sequence[str] = ()) -> typer.Typer:
    """
    The application.

    Args:
        words: What was typed. When it begins with a command, only that one is imported: together they take a second.
    """
    app = typer.Typer(
        name="ipse",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    typed = {words[0]} & {*_GROUPS, *_COMMANDS, "--version"} if words else set()
    for name in (name for name in _GROUPS if not typed or name in typed):
        app.add_typer(importlib.import_module(f"ipse.cli.{name}").app, name=name, help=_GROUPS[name])
    for name in (name for name in _COMMANDS if not typed or name in typed):
        word = name.replace("-", "_")
        app.command(name)(getattr(importlib.import_module(f"ipse.cli.{word}"), word))
    app.callback()(_together)
    return app


def _say_version(asked: bool) -> None:  # noqa: FBT001  # Typer hands it over by place.
    """Print the version and end, if asked to."""
    if asked:
        typer.echo(f"ipse {version('ipse')}")
        raise typer.Exit


def _together(
    *,
    asked_version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Compare faces, and answer who asks for it: on your own machine."""
    del asked_version


def main() -> None:
    """Run the command line: 64 is wrong usage, 70 a fault of ours, 78 something that a person must put right."""
    try:
        status = build_app(sys.argv[1:])(standalone_mode=False)
    except ClickException as error:
        error.show()
        sys.exit(WRONG_USAGE)
    except SetupError as error:
        typer.echo(f"ipse: {error}", err=True)
        sys.exit(NOT_SET_UP)
    except typer.Abort:
        sys.exit(130)  # 128 + SIGINT, as shells say it.
    except Exception as fault:  # noqa: BLE001  # Python would end with 1, which means "different people".
        typer.echo(f"ipse: This is a fault of Ipse ({type(fault).__name__}); please report what follows.", err=True)
        traceback.print_exc()
        sys.exit(FAULT)
    sys.exit(status)
