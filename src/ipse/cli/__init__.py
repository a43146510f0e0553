"""The command line: one Typer application, a file per command."""

import importlib
import sys
from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

import typer
from typer._click.exceptions import ClickException, UsageError  # Typer carries its own copy of Click.

from ipse.infra.trouble import SetupError

WRONG_USAGE: Final = 64
"""Exit status for wrong usage. Source: EX_USAGE of BSD sysexits.h."""

NOT_SET_UP: Final = 78
"""Exit status when something outside the program must be put right. Source: EX_CONFIG of BSD sysexits.h."""

_GROUPS: Final = MappingProxyType(
    {
        "models": "The networks: list, fetch, verify, bundle, load.",
        "keys": "The keys of callers: create, list, show, disable, enable.",
    }
)
_COMMANDS: Final = ("serve", "compare", "evaluate", "calibrate", "doctor")


def build_app(words: Sequence[str] = ()) -> typer.Typer:
    """
    The application.

    Args:
        words: What was typed. When it begins with a command, only that one is imported: together they take a second.
    """
    app = typer.Typer(name="ipse", no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
    typed = {words[0]} & {*_GROUPS, *_COMMANDS} if words else set()
    for name in (name for name in _GROUPS if not typed or name in typed):
        app.add_typer(importlib.import_module(f"ipse.cli.{name}").app, name=name, help=_GROUPS[name])
    for name in (name for name in _COMMANDS if not typed or name in typed):
        app.command(name)(getattr(importlib.import_module(f"ipse.cli.{name}"), name))
    app.callback()(_together)
    return app


def _together() -> None:
    """Compare faces, and answer who asks for it: on your own machine."""


def main() -> None:
    """Run the command line; wrong usage ends with status 64."""
    try:
        status = build_app(sys.argv[1:])(standalone_mode=False)
    except ClickException as error:
        error.show()
        sys.exit(WRONG_USAGE if isinstance(error, UsageError) else error.exit_code)
    except SetupError as error:
        typer.echo(f"ipse: {error}", err=True)
        sys.exit(NOT_SET_UP)
    except typer.Abort:
        sys.exit(130)  # 128 + SIGINT, as shells say it.
    sys.exit(status)
