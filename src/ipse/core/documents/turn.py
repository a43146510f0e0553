"""Which way up a card is, decided once for the whole card: by the face on it, else by how well its text reads."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from ipse.core.documents.rectify import CardView, rectify
from ipse.core.text.lines import TextLine
from ipse.core.vocabulary import Face, Floats, Pixels

SURE_FACE: Final = 0.7
"""Detector's confidence from which a face says what is up. Chosen, not measured."""

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


def quarters_by_face(faces: Sequence[Face]) -> int | None:
    """Give the quarter turns clockwise after which the largest face of a view stands upright; `None` without one."""
    sure = [face for face in faces if face.score >= SURE_FACE]
    if not sure:
        return None
    marks = max(sure, key=lambda face: face.box.area_px).landmarks_px
    down = marks[3:].mean(axis=0) - marks[:2].mean(axis=0)
    return round(float(np.arctan2(down[0], down[1])) / (np.pi / 2)) % 4


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


def upright(
    pixels: Pixels,
    corners_px: Floats,
    find_faces: Callable[[Pixels], Sequence[Face]],
    read: Callable[[Pixels], Sequence[TextLine]],
) -> CardView:
    """
    Give the card the right way up.

    A face decides where there is one: of the card as it lies, then of the card after half a turn. Without one, the card
    is read both ways.

    Args:
        pixels: (H, W, 3) uint8 RGB, the picture.
        corners_px: (4, 2) of the card, clockwise from any.
        find_faces: Gives the upright faces of a picture.
        read: Gives the lines of a picture.
    """
    view = lying(pixels, rectify(pixels, corners_px))
    over = turned(pixels, view, 2)
    best = max(
        ((face.score, number) for number, one in enumerate((view, over)) for face in find_faces(one.pixels)),
        default=(0.0, 0),
    )
    if best[0] >= SURE_FACE:
        return (view, over)[best[1]]
    return turned(pixels, view, quarters_by_text(read(view.pixels), read(over.pixels)))
