"""`POST /v1/documents`: what does this card say, and does anything speak against it?"""

from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from ipse.core.cards.card import CardType, Said
from ipse.core.reasons import Reason
from ipse.protocols.messages import Context, Operation, WireRequest, WireResponse, one_for_success
from ipse.protocols.native.described import PICTURES, Described
from ipse.protocols.native.fields import ChoiceField, PictureField
from ipse.protocols.native.read_cards import CARD, NATIONALITY, TYPES, read_card
from ipse.protocols.native.reading import arguments
from ipse.protocols.native.shapes import DIGEST, REQUEST, named, record
from ipse.protocols.native.writing import answer
from ipse.service.access import Caller
from ipse.service.artefacts import artefacts, numbers_read
from ipse.service.check_card import AUTO
from ipse.service.ports import Seat, Stopwatch
from ipse.service.read_card import ReadCardCommand, ReadCardOutcome

ReadCard: TypeAlias = Callable[[ReadCardCommand, Seat, Stopwatch], Awaitable[ReadCardOutcome]]
"""Whoever reads cards (`ipse.service.read_card.ReadCard`)."""

DOCUMENTS: Final = Described(
    name="documents",
    method="POST",
    path="/v1/documents",
    group="Cards",
    summary="Read a card and judge it.",
    about="`/v1/cards` does the same and answers later. That no card is in the picture is an answer, not a problem.",
    takes=(
        PictureField("front", "The front of the card."),
        PictureField("back", "The back of the card.", required=False),
        NATIONALITY,
        ChoiceField("type", "What kind of card it is.", (*TYPES, AUTO), AUTO),
    ),
    gives=record(
        CARD["description"],
        request=REQUEST,
        **CARD["properties"],
        sha256=named(DIGEST, "The pictures' digests, by the names of their fields."),
    ),
    refuses=PICTURES | {Reason.NOT_OPEN},
    example="-F front=@front.jpg -F back=@back.jpg",
    billed="One unit for an answer.",
)


def operation(read: ReadCard) -> Operation[ReadCardCommand, ReadCardOutcome]:
    """Give the operation."""
    return DOCUMENTS.operation(_decode, read, _encode, bills=one_for_success, makes=numbers_read, keeps=artefacts)


def _said(nationality: str | None, kind: str) -> Said:
    """Give what a card is said to be."""
    return Said(None if nationality == AUTO else nationality, None if kind == AUTO else CardType(kind.lower()))


def _decode(request: WireRequest, _caller: Caller) -> ReadCardCommand:
    """Give what is asked."""
    values = arguments(request, DOCUMENTS.takes)
    return ReadCardCommand(values["front"], values["back"], _said(values["nationality"], values["type"]))


def _encode(outcome: ReadCardOutcome, context: Context) -> WireResponse:
    """Give what was read."""
    return answer({**read_card(outcome.card), "sha256": dict(outcome.digests)}, context)
