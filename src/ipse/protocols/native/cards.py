"""`/v1/cards`: a card is handed in, and what was read of it asked for later."""

from typing import Any, Final

from ipse.core.cards.reading import CardReading
from ipse.core.reasons import Reason
from ipse.protocols.messages import Context, Operation, WireRequest, WireResponse, one_for_success
from ipse.protocols.native.described import PICTURES, Described
from ipse.protocols.native.fields import ChoiceField, PictureField
from ipse.protocols.native.paths import value
from ipse.protocols.native.read_cards import NATIONALITY, STATUSES, TYPES, read_card
from ipse.protocols.native.reading import arguments
from ipse.protocols.native.shapes import REQUEST, one_of, record, shared, text
from ipse.protocols.native.telling import WEBHOOK
from ipse.protocols.native.writing import answer
from ipse.service.access import Caller
from ipse.service.artefacts import artefacts
from ipse.service.check_card import (
    AUTO,
    ApplyForCard,
    ApplyForCardCommand,
    AskForCard,
    AskForCardCommand,
    CardApplied,
    CardStanding,
)
from ipse.service.ports import Mark

PENDING: Final = "PENDING"
"""How a job stands that is not done."""

FORMATS: Final = frozenset({"jpeg", "png", "webp", "heic", "avif", "gif", "bmp", "tiff"})
"""What pictures of cards may be: all that can be decoded."""

MOST_BYTES: Final = 32 * 1_048_576
"""Most bytes of one picture. Source: `ipse.core.images.limits`; no body has room for so many."""

LONGEST_SIDE_PX: Final = 7071
"""Longest side of a picture. Source: its square is 50 million pixels, the most of `ipse.core.images.limits`."""

TOKEN: Final = text("Asks for the job.")

APPLY: Final = Described(
    name="cards",
    method="POST",
    path="/v1/cards",
    group="Cards",
    summary="Hand in a card to be read.",
    about=(
        "`/v1/documents` does the same and answers at once. The webhook is told the answer of `/v1/cards/{token}`, as "
        "those of captures are (docs/webhooks.md)."
    ),
    takes=(
        PictureField("front", "The front of the card."),
        PictureField("back", "The back of the card.", required=False),
        NATIONALITY,
        ChoiceField("type", "What kind of card it is.", (*TYPES, AUTO), AUTO),
        WEBHOOK,
    ),
    gives=record("The job that was begun.", request=REQUEST, token=TOKEN),
    refuses=PICTURES | {Reason.NOT_OPEN},
    billed="One unit for each card that was taken on.",
    example="-F front=@front.jpg -F back=@back.jpg",
)

RESULT: Final = Described(
    name="card_result",
    method="GET",
    path="/v1/cards/{token}",
    group="Cards",
    summary="Ask for what was read of a card.",
    about="A token is good for 72 hours, and for the key that it was given to.",
    holes={"token": TOKEN},
    gives=record(
        "How the job stands.",
        request=REQUEST,
        token=TOKEN,
        status=text("`PENDING` until it is done.", enum=[PENDING, *STATUSES]),
        card=one_of(shared("Card"), {"type": "null"}),
    ),
    refuses=frozenset({Reason.JOB_UNKNOWN}),
)

ALL: Final = (APPLY, RESULT)


def operations(apply_for_card: ApplyForCard, ask_for_card: AskForCard) -> tuple[Operation[Any, Any], ...]:
    """Give the operations."""
    return (
        APPLY.operation(
            _application,
            apply_for_card,
            _applied,
            bills=one_for_success,
            makes=lambda applied: (Mark("token", applied.token),),
            keeps=artefacts,
        ),
        RESULT.operation(_question, ask_for_card, _standing, seated=False, free=True),
    )


def _application(request: WireRequest, caller: Caller) -> ApplyForCardCommand:
    """Give the card that is handed in."""
    values = arguments(request, APPLY.takes)
    return ApplyForCardCommand(
        owner=caller.record.key,
        nationality=values["nationality"] or AUTO,
        kind=values["type"],
        front=values["front"],
        back=values["back"],
        formats=FORMATS,
        max_bytes=MOST_BYTES,
        max_side_px=LONGEST_SIDE_PX,
        fetch_s=0.0,
        webhook=values["webhook"] or caller.record.webhook,
    )


def _applied(applied: CardApplied, context: Context) -> WireResponse:
    """Give the token."""
    return answer({"token": applied.token}, context)


def _question(request: WireRequest, caller: Caller) -> AskForCardCommand:
    """Give which job is meant."""
    arguments(request, RESULT.takes)
    return AskForCardCommand(caller.record.key, value(RESULT.path, request.head.path, "token"))


def _standing(standing: CardStanding, context: Context) -> WireResponse:
    """Give how the job stands."""
    card = standing.card
    body = {"token": standing.token, "status": PENDING, "card": None}
    return answer(body if card is None else told_of_card(standing.token, card), context)


def told_of_card(token: str, card: CardReading) -> dict[str, Any]:
    """Give what was read of a card, for the token that asks for it."""
    return {"token": token, "status": card.status.value.upper(), "card": read_card(card)}
