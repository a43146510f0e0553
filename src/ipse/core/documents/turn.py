"""Which way up a card lies, where no face on it tells: by how well its text reads."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from ipse.core.documents.rectify import CardView, rectify
from ipse.core.text.lines import TextLine
from ipse.core.vocabulary import Pixels

UPSIDE_DOWN_IS_BETTER: Final = 1.1
"""How many times more must be read upside down before a card is turned. Chosen, not measured."""


def turned(pixels: Pixels, view: CardView, quarters: int) -> CardView:
    """Give the card as it looks after so many quarter turns clockwise."""
    if quarters % 4 == 0:
        return view
    return rectify(pixels, np.roll(view.corners_px, quarters, axis=0))


def lying(pixels: Pixels, view: CardView) -> CardView:
    """Give the card on its longer side: all cards that are read here are wider than high."""
    height, width = view.pixels.shape[:2]
    return turned(pixels, view, 1) if height > width else view


def quarters_by_text(lines: Sequence[TextLine], upside_down: Sequence[TextLine]) -> int:
    """
    Give the half turn, 0 or 2 quarters, after which a card on its longer side is the right way up.

    Args:
        lines: Read on it as it is.
        upside_down: Read on it after half a turn.
    """
    return 2 if read_well(upside_down) > UPSIDE_DOWN_IS_BETTER * read_well(lines) else 0


def read_well(lines: Sequence[TextLine]) -> float:
    """Give how much was read: the characters, each weighed by its line's confidence, doubtful lines hardly counting."""
    return float(sum(len(line.text) * line.confidence**4 for line in lines))
