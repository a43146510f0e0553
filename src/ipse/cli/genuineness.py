"""`ipse genuineness`: does this picture show somebody who is really there?"""

import json
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from ipse.cli.compare import FILE_UNREADABLE, regular
from ipse.cli.screen import console, could_not_tell
from ipse.core.genuineness.judgement import NAMES, Judgement, Status
from ipse.core.reasons import Refusal
from ipse.infra.settings import read_settings
from ipse.protocols.native.genuineness import told
from ipse.service.judge_picture import JudgePictureOutcome

COLOURS: Final = {Status.CLEAR: "green", Status.SUSPECTED: "red", Status.NOT_ASSESSED: "dim"}
"""How each status is shown."""

WORDS: Final = {
    True: "[bold green]Nothing speaks against it[/] of what was assessed",
    False: "[bold red]Suspected[/]",
    None: "[bold yellow]Could not tell:[/] nothing was assessed",
}
"""How the whole is shown."""


def _if_given(path: Path | None) -> Path | None:
    """The path, if there is one and a file rests there."""
    return None if path is None else regular(path)


def genuineness(
    photo: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, readable=False, callback=regular, help="The picture.", show_default=False
        ),
    ],
    *,
    env: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, readable=False, callback=_if_given, help="The same scene seen wider."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Judge a picture attack by attack. Ends with 0; the answer says what was found."""
    read_settings()
    from ipse.verifier import Verifier  # noqa: PLC0415  # Wrong usage is told before half a second of imports.

    try:
        found: JudgePictureOutcome | Refusal | OSError = Verifier().genuineness(photo, env)
    except (Refusal, OSError) as obstacle:
        found = obstacle
    if as_json:
        print(json.dumps(_answer(found), indent=2))  # noqa: T201  # What stdout is for.
    else:
        _show(found)


def _answer(found: JudgePictureOutcome | Refusal | OSError) -> dict[str, Any]:
    """The answer for programs; what could not be read at all has the same members, empty, and says why."""
    if isinstance(found, JudgePictureOutcome):
        return {**told(found), "sha256": dict(found.digests)}
    reason = found.reason.value if isinstance(found, Refusal) else FILE_UNREADABLE
    picture = {"picture": found.field} if isinstance(found, Refusal) and found.field is not None else {}
    nothing: dict[str, Any] = dict.fromkeys(("genuine", "verdict", "quality"))
    empty: dict[str, Any] = {"judgements": {}, "not_assessed": list(NAMES), "sha256": {}}
    return {**nothing, **empty, "reason": reason, **picture}


def _show(found: JudgePictureOutcome | Refusal | OSError) -> None:
    """The answer for people."""
    screen = console()
    if isinstance(found, OSError | Refusal):
        screen.print(could_not_tell(found))
        return
    screen.print(WORDS[found.genuine])
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for head in ("judgement", "status", "score", "threshold", "genuine ones suspected", "why"):
        table.add_column(head)
    for one in found.judgements.values():
        table.add_row(*_row(one), style=COLOURS[one.status])
    screen.print(table)


def _row(one: Judgement) -> tuple[str, ...]:
    """One judgement in words."""
    numbers = ("" if value is None else f"{value:.3f}" for value in (one.score, one.threshold))
    rate = "" if one.error_rate is None else f"{one.error_rate:.1%}"
    return one.name, one.status.value.replace("_", " "), *numbers, rate, one.why or ""
