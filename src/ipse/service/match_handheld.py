"""
MatchHandheld and KeepPicture: pictures that may come from elsewhere, and that are named by an id afterwards.

Both fetch in `prepare`, while no seat of the engine room is taken, and keep a picture only once it was good.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeAlias

from ipse.core.images import Limits, decode
from ipse.core.reasons import Refusal
from ipse.service.image_ids import ImageIds
from ipse.service.match_holder import MatchHolderCommand, MatchHolderOutcome
from ipse.service.picture_rules import PictureRules
from ipse.service.picture_sources import KeptPicture, PictureSource, PictureSources
from ipse.service.ports import Seat, Stopwatch
from ipse.service.verify_faces import Picture

PICTURE = "file"
"""What refusals call the one picture."""


Decide: TypeAlias = Callable[[MatchHolderCommand, MatchHolderOutcome], Mapping[str, object] | None]
"""Puts into plain values what was decided (`ipse.service.evidence.Recorder.holder`)."""


def undecided(_command: MatchHolderCommand, _outcome: MatchHolderOutcome) -> None:
    """Give nothing: nobody wants a record."""


class HolderMatch(Protocol):
    """Whoever compares holder and card (`ipse.service.match_holder.MatchHolder`)."""

    async def __call__(self, command: MatchHolderCommand, seat: Seat, stopwatch: Stopwatch) -> MatchHolderOutcome:
        """Give what was found."""
        ...


@dataclass(frozen=True, slots=True)
class RuledMatch:
    """MatchHolder for a vendor who is particular about files."""

    rules: PictureRules
    match: HolderMatch

    async def __call__(self, command: MatchHolderCommand, seat: Seat, stopwatch: Stopwatch) -> MatchHolderOutcome:
        """
        Give what MatchHolder finds.

        Raises:
            Refusal: What breaks a rule, in the order of the pictures; then as MatchHolder.
        """
        await seat.run(lambda: self.rules.check_all(command.pictures))
        return await self.match(command, seat, stopwatch)


@dataclass(frozen=True, slots=True)
class HandheldCommand:
    """
    What is asked of one picture of a person who holds a card.

    Attributes:
        owner: Whose call it is, and whose ids are good.
        source: Where the picture is.
        search_orientation: Also look at the picture turned by 90, 180 and 270 degrees.
        content: The picture, once it was fetched.
    """

    owner: str
    source: PictureSource
    search_orientation: bool = False
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class HandheldOutcome:
    """What was found, and the id of the picture if it is new."""

    match: MatchHolderOutcome
    image_id: str | None


@dataclass(frozen=True, slots=True)
class MatchHandheld:
    """
    The use case.

    Attributes:
        sources: Where pictures come from.
        image_ids: Names new ones.
        match: Compares.
    """

    sources: PictureSources
    image_ids: ImageIds
    match: RuledMatch

    async def prepare(self, command: HandheldCommand) -> HandheldCommand:
        """Give the command with its picture; see `PictureSources.fetch`."""
        return replace(command, content=await self.sources.fetch(command.source, command.owner, PICTURE))

    def asked(self, command: HandheldCommand) -> MatchHolderCommand:
        """Give the comparison that a command asks for once it has its picture."""
        return MatchHolderCommand(
            (Picture(PICTURE, command.content),),
            search_orientation=command.search_orientation,
            max_side_px=self.match.rules.longest_side_px,
        )

    async def __call__(self, command: HandheldCommand, seat: Seat, stopwatch: Stopwatch) -> HandheldOutcome:
        """Give what is found; a picture that came by an id keeps it."""
        found = await self.match(self.asked(command), seat, stopwatch)
        if isinstance(command.source, KeptPicture):
            return HandheldOutcome(found, None)
        return HandheldOutcome(found, await self.image_ids.issue(command.owner, command.content))


@dataclass(frozen=True, slots=True)
class KeepPicture:
    """
    Keep a picture that was looked at by nobody yet.

    Attributes:
        sources: Where it comes from.
        image_ids: Names it.
        rules: What is taken as a picture.
    """

    sources: PictureSources
    image_ids: ImageIds
    rules: PictureRules

    async def prepare(self, command: HandheldCommand) -> HandheldCommand:
        """Give the command with its picture; see `PictureSources.fetch`."""
        return replace(command, content=await self.sources.fetch(command.source, command.owner, PICTURE))

    async def __call__(self, command: HandheldCommand, seat: Seat, stopwatch: Stopwatch) -> str:
        """
        Give the id of a picture.

        Raises:
            Refusal: As `PictureRules.check`, and for pixels that do not come out whole.
        """

        def look() -> None:
            with stopwatch.stage("decode"):
                self.rules.check(Picture(PICTURE, command.content))
                _expand(command.content)

        await seat.run(look)
        return await self.image_ids.issue(command.owner, command.content)


def _expand(content: bytes) -> None:
    """Refuse a picture that cannot be expanded."""
    try:
        decode(content, Limits())
    except Refusal as refusal:
        raise Refusal(refusal.reason, PICTURE) from None
