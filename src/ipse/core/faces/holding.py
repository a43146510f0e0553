"""The whole of one picture in which somebody may hold a card: its faces, what each of them is, and two templates."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

import numpy as np

from ipse.core.documents.locate import CardFinding, around
from ipse.core.documents.reduced import Reduced, reduce
from ipse.core.faces.align import align
from ipse.core.faces.detect import detect
from ipse.core.faces.embed import embed
from ipse.core.faces.examine import enough_px, magnified, opened, scaled
from ipse.core.faces.orient import TURNS, Orientation, Turned, points_back, to_unturned, turn
from ipse.core.faces.pairing import SETTLED, Pairing, pair
from ipse.core.faces.quality import assess
from ipse.core.faces.quality.evidence import Evidence
from ipse.core.faces.refine import refine
from ipse.core.faces.small import LONGER_PX, SHARPEST_PX, with_small
from ipse.core.images import Limits
from ipse.core.vocabulary import Face, Image, Network, Pixels, Profile, Quality, Recipe, Stages, Template

Search: TypeAlias = Literal["upright", "any_face", "two_faces"]
"""
Which ways up a picture is looked at: as it is; turned until a face shows; turned until two faces, holder and portrait,
show, else as the detector likes it best.
"""

LOOKED_AT = 8
"""Most faces of one picture that are looked at closely, the largest first; a crowd holds no card."""


HINT_ODDS = -2.5
"""
Log odds of a card around the only face from which it is looked for thoroughly.

Source: `benchmarks/accuracy/card_evidence.py`; 99 in 100 people without a card have less.
"""


@dataclass(frozen=True, slots=True)
class Holding:
    """
    What was found out about one picture; everything in pixels of the full-size picture before any turning.

    Attributes:
        width_px: Upright width of the picture as sent.
        height_px: Upright height.
        digest: Hex SHA-256 of the bytes as sent.
        format: What the bytes were.
        orientation_deg: 90 when the top of the heads points right; turning counter-clockwise by it gives upright.
        faces: All faces, the largest first.
        pairing: What they are.
        templates: Of the holder's face and the portrait, by their indices.
        qualities: Of the same faces, if wished.
    """

    width_px: int
    height_px: int
    digest: str
    format: str
    orientation_deg: Orientation
    faces: tuple[Face, ...]
    pairing: Pairing
    templates: Mapping[int, Template]
    qualities: Mapping[int, Quality]


@dataclass(frozen=True, slots=True)
class Sight:
    """
    What was found out about one picture before its templates are made: each of them is a piece of work by itself.

    Attributes:
        holding: What was found out.
        aligned: The faces whose templates are not made yet, by their indices; each (112, 112, 3) uint8 RGB.
    """

    holding: Holding
    aligned: Mapping[int, Pixels] = field(repr=False)

    def embedded(self, templates: Mapping[int, Template]) -> Holding:
        """Give what was found out, with the templates of the aligned faces."""
        return replace(self.holding, templates={**self.holding.templates, **templates})


@dataclass(frozen=True, slots=True)
class _Look:
    """The faces of the picture one way up, and what they are."""

    turned: Turned
    pairing: Pairing


class HolderExaminer:
    """Two networks and a profile, ready to look for holders and their cards; holds nothing about any picture."""

    def __init__(self, detector: Network, embedder: Network, profile: Profile) -> None:
        self._detector = detector
        self._embedder = embedder
        self._profile: Profile = profile

    @property
    def recipe(self) -> Recipe:
        """What its templates are made of."""
        return Recipe(self._profile, self._embedder.precision, self._embedder.digest, self._detector.digest)

    def examine(
        self,
        data: bytes | Pixels,
        search: Search,
        limits: Limits,
        stages: Stages,
        *,
        both_here: bool = True,
        want_quality: bool = False,
    ) -> Holding:
        """Give who holds what in a picture, in one piece of work; arguments and refusals are those of `see`."""
        sight = self.see(data, search, limits, stages, both_here=both_here, want_quality=want_quality)
        return sight.embedded({index: self.template(aligned, stages) for index, aligned in sight.aligned.items()})

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
        """
        Give who holds what in a picture. No face and no card are findings, not refusals.

        Args:
            data: A file, or (H, W, 3) uint8 RGB pixels, upright.
            search: Which ways up it is looked at.
            limits: What the file may cost.
            stages: Times "decode", "detect", "pair", "embed" and "quality".
            both_here: Whether holder and card must both be in this picture: then no work is spared to find them.
            want_quality: Whether holder and portrait are judged; that needs their templates, which then are made here.

        Raises:
            Refusal: The picture cannot be decoded or breaks a limit (`IMAGE_*`).
        """
        with stages.stage("decode"):
            image = opened(data, limits, SHARPEST_PX if both_here else LONGER_PX)
        look = self._search(image.pixels, search, stages, both_here=both_here)
        chosen = [index for index in (look.pairing.holder, look.pairing.printed) if index is not None]
        larger_px = [px for index in chosen if (px := enough_px(image, look.turned.faces[index])) is not None]
        close = look.turned
        if larger_px:
            with stages.stage("decode"):
                image = opened(data, limits, max(larger_px))
            close = self._refined(magnified(look.turned, image), chosen)
        aligned = {index: align(close.pixels, close.faces[index].landmarks_px) for index in chosen}
        holding = _holding(image, look, close)
        return self._judged(holding, close, aligned, stages) if want_quality else Sight(holding, aligned)

    def template(self, aligned: Pixels, stages: Stages) -> Template:
        """Give the template of an aligned face."""
        with stages.stage("embed"):
            return Template(embed(aligned, self._embedder, self._profile).vector, self.recipe)

    def _search(self, pixels: Pixels, search: Search, stages: Stages, *, both_here: bool) -> _Look:
        """Give the first look that shows what is searched, else the best."""
        looks = [self._look(0, pixels, stages, both_here=both_here)]
        for orientation in () if search == "upright" else TURNS:
            if _is_enough(looks[-1].pairing, search):
                return looks[-1]
            looks.append(self._look(orientation, turn(pixels, orientation), stages, both_here=both_here))
        if _is_enough(looks[-1].pairing, search):
            return looks[-1]
        return max(looks, key=lambda look: max((face.score for face in look.turned.faces), default=0.0))

    def _look(self, orientation: Orientation, pixels: Pixels, stages: Stages, *, both_here: bool) -> _Look:
        """Give the faces one way up and what they are; small ones are looked for when card or holder is missing."""
        with stages.stage("detect"):
            found = detect(pixels, self._detector)
            faces = self._sharpened(pixels, found, ())
        with stages.stage("pair"):
            reduced = reduce(pixels)
            cards = tuple(around(reduced, face) for face in faces)
            pairing = pair(faces, cards, reduced)
        for longer_px in (LONGER_PX, SHARPEST_PX) if both_here else (LONGER_PX,):
            if _is_settled(pairing):
                break
            with stages.stage("detect"):
                found = with_small(pixels, found, self._detector, longer_px)
                more = self._sharpened(pixels, found, faces)
            with stages.stage("pair"):
                cards = _cards_again(more, faces, cards, reduced)
                faces, pairing = more, pair(more, cards, reduced)
        if pairing.printed is None and _is_worth_more(cards, both_here=both_here):
            with stages.stage("pair"):
                cards = tuple(around(reduced, face, thorough=True) for face in faces)
                pairing = pair(faces, cards, reduced)
        doubtful = _may_be_main(faces, pairing)
        if doubtful:
            with stages.stage("pair"):
                cards = tuple(
                    around(reduced, face, thorough=True) if index in doubtful else card
                    for index, (face, card) in enumerate(zip(faces, cards, strict=True))
                )
                pairing = pair(faces, cards, reduced)
        return _Look(Turned(orientation, pixels, faces), pairing)

    def _sharpened(self, pixels: Pixels, faces: tuple[Face, ...], known: tuple[Face, ...]) -> tuple[Face, ...]:
        """Give the largest faces with the landmarks of a closer look; those that are known are not looked at again."""
        by_box = {face.box: face for face in known}
        largest = sorted(faces, key=lambda face: -face.box.area_px)[:LOOKED_AT]
        return tuple(by_box.get(face.box) or refine(pixels, face, self._detector) for face in largest)

    def _refined(self, turned: Turned, chosen: list[int]) -> Turned:
        """Give the faces, the chosen ones with the landmarks of a closer look."""
        faces = list(turned.faces)
        for index in chosen:
            faces[index] = refine(turned.pixels, faces[index], self._detector)
        return replace(turned, faces=tuple(faces))

    def _judged(self, holding: Holding, turned: Turned, faces: Mapping[int, Pixels], stages: Stages) -> Sight:
        """Give the sight with the templates of the aligned faces, and how good they are."""
        templates: dict[int, Template] = {}
        qualities: dict[int, Quality] = {}
        for index, aligned in faces.items():
            with stages.stage("embed"):
                embedding = embed(aligned, self._embedder, self._profile)
            templates[index] = Template(embedding.vector, self.recipe)
            with stages.stage("quality"):
                qualities[index] = assess(Evidence(turned.pixels, turned.faces[index], aligned, embedding))
        return Sight(replace(holding, templates=templates, qualities=qualities), {})


def _is_enough(pairing: Pairing, search: Search) -> bool:
    """Tell whether a look shows what is searched."""
    return pairing.counted == 2 if search == "two_faces" else pairing.counted > 0  # noqa: PLR2004  # By its name.


def _is_settled(pairing: Pairing) -> bool:
    """Tell whether smaller faces could change nothing: there is a card beyond doubt, or a card and its holder."""
    if pairing.printed is None or pairing.card is None:
        return False
    return pairing.holder is not None or pairing.card.score >= SETTLED


def _may_be_main(faces: tuple[Face, ...], pairing: Pairing) -> frozenset[int]:
    """Give the faces that nothing explains and that are larger than the portrait: it may be the ghost of one."""
    if pairing.printed is None:
        return frozenset()
    portrait = faces[pairing.printed].box
    unexplained = (index for index, role in enumerate(pairing.roles) if role in {"other", "speck"})
    return frozenset(index for index in unexplained if faces[index].box.area_px > portrait.area_px)


def _cards_again(
    faces: tuple[Face, ...], known: tuple[Face, ...], cards: tuple[CardFinding | None, ...], reduced: Reduced
) -> tuple[CardFinding | None, ...]:
    """Give the card around each face, for some of which it was looked for before."""
    before = {id(face): card for face, card in zip(known, cards, strict=True)}
    return tuple(before[id(face)] if id(face) in before else around(reduced, face) for face in faces)


def _is_worth_more(cards: tuple[CardFinding | None, ...], *, both_here: bool) -> bool:
    """Tell whether a card that was not found may be there: several faces want an explanation, or there is a hint."""
    return (both_here and len(cards) > 1) or any(card is not None and card.odds > HINT_ODDS for card in cards)


def _holding(image: Image, look: _Look, close: Turned) -> Holding:
    """Give what was found in pixels of the full-size unturned picture; no template is made yet."""
    height, width = image.pixels.shape[:2]
    across, down = image.width_px / width, image.height_px / height
    faces = (to_unturned(face, close.orientation_deg, width, height) for face in close.faces)
    return Holding(
        width_px=image.width_px,
        height_px=image.height_px,
        digest=image.digest,
        format=image.format,
        orientation_deg=close.orientation_deg,
        faces=tuple(scaled(face, across, down) for face in faces),
        pairing=replace(look.pairing, card=_card_unturned(look, image)),
        templates={},
        qualities={},
    )


def _card_unturned(look: _Look, image: Image) -> CardFinding | None:
    """Give the card in pixels of the full-size unturned picture."""
    card, turned = look.pairing.card, look.turned
    if card is None:
        return None
    height, width = turned.pixels.shape[:2]
    if turned.orientation_deg % 180:
        height, width = width, height
    corners = points_back(card.corners_px, turned.orientation_deg, width, height)
    return replace(card, corners_px=(corners * (image.width_px / width, image.height_px / height)).astype(np.float32))
