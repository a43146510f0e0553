"""
Where the cards of a picture are: quadrilaterals of a card's proportions, best first.

A face that may be printed on a card says how the card stands and how large it is at most, so the search around a face
finds what a search of the whole picture would lose among other edges.
"""

from dataclasses import dataclass, field, replace
from typing import Final

import cv2
import numpy as np

from ipse.core.documents.evidence import log_odds, print_log_odds
from ipse.core.documents.printing import print_traits
from ipse.core.documents.quads import Quads, Room, possible
from ipse.core.documents.reduced import Reduced, reduce
from ipse.core.documents.sides import Affine, Reals, leading_turns
from ipse.core.documents.traits import TRAITS, traits
from ipse.core.faces.align import TARGET_PX, similarity_to_target
from ipse.core.vocabulary import Face, Floats, Pixels

FACE_PER_EYES: Final = 2.2
"""Width of a face over the distance of its eyes. Source: the detector's boxes on `data/faces`: 93 and 42 of 250 px."""

AROUND_A_FACE: Final = Room((-7, -0.4), (0.4, 7), (-10, -0.3), (0.3, 10), height=(2.3, 9.3))
"""
Where the sides lie around a printed face, in its widths.

A portrait is 30 to 75 % as high as its card, its face (1.37 times as high as wide) 50 to 80 % of that: the card is 2.3
to 9.3 face widths high. Source: the 19 specimens with a real face in `data/cards` have 2.6 to 6.1.
"""

ANYWHERE: Final = Room(
    top=(-0.5, 0.45), bottom=(-0.45, 0.5), left=(-1, 0.9), right=(-0.9, 1), height=(0.08, 1.0), has_face=False
)
"""Where the sides of a card without a face may lie, in the picture's longer side, from its middle."""

ASKEW_RAD: Final = float(np.radians(30))
"""How far a head may be askew on its portrait, or a card look so: what stands at more is taken for something else."""

A_PICTURE: Final = Room((-3, -0.6), (0.5, 3), (-3, -0.45), (0.45, 3), height=(1.5, 6), aspect=(0.5, 2.0))
"""Where the sides of a picture with a face in it lie, in the face's widths."""

SHARPNESS: Final = ("covered_least", "covered_rest", "contrast_least", "contrast_rest")
"""Traits by which a picture on the wall is told from a face before it."""

SHARP: Final = 0.58
"""
How much of a picture's sides must be seen as an edge and differ from the wall: the mean of these traits.

Source: six posters in composed scenes have 0.58 to 0.93, the people beside them 0.24 to 0.68 and most below 0.52.
"""

TURNS_TRIED: Final = 3
"""Most turns that a thorough search takes for the card's: a head may be askew, and other things have edges too."""

LOOKED_AT_THOROUGHLY: Final = 4
"""Most quadrilaterals of a frame whose print is looked at when the first one showed no card."""

ALIKE: Final = 0.15
"""Distance of corners, as a share of the height, up to which two quadrilaterals are the same."""

TURNS_LOOKED_AT: Final = 2
"""Most ways in which a card without a face may be turned, by the directions that most segments have."""


@dataclass(frozen=True, slots=True)
class CardFinding:
    """
    A card.

    Attributes:
        corners_px: (4, 2) float32 in pixels of the picture, clockwise from the top left of the upright card (as far as
            a face on it tells; else of the picture).
        odds: Natural logarithm of the odds that it is a card.
        aspect: Width over height as it appears.
        is_cut_off: Whether the picture's border stands for one of its sides.
    """

    corners_px: Floats = field(repr=False)
    odds: float
    aspect: float
    is_cut_off: bool

    def contains(self, x: float, y: float) -> bool:
        """Tell whether a point of the picture lies on it."""
        return cv2.pointPolygonTest(self.corners_px.reshape(-1, 1, 2), (x, y), measureDist=False) >= 0

    @property
    def score(self) -> float:
        """How likely it is a card, 0 to 1."""
        return float(1 / (1 + np.exp(-self.odds)))

    @property
    def height_px(self) -> float:
        """Mean length of its left and right side."""
        down = self.corners_px[[3, 2]] - self.corners_px[[0, 1]]
        return float(np.hypot(down[:, 0], down[:, 1]).mean())

    @property
    def area_px(self) -> float:
        """Its area in square pixels."""
        return float(cv2.contourArea(self.corners_px))


def locate(pixels: Pixels) -> tuple[CardFinding, ...]:
    """
    Give the cards that can be told without a face, best first, none inside another.

    Shape: pixels (H, W, 3) uint8 RGB.
    """
    reduced = reduce(pixels)
    found = [card for turn in _turns(reduced) for card in _likeliest(reduced, _upright(reduced, turn), ANYWHERE, 1)]
    return tuple(sorted(found, key=lambda card: -card.odds)[:1])


def around(reduced: Reduced, face: Face, *, thorough: bool = False) -> CardFinding | None:
    """
    Give the likeliest card that the face could be printed on; its odds say how likely. `None` if there is none.

    Args:
        reduced: The picture.
        face: In its pixels.
        thorough: Take more than one turn for the card's, and look closely at more quadrilaterals of each: four times
            the work.
    """
    frames, most = (
        (_frames(face, reduced, TURNS_TRIED), LOOKED_AT_THOROUGHLY) if thorough else (_frames(face, reduced, 1), 1)
    )
    cards = [card for one in frames for card in _likeliest(reduced, one, AROUND_A_FACE, most)]
    told = [
        replace(card, odds=print_log_odds(card.odds, print_traits(reduced.pixels, card.corners_px, _place(face))))
        for card in cards
    ]
    return max(told, key=lambda card: card.odds, default=None)


def cards_tried(reduced: Reduced, face: Face) -> tuple[Floats, Reals]:
    """
    Give every quadrilateral that `around` weighs for a face, and its traits: what the weights are fitted on.

    Shape: -> (N, 4, 2) corners in pixels of the picture, (N, len(TRAITS)).
    """
    (straight,) = _frames(face, reduced, 1)
    quads = possible(reduced, straight, AROUND_A_FACE)
    back = cv2.invertAffineTransform(straight)
    corners = (quads.corners @ back[:, :2].T + back[:, 2]) / reduced.scale
    return corners.astype(np.float32), traits(reduced, straight, quads)


def is_framed(reduced: Reduced, face: Face) -> bool:
    """Tell whether the face is in a picture that hangs or stands somewhere: four sharp sides of any proportions."""
    (straight,) = _frames(face, reduced, 1)
    quads = possible(reduced, straight, A_PICTURE)
    if not len(quads):
        return False
    told = traits(reduced, straight, quads)
    sharp = told[:, [TRAITS.index(name) for name in SHARPNESS]].mean(1)
    return bool(np.max(sharp[~quads.is_border.any(axis=1)], initial=0) >= SHARP)


def _likeliest(reduced: Reduced, frame: Affine, room: Room, most: int) -> list[CardFinding]:
    """Give the likeliest quadrilaterals of a frame as cards, no two alike, the best first."""
    quads = possible(reduced, frame, room)
    if not len(quads):
        return []
    odds = log_odds(traits(reduced, frame, quads))
    kept: list[int] = []
    for number in np.argsort(-odds):
        away = [np.abs(quads.corners[number] - quads.corners[other]).max() for other in kept]
        if all(far > ALIKE * quads.height[number] for far in away):
            kept.append(int(number))
        if len(kept) == most:
            break
    return [_card(reduced, frame, quads, number, float(odds[number])) for number in kept]


def _card(reduced: Reduced, frame: Affine, quads: Quads, number: int, odds: float) -> CardFinding:
    """Give one quadrilateral as a card, in pixels of the picture."""
    back = cv2.invertAffineTransform(frame)
    corners = (quads.corners[number] @ back[:, :2].T + back[:, 2]) / reduced.scale
    return CardFinding(
        corners_px=corners.astype(np.float32),
        odds=odds,
        aspect=float(quads.width[number] / quads.height[number]),
        is_cut_off=bool(quads.is_border[number].any()),
    )


def _frames(face: Face, reduced: Reduced, count: int) -> list[Affine]:
    """Give the frame of a face, turned as most segments around it suggest."""
    frame = _frame(face, reduced.scale)
    return [_turned(frame, turn) for turn in leading_turns(reduced.segments, frame, ASKEW_RAD, count)]


def _frame(face: Face, scale: float) -> Affine:
    """Give the frame of a face: its middle the origin, its width the unit, its eyes level."""
    eyes_px = TARGET_PX[1][0] - TARGET_PX[0][0]
    unit_px = eyes_px * FACE_PER_EYES
    frame = similarity_to_target((face.landmarks_px * scale).astype(np.float32)) / unit_px
    eyes_and_mouth = (TARGET_PX[0], TARGET_PX[1], TARGET_PX[3], TARGET_PX[4])
    frame[:, 2] -= np.mean(eyes_and_mouth, axis=0) / unit_px
    return frame


def _place(face: Face) -> tuple[float, float, float]:
    """Give middle and width of a face."""
    return (face.box.x1 + face.box.x2) / 2, (face.box.y1 + face.box.y2) / 2, face.box.width_px


def _turned(frame: Affine, turn_rad: float) -> Affine:
    """Give the frame turned so that what stood at this angle in it stands straight."""
    cos, sin = np.cos(turn_rad), np.sin(turn_rad)
    return np.array([[cos, sin], [-sin, cos]]) @ frame


def _upright(reduced: Reduced, turn_rad: float) -> Affine:
    """Give the frame of the whole picture turned: its middle the origin, its longer side the unit."""
    unit = max(reduced.width_px, reduced.height_px)
    across, down = np.cos(turn_rad) / unit, np.sin(turn_rad) / unit
    frame = np.array([[across, down, 0.0], [-down, across, 0.0]])
    frame[:, 2] = -frame[:, :2] @ (reduced.width_px / 2, reduced.height_px / 2)
    return frame


def _turns(reduced: Reduced) -> list[float]:
    """Give the turns, within 45 degrees either way, that most segments have in common."""
    way = reduced.segments[:, 2:] - reduced.segments[:, :2]
    length = np.hypot(way[:, 0], way[:, 1])
    turn = (np.arctan2(way[:, 1], way[:, 0]) + np.pi / 4) % (np.pi / 2) - np.pi / 4
    counts, edges = np.histogram(turn, bins=18, range=(-np.pi / 4, np.pi / 4), weights=length)
    smooth = counts + (np.roll(counts, 1) + np.roll(counts, -1)) / 2
    kept: list[int] = []
    for number in np.argsort(-smooth):
        if all(min(abs(number - other), 18 - abs(number - other)) > 2 for other in kept):  # noqa: PLR2004  # 10 degrees.
            kept.append(int(number))
    return [float(edges[number] + np.pi / 36) for number in kept[:TURNS_LOOKED_AT]]
