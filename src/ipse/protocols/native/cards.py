"""`/v1/cards`: a card is handed in, and what was read of it asked for later. Cards are not read yet."""

from typing import Any, Final

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.messages import Operation, WireRequest
from ipse.protocols.native.described import PICTURES, Described
from ipse.protocols.native.fields import PictureField
from ipse.protocols.native.reading import arguments
from ipse.protocols.native.shapes import REQUEST, record, text
from ipse.protocols.native.writing import answer
from ipse.service.access import Caller

STATUSES: Final = ("pending", "done")

JOB: Final = record(
    "A job.",
    request=REQUEST,
    token=text("Asks for the job."),
    status=text("Whether it is done.", enum=list(STATUSES)),
)

APPLY: Final = Described(
    name="cards",
    method="POST",
    path="/v1/cards",
    group="Cards",
    summary="Hand in a card to be read.",
    about="Until cards can be read here the answer is the problem `not_open`.",
    takes=(
        PictureField("front", "The front of the card."),
        PictureField("back", "The back of the card.", required=False),
    ),
    gives=JOB,
    refuses=PICTURES | {Reason.NOT_OPEN},
    example="-F front=@front.jpg -F back=@back.jpg",
)

RESULT: Final = Described(
    name="card_result",
    method="GET",
    path="/v1/cards/{token}",
    group="Cards",
    summary="Ask for what was read of a card.",
    about="Until cards can be read here no job exists.",
    holes={"token": text("The token of the job.")},
    gives=JOB,
    refuses=frozenset({Reason.JOB_UNKNOWN}),
)

ALL: Final = (APPLY, RESULT)


def operations() -> tuple[Operation[Any, Any], ...]:
    """Give the operations: they refuse what they cannot do instead of pretending."""

    async def unread(_command: None, _seat: object, _stopwatch: object) -> dict[str, Any]:
        raise Refusal(Reason.NOT_OPEN)

    async def unknown(_command: None, _seat: object, _stopwatch: object) -> dict[str, Any]:
        raise Refusal(Reason.JOB_UNKNOWN)

    return (
        APPLY.operation(_decoder(APPLY), unread, answer, seated=False),
        RESULT.operation(_decoder(RESULT), unknown, answer, seated=False),
    )


def _decoder(described: Described) -> Any:
    """Give what only checks the arguments."""

    def decode(request: WireRequest, _caller: Caller) -> None:
        arguments(request, described.takes)

    return decode
