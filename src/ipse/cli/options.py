"""Options that several commands take, and how their words are read."""

from datetime import date, datetime
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def read_day(word: str) -> date:
    """A day."""
    try:
        return datetime.strptime(word, "%Y-%m-%d").date()  # noqa: DTZ007  # A day has no zone.
    except ValueError:
        raise typer.BadParameter(f"{word!r} is no day; write 2030-01-31") from None
