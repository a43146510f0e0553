"""`ipse document`: what does this card say, and does anything speak against it?"""

import json
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.markup import escape

from ipse.cli.compare import FILE_UNREADABLE, regular
from ipse.cli.screen import console, could_not_tell
from ipse.core.authenticity.check import CheckStatus
from ipse.core.cards.card import CardType, Said
from ipse.core.cards.reading import CardReading
from ipse.core.reasons import Refusal
from ipse.infra.settings import read_settings
from ipse.protocols.native.read_cards import TYPES, read_card
from ipse.service.check_card import AUTO

COLOURS: Final = {"passed": "green", "warning": "yellow", "rejected": "red"}
"""How each status is shown."""


def _if_given(path: Path | None) -> Path | None:
    """The path, if there is one and a file rests there."""
    return None if path is None else regular(path)


def _country(value: str) -> str:
    """Three capital letters, or AUTO."""
    if value != AUTO and not (len(value) == len("THA") and value.isascii() and value.isupper()):
        raise typer.BadParameter(f"{value!r} is not three capital letters, nor {AUTO}.")
    return value


def _type(value: str) -> str:
    """One of the kinds of cards, or AUTO."""
    if value not in {*TYPES, AUTO}:
        raise typer.BadParameter(f"{value!r} is none of {', '.join((*TYPES, AUTO))}.")
    return value


def document(
    front: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, readable=False, callback=regular, help="The front.", show_default=False
        ),
    ],
    *,
    back: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, readable=False, callback=_if_given, help="The back."),
    ] = None,
    nationality: Annotated[
        str, typer.Option(callback=_country, help="Who issued it, three letters; AUTO lets the card tell.")
    ] = AUTO,
    kind: Annotated[
        str, typer.Option("--type", callback=_type, help=f"One of {', '.join(TYPES)}; AUTO lets the card tell.")
    ] = AUTO,
    explain: Annotated[
        Path | None,
        typer.Option(dir_okay=False, writable=True, help="Write a picture of corners, boxes and failed checks there."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Read a card and judge it. Ends with 0; the answer says what was found."""
    read_settings()
    from ipse.verifier import Verifier  # noqa: PLC0415  # Wrong usage is told before half a second of imports.

    said = Said(
        nationality=None if nationality == AUTO else nationality,
        type=None if kind == AUTO else CardType(kind.lower()),
    )
    try:
        found: CardReading | Refusal | OSError = Verifier().document(front, back, said=said, explain=explain)
    except (Refusal, OSError) as obstacle:
        found = obstacle
    if as_json:
        print(json.dumps(_answer(found), indent=2, ensure_ascii=False))  # noqa: T201  # What stdout is for.
    else:
        _show(found)


def _answer(found: CardReading | Refusal | OSError) -> dict[str, Any]:
    """The answer for programs; what could not be read at all has the same members, empty, and says why."""
    if isinstance(found, CardReading):
        return read_card(found)
    nothing = dict.fromkeys(("status", "nationality", "card_type", "card_subtype"))
    reason = found.reason.value if isinstance(found, Refusal) else FILE_UNREADABLE
    empty: dict[str, Any] = {"fields": {}, "mrz": [], "checks": [], "warnings": [], "not_assessed": []}
    picture = {"picture": found.field} if isinstance(found, Refusal) and found.field is not None else {}
    return {**nothing, **empty, "reason": reason, **picture}


def _show(found: CardReading | Refusal | OSError) -> None:
    """The answer for people."""
    screen = console()
    if isinstance(found, OSError | Refusal):
        screen.print(could_not_tell(found))
        return
    colour = COLOURS[found.status.value]
    name = found.kind.name if found.kind else "no card that can be read here"
    screen.print(f"[bold {colour}]{found.status.value.upper()}[/] {name}")
    for field in found.fields.values():
        # What stands on a card is no markup of ours.
        value = escape(field.value if field.value is not None else f"? {field.printed}")
        screen.print(f"  [dim]{field.name:<22}[/]{value}  [dim]{field.confidence:.2f}[/]", highlight=False)
    for check in found.checks:
        if check.status in {CheckStatus.FAILED, CheckStatus.SUSPECTED}:
            screen.print(f"  [{colour}]{check.status.value}[/] {check.name} ({check.concern.value})")
    if found.not_assessed:
        screen.print(f"  [dim]not assessed: {', '.join(found.not_assessed)}[/]")
