"""
MatchHolder: is the face printed on the card the face of the person who holds it?

One picture shows both, or one shows the card and the other the holder (and perhaps the card once more).
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from ipse.core.vocabulary import Box, Floats
from ipse.service.verify_faces import Picture

Roles: TypeAlias = Literal["auto", "first_is_card", "first_is_selfie"]
"""Who decides which of two pictures is the card's: their content, or the caller."""

PictureRole: TypeAlias = Literal["card", "selfie", "both", "unknown"]
"""`"both"` is the one picture that shows holder and card; `"unknown"` when no card was found anywhere."""

FaceRole: TypeAlias = Literal["holder", "portrait", "ghost", "poster", "speck", "other"]
"""
What a face is.

`"portrait"` is printed on the card; `"ghost"` another face inside the same card; `"poster"` a face printed on something
else; `"speck"` too small or too faint to count; `"other"` a face that counts and is none of these.
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
        role: What it was taken for.
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
        orientation_deg: Counter-clockwise turn after which the faces stand upright (0 unless that was searched).
        faces: All faces, the largest first.
        card: The card, if one was found.
    """

    name: str
    role: PictureRole
    width_px: int
    height_px: int
    orientation_deg: int
    faces: tuple[FoundFace, ...]
    card: FoundCard | None

    @property
    def face_count(self) -> int:
        """How many faces count: not ghosts, posters and specks."""
        return sum(face.counts for face in self.faces)


@dataclass(frozen=True, slots=True)
class Part:
    """One comparison: how alike, how often two strangers look at least that alike, and that rate's 95 % interval."""

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
