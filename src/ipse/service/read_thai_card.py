"""
ReadThaiCard: one side of a Thai identity card, or why it cannot be had; for a vendor who knows no other card.

What `ReadCard` finds is judged more strictly here: another card, the other side or no card at all is refused.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from ipse.core.authenticity.check import CheckStatus, Concern
from ipse.core.cards.card import CardKind, CardType, Said, Side
from ipse.core.cards.reading import CardReading
from ipse.core.reasons import Reason, Refusal
from ipse.service.match_handheld import HolderMatch
from ipse.service.match_holder import MatchHolderCommand, MatchHolderOutcome
from ipse.service.picture_rules import PictureRules
from ipse.service.ports import Seat, Stopwatch
from ipse.service.read_card import ReadCardCommand, ReadCardOutcome
from ipse.service.verify_faces import Picture

THAI_CARD: Final = CardKind("THA", CardType.ID_CARD)

DIGITS, LASER = 13, 12
"""Characters of the card's number, and of the number on its back."""

ReadCard: TypeAlias = Callable[[ReadCardCommand, Seat, Stopwatch], Awaitable[ReadCardOutcome]]
"""Whoever reads cards (`ipse.service.read_card.ReadCard`)."""


@dataclass(frozen=True, slots=True)
class ReadThaiCardCommand:
    """
    What is asked.

    Attributes:
        picture: Shows the side.
        side: Which side that is.
        selfie: The holder, if their face is to be compared too.
        comparison: How it is compared; its pictures are those of this command.
        number_must_fit: Whether a number that breaks its rule, or was not read whole, refuses the card.
        colours_must_be: Whether a grey copy is refused.
        options: What else was asked, in the caller's own words: the encoder's affair.
        only: The members of the answer that are wanted; empty for all.
    """

    picture: Picture
    side: Side
    selfie: Picture | None = None
    number_must_fit: bool = False
    colours_must_be: bool = False
    options: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ReadThaiCardOutcome:
    """
    What was found.

    Attributes:
        command: What was asked.
        card: What the side says.
        number_trouble: Why its number cannot be believed, where that does not refuse the card.
        portrait: The portrait as a JPEG.
        view: The side as if it lay flat, as a JPEG.
        match: How alike holder and portrait are, if that was asked.
    """

    command: ReadThaiCardCommand = field(repr=False)
    card: CardReading
    number_trouble: Reason | None = None
    portrait: bytes | None = field(default=None, repr=False)
    view: bytes | None = field(default=None, repr=False)
    match: MatchHolderOutcome | None = None


@dataclass(frozen=True, slots=True)
class ReadThaiCard:
    """
    The use case.

    Attributes:
        rules: What counts as a picture.
        read: Reads cards.
        match: Compares holder and card.
    """

    rules: PictureRules
    read: ReadCard
    match: HolderMatch

    async def __call__(self, command: ReadThaiCardCommand, seat: Seat, stages: Stopwatch) -> ReadThaiCardOutcome:
        """
        Give what the side says.

        Raises:
            Refusal: What breaks a rule for pictures; `CARD_MISSING` (its findings are how sure it is that there is
                one, 0 to 1); `IMAGE_GREY`; `CARD_NUMBER_WRONG`, `CARD_NUMBER_UNREADABLE` or `CARD_NUMBER_MISSING`;
                of the holder as MatchHolder.
        """
        pictures = (command.picture,) if command.selfie is None else (command.picture, command.selfie)
        await seat.run(lambda: self.rules.check_all(pictures))
        # Two files are compared first: a face that is missing is told as it is where only faces are compared.
        match = None if command.selfie is None else await self.match(MatchHolderCommand(pictures), seat, stages)
        found = await self.read(self._asked(command, match), seat, stages)
        _refuse_another(found.card, command)
        trouble = _number_trouble(found.card, command.side)
        if trouble is not None and (command.number_must_fit or command.side is Side.BACK):
            raise Refusal(trouble, command.picture.name)
        return ReadThaiCardOutcome(
            command, found.card, trouble, found.portrait, found.views.get(command.picture.name), match
        )

    @staticmethod
    def _asked(command: ReadThaiCardCommand, match: MatchHolderOutcome | None) -> ReadCardCommand:
        """Give the reading: of two files, of the one in which the card was found."""
        picture = command.picture
        if match is not None and command.selfie is not None:
            roles = {seen.role: seen.name for seen in match.pictures}
            picture = command.selfie if roles.get("card") == command.selfie.name else picture
        picture = replace(picture, name=command.picture.name)
        return ReadCardCommand(picture, said=Said(THAI_CARD.nationality, THAI_CARD.type), want_pictures=True)


def _refuse_another(card: CardReading, command: ReadThaiCardCommand) -> None:
    """Refuse what is not this side of a Thai card, and a grey one where colours must be."""
    absent = {Concern.NO_CARD, Concern.WRONG_KIND, Concern.WRONG_SIDE}
    is_there = card.kind is not None and (card.kind.nationality, card.kind.type) == ("THA", CardType.ID_CARD)
    sides = {one.side for one in card.fields.values()}
    if not is_there or (command.side not in sides and absent & set(card.concerns)):
        raise Refusal(Reason.CARD_MISSING, command.picture.name, card.certainty)
    grey = any(one.name == "grey_copy" and one.status is CheckStatus.SUSPECTED for one in card.checks)
    if command.colours_must_be and grey:
        raise Refusal(Reason.IMAGE_GREY, command.picture.name)


def _number_trouble(card: CardReading, side: Side) -> Reason | None:
    """Give why the number of a side cannot be believed."""
    name, length = ("id_number", DIGITS) if side is Side.FRONT else ("laser_number", LASER)
    found = card.fields.get(name)
    letters = "".join(one for one in (found.printed if found else "") if one.isalnum())
    if side is Side.BACK and not letters:
        return Reason.CARD_NUMBER_MISSING
    broken = {one.name for one in card.checks if one.status in {CheckStatus.FAILED, CheckStatus.SUSPECTED}}
    if len(letters) < length or f"{name}_shape" in broken:
        return Reason.CARD_NUMBER_UNREADABLE
    wrong = any(one.name == f"{name}_check_digit" and one.status is not CheckStatus.PASSED for one in card.checks)
    return Reason.CARD_NUMBER_WRONG if wrong else None
