"""`ipse people`: the registry of people, imported, exported, shown, removed, looked at again."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ipse.cli.options import AsJson
from ipse.cli.people import attacked
from ipse.cli.people.words import TALK, Numbers, NumbersFile, form_of, given_numbers, open_attacked, open_people
from ipse.cli.store import noted
from ipse.infra.people_file import PeopleFile, PeopleFileError, PeopleWriter, open_people_file
from ipse.infra.settings import read_settings
from ipse.infra.store.people import PersonRow

app: Final = typer.Typer(no_args_is_help=True)
app.add_typer(attacked.app, name="attacked", help="Numbers under which attacks were seen: add, clear, count.")

NOBODY: Final = 1
"""Exit status when there is nobody of a number."""


@app.command("import")
def import_people(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Columns id_number,name,photo.")],
    *,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Refused and doubtful rows. \\[default: FILE.refused.csv]")
    ] = None,
    show: Annotated[bool, typer.Option("--show", help="Name people in the report.")] = False,
    as_json: AsJson = False,
) -> None:
    """Register people, or what is new about them. Run again, it goes on where it stopped."""
    settings = read_settings()
    form = form_of(settings)
    found = _looked_through(file)
    place = report or file.with_suffix(".refused.csv")
    if place.exists() and place.samefile(file):
        raise typer.BadParameter("the report would replace the file itself")
    rows = open_people()
    from ipse.cli.people.importing import Import  # noqa: PLC0415  # Wrong usage is told before a second of imports.
    from ipse.cli.people.looking import looking  # noqa: PLC0415  # Likewise.
    from ipse.cli.people.report import Report  # noqa: PLC0415  # Likewise.

    with Report(place, show) as told, looking(settings) as looker:
        with _usable(), _progress("rows", found.rows) as advance:
            Import(rows, looker, form, told).run(found.lines(), advance)
        noted("people.import", rows=found.rows)
        _say(told.facts(), as_json=as_json)


@app.command("export")
def export_people(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Where to; it must not be there yet.")],
    *,
    photos: Annotated[Path | None, typer.Option(metavar="DIR", help="Write the photos too, into this folder.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write everybody into a file, in the clear. Without --photos, importing it again would forget the photos."""
    if file.exists():
        raise typer.BadParameter(f"{file} is there already")
    rows = open_people()
    noted("people.export", photos=photos is not None)
    writer = PeopleWriter(file, photos)
    with _progress("people", rows.count()) as advance:
        for person in rows.every():
            writer.write(person.number, person.name, person.photo)
            advance(1)
    _say({"people": writer.close()}, as_json=as_json)
    TALK.print(f"Names and numbers stand in {file} in the clear.", markup=False)


@app.command()
def remove(numbers: Numbers = None, *, file: NumbersFile = None, as_json: AsJson = False) -> None:
    """Forget people: number, name, photo and template. Ends with 1 if there was nobody."""
    removed = open_people().remove(given_numbers(numbers, file))
    noted("people.remove", people=removed)
    _say({"removed": removed}, as_json=as_json)
    raise typer.Exit(0 if removed else NOBODY)


@app.command()
def show(
    number: Annotated[
        str, typer.Argument(metavar="NUMBER", help="An identity number; - reads it from standard input.")
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Show what is known of somebody; not the photo. Ends with 1 if there is nobody."""
    (asked, *more) = given_numbers([number])
    if more:
        raise typer.BadParameter("one number, please")
    found = open_people().find(asked)
    if found is None:
        TALK.print("[red]There is nobody of this number.[/]")
        raise typer.Exit(NOBODY)
    noted("people.see")
    _say({**_facts(found), "attacked": open_attacked().seen(asked, time.time_ns() // 1_000_000)}, as_json=as_json)


@app.command()
def reindex(*, as_json: AsJson = False) -> None:
    """Look again at photos that other weights have seen. Until it is done, each of them is looked at when asked for."""
    settings = read_settings()
    rows = open_people()
    from ipse.cli.people.looking import looking  # noqa: PLC0415  # Wrong settings are told before a second of imports.
    from ipse.cli.people.reindex import Reindex  # noqa: PLC0415  # Likewise.

    with looking(settings) as looker, _progress("photos", rows.count(unlike=looker.recipe)) as advance:
        states = Reindex(rows, looker).run(advance)
    noted("people.reindex", photos=sum(states.values()))
    _say({"photos": dict(sorted(states.items()))}, as_json=as_json)


def _looked_through(file: Path) -> PeopleFile:
    """The file, or wrong usage."""
    with _usable():
        found = open_people_file(file)
    if found.encoding == "gb18030":
        TALK.print("The file is no UTF-8; it is read as GB18030.")
    return found


@contextmanager
def _usable() -> Iterator[None]:
    """A file that cannot be used, also one that changes while it is read, is wrong usage."""
    try:
        yield
    except PeopleFileError as error:
        raise typer.BadParameter(str(error)) from None


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on the terminal; call what it gives with the number of things that are done."""
    columns = (
        TextColumn("[bold]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=TALK, transient=True) as progress:
        task = progress.add_task(what, total=total)
        yield lambda done: progress.advance(task, done)


def _facts(person: PersonRow) -> dict[str, object]:
    """What is known of somebody, as JSON shows it."""
    return {
        "id_number": person.number,
        "name": person.name,
        "photo": person.seen.state,
        "monochrome": person.seen.monochrome,
        "recipe": person.seen.recipe,
        "updated": datetime.fromtimestamp(person.updated_at_ms / 1000, UTC).isoformat(timespec="seconds"),
    }


def _say(facts: Mapping[str, object], *, as_json: bool) -> None:
    """Print facts, a line each for people."""
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False))
        return
    for word, fact in facts.items():
        told = ", ".join(f"{name} {count:,}" for name, count in fact.items()) if isinstance(fact, dict) else fact
        if told not in {None, ""}:
            typer.echo(f"{word:>10}  {told}")
