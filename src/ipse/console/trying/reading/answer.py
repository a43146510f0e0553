"""An answer of the server, and what every reader of answers needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from ipse.console.trying.finding import Drawing, Finding, Sentence, Shape
from ipse.core.reasons import Reason

Json: TypeAlias = "Mapping[str, Any]"

OK: Final = 200

TOLD: Final = frozenset(
    {
        Reason.BODY_TOO_LARGE,
        Reason.NOT_OPEN,
        Reason.BUSY,
        Reason.KEY_DISABLED,
        Reason.OPERATION_DENIED,
        Reason.RATE_EXCEEDED,
        Reason.IMAGE_UNRECOGNISED,
        Reason.IMAGE_TRUNCATED,
        Reason.IMAGE_CORRUPT,
        Reason.IMAGE_FORMAT_DENIED,
        Reason.IMAGE_TOO_SMALL,
        Reason.IMAGE_TOO_LARGE,
        Reason.IMAGE_TOO_COMPLEX,
        Reason.FILE_TOO_LARGE,
        Reason.FILE_EMPTY,
        Reason.FACE_MISSING,
        Reason.FACES_FEW,
        Reason.FACES_MANY,
        Reason.FACES_NOT_ON_CARD,
        Reason.CARD_MISSING,
        Reason.CARD_PORTRAIT_MISSING,
        Reason.HOLDER_MISSING,
        Reason.QUALITY_LOW,
        Reason.PERSON_UNKNOWN,
        Reason.ID_NUMBER_INVALID,
        Reason.ARGUMENT_MISSING,
        Reason.ARGUMENT_INVALID,
        Reason.CAPTURE_NOT_PASSED,
        Reason.RECORD_UNKNOWN,
        Reason.INTERNAL,
    }
)
"""The reasons that have a sentence of their own, `reason_…`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What came back.

    Attributes:
        status: The HTTP status.
        json: The body; empty if it is no JSON object.
        sight: What our own look at the pictures found, by the names of the slots: for answers without places.
    """

    status: int
    json: Json = field(repr=False)
    sight: tuple[Drawing, ...] = field(default=(), repr=False)


def refused(answer: Answer, *, drawings: tuple[Drawing, ...] = ()) -> Finding:
    """Give what a refusal says, in our words where they are known, with the vendor's code."""
    code, reason = code_of(answer), answer.json.get("reason", "")
    told = Sentence(f"reason_{reason}") if reason in TOLD else Sentence("answer_is_error", {"code": code})
    return Finding("warn", Sentence("no_verdict"), (told,), drawings=drawings or answer.sight)


def code_of(answer: Answer) -> str:
    """Give the vendor's word for an error; empty for an answer without one."""
    body = answer.json
    nested = body.get("Response", {}).get("Error", {}).get("Code", "") if isinstance(body.get("Response"), dict) else ""
    for name in ("reason", "error_message", "error", "status_message"):
        if isinstance(body.get(name), str) and body[name]:
            return str(body[name])
    return str(nested or (body.get("status", "") if answer.status != OK else ""))


def boxed(box: Sequence[float], role: str, label: str = "") -> Shape:
    """Give a rectangle, from its left, top, right and bottom edge."""
    left, top, right, bottom = (float(edge) for edge in box)
    return Shape(((left, top), (right, top), (right, bottom), (left, bottom)), role, label)


def seen(slot: str, picture: Json) -> Drawing:
    """Give the drawing of a picture as our own comparison and detection tell it."""
    shapes = tuple(
        boxed(face["box"], "face" if at == picture.get("subject") else "other")
        for at, face in enumerate(picture.get("faces", ()))
    )
    return Drawing(slot, picture["width"], picture["height"], shapes)


def found(slot: str, picture: Json) -> Drawing:
    """Give the drawing of a picture as our own comparison of holder and card tells it."""
    shapes = [boxed(face["box"], face["role"]) for face in picture.get("faces", ())]
    card = picture.get("card")
    if card is not None:
        shapes.insert(0, Shape(tuple((float(x), float(y)) for x, y in card["corners"]), "card"))
    return Drawing(slot, picture["width"], picture["height"], tuple(shapes))


def strangers(rate: float | None) -> float | None:
    """Give one in how many strangers a false match rate is."""
    return None if not rate else 1 / rate


def rounded(number: float) -> str:
    """Give a number of two figures, as people say it: 240 million is 240,000,000."""
    whole = float(f"{max(number, 1):.2g}")
    return f"{whole:,.0f}" if whole >= 10 else f"{whole:g}"  # noqa: PLR2004  # One figure before the point.
