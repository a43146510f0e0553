"""Whether the card is a black-and-white copy: it has a portrait, and nothing on it has a colour of its own."""

from typing import Final

from ipse.core.authenticity.check import Check, Concern
from ipse.core.authenticity.photo.bounds import measured, not_measured
from ipse.core.authenticity.photo.shown import Shown
from ipse.core.images.monochrome import colour

NAME: Final = "grey_copy"


def check(shown: Shown) -> Check:
    """Give whether the side is a grey copy; a side without a face is not judged."""
    if shown.face is None:
        return not_measured(shown.side, NAME, Concern.GREY_COPY, "no face, so it may be grey by itself")
    return measured(shown.side, NAME, Concern.GREY_COPY, measure(shown))


def measure(shown: Shown) -> float:
    """
    Give how far the side's chroma strays from what its brightness alone would tell, in levels.

    Source: `core/images/monochrome.py`; one tint over everything, of paper or lamp, counts for nothing.
    """
    return colour(shown.fixed)
