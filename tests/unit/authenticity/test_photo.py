"""What a picture of a card shows against itself, on generated cards whose places are known and need no reading."""

from functools import lru_cache

import numpy as np

import specimens
from ipse.core.authenticity.check import Check, CheckStatus, Concern
from ipse.core.authenticity.photo import photo_checks
from ipse.core.authenticity.photo.bounds import BOUNDS
from ipse.core.cards.card import CardKind, CardType, Field, Side, SideReading
from ipse.core.cards.sight import SideSight
from ipse.core.documents.rectify import rectify
from ipse.core.text.lines import TextLine
from ipse.core.vocabulary import Box, Face, Image
from specimens import Drawn, Photo

KIND = "idn-id_card"
SEED = 5


@lru_cache(maxsize=1)
def front() -> Drawn:
    """Give the side that all tests are about."""
    return specimens.draw(KIND, SEED).front


def sight_of(photo: Photo, *, with_face: bool = True) -> SideSight:
    """Give a photo as it would be seen by whoever finds and reads everything."""
    drawn, view = front(), rectify(photo.pixels, photo.corners)
    assert drawn.portrait is not None
    fields = {
        name: Field(name, one.value, one.printed, 0.95, Side.FRONT, view.to_view(photo.place(one.corners)))
        for name, one in drawn.fields.items()
    }
    lines = tuple(TextLine(view.to_view(photo.place(one.corners)), one.text, 0.95, ()) for one in drawn.lines)
    (x1, y1), (x2, y2) = (corner(view.to_view(photo.place(drawn.portrait))) for corner in (_least, _most))
    wide, high = x2 - x1, y2 - y1
    box = Box(x1 + 0.22 * wide, y1 + 0.22 * high, x2 - 0.22 * wide, y2 - 0.22 * high)
    faces = (Face(box, np.zeros((5, 2), np.float32), 0.9),) if with_face else ()
    kind = CardKind("IDN", CardType.ID_CARD)
    image = Image(photo.pixels, photo.pixels.shape[1], photo.pixels.shape[0], 1, "jpeg", "")
    return SideSight(
        photo.jpeg, image, 1, view=view, reading=SideReading(Side.FRONT, kind, 1.0, fields, lines), faces=faces
    )


def _least(corners: np.ndarray) -> np.ndarray:
    """Give the top left of what lies around corners."""
    return np.asarray(corners.min(0))


def _most(corners: np.ndarray) -> np.ndarray:
    """Give the bottom right of what lies around corners."""
    return np.asarray(corners.max(0))


def checks_of(sight: SideSight) -> dict[str, Check]:
    """Give every check by its name without the side's."""
    return {check.name.removeprefix("front_"): check for check in photo_checks(sight, Side.FRONT)}


def suspected(sight: SideSight) -> set[Concern]:
    """Give what speaks against a side."""
    return {check.concern for check in checks_of(sight).values() if check.status is CheckStatus.SUSPECTED}


def photo_of(attack: str | None = None, level: str = "L1") -> Photo:
    """Give the side's photo under an attack."""
    drawn = front() if attack is None else specimens.attack(front(), attack, SEED)
    return specimens.degrade(drawn.pixels, level, SEED)


def test_a_good_card_is_not_suspected() -> None:
    """Nothing speaks against a clear photo of a card."""
    assert suspected(sight_of(photo_of())) == set()


def test_a_grey_copy_is_suspected() -> None:
    """A copy in black and white warns of nothing but itself, and never rejects."""
    found = checks_of(sight_of(photo_of("grey_copy")))
    assert found["grey_copy"].status is CheckStatus.SUSPECTED


def test_a_side_without_a_face_may_be_grey() -> None:
    """Backs are printed in black on white: they are not judged."""
    found = checks_of(sight_of(photo_of("grey_copy"), with_face=False))
    assert found["grey_copy"].status is CheckStatus.NOT_ASSESSED


def test_a_missing_portrait_is_suspected() -> None:
    """The front of an identity card bears a face."""
    assert Concern.PORTRAIT_MISSING in suspected(sight_of(photo_of(), with_face=False))


def test_one_per_cent_is_stricter_than_five() -> None:
    """Each bound's stricter half lies beyond the other."""
    assert [name for name, one in BOUNDS.items() if not one.is_beyond(one.striking, one.suspected)] == []
