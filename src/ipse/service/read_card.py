"""
ReadCard: what does this card say, and does anything speak against it?

Each side is looked at in one piece of work; what the sides say of each other is judged afterwards in a third.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from typing import NoReturn, Protocol, TypeVar

from ipse.core.cards.card import Said, Side
from ipse.core.cards.reading import CardReading
from ipse.core.images import Limits
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Stages
from ipse.service.ports import Clock, Seat, Stopwatch
from ipse.service.verify_faces import Picture, kept, or_raise

Sight = TypeVar("Sight")


@dataclass(frozen=True, slots=True)
class ReadCardCommand:
    """
    What is asked.

    Attributes:
        front: The front of the card; with `said` open either side may be sent as it.
        back: Its back, if it was sent.
        said: What it is said to be.
        limits: What a picture may cost; the usual where it is not said.
        want_pictures: Whether portrait and card are wanted, cut out.
    """

    front: Picture
    back: Picture | None = None
    said: Said = field(default_factory=Said)
    limits: Limits | None = None
    want_pictures: bool = False


@dataclass(frozen=True, slots=True)
class ReadCardOutcome:
    """
    What was found.

    Attributes:
        card: What the card says.
        portrait: The portrait on the front as a JPEG; `None` if there is none, or nobody wanted it.
        views: The sides as if they lay flat, as JPEGs, by the names of their pictures; empty if nobody wanted them.
        digests: Hex SHA-256 of the pictures as sent, by their names.
    """

    card: CardReading
    portrait: bytes | None = field(repr=False)
    views: Mapping[str, bytes] = field(repr=False)
    digests: Mapping[str, str]


class CardExaminer(Protocol[Sight]):
    """Reads cards; holds nothing about any of them. Safe to use from several threads."""

    def look(self, content: bytes, side: Side, said: Said, today: date, limits: Limits, stages: Stages) -> Sight:
        """
        Give all that one side shows.

        Raises:
            Refusal: The picture cannot be decoded or breaks a limit (`IMAGE_*`).
        """
        ...

    def judge(self, front: Sight, back: Sight | None, said: Said, today: date, stages: Stages) -> CardReading:
        """Give what both sides come to."""
        ...

    def portrait(self, front: Sight) -> bytes | None:
        """Give the portrait on the front as a JPEG; `None` if there is none."""
        ...

    def view(self, sight: Sight) -> bytes:
        """Give a side as if it lay flat, as a JPEG."""
        ...

    def digest(self, sight: Sight) -> str:
        """Give the hex SHA-256 of the picture as sent."""
        ...


class ReadCard:
    """
    The use case.

    Args:
        examiner: Reads cards.
        clock: Says what day it is.
    """

    def __init__(self, examiner: "CardExaminer[Sight]", clock: Clock) -> None:
        self._examiner: CardExaminer[object] = examiner  # type: ignore[assignment]  # Its sights are its own affair.
        self._clock = clock

    async def __call__(self, command: ReadCardCommand, seat: Seat, stages: Stopwatch) -> ReadCardOutcome:
        """
        Give what a card says.

        Raises:
            Refusal: A picture cannot be decoded or breaks a limit (`IMAGE_*`); its field names the picture, the front
                first. That no card is in it is a finding.
        """
        day = today(self._clock)
        sides = {Side.FRONT: command.front} | ({Side.BACK: command.back} if command.back else {})
        looks = [seat.run(partial(self._look, picture, side, command, day, stages)) for side, picture in sides.items()]
        front, *back = await asyncio.gather(*looks)
        for sight in (front, *back):
            or_raise(sight)
        named = dict(zip((picture.name for picture in sides.values()), (front, *back), strict=True))
        judge = partial(self._examiner.judge, front, back[0] if back else None, command.said, day, stages)
        return ReadCardOutcome(
            card=await seat.run(judge),
            portrait=await seat.run(partial(self._examiner.portrait, front)) if command.want_pictures else None,
            views=await seat.run(partial(self._views, named)) if command.want_pictures else {},
            digests={name: self._examiner.digest(sight) for name, sight in named.items()},
        )

    def _views(self, named: Mapping[str, object]) -> Mapping[str, bytes]:
        """Give the sides as if they lay flat."""
        return {name: self._examiner.view(sight) for name, sight in named.items()}

    def _look(
        self, picture: Picture, side: Side, command: ReadCardCommand, today: date, stages: Stages
    ) -> object | Refusal:
        """Give what one side shows, or why it cannot be looked at."""
        limits = command.limits or Limits()
        return kept(partial(self._examiner.look, picture.content, side, command.said, today, limits, stages), picture)


async def read_nothing(command: ReadCardCommand, seat: Seat, stages: Stopwatch) -> NoReturn:
    """Refuse to read a card where nobody can: what `ReadCard` is where its weights are absent."""
    del command, seat, stages
    raise Refusal(Reason.NOT_OPEN)


def today(clock: Clock) -> date:
    """Give the day in Greenwich."""
    return datetime.fromtimestamp(clock.now(), UTC).date()
