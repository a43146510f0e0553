"""
ApplyForCard and AskForCard: is this card genuine, and what does it say? Asked now, answered later.

Applying looks at the pictures only as far as to say whether they are pictures, puts a job off and gives a token.
Whoever runs jobs has a `CardChecker` find the verdict. Asking gives it by the token.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Final, Protocol, TypeAlias
from uuid import UUID

from ipse.core.authenticity.check import Check, CheckStatus, Concern
from ipse.core.cards.card import CardType, Said
from ipse.core.cards.card import Side as CardSide
from ipse.core.cards.reading import CardReading
from ipse.core.images import Limits, decode
from ipse.core.images.sniff import recognise
from ipse.core.reasons import Reason, Refusal
from ipse.service.packed_card import pack, unpack
from ipse.service.ports import Clock, Download, DownloadLimits, Job, Jobs, Seat, Stopwatch
from ipse.service.read_card import ReadCard, ReadCardCommand, today
from ipse.service.under_way import call_under_way
from ipse.service.verify_faces import Picture

JOB: Final = "check_card"
"""What jobs of this kind are called."""

TOKEN_SECONDS: Final = 72 * 3600.0
"""How long a token is good. Source: the vendor of the only wire that asks keeps its SDK tokens for 72 hours."""

ENOUGH_PX: Final = 256
"""How large a JPEG is decoded to see whether it can be. Source: ours; every bit of it is read whatever the size."""

AUTO: Final = "AUTO"
"""Says that the card itself should tell."""

LIMITS: Final = Limits(max_pixels=8000 * 8000)
"""What a picture of a job may cost: whoever took it has looked at its size already."""


@dataclass(frozen=True, slots=True)
class PictureAt:
    """A picture that is yet to be fetched, and what refusals call it."""

    name: str
    url: str = field(repr=False)


Side: TypeAlias = Picture | PictureAt


@dataclass(frozen=True, slots=True)
class ApplyForCardCommand:
    """
    What is asked.

    Attributes:
        owner: Whose key asks.
        nationality: Who is said to have issued the card, in the caller's word.
        kind: What it is said to be, in the caller's word.
        front: Its front.
        back: Its back, if it was sent.
        formats: What pictures may be.
        max_bytes: Most bytes of one.
        max_side_px: Its longest side.
        fetch_s: Seconds in which one must have been fetched.
        webhook: Where the verdict is told.
    """

    owner: str
    nationality: str
    kind: str
    front: Side
    back: Side | None
    formats: frozenset[str]
    max_bytes: int
    max_side_px: int
    fetch_s: float
    webhook: str | None = field(default=None, repr=False)

    @property
    def sides(self) -> tuple[Side, ...]:
        """The sides that were sent, the front first."""
        return (self.front,) if self.back is None else (self.front, self.back)


@dataclass(frozen=True, slots=True)
class CardApplied:
    """The token by which the verdict is asked for."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AskForCardCommand:
    """Whose key asks for the verdict, and by which token."""

    owner: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CardStanding:
    """How a card stands: its token again, and what was read of it once it was."""

    token: str = field(repr=False)
    card: CardReading | None


@dataclass(frozen=True, slots=True)
class CardToCheck:
    """
    A card as the job has it.

    Attributes:
        nationality: Who is said to have issued it.
        kind: What it is said to be.
        front: The picture of its front.
        back: That of its back, if it was sent.
        token: What its owner asks by; empty in jobs of older versions, of which nobody is told.
        call: The call that brought it.
        webhook: Where its owner is told.
    """

    nationality: str
    kind: str
    front: bytes = field(repr=False)
    back: bytes | None = field(repr=False)
    token: str = field(default="", repr=False)
    call: str = ""
    webhook: str | None = field(default=None, repr=False)


class CardChecker(Protocol):
    """Reads cards."""

    async def check(self, card: CardToCheck, seat: Seat) -> CardReading:
        """Give what a card says."""
        ...


Follows: TypeAlias = Callable[[str, CardToCheck, CardReading], Awaitable[None]]
"""Puts down what follows from what was read of an owner's card."""


class RejectingChecker:
    """
    Reads nothing: every card is rejected, for a reason that says nothing of the card.

    Args:
        clock: Says what day it is.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def check(self, card: CardToCheck, seat: Seat) -> CardReading:
        """Give the same verdict on every card."""
        del card, seat
        return unread("reader", Concern.UNSUPPORTED, today(self._clock))


class ReadingChecker:
    """
    Reads cards as `ReadCard` does.

    Args:
        read_card: The use case.
        clock: Says what day it is.
        stopwatch: Makes a stopwatch for each card.
    """

    def __init__(self, read_card: ReadCard, clock: Clock, stopwatch: Callable[[], Stopwatch]) -> None:
        self._read_card = read_card
        self._clock = clock
        self._stopwatch = stopwatch

    async def check(self, card: CardToCheck, seat: Seat) -> CardReading:
        """Give what a card says; a picture that can no longer be decoded is a finding, not a lost job."""
        front = Picture(CardSide.FRONT, card.front)
        back = None if card.back is None else Picture(CardSide.BACK, card.back)
        said = Said(
            nationality=None if card.nationality == AUTO else card.nationality,
            type=None if card.kind == AUTO else CardType(card.kind.lower()),
        )
        command = ReadCardCommand(front, back, said, LIMITS)
        try:
            return (await self._read_card(command, seat, self._stopwatch())).card
        except Refusal:
            return unread("picture", Concern.NO_CARD, today(self._clock))


def unread(name: str, concern: Concern, day: date) -> CardReading:
    """Give a card of which nothing was read, rejected for this."""
    return CardReading(None, {}, (), (Check(name, CheckStatus.FAILED, concern),), day)


class ApplyForCard:
    """
    The use case: look, put off, give a token.

    Args:
        jobs: Where the work waits.
        download: Fetches what was sent as an address.
        clock: For the end of the token.
        entropy: Gives that many random bytes.
        is_open: Whether somebody reads cards here; else whoever sends a card that could be read is told so.
    """

    def __init__(
        self, jobs: Jobs, download: Download, clock: Clock, entropy: Callable[[int], bytes], *, is_open: bool
    ) -> None:
        self._jobs = jobs
        self._download = download
        self._clock = clock
        self._entropy = entropy
        self._is_open = is_open

    async def fetch(self, command: ApplyForCardCommand) -> ApplyForCardCommand:
        """
        Give the command with all pictures in hand, fetched one after the other.

        Raises:
            Refusal: `DOWNLOAD_FAILED`, `DOWNLOAD_SLOW`, `FILE_TOO_LARGE` or `BUSY`.
        """
        front, *back = [await self._fetched(side, command) for side in command.sides]
        return replace(command, front=front, back=back[0] if back else None)

    async def __call__(self, command: ApplyForCardCommand, seat: Seat, stages: Stopwatch) -> CardApplied:
        """
        Give the token of a card that will be looked at.

        Raises:
            Refusal: `FILE_EMPTY`, `FILE_TOO_LARGE`, `IMAGE_*`, or, of a card that could be read, `NOT_OPEN`.
        """
        front, *back = [self._picture(side) for side in command.sides]
        with stages.stage("decode"):
            for picture in (front, *back):
                await seat.run(partial(_look, picture, command))
        if not self._is_open:
            raise Refusal(Reason.NOT_OPEN)
        token = str(UUID(bytes=self._entropy(16), version=4))
        second = back[0].content if back else None
        call = str(call_under_way() or token)
        card = CardToCheck(command.nationality, command.kind, front.content, second, token, call, command.webhook)
        with stages.stage("put"):
            await self._jobs.put(token, JOB, command.owner, packed(card), self._clock.now() + TOKEN_SECONDS)
        return CardApplied(token)

    async def _fetched(self, side: Side, command: ApplyForCardCommand) -> Picture:
        """Give a side in hand."""
        if isinstance(side, Picture):
            return side
        try:
            content = await self._download.fetch(side.url, DownloadLimits(command.max_bytes, command.fetch_s))
        except Refusal as refusal:
            raise Refusal(refusal.reason, side.name) from None
        return Picture(side.name, content)

    @staticmethod
    def _picture(side: Side) -> Picture:
        """Give a side that was fetched before."""
        assert isinstance(side, Picture)
        return side


class AskForCard:
    """
    The use case: how does my card stand?

    Args:
        jobs: Where the work waits.
        clock: For tokens that are over.
    """

    def __init__(self, jobs: Jobs, clock: Clock) -> None:
        self._jobs = jobs
        self._clock = clock

    async def __call__(self, command: AskForCardCommand, seat: Seat, stages: Stopwatch) -> CardStanding:
        """
        Give how the card stands.

        Raises:
            Refusal: `JOB_UNKNOWN`, or `INTERNAL` if the job was given up.
        """
        del seat
        with stages.stage("state"):
            state = await self._jobs.state(JOB, command.owner, command.token, self._clock.now())
        if state is None:
            raise Refusal(Reason.JOB_UNKNOWN)
        if state.given_up:
            raise Refusal(Reason.INTERNAL)
        return CardStanding(command.token, None if state.result is None else unpack(state.result))


def check_card(checker: CardChecker, follows: Follows | None = None) -> Callable[[Job, Seat], Awaitable[bytes]]:
    """Give what does jobs of this kind, and puts down what follows; `None`: nothing does."""

    async def work(job: Job, seat: Seat) -> bytes:
        card = unpacked(job.payload)
        read = await checker.check(card, seat)
        if follows is not None and card.token:
            await follows(job.owner, card, read)
        return pack(read)

    return work


def packed(card: CardToCheck) -> bytes:
    """Give a card as the bytes of a job: a line that says what follows, then the pictures."""
    line = {"nationality": card.nationality, "kind": card.kind, "front_bytes": len(card.front)}
    line |= {"has_back": card.back is not None, "token": card.token, "call": card.call, "webhook": card.webhook}
    return json.dumps(line).encode() + b"\n" + card.front + (card.back or b"")


def unpacked(payload: bytes) -> CardToCheck:
    """Give the card of a job."""
    line, _, pictures = payload.partition(b"\n")
    said = json.loads(line)
    front, back = pictures[: said["front_bytes"]], pictures[said["front_bytes"] :]
    second = back if said["has_back"] else None
    owed = said.get("token", ""), said.get("call", ""), said.get("webhook")
    return CardToCheck(said["nationality"], said["kind"], front, second, *owed)


def _look(picture: Picture, command: ApplyForCardCommand) -> None:
    """Refuse what is no picture of a card that could be read."""
    if not picture.content:
        raise Refusal(Reason.FILE_EMPTY, picture.name)
    if len(picture.content) > command.max_bytes:
        raise Refusal(Reason.FILE_TOO_LARGE, picture.name)
    side_px = command.max_side_px
    try:
        kind = recognise(picture.content)
        if kind in command.formats:
            decode(picture.content, Limits(max_pixels=side_px * side_px, max_side_px=side_px), ENOUGH_PX)
    except Refusal as refusal:
        raise Refusal(refusal.reason, picture.name) from None
    if kind not in command.formats:
        raise Refusal(Reason.IMAGE_FORMAT_DENIED, picture.name)
