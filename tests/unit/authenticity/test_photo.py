"""What a picture of a card shows against itself, on generated cards whose places are known and need no reading."""

from dataclasses import replace
from functools import lru_cache

import cv2
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


def test_a_field_typed_into_the_photo_is_suspected() -> None:
    """Pixels that were saved once do not look like those that were saved twice, and the field is named."""
    check = checks_of(sight_of(specimens.tamper(photo_of(), front(), "retyped", 8)))["retyped"]
    assert (check.status, bool(check.fields)) == (CheckStatus.SUSPECTED, True)


def test_a_portrait_pasted_into_the_photo_is_suspected() -> None:
    """It bears another JPEG otherwise than the card around it."""
    other = np.random.default_rng(1).integers(90, 160, (50, 40, 3)).astype(np.uint8)
    other = np.asarray(cv2.resize(other, (320, 400), interpolation=cv2.INTER_CUBIC), np.uint8)
    check = checks_of(sight_of(specimens.tamper(photo_of(), front(), "swapped_portrait", SEED, other)))
    assert check["portrait_replaced"].status is CheckStatus.SUSPECTED


def test_a_ghost_of_somebody_else_is_suspected() -> None:
    """Portrait and ghost of two people have embeddings that share nothing."""
    same, other = (checks_of(replace(sight_of(photo_of()), likeness=value))["ghost_portrait"] for value in (0.8, 0.0))
    assert [same.status, other.status] == [CheckStatus.PASSED, CheckStatus.SUSPECTED]


def test_pixels_of_no_jpeg_keep_no_traces() -> None:
    """What cannot be assessed says why."""
    sight = sight_of(photo_of())
    check = checks_of(replace(sight, image=replace(sight.image, format="png")))["retyped"]
    assert (check.status, dict(check.detail)) == (CheckStatus.NOT_ASSESSED, {"why": "the picture is no JPEG"})


def test_glare_on_a_field_is_told_of_the_field() -> None:
    """White light over a field hides it."""
    photo = photo_of()
    corners = photo.place(front().fields["full_name"].corners)
    pixels = cv2.fillConvexPoly(photo.pixels.copy(), corners.round().astype(np.int32), (255, 255, 255))
    (x, y) = corners.mean(0)
    cv2.ellipse(pixels, (int(x), int(y)), (120, 40), 0, 0, 360, (255, 255, 255), -1)
    check = checks_of(sight_of(replace(photo, pixels=np.asarray(pixels, np.uint8))))["glare"]
    assert (check.status, "full_name" in check.fields) == (CheckStatus.SUSPECTED, True)


def test_a_black_bar_covers_the_card() -> None:
    """A bar over a field warns that the card is not complete."""
    photo = photo_of()
    x, y = front().fields["full_name"].corners.mean(0)
    bar = photo.place(np.array([(x - 100, y - 18), (x + 100, y - 18), (x + 100, y + 18), (x - 100, y + 18)]))
    pixels = cv2.fillConvexPoly(photo.pixels.copy(), bar.round().astype(np.int32), (0, 0, 0))
    check = checks_of(sight_of(replace(photo, pixels=np.asarray(pixels, np.uint8))))["blacked_out"]
    assert (check.status, check.concern) == (CheckStatus.SUSPECTED, Concern.INCOMPLETE)


def test_a_thumb_over_a_corner_is_suspected() -> None:
    """One corner in the colour of skin, unlike the other three, hides what is printed there."""
    check = checks_of(sight_of(photo_of("covered_corner")))["covered"]
    assert (check.status, check.concern) == (CheckStatus.SUSPECTED, Concern.INCOMPLETE)


def test_few_lines_are_not_compared() -> None:
    """Of three lines none is usual."""
    sight = sight_of(photo_of())
    assert sight.reading is not None
    few = replace(sight, reading=replace(sight.reading, lines=sight.reading.lines[:3]))
    assert checks_of(few)["retyped"].status is CheckStatus.NOT_ASSESSED


def test_a_screenshot_is_suspected() -> None:
    """A telephone's screen has its size, its bar, and no camera's EXIF."""
    sight = sight_of(photo_of())
    shot = specimens.attack(front(), "screenshot", SEED).pixels
    image = replace(sight.image, pixels=shot, width_px=shot.shape[1], height_px=shot.shape[0], format="png")
    assert checks_of(replace(sight, image=image))["screenshot"].status is CheckStatus.SUSPECTED


def test_no_card_has_no_photometric_checks() -> None:
    """What is not there is not judged."""
    assert photo_checks(replace(sight_of(photo_of()), view=None), Side.FRONT) == ()


def test_one_per_cent_is_stricter_than_five() -> None:
    """Each bound's stricter half lies beyond the other."""
    assert [name for name, one in BOUNDS.items() if not one.is_beyond(one.striking, one.suspected)] == []
