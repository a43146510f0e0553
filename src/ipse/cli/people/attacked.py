"""`ipse people attacked`: the numbers under which attacks were seen. Whoever asks for such a person is told so."""

import json
import time
from typing import Annotated, Final

import typer
from rich.console import Console

from ipse.cli.options import AsJson
from ipse.cli.people.words import Numbers, NumbersFile, form_of, given_numbers, open_attacked
from ipse.cli.store import noted
from ipse.core.cards.numbers.spelling import one_spelling
from ipse.infra.settings import read_settings

app: Final = typer.Typer(no_args_is_help=True)

DAYS: Final = 365
"""How long an attack is remembered unless told otherwise. Source: ours."""

_DAY_MS: Final = 86_400_000


@app.command()
def add(
    numbers: Numbers = None,
    *,
    file: NumbersFile = None,
    days: Annotated[int, typer.Option(min=1, max=36_500, help="For how long.")] = DAYS,
    as_json: AsJson = False,
) -> None:
    """Remember that somebody tried to pass as these people; their answers say id_attacked from now on."""
    given = given_numbers(numbers, file)
    form = form_of(read_settings())
    wrong = [at for at, number in enumerate(given, 1) if not form.fits(one_spelling(number))]
    if wrong:
        raise typer.BadParameter(
            f"number {wrong[0]} of {len(given)} has not the form of the registry's; none was added"
        )
    open_attacked().note(given, _now_ms() + days * _DAY_MS)
    noted("people.attacked_add", people=len(given), days=days)
    _say({"added": len(given)}, as_json=as_json)


@app.command()
def clear(numbers: Numbers = None, *, file: NumbersFile = None, as_json: AsJson = False) -> None:
    """Forget attacks."""
    cleared = open_attacked().clear(given_numbers(numbers, file))
    noted("people.attacked_clear", people=cleared)
    _say({"cleared": cleared}, as_json=as_json)


@app.command()
def count(*, as_json: AsJson = False) -> None:
    """Say how many numbers are remembered; which, nobody can tell: only keyed hashes are kept."""
    _say({"remembered": open_attacked().count(_now_ms())}, as_json=as_json)


def _now_ms() -> int:
    """Unix milliseconds."""
    return time.time_ns() // 1_000_000


def _say(counts: dict[str, int], *, as_json: bool) -> None:
    """Print a count."""
    if as_json:
        typer.echo(json.dumps(counts))
    else:
        Console().print(*(f"{word}: {number}" for word, number in counts.items()))
