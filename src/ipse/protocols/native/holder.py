"""`POST /v1/holder`: is whoever holds the card the person printed on it?"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from ipse.core.reasons import Reason
from ipse.protocols.messages import Context, Operation, WireRequest, WireResponse, one_for_success
from ipse.protocols.native.compare import TOLD
from ipse.protocols.native.described import PICTURES, Described
from ipse.protocols.native.fields import ChoiceField, PictureField
from ipse.protocols.native.judging import AT_MOST, MEASURED, SEARCH, measure_facts, measured
from ipse.protocols.native.reading import arguments
from ipse.protocols.native.shapes import REQUEST, array, one_of, record, shared
from ipse.protocols.native.sights import found_card, found_face, found_picture
from ipse.protocols.native.writing import answer
from ipse.service.access import Caller
from ipse.service.artefacts import artefacts
from ipse.service.evidence import Recorder
from ipse.service.match_holder import FoundCard, MatchHolderCommand, MatchHolderOutcome, Part
from ipse.service.ports import Seat, Stopwatch
from ipse.service.yardstick import Yardstick

MatchHolder: TypeAlias = Callable[[MatchHolderCommand, Seat, Stopwatch], Awaitable[MatchHolderOutcome]]
"""Whoever compares holder and card (`ipse.service.match_holder.MatchHolder`)."""

HOLDER: Final = Described(
    name="holder",
    method="POST",
    path="/v1/holder",
    group="Faces",
    summary="Compare the face on a card with the face of whoever holds it.",
    about=(
        "One picture that shows both, or one of each: then which is which is decided by what they show. `visible` "
        "compares with the card that is held in the photo too, so that a borrowed card beside another's photo is seen."
    ),
    takes=(
        PictureField("photo", "The holder; without `card` also the card."),
        PictureField("card", "The card apart.", required=False),
        ChoiceField("roles", "Whether to believe the names of the fields or the pictures.", ("auto", "named"), "auto"),
        AT_MOST,
        SEARCH,
    ),
    gives=record(
        "How alike the two faces are.",
        request=REQUEST,
        **MEASURED,
        visible=record("The same with the card that is visible in the photo.", **MEASURED),
        holder=shared("FoundFace"),
        portrait=shared("FoundFace"),
        card=one_of(shared("FoundCard"), {"type": "null"}),
        pictures=array(shared("FoundPicture"), "What each picture shows."),
        **TOLD,
    ),
    refuses=PICTURES
    | {
        Reason.FACE_MISSING,
        Reason.FACES_FEW,
        Reason.FACES_MANY,
        Reason.FACES_NOT_ON_CARD,
        Reason.CARD_MISSING,
        Reason.HOLDER_MISSING,
    },
    example="-F photo=@selfie-with-card.jpg",
    billed="One unit for an answer.",
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and the false match rate that is allowed."""

    command: MatchHolderCommand
    at_most: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, and the false match rate that was allowed."""

    outcome: MatchHolderOutcome
    at_most: float


def operation(match_holder: MatchHolder, recorder: Recorder) -> Operation[Question, Answer]:
    """Give the operation."""
    yardstick = recorder.yardstick
    told = measure_facts(yardstick)

    async def asked(question: Question, seat: Seat, stopwatch: Stopwatch) -> Answer:
        return Answer(await match_holder(question.command, seat, stopwatch), question.at_most)

    def encode(found: Answer, context: Context) -> WireResponse:
        outcome = found.outcome
        card = submitted_card(outcome)
        body = {
            **_part(outcome.selfie, yardstick, found.at_most),
            "visible": _part(outcome.idcard, yardstick, found.at_most),
            "holder": found_face(outcome.holder),
            "portrait": found_face(outcome.portrait),
            "card": None if card is None else found_card(card),
            "pictures": [found_picture(picture) for picture in outcome.pictures],
        }
        return answer({**body, "at_most": found.at_most, **told}, context)

    return HOLDER.operation(
        decode,
        asked,
        encode,
        bills=one_for_success,
        decision=lambda question, found: recorder.holder(question.command, found.outcome),
        keeps=artefacts,
    )


def decode(request: WireRequest, _caller: Caller) -> Question:
    """Give what is asked; of two pictures the card comes first."""
    values = arguments(request, HOLDER.takes)
    pictures = tuple(values[name] for name in ("card", "photo") if values[name] is not None)
    named = values["roles"] == "named" and len(pictures) > 1
    command = MatchHolderCommand(
        pictures,
        roles="first_is_card" if named else "auto",
        search_orientation=values["search_orientation"],
        want_quality=True,
    )
    return Question(command, values["at_most"])


def submitted_card(outcome: MatchHolderOutcome) -> FoundCard | None:
    """Give the card whose portrait was compared: that of the card's own picture, else the one that is held."""
    roles = {picture.role: picture.card for picture in outcome.pictures}
    return roles.get("card") or roles.get("both")


def _part(part: Part, yardstick: Yardstick, at_most: float) -> dict[str, Any]:
    """Give one comparison."""
    found = yardstick.measure(part.similarity)
    return measured(found, same_person=found.is_one_person(at_most))
