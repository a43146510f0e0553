"""What the command line says about itself."""

from collections.abc import Iterator

import typer
from rich.text import Text
from typer._click.core import Command  # Typer carries its own copy of Click.

from ipse.cli import build_app


def told(command: Command) -> Iterator[str]:
    """Every sentence of help of a command and of those below it."""
    yield command.help or ""
    yield from (getattr(each, "help", None) or "" for each in command.params)
    for below in getattr(command, "commands", {}).values():
        yield from told(below)


def test_no_word_of_help_is_taken_for_markup() -> None:
    """What stands in square brackets, such as a default, is on the screen as well."""
    sentences = [sentence for sentence in told(typer.main.get_command(build_app())) if "[" in sentence]
    assert 5 < len(sentences)
    assert [each.replace("\\[", "[") for each in sentences] == [Text.from_markup(each).plain for each in sentences]
