"""
MatchHolder: is the face printed on the card the face of the person who holds it?

One picture shows both, or one shows the card and the other the holder (and perhaps the card once more). Every picture
is looked at in one piece of work, and holder and portrait are embedded in another each; what is refused is decided
afterwards, on what all of them show.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, Protocol, TypeAlias

from ipse.core.documents.locate import CardFinding
from ipse.core.faces.embed import similarity
from ipse.core.faces.holding import Holding, Search, Sight
from ipse.core.faces.pairing import Role as FaceRole
from ipse.core.images import Limits
from ipse.core.reasons import Reason, Refusal
from ipse.core.scoring.portraits import as_plain
from ipse.core.vocabulary import Box, Floats, Pixels, Stages, Template
from ipse.service.ports import Seat, Stopwatch
from ipse.service.verify_faces import Picture, kept, or_raise, sound

Roles: TypeAlias = Literal["auto", "first_is_card", "first_is_selfie"]
"""Who decides which of two pictures is the card's: their content, or the caller."""

PictureRole: TypeAlias = Literal["card", "selfie", "both", "unknown"]
"""`"both"` is the one picture that shows holder and card; `"unknown"` when no card was found anywhere."""

AS_LARGE = 0.6
"""
Width of a face as a share of the largest one's from which, in a selfie without a card, either could be the holder's.

Which of two such faces stands before the camera cannot be told, and to guess would let a stranger show somebody else's
portrait.
"""


@dataclass(frozen=True, slots=True)
class MatchHolderCommand:
    """
    What is asked.

    Attributes:
        pictures: One picture of both, or two; their names are what refusals call them.
        roles: Which of two is the card's; nothing to decide for one.
        search_orientation: Also look at each picture turned by 90, 180 and 270 degrees.
        max_side_px: Longest side that a picture may have.
        want_quality: Whether the quality of holder and portrait is judged.
    """

    pictures: tuple[Picture, ...]
    roles: Roles = "auto"
    search_orientation: bool = False
    max_side_px: int | None = None
    want_quality: bool = False


@dataclass(frozen=True, slots=True)
class FoundFace:
    """
    A face: where, in pixels of the upright picture as sent, and what it is.

    Attributes:
        box: Its rectangle.
        role: What it was taken for: the holder's; the card's portrait; a ghost, another face inside the same card; a
            poster, printed on something else; a speck, too small or too faint to count; or another that counts.
        score: The detector's confidence, 0 to 1.
        on_card: How likely it is printed on a card, 0 to 1.
        quality: Unified quality, if it was wanted and this is holder or portrait.
    """

    box: Box
    role: FaceRole
    score: float
    on_card: float
    quality: float | None = None

    @property
    def counts(self) -> bool:
        """Whether it is one of the faces that a count of faces means."""
        return self.role in {"holder", "portrait", "other"}


@dataclass(frozen=True, slots=True)
class FoundCard:
    """
    The card: its corners in pixels of the upright picture as sent.

    Attributes:
        corners_px: (4, 2) float32, clockwise from the top left of the upright card.
        score: How likely it is a card, 0 to 1.
        is_cut_off: Whether an edge of it lies outside the picture.
    """

    corners_px: Floats
    score: float
    is_cut_off: bool


@dataclass(frozen=True, slots=True)
class FoundPicture:
    """
    What one picture shows.

    Attributes:
        name: The command's name for it.
        role: What it was taken for.
        width_px: Upright width as sent.
        height_px: Upright height as sent.
        digest: Hex SHA-256 of the bytes as sent.
        orientation_deg: Counter-clockwise turn after which the faces stand upright (0 unless that was searched).
        faces: All faces, the largest first.
        card: The card, if one was found.
    """

    name: str
    role: PictureRole
    width_px: int
    height_px: int
    digest: str
    orientation_deg: int
    faces: tuple[FoundFace, ...]
    card: FoundCard | None

    @property
    def face_count(self) -> int:
        """How many faces count: not ghosts, posters and specks."""
        return sum(face.counts for face in self.faces)


@dataclass(frozen=True, slots=True)
class Part:
    """
    One comparison of a card's portrait with its holder.

    Attributes:
        similarity: How alike, told as that of two plain pictures (`core.scoring.portraits`).
        false_match_rate: How often two strangers look at least that alike.
        interval: That rate's 95 % interval.
    """

    similarity: float
    false_match_rate: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class MatchHolderOutcome:
    """
    What was found.

    Attributes:
        selfie: Portrait of the submitted card against the holder's face. With one picture: the only comparison.
        idcard: Portrait of the card that is visible in the selfie against the holder's face; the same as `selfie`
            when the selfie shows no card, or there is one picture.
        holder: The holder's face, and `portrait` the submitted card's; `visible` the portrait in the selfie.
        pictures: What each picture shows, in the command's order.
        lowest_rate: The false match rate of two equal templates, the end of every scale.
    """

    selfie: Part
    idcard: Part
    holder: FoundFace
    portrait: FoundFace
    visible: FoundFace | None
    pictures: tuple[FoundPicture, ...]
    lowest_rate: float


PortraitRule: TypeAlias = Callable[[float, float], float]
"""The similarity of two plain pictures that a portrait's similarity, and its face's width, are worth."""


class Examiner(Protocol):
    """Whoever finds out who holds what in a picture (`ipse.core.faces.holding.HolderExaminer`)."""

    def see(
        self,
        data: bytes | Pixels,
        search: Search,
        limits: Limits,
        stages: Stages,
        *,
        both_here: bool = True,
        want_quality: bool = False,
    ) -> Sight:
        """Give what a picture shows; raises `Refusal` only for pictures that cannot be decoded."""
        ...

    def template(self, aligned: Pixels, stages: Stages) -> Template:
        """Give the template of an aligned face."""
        ...


class Rates(Protocol):
    """Whoever knows what a similarity is worth (`ipse.core.scoring.calibration.Curve`)."""

    def false_match_rate(self, similarity: float) -> float:
        """Give how often two strangers look at least this alike, strictly decreasing."""
        ...

    def interval(self, similarity: float) -> tuple[float, float]:
        """Give the 95 % interval of that rate."""
        ...


class MatchHolder:
    """The use case; holds the engine's parts and nothing about any request."""

    def __init__(
        self, examiner: Examiner, rates: Rates, limits: Limits | None = None, told: PortraitRule = as_plain
    ) -> None:
        self._examiner = examiner
        self._rates = rates
        self._limits = limits or Limits()
        self._told = told

    async def __call__(self, command: MatchHolderCommand, seat: Seat, stopwatch: Stopwatch) -> MatchHolderOutcome:
        """
        Give how alike the card's portrait and its holder are.

        Raises:
            Refusal: The first picture that cannot be decoded; then what is missing to compare, `findings` being what
                all pictures show (a tuple of `FoundPicture`).
        """
        if len(command.pictures) not in {1, 2}:
            raise ValueError(f"holder and card are looked for in one or two pictures, not {len(command.pictures)}")
        seen = await self._look(command, seat, stopwatch)
        return self.match(command, seen)

    def match(self, command: MatchHolderCommand, seen: tuple[Holding, ...]) -> MatchHolderOutcome:
        """Give the outcome of what was seen in each picture; raises `Refusal` like a call."""
        names = tuple(picture.name for picture in command.pictures)
        if len(seen) == 1:
            only = (_found(names[0], "both", seen[0]),)
            trouble = seen[0].pairing.trouble
            if trouble is not None:
                raise Refusal(trouble, names[0], only)
            return self._outcome(seen[0], seen[0], only)
        card = _card_first(command.roles, seen)
        selfie = 1 - card
        has_card = any(each.pairing.printed is not None for each in seen)
        roles: tuple[PictureRole, PictureRole] = ("card", "selfie") if card == 0 else ("selfie", "card")
        found = tuple(
            _found(name, role if has_card else "unknown", each)
            for name, role, each in zip(names, roles, seen, strict=True)
        )
        if seen[card].pairing.printed is None:
            raise Refusal(Reason.CARD_MISSING, names[card], found)
        trouble = _selfie_trouble(seen[selfie])
        if trouble is not None:
            raise Refusal(trouble, names[selfie], found)
        return self._outcome(seen[card], seen[selfie], found)

    async def _look(self, command: MatchHolderCommand, seat: Seat, stopwatch: Stopwatch) -> tuple[Holding, ...]:
        """Give what every picture shows; all headers are read before any picture is expanded."""
        limits = replace(self._limits, max_side_px=command.max_side_px or self._limits.max_side_px)
        good, refusal = await seat.run(lambda: sound(command.pictures, limits))
        search: Search = "upright"
        if command.search_orientation:
            search = "two_faces" if len(command.pictures) == 1 else "any_face"

        def see(picture: Picture) -> Callable[[], Sight | Refusal]:
            work = partial(
                self._examiner.see,
                picture.content,
                search,
                limits,
                stopwatch,
                both_here=len(command.pictures) == 1,
                want_quality=command.want_quality,
            )
            return partial(kept, work, picture)

        async def examine(picture: Picture) -> Holding | Refusal:
            sight = await seat.run(see(picture))
            return sight if isinstance(sight, Refusal) else await self._embedded(sight, seat, stopwatch)

        found = await asyncio.gather(*(examine(picture) for picture in good))
        seen = tuple(or_raise(each) for each in found)
        if refusal is not None:
            raise refusal
        return seen

    async def _embedded(self, sight: Sight, seat: Seat, stopwatch: Stopwatch) -> Holding:
        """Give what a picture shows with its templates; whichever thread is free makes one."""
        works = (partial(self._examiner.template, aligned, stopwatch) for aligned in sight.aligned.values())
        made = await asyncio.gather(*(seat.run(work) for work in works))
        return sight.embedded(dict(zip(sight.aligned, made, strict=True)))

    def _outcome(self, card: Holding, selfie: Holding, found: tuple[FoundPicture, ...]) -> MatchHolderOutcome:
        """Give the comparison of the card's portrait with the holder, and that of the portrait seen in the selfie."""
        printed, holder = card.pairing.printed, selfie.pairing.holder
        assert printed is not None
        assert holder is not None
        visible = selfie.pairing.printed if selfie is not card else None
        mine = self._part(card, printed, selfie.templates[holder])
        return MatchHolderOutcome(
            selfie=mine,
            idcard=mine if visible is None else self._part(selfie, visible, selfie.templates[holder]),
            holder=_face(selfie, holder),
            portrait=_face(card, printed),
            visible=None if visible is None else _face(selfie, visible),
            pictures=found,
            lowest_rate=self._rates.false_match_rate(1.0),
        )

    def _part(self, seen: Holding, printed: int, holder: Template) -> Part:
        """Give how alike a portrait and a holder are."""
        alike = self._told(similarity(seen.templates[printed], holder), seen.faces[printed].box.width_px)
        return Part(alike, self._rates.false_match_rate(alike), self._rates.interval(alike))


def _card_first(roles: Roles, seen: tuple[Holding, ...]) -> int:
    """
    Give which of two pictures is the card's.

    By content it is the one that shows a card; of two that do, the one that the card fills more of; the first where
    that does not tell.
    """
    if roles != "auto":
        return 0 if roles == "first_is_card" else 1
    first, second = (_filled(each) for each in seen)
    return 1 if second > first else 0


def _filled(seen: Holding) -> float:
    """Give the share of the picture that its card fills, 0 without one."""
    card = seen.pairing.card
    return 0.0 if card is None else min(1.0, card.area_px / (seen.width_px * seen.height_px))


def _selfie_trouble(seen: Holding) -> Reason | None:
    """Give why the holder's face cannot be told in a selfie."""
    if not seen.faces:
        return Reason.FACE_MISSING
    if seen.pairing.holder is None:
        return Reason.HOLDER_MISSING if seen.pairing.printed is not None else Reason.FACE_MISSING
    holder = seen.faces[seen.pairing.holder]
    rivals = (
        face
        for face, role in zip(seen.faces, seen.pairing.roles, strict=True)
        if role == "other" and face.box.width_px >= AS_LARGE * holder.box.width_px
    )
    return Reason.FACES_MANY if any(True for _ in rivals) else None


def _found(name: str, role: PictureRole, seen: Holding) -> FoundPicture:
    """Give what a picture shows, without what must not leave the engine room."""
    return FoundPicture(
        name=name,
        role=role,
        width_px=seen.width_px,
        height_px=seen.height_px,
        digest=seen.digest,
        orientation_deg=seen.orientation_deg,
        faces=tuple(_face(seen, index) for index in range(len(seen.faces))),
        card=_card(seen.pairing.card),
    )


def _face(seen: Holding, index: int) -> FoundFace:
    """Give one face of a picture."""
    quality = seen.qualities.get(index)
    return FoundFace(
        box=seen.faces[index].box,
        role=seen.pairing.roles[index],
        score=seen.faces[index].score,
        on_card=seen.pairing.on_card[index],
        quality=None if quality is None else quality.unified,
    )


def _card(card: CardFinding | None) -> FoundCard | None:
    """Give the card, if there is one."""
    return None if card is None else FoundCard(card.corners_px, card.score, card.is_cut_off)
