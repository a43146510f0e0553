"""What the commands about people share: numbers as they are given, the store, the form of numbers."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from ipse.cli.store import configured_store
from ipse.core.cards.numbers.spelling import one_spelling
from ipse.core.people.numbers import NumberForm
from ipse.infra.people_form import form_named
from ipse.infra.settings import Settings, read_settings
from ipse.infra.store.attacked import AttackedRows
from ipse.infra.store.people import PeopleRows
from ipse.infra.trouble import using

Numbers = Annotated[
    list[str] | None,
    typer.Argument(metavar="NUMBER...", help="Identity numbers; - reads them from standard input, a line each."),
]
NumbersFile = Annotated[Path | None, typer.Option("--file", metavar="FILE", help="Numbers, a line each.")]

TALK: Final = Console(stderr=True)
"""Progress and warnings go to standard error, so that standard output holds the answer alone."""


def open_people() -> PeopleRows:
    """The registry of the store that the settings name."""
    store = configured_store()
    return PeopleRows(store.database, store.master_key, own_keys=read_settings().person_keys)


def open_attacked() -> AttackedRows:
    """The numbers under which attacks were seen, in the store that the settings name."""
    store = configured_store()
    return AttackedRows(store.database, store.master_key)


def form_of(settings: Settings) -> NumberForm:
    """What numbers look like, by the setting."""
    return form_named(settings.people_number_format)


def given_numbers(numbers: list[str] | None, file: Path | None = None) -> list[str]:
    """
    The numbers that were given, on the command line, on standard input or in a file.

    On the command line they stay in the shell's history and show in the list of processes; `-` and a file do not.
    """
    given = list(_spelled_out(numbers or []))
    if file is not None:
        with using(file):
            given += _lines(file.read_text(encoding="utf-8-sig"))
    if not given:
        raise typer.BadParameter("no number was given")
    if not all(map(one_spelling, given)):
        raise typer.BadParameter("a number has letters or digits")
    return given


def _spelled_out(numbers: list[str]) -> Iterator[str]:
    """The numbers, with what stands for standard input replaced by it."""
    for number in numbers:
        if number == "-":
            yield from _lines(sys.stdin.read())
        else:
            yield number


def _lines(text: str) -> list[str]:
    """The lines with something in them."""
    return [line.strip() for line in text.splitlines() if line.strip()]
