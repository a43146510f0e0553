"""The cards of a picture, as one that reads them needs them: their corners, and whether the whole card is there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ipse.core.documents.choose import filled, log_odds, on_border, signs_of
from ipse.core.documents.printing import PRINT_TRAITS, print_traits
from ipse.core.documents.proposals import clockwise, cut_off, observed, proposed, text_turn, thoroughly, without
from ipse.core.documents.rectify import ID_1, TD3, aspect_of
from ipse.core.documents.reduced import Reduced
from ipse.core.documents.sides import Reals
from ipse.core.text.lines import TextLine
from ipse.core.vocabulary import Face, Floats, Pixels

LEAST_ODDS: Final = 2.0
"""Logarithm of the odds from which a quadrilateral is a card."""

CUT_ODDS: Final = 0.25
"""What is taken from the odds of a card that leaves the picture: one side less speaks for it."""

LEAST_PRINT, UNEVEN, PRINT_PER_ODDS = 0.28, 0.1, 0.04
"""
Rhythm of the rows, less what their ground is uneven, plus what the odds are worth, from which there is print.

Source: of 230 cards (40 specimens, their photos, drawn scenes, `data/cards`) the least has 0.31; of 87 quadrilaterals
found in pictures of people without any card 95 % have less than 0.30.
"""

NO_FACE: Final = (-1e4, -1e4, 1.0)
"""A face far away: nothing on the card is left out."""

TRIED: Final = 6
"""Most quadrilaterals whose print is looked at."""

LEAVES_ROOM: Final = 0.45
"""Share of the picture from which a card leaves no room for another."""

CLEAR_ODDS: Final = 4.0
"""Logarithm of the odds from which a card is not sought beyond the picture's borders."""

OTHER_ODDS: Final = 4.0
"""Logarithm of the odds from which a second quadrilateral is another card: a false one refuses a good picture."""

OTHER_AREA: Final = 0.35
"""Area, as a share of the first card's, from which a second quadrilateral is another card."""

FACE_SHARE: Final = 0.45
"""
Width of a face, as a share of a quadrilateral's longer side, from which that is its portrait and no card.

Source: a portrait is at most 31 mm of a card's 86 wide; its frame is 1.29 times as high as it is wide.
"""

MOST_CARDS: Final = 4
"""Most cards that are told of: whoever asks wants one."""

SHARED: Final = 0.1
"""Share of the smaller one from which two quadrilaterals are not two cards."""

COARSE: Final = 4
"""Pixels of the copy to a cell of that grid: OpenCV's own intersection of polygons fails where sides coincide."""

WHOLE_PICTURE: Final = 0.94
"""Share of a picture from which a quadrilateral is the picture itself: a scan, a crop by an app."""

CUT_ASPECT: Final = 0.09
"""How far, in its logarithm, the aspect of what is seen of a card may be off before the picture's border has cut it."""

CROPPED_ASPECT: Final = 0.03
"""
How far, in its logarithm, a picture's aspect may be from a card's to be a crop of one.

Source: a camera's 4:3 and 3:2 are 0.063 and 0.055 away from the nearest of both, a screen's 16:9 is 0.114.
"""

CROPPED_ODDS: Final = 4.0
"""Logarithm of the odds that such a picture is a crop, if something is printed on it: less than of any clear edges."""

PORTRAIT_ODDS: Final = 3.0
"""What is taken from the odds of a quadrilateral that stands in such a picture: a crop's portrait does."""

PRINTED: Final = 0.03
"""Share of pixels that belong to letters or fine lines, from which something is printed on a picture."""

STROKE: Final = 8
"""Difference from its surroundings from which a pixel belongs to a letter. Source: as `traits.STROKE`."""

BEYOND: Final = 0.03
"""How far, as a share of its size, a corner may lie outside the picture: so much is a round corner."""

LEAST_LINES: Final = 3
"""Lines of text from which a picture without a card's edges still shows a card: a crop of it."""

TEXT_MARGIN: Final = 1.5
"""Heights of a line that are left around the text of a card whose edges are not seen."""


@dataclass(frozen=True, slots=True)
class FoundCard:
    """
    A card.

    Attributes:
        corners_px: (4, 2) float32 in pixels of the picture, clockwise from the top left of the card as it stands in the
            picture; `turn` tells what is up on the card itself.
        odds: Natural logarithm of the odds that it is a card with these corners.
        aspect: Width over height as it appears.
        covers: Its share of the picture; what lies outside counts too.
        is_cut_off: Whether the card goes on beyond the picture's border.
        is_whole_picture: Whether no edge of it was seen: a crop, of which the whole or all around its text is taken.
    """

    corners_px: Floats = field(repr=False)
    odds: float
    aspect: float
    covers: float
    is_cut_off: bool
    is_whole_picture: bool

    @property
    def score(self) -> float:
        """How likely it is a card with these corners, 0 to 1."""
        return float(1 / (1 + np.exp(-self.odds)))

    def contains(self, x: float, y: float) -> bool:
        """Tell whether a point of the picture lies on it."""
        return cv2.pointPolygonTest(self.corners_px.reshape(-1, 1, 2), (x, y), measureDist=False) >= 0


def find_cards(pixels: Pixels, faces: Sequence[Face] = (), lines: Sequence[TextLine] = ()) -> tuple[FoundCard, ...]:
    """
    Give the cards of a picture, best first, none on another; none for a selfie or a blank page.

    Args:
        pixels: (H, W, 3) uint8 RGB.
        faces: Those found in it; a card does not end in a face.
        lines: Text read in it, if it was: where edges do not tell, text does.
    """
    reduced = observed(pixels)
    texts = [np.asarray(line.corners_px * reduced.scale, np.float32) for line in lines]
    corners = proposed(reduced, lines)
    odds = _judged(reduced, corners, faces, texts)
    if odds.max(initial=-np.inf) < CLEAR_ODDS:
        more, beyond = thoroughly(reduced), cut_off(reduced, lines)
        corners = np.concatenate((corners, more, beyond))
        less = np.repeat((0.0, CUT_ODDS), (len(more), len(beyond)))
        odds = np.concatenate((odds, _judged(reduced, corners[len(odds) :], faces, texts) - less))
    best = _first_with_print(reduced, corners, odds, texts)
    if best is None:
        return _around_text(reduced, lines)
    first = _card(reduced, corners[best], float(odds[best]))
    if first.covers > LEAVES_ROOM:
        return (first,)
    rest = without(reduced, corners[best])
    corners = np.concatenate((corners[best : best + 1], corners, proposed(rest)))
    odds = np.concatenate((odds[best : best + 1], odds, _judged(reduced, corners[1 + len(odds) :], faces, ())))
    kept = _apart(reduced, corners, odds)
    return (first, *(_card(reduced, corners[number], float(odds[number])) for number in kept[1:]))


def _judged(reduced: Reduced, corners: Reals, faces: Sequence[Face], texts: Sequence[Floats]) -> Reals:
    """Give the logarithm of the odds of each quadrilateral, the picture's own outline and faces considered."""
    odds = log_odds(signs_of(reduced, corners, texts))
    cropped = _looks_cropped(reduced)
    odds[on_border(reduced, corners).all(axis=1)] = CROPPED_ODDS if cropped else -np.inf
    if cropped:
        odds[_stands(corners)] -= PORTRAIT_ODDS
    odds[_against_a_face(reduced, corners, faces)] = -np.inf
    return odds


def _first_with_print(reduced: Reduced, corners: Reals, odds: Reals, texts: Sequence[Floats]) -> int | None:
    """Give the number of the likeliest quadrilateral that has print on it; `None` if none has."""
    middles = [text.mean(axis=0) for text in texts]
    for number in np.argsort(-odds)[:TRIED]:
        if odds[number] < LEAST_ODDS:
            break
        around = corners[number].astype(np.float32)
        held = sum(cv2.pointPolygonTest(around, (float(x), float(y)), measureDist=False) >= 0 for x, y in middles)
        ink = _printed(reduced, corners[number]) + PRINT_PER_ODDS * odds[number]
        if held >= LEAST_LINES or ink >= LEAST_PRINT:
            return int(number)
    return None


def _beyond(reduced: Reduced, corners: Reals) -> float:
    """Give how far a corner lies outside the picture, as a share of the quadrilateral's size; 0 if none does."""
    out = max(-float(corners.min()), float((corners - (reduced.width_px, reduced.height_px)).max()), 0.0)
    return out / max(float(np.sqrt(cv2.contourArea(corners.astype(np.float32)))), 1.0)


def _printed(reduced: Reduced, corners: Reals) -> float:
    """Give how much a quadrilateral looks printed on: rows of ink that stand out, on a ground that is even."""
    across, down = (np.linalg.norm(corners[one] - corners[0]) for one in (1, 3))
    lying = np.roll(corners, int(down > across), axis=0) / reduced.scale
    traits = print_traits(reduced.pixels, lying.astype(np.float32), NO_FACE)
    return float(traits[PRINT_TRAITS.index("rhythm")] - UNEVEN * traits[PRINT_TRAITS.index("uneven")])


def _looks_cropped(reduced: Reduced) -> bool:
    """Tell whether the whole picture has a card's proportions and something printed on it."""
    aspect = abs(np.log(reduced.width_px / reduced.height_px))
    off = min(abs(aspect - np.log(known)) for known in (ID_1, TD3))
    return bool(off <= CROPPED_ASPECT and (reduced.strokes > STROKE).mean() >= PRINTED)


def _stands(corners: Reals) -> NDArray[np.bool_]:
    """Tell which quadrilaterals are higher than wide."""
    length = np.linalg.norm(np.roll(corners, -1, axis=1) - corners, axis=2)
    return np.asarray(length[:, 1::2].sum(axis=1) > length[:, ::2].sum(axis=1))


def _apart(reduced: Reduced, corners: Reals, odds: Reals) -> list[int]:
    """Give the numbers of the first quadrilateral and of other cards, likely ones first, none on another."""
    kept = [0]
    area = np.array([cv2.contourArea(one.astype(np.float32)) for one in corners])
    for number in np.argsort(-odds):
        if odds[number] < OTHER_ODDS or len(kept) == MOST_CARDS:
            break
        if area[number] >= OTHER_AREA * area[0] and all(
            _shared(reduced, corners[number], corners[other]) < SHARED for other in kept
        ):
            kept.append(int(number))
    return kept


def _shared(reduced: Reduced, one: Reals, two: Reals) -> float:
    """Give what two quadrilaterals have in common, as a share of the smaller, counted on a coarse grid."""
    size = (reduced.height_px // COARSE + 1, reduced.width_px // COARSE + 1)
    first, second = (filled(corners / COARSE, *size) > 0 for corners in (one, two))
    return float((first & second).sum() / max(min(first.sum(), second.sum()), 1))


def _card(reduced: Reduced, corners: Reals, odds: float) -> FoundCard:
    """Give one quadrilateral of the copy as a card of the picture."""
    ordered = clockwise(corners)
    aspect = aspect_of(ordered.astype(np.float32))
    covers = float(cv2.contourArea(ordered.astype(np.float32)) / (reduced.width_px * reduced.height_px))
    borders = int(on_border(reduced, ordered[None]).sum())
    off = min(abs(abs(np.log(aspect)) - np.log(known)) for known in (ID_1, TD3))
    is_whole = borders == len(ordered) or covers >= WHOLE_PICTURE
    is_cut = _beyond(reduced, ordered) > BEYOND or (borders > 0 and off > CUT_ASPECT)
    return FoundCard(
        corners_px=np.asarray(ordered / reduced.scale, np.float32),
        odds=odds,
        aspect=aspect,
        covers=covers,
        is_cut_off=bool(is_cut and not is_whole),
        is_whole_picture=is_whole,
    )


def _against_a_face(reduced: Reduced, corners: Reals, faces: Sequence[Face]) -> NDArray[np.bool_]:
    """Tell which quadrilaterals have some of a face's landmarks inside and some outside, or hardly more than a face."""
    against = np.zeros(len(corners), np.bool_)
    longer = np.linalg.norm(np.roll(corners, -1, axis=1) - corners, axis=2).max(axis=1)
    for face in faces:
        marks = face.landmarks_px * reduced.scale
        for number, one in enumerate(corners.astype(np.float32)):
            inside = [cv2.pointPolygonTest(one, (float(x), float(y)), measureDist=False) >= 0 for x, y in marks]
            fills = all(inside) and face.box.width_px * reduced.scale > FACE_SHARE * longer[number]
            against[number] |= fills or (any(inside) and not all(inside))
    return against


def _around_text(reduced: Reduced, lines: Sequence[TextLine]) -> tuple[FoundCard, ...]:
    """Give the rectangle around all text, turned as the text is, with a margin; none without text."""
    turn = text_turn(lines)
    if turn is None or len(lines) < LEAST_LINES:
        return ()
    cos, sin = np.cos(turn), np.sin(turn)
    way = np.array([[cos, sin], [-sin, cos]])
    points = np.concatenate([line.corners_px for line in lines]).astype(np.float64) @ way.T
    margin = TEXT_MARGIN * float(np.median([line.height_px for line in lines]))
    low, high = points.min(axis=0) - margin, points.max(axis=0) + margin
    outline = reduced.outline / reduced.scale @ way.T
    if abs(turn) < np.radians(2):
        low, high = np.maximum(low, outline.min(axis=0)), np.minimum(high, outline.max(axis=0))
    around = np.array([low, (high[0], low[1]), high, (low[0], high[1])]) @ way
    area = float(np.prod(high - low)) * reduced.scale**2 / (reduced.width_px * reduced.height_px)
    return (
        FoundCard(
            corners_px=np.asarray(around, np.float32),
            odds=LEAST_ODDS,
            aspect=aspect_of(around.astype(np.float32)),
            covers=min(area, 1.0),
            is_cut_off=False,
            is_whole_picture=True,
        ),
    )
