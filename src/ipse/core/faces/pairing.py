"""
Which of a picture's faces is the holder's and which is printed on the card that is held.

Every face is asked how likely it is printed on a card (`documents.locate.around`). The likeliest settles which card is
meant; faces on it are its portrait and ghosts of it; the largest face that is on no card is the holder's. Size alone
never decides: a card held close to the camera shows a larger face than its holder's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from ipse.core.documents.locate import CardFinding, is_framed
from ipse.core.documents.reduced import Reduced
from ipse.core.reasons import Reason
from ipse.core.vocabulary import Face

Role: TypeAlias = Literal["holder", "portrait", "ghost", "poster", "speck", "other"]

AHEAD_WORTH, AHEAD_MOST = 0.5, 4.0
"""
Log odds that a face much smaller than another gains for each by which it is ahead of all others, and how many count.

Source: `benchmarks/accuracy/card_evidence.py` prints which share of cards, of people without one and of portraits side
by side pass. In a picture with a card one face is likely and the others are not; without one all are about as unlikely.
"""

SMALLER: Final = 0.6
"""Width of a face, as a share of the largest other one's, up to which it is much smaller. Source: as above."""

AS_LARGE_ODDS: Final = 1.0
"""
Log odds that a face must have that is about as large as another: two plain portraits look like that.

Source: as above.
"""

LEAST_ODDS: Final = -1.2
"""Log odds below which being ahead does not make up for what was not seen of a card. Source: as above."""

TWIN: Final = 0.7
"""
Width of a second face on a card, as a share of the first one's, from which it is no ghost, and the "card" none.

Source: on the specimens in `data/cards` the second portraits have 0.2 to 0.55 of the first one's width.
"""

SAME_CARD_ODDS: Final = -0.3
"""
Log odds from which the card around a larger face is believed if it holds the likeliest face too.

Source: `benchmarks/accuracy/card_evidence.py`; one in 60 faces that are on no card reaches it.
"""

AS_LIKELY, ALSO_LEAST = 1.4, -1.2
"""
How far behind the likeliest face's log odds, and down to which, a face beside it is printed too, and nobody's who holds
anything: on another card, or a portrait whose ghost is the likelier.

Source: 600 scenes as those of `benchmarks/accuracy/card_portraits.py`, of the first half of the people. A holder's face
behind a card borrows its sides, but is behind the portrait by 1.5 and more; main portraits are behind their ghosts by
at most 1.2. Specimens in `data/cards` need it: a card alone must never pass for its holder.
"""

PROVEN: Final = 0.0
"""Log odds from which a card proves that the other faces in frames are posters. Source: a card likelier than none."""

SETTLED: Final = 0.9
"""Likelihood from which a card without a holder needs no search for smaller faces. Source: as above."""

SPECK: Final = 0.012
"""
Width of a face, as a share of the picture's longer side, below which it does not count: 12 px where small faces are
looked for.

Source: `benchmarks/accuracy/detection_recall.py`, YuNet finds 93 % of faces 16 px wide, and fewer the smaller they are.
"""

BYSTANDER: Final = 1 / 3
"""Width of a face, as a share of the holder's, below which somebody in the background does not count."""

FAINT: Final = 0.6
"""The detector's confidence below which a face counts only on a card. Source: `detect.SCORE_AT_LEAST`."""

HIGHEST_ON_CARD: Final = 0.62
"""
Height of a face, as a share of its card's, above which it cannot be printed there.

Source: a portrait is at most 75 % as high as an ID-1 card, and its face at most 80 % of that (ICAO 9303-3).
"""


@dataclass(frozen=True, slots=True)
class Pairing:
    """
    What the faces of one picture are.

    Attributes:
        holder: Index of the largest face that is printed on no card; `None` if there is none.
        printed: Index of the card's portrait; `None` if no face is on a card.
        card: The card; `None` if no face is on one.
        roles: What each face is, in the faces' order.
        on_card: How likely each is printed on a card, 0 to 1.
        trouble: Why holder and portrait are not both known beyond doubt; `None` if they are.
    """

    holder: int | None
    printed: int | None
    card: CardFinding | None
    roles: tuple[Role, ...]
    on_card: tuple[float, ...]
    trouble: Reason | None

    @property
    def counted(self) -> int:
        """How many faces count: neither ghosts nor posters nor specks."""
        return sum(role in {"holder", "portrait", "other"} for role in self.roles)


def pair(faces: Sequence[Face], cards: Sequence[CardFinding | None], reduced: Reduced) -> Pairing:
    """
    Give what each face of a picture is.

    Args:
        faces: All of them.
        cards: For each, the likeliest card that it could be printed on (`documents.locate.around`).
        reduced: The picture.
    """
    longer_px = max(reduced.width_px, reduced.height_px) / reduced.scale
    likely = {index: card for index, card in enumerate(cards) if card is not None and _counts(faces[index], longer_px)}
    on_card = tuple(likely[index].score if index in likely else 0.0 for index in range(len(faces)))
    believed = {index: card for index, card in likely.items() if not _has_twin(faces, index, card)}
    printed, card = _portrait(faces, believed)
    also = frozenset[int]() if card is None else _as_likely(likely, believed)
    is_proven = card is not None and card.odds >= PROVEN
    beside = [index for index, face in enumerate(faces) if card is None or not _lies_on(face, card)]
    holder = _holder(faces, [index for index in beside if index not in also], longer_px)
    roles: list[Role] = ["ghost"] * len(faces)
    for index in beside:
        roles[index] = (
            "poster" if index in also else _beside(faces, index, holder, longer_px, reduced, has_card=is_proven)
        )
    if printed is not None:
        roles[printed] = "portrait"
    return Pairing(holder, printed, card, tuple(roles), on_card, _trouble(tuple(roles)))


def _counts(face: Face, longer_px: float) -> bool:
    """Tell whether a face is no speck."""
    return face.box.width_px >= SPECK * longer_px


def _has_twin(faces: Sequence[Face], index: int, card: CardFinding) -> bool:
    """Tell whether another face about as large lies on the card of a face."""
    width = faces[index].box.width_px
    others = (face for number, face in enumerate(faces) if number != index and _lies_on(face, card))
    return any(other.score >= FAINT and TWIN < other.box.width_px / width < 1 / TWIN for other in others)


def _as_likely(cards: Mapping[int, CardFinding], believed: Mapping[int, CardFinding]) -> frozenset[int]:
    """Give the faces that are printed if the likeliest of those on a card that is believed is."""
    best = max(card.odds for card in believed.values())
    least = max(ALSO_LEAST, best - AS_LIKELY)
    return frozenset(index for index, card in cards.items() if card.odds >= least)


def _portrait(faces: Sequence[Face], likely: Mapping[int, CardFinding]) -> tuple[int | None, CardFinding | None]:
    """Give the main portrait of the likeliest card and that card: the largest face on it, or printed beyond doubt."""
    if not likely:
        return None, None
    best = max(likely, key=lambda index: likely[index].odds)
    if likely[best].odds < LEAST_ODDS or _evidence(faces, best, likely) < 0:
        return None, None
    printed = [best, *(_as_likely(likely, likely) - {best})]
    best = max(printed, key=lambda index: faces[index].box.area_px)
    larger = [
        index
        for index, card in likely.items()
        if card.odds > SAME_CARD_ODDS
        and index in printed
        and card.area_px > likely[best].area_px
        and _lies_on(faces[best], card)
    ]
    card = likely[max(larger, key=lambda index: likely[index].odds, default=best)]
    there = [index for index, face in enumerate(faces) if index == best or _lies_on(face, card)]
    return max(there, key=lambda index: faces[index].box.area_px), card


def _evidence(faces: Sequence[Face], best: int, cards: Mapping[int, CardFinding]) -> float:
    """Give the log odds that the likeliest face is printed on a card, all faces considered."""
    others = [index for index in range(len(faces)) if index != best]
    if not others:
        return cards[best].odds
    size = faces[best].box.width_px / max(faces[index].box.width_px for index in others)
    if size > SMALLER:
        return cards[best].odds - (AS_LARGE_ODDS if size < 1 / SMALLER else 0.0)
    second = max((cards[index].odds for index in others if index in cards), default=-np.inf)
    return cards[best].odds + AHEAD_WORTH * min(cards[best].odds - second, AHEAD_MOST)


def _lies_on(face: Face, card: CardFinding) -> bool:
    """Tell whether a face may be printed on this card: its middle is on it, and it is not too large for it."""
    middle = (face.box.x1 + face.box.x2) / 2, (face.box.y1 + face.box.y2) / 2
    return card.contains(*middle) and face.box.height_px <= HIGHEST_ON_CARD * card.height_px


def _holder(faces: Sequence[Face], beside: Sequence[int], longer_px: float) -> int | None:
    """Give the largest face of some that is real, as far as size tells."""
    real = [index for index in beside if faces[index].score >= FAINT and _counts(faces[index], longer_px)]
    return max(real, key=lambda index: faces[index].box.area_px, default=None)


def _beside(
    faces: Sequence[Face], index: int, holder: int | None, longer_px: float, reduced: Reduced, *, has_card: bool
) -> Role:
    """Give what a face is that lies on no card."""
    face = faces[index]
    if index == holder:
        return "holder"
    if face.score < FAINT or not _counts(face, longer_px):
        return "speck"
    if holder is not None and face.box.width_px < BYSTANDER * faces[holder].box.width_px:
        return "speck"
    # Without a card that is sure, two portraits in frames are still two faces: which of them would be the poster?
    return "poster" if has_card and is_framed(reduced, face) else "other"


def _trouble(roles: tuple[Role, ...]) -> Reason | None:
    """Give why the roles are not one holder and one portrait."""
    counted = [role for role in roles if role in {"holder", "portrait", "other"}]
    if not counted:
        return Reason.FACE_MISSING
    if "portrait" not in counted:
        few = {1: Reason.FACES_FEW, 2: Reason.FACES_NOT_ON_CARD}
        return few.get(len(counted), Reason.FACES_MANY)
    if "holder" not in counted:
        return Reason.HOLDER_MISSING
    return Reason.FACES_MANY if len(counted) > 2 else None  # noqa: PLR2004  # A holder and a portrait.
