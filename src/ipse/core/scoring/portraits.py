"""
What the similarity of a card's portrait is worth on a curve that was fitted on plain pictures.

A printed face of few pixels looks less like anybody, its owner and strangers alike: the same similarity is rarer. Its
similarity is therefore raised to that of two plain pictures that are as rare.
"""

from typing import Final

LEAST_STRETCH: Final = 1.05
"""
How much faster than for plain pictures the rate falls with the similarity at 0, for a large printed face.

Source: `benchmarks/accuracy/card_portraits.py`, which prints the stretch that each width of the first half's portraits
needs at 1e-2, 1e-3 and 1e-4, and checks this rule on the second half.
"""

SMALL_PX, SMALL_STRETCH = 27.0, 0.155
"""Width of a small face in the picture, and how much more it is stretched; falls with the cube. Source: as above."""

SMALLEST_PX: Final = 24.0
"""Faces narrower than this are stretched like one as wide. Source: as above; narrower ones were not measured."""


def as_plain(similarity: float, face_px: float) -> float:
    """
    Give the similarity of two plain pictures that strangers reach as rarely as a portrait reaches this one.

    Strictly increasing from -1 to 1; below 0, where nothing is decided, it stays what it is.

    Args:
        similarity: Cosine of the portrait's template and another, -1 to 1.
        face_px: Width of the printed face in its picture.
    """
    if similarity <= 0:
        return similarity
    stretch = LEAST_STRETCH + SMALL_STRETCH * (SMALL_PX / max(face_px, SMALLEST_PX)) ** 3
    return similarity * stretch / (1 + (stretch - 1) * similarity)
