"""`ipse holder`: is the person on the card the person who holds it?"""

import json
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from ipse.cli.compare import FILE_UNREADABLE, regular
from ipse.cli.screen import console, could_not_tell, said_rate
from ipse.core.reasons import Refusal
from ipse.core.scoring.verdict import DEFAULT_FMR, decide
from ipse.core.vocabulary import Box
from ipse.infra.settings import read_settings
from ipse.service.match_holder import FoundFace, FoundPicture, MatchHolderOutcome, Part

WORDS: Final = {
    "holder": "the holder",
    "portrait": "the card's portrait",
    "ghost": "another face on the card",
    "poster": "a picture on the wall",
    "speck": "too small to count",
    "other": "somebody else",
}
"""What a face is, in words."""


def _if_given(path: Path | None) -> Path | None:
    """The path, if there is one and a file rests there."""
    return None if path is None else regular(path)


def holder(
    photo: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            readable=False,
            callback=regular,
            help="Shows the holder, with the card unless it has a picture of its own.",
            show_default=False,
        ),
    ],
    *,
    card: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, readable=False, callback=_if_given, help="Shows the card by itself."),
    ] = None,
    fmr: Annotated[float, typer.Option(min=1e-9, max=1.0, help="How often strangers may pass.")] = DEFAULT_FMR,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Compare a card's portrait with the person who holds it. Ends with 0; the answer says what was found."""
    read_settings()
    from ipse.verifier import Verifier  # noqa: PLC0415  # Wrong usage is told before half a second of imports.

    try:
        found: MatchHolderOutcome | Refusal | OSError = Verifier().holder(photo, card)
    except (Refusal, OSError) as obstacle:
        found = obstacle
    if as_json:
        print(json.dumps(_answer(found, fmr), indent=2))  # noqa: T201  # The answer is what stdout is for.
    else:
        _show(found, fmr)


def _answer(found: MatchHolderOutcome | Refusal | OSError, fmr: float) -> dict[str, Any]:
    """The answer for programs."""
    if isinstance(found, MatchHolderOutcome):
        part = found.selfie
        return {
            "similarity": part.similarity,
            "false_match_rate": part.false_match_rate,
            "false_match_rate_interval": part.interval,
            "same_person": decide(part.false_match_rate, fmr),
            "at_most": fmr,
            "holder": _place(found.holder),
            "card": _card(found.pictures, found.portrait),
            "visible_card": None if found.visible is None else _likeness(found.idcard),
            "pictures": [_picture(each) for each in found.pictures],
        }
    pictures: tuple[FoundPicture, ...] = (found.findings or ()) if isinstance(found, Refusal) else ()
    answer: dict[str, Any] = {
        "similarity": None,
        "false_match_rate": None,
        "same_person": None,
        "at_most": fmr,
        "holder": _first(pictures, "holder"),
        "card": _first_card(pictures),
        "reason": found.reason.value if isinstance(found, Refusal) else FILE_UNREADABLE,
        "pictures": [_picture(each) for each in pictures],
    }
    if isinstance(found, Refusal) and found.field is not None:
        answer["picture"] = found.field
    return answer


def _likeness(part: Part) -> dict[str, float]:
    """One comparison, for programs."""
    return {"similarity": part.similarity, "false_match_rate": part.false_match_rate}


def _place(face: FoundFace) -> dict[str, Any]:
    """One face, for programs."""
    quality = None if face.quality is None else round(face.quality, 1)
    return {"box": _box(face.box), "score": round(face.score, 4), "quality": quality}


def _card(pictures: tuple[FoundPicture, ...], portrait: FoundFace) -> dict[str, Any]:
    """The card with its portrait, for programs."""
    corners = next((_corners(each) for each in pictures if each.role in {"card", "both"}), None)
    return {"corners": corners, "portrait": _place(portrait)}


def _first(pictures: tuple[FoundPicture, ...], role: str) -> dict[str, Any] | None:
    """The first face of this role, if there is one."""
    return next((_place(face) for each in pictures for face in each.faces if face.role == role), None)


def _first_card(pictures: tuple[FoundPicture, ...]) -> dict[str, Any] | None:
    """The first card, if there is one."""
    for each in pictures:
        if each.card is not None:
            return {"corners": _corners(each), "portrait": _first((each,), "portrait")}
    return None


def _picture(found: FoundPicture) -> dict[str, Any]:
    """What one picture shows, for programs."""
    return {
        "name": found.name,
        "role": found.role,
        "width": found.width_px,
        "height": found.height_px,
        "orientation": found.orientation_deg,
        "faces": [
            {"box": _box(face.box), "role": face.role, "score": round(face.score, 4), "on_card": round(face.on_card, 4)}
            for face in found.faces
        ],
        "card": _corners(found),
        "face_count": found.face_count,
    }


def _corners(found: FoundPicture) -> list[list[float]] | None:
    """The card's corners, if there is one."""
    if found.card is None:
        return None
    return [[round(float(x), 1), round(float(y), 1)] for x, y in found.card.corners_px]


def _box(box: Box) -> list[float]:
    """A rectangle, for programs."""
    return [round(edge, 1) for edge in (box.x1, box.y1, box.x2, box.y2)]


def _show(found: MatchHolderOutcome | Refusal | OSError, fmr: float) -> None:
    """The answer for people."""
    screen = console()
    if isinstance(found, Refusal):
        _list(found.findings or ())
    if isinstance(found, OSError | Refusal):
        screen.print(could_not_tell(found))
        return
    _list(found.pictures)
    part = found.selfie
    same = decide(part.false_match_rate, fmr)
    colour, words = ("green", "The card is its holder's") if same else ("red", "Somebody else's card")
    screen.print(f"\n[bold {colour}]{words}[/] at a false match rate of at most {fmr:g}")
    rate = said_rate(part.false_match_rate)
    screen.print(f"similarity {part.similarity:.4f} · strangers look at least that alike [bold]{rate}[/]")


def _list(pictures: tuple[FoundPicture, ...]) -> None:
    """Say what every picture shows."""
    screen = console()
    for each in pictures:
        faces = ", ".join(WORDS[face.role] for face in each.faces) or "no face"
        screen.print(f"[dim]{each.name}:[/] {faces}")
