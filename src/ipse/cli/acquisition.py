"""What `ipse evaluate` and `ipse calibrate` share: templates of many pictures, with a progress bar on the terminal."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ipse.core.vocabulary import Profile
from ipse.evaluation.acquire import Gallery, NothingAcquired, SubjectWord, acquire
from ipse.evaluation.pairs import Trials, TrialsError
from ipse.infra.settings import Settings
from ipse.infra.trouble import using

TALK: Final = Console(stderr=True)
"""Progress and warnings go to standard error, so that standard output holds the answer alone."""


@contextmanager
def usage() -> Iterator[None]:
    """Turn a folder or list that cannot be used into wrong usage."""
    try:
        yield
    except TrialsError as error:
        raise typer.BadParameter(str(error)) from None


def make_writable(folder: Path) -> None:
    """Make a folder if need be and prove that files can be made in it, before the long work and not after it."""
    with using(folder):
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()


def gather(trials: Trials, settings: Settings, profile: Profile | None, subject: SubjectWord) -> Gallery:
    """Give the templates of all pictures of some trials, made on as many threads as the settings allow."""
    from ipse.engine import thread_count  # noqa: PLC0415  # Wrong usage is told before a second of imports.
    from ipse.verifier import Verifier  # noqa: PLC0415  # Likewise.

    verifier = Verifier(profile=profile)
    columns = (TextColumn("[bold]{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=TALK, transient=True) as progress, usage():
        task = progress.add_task("pictures", total=len(trials.pictures))
        try:
            return acquire(trials.pictures, verifier, subject, thread_count(settings), lambda: progress.advance(task))
        except NothingAcquired as error:
            raise TrialsError(str(error)) from None


def today() -> str:
    """Give the day, in UTC."""
    return datetime.now(UTC).date().isoformat()
