"""Whether the portrait is there, and is the card's own: of the same pixels, and of the same person as its ghost."""

from typing import Final

import numpy as np

from ipse.core.authenticity.check import Check, Concern
from ipse.core.authenticity.photo.bounds import measured, not_measured, told
from ipse.core.authenticity.photo.shown import Shown
from ipse.core.authenticity.photo.traces import Traces, inside, traces, why_not
from ipse.core.cards.card import Side
from ipse.core.vocabulary import Box

REPLACED: Final = "portrait_replaced"
GHOST: Final = "ghost_portrait"

WITHOUT: Final = frozenset({"mykid"})
"""Cards whose front bears no portrait. Source: documents.md, 5 (children's card of Malaysia)."""

WITHIN: Final = (0.15, 0.1)
"""What belongs to the portrait around its face, sideways and downwards, in the face's own size."""

BEYOND: Final = 0.6
"""From how far around the face on the card begins, in the face's own size: portraits are about twice as large."""

LEAST_PX: Final = 500
"""Pixels below which there is nothing to compare."""


def missing(shown: Shown) -> Check | None:
    """Give whether the face is there that the front of such a card bears; `None` of a side that bears none."""
    reading = shown.sight.reading
    if reading is None or reading.kind is None or reading.side is Side.BACK or reading.kind.subtype in WITHOUT:
        return None
    return told(shown.side, "portrait", Concern.PORTRAIT_MISSING, is_right=shown.face is not None)


def replaced(shown: Shown, kept: Traces | None) -> Check | None:
    """Give whether the portrait bears another JPEG as the card around it does; `None` where there is no portrait."""
    if shown.face is None:
        return None
    if kept is None:
        return not_measured(shown.side, REPLACED, Concern.PORTRAIT_REPLACED, why_not(shown))
    score = measure(shown, kept)
    if score is None:
        return not_measured(shown.side, REPLACED, Concern.PORTRAIT_REPLACED, "too little of the card is around it")
    return measured(shown.side, REPLACED, Concern.PORTRAIT_REPLACED, score)


def ghost(shown: Shown) -> Check | None:
    """
    Give whether the second, smaller portrait is of the same person; `None` where there is no second face.

    The score is the cosine of both embeddings.
    """
    likeness = shown.sight.likeness
    return None if likeness is None else measured(shown.side, GHOST, Concern.PORTRAIT_REPLACED, likeness)


def measure(shown: Shown, kept: Traces | None = None) -> float | None:
    """
    Give how much more another JPEG changes the portrait than the rest of the card, for how steep both are: a logarithm.

    Source: documents.md, 6.2 (photo substitution); error level analysis. An edge around the portrait says nothing: each
    honest portrait has one too (`benchmarks/accuracy/card_checks.py`).
    """
    face = shown.face
    if face is None:
        return None
    kept = kept or traces(shown.own)
    height, width = shown.fixed.shape[:2]
    within = _grown(face, WITHIN[0], WITHIN[1])
    own, own_mask = inside(shown, within)
    card, rest = inside(shown, Box(10, 10, width - 10, height - 10))
    hole, hole_mask = inside(shown, _grown(face, BEYOND, BEYOND))
    whole = np.zeros(kept.luma.shape, bool)
    whole[card] = rest
    whole[hole] &= ~hole_mask
    if min(own_mask.sum(), whole.sum()) < LEAST_PX:
        return None
    portrait = kept.error[own][own_mask].mean() / (kept.slope[own][own_mask].mean() + 1)
    around = kept.error[whole].mean() / (kept.slope[whole].mean() + 1)
    return float(np.log(portrait + 0.01) - np.log(around + 0.01))


def _grown(face: Box, across: float, down: float) -> Box:
    """Give a box that is larger by these shares of its size on each side; its top grows as its sides do."""
    wide, high = face.width_px, face.height_px
    return Box(face.x1 - across * wide, face.y1 - across * high, face.x2 + across * wide, face.y2 + down * high)
