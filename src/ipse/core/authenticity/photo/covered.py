"""Whether a finger lies on the card: a blob in the colour of skin that comes in over a corner; or a bar hides print."""

from typing import Final

import cv2
import numpy as np

from ipse.core.authenticity.check import Check, Concern
from ipse.core.authenticity.photo.bounds import measured, not_measured, told
from ipse.core.authenticity.photo.shown import Shown
from ipse.core.vocabulary import Pixels

NAME: Final = "covered"

ENOUGH_PX: Final = 256
"""Width at which it is looked for: letters are gone, a finger stays."""

SKIN: Final = ((40, 133, 77), (255, 173, 127))
"""Least and most Y, Cr and Cb of skin. Source: Chai and Ngan, IEEE TCSVT 9(4), 1999."""

CORNER: Final = 0.12
"""How far from a corner, as a share of the width, a blob must reach to come in over it."""

FINGER: Final = 0.2
"""Share of the side beyond which a blob is no finger but the card's own colour."""

BLACK: Final = 40
"""Level below which ink is black."""

BAR: Final = (0.04, 0.025)
"""Least width and height of a black bar, as shares of the side's width: about a word, and higher than letters."""


def check(shown: Shown) -> Check:
    """Give whether something in the colour of skin comes in over a corner."""
    score = measure(shown.fixed)
    if score is None:
        return not_measured(shown.side, NAME, Concern.INCOMPLETE, "the card itself has the colour of skin")
    return measured(shown.side, NAME, Concern.INCOMPLETE, score)


def blacked(shown: Shown) -> Check:
    """Give whether a black bar hides what is printed."""
    luma = shown.luma
    size = [max(3, round(share * luma.shape[1])) for share in BAR]
    black = (luma < BLACK).astype(np.uint8)
    bars = cv2.morphologyEx(black, cv2.MORPH_OPEN, np.ones((size[1], size[0]), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(bars)
    is_bar = any(_is_bar(row, shown) for row in stats[1:])
    return told(shown.side, "blacked_out", Concern.INCOMPLETE, is_right=not is_bar)


def measure(pixels: Pixels) -> float | None:
    """
    Give which share of the side the largest blob of skin over a corner covers; `None` where skin would not show.

    Shape: (H, W, 3) uint8 RGB.
    """
    height, width = pixels.shape[:2]
    size = (ENOUGH_PX, max(16, round(ENOUGH_PX * height / width)))
    small = cv2.medianBlur(np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8), 5)
    skin = (cv2.inRange(cv2.cvtColor(small, cv2.COLOR_RGB2YCrCb), *SKIN) > 0).astype(np.uint8)
    if skin.mean() > 0.5:  # noqa: PLR2004 - more than half of it
        return None
    _, labels = cv2.connectedComponents(cv2.morphologyEx(skin, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)))
    reach = round(CORNER * ENOUGH_PX)
    corners = (labels[:reach, :reach], labels[:reach, -reach:], labels[-reach:, :reach], labels[-reach:, -reach:])
    over = {int(label) for part in corners for label in np.unique(part)} - {0}
    shares = (float((labels == label).mean()) for label in over)
    return max((share for share in shares if share <= FINGER), default=0.0)


def _is_bar(row: np.ndarray, shown: Shown) -> bool:
    """Tell whether a black component is a bar: filled, wider than high, and not hair or a barcode's edge."""
    left, top, width, height, area = (int(value) for value in row[:5])
    is_full = area >= 0.9 * width * height and width >= 2 * height
    face = shown.face
    is_hair = face is not None and left < face.x2 and left + width > face.x1 and top < face.y2
    part = shown.luma[top : top + height, left : left + width]
    return is_full and not is_hair and float(part.std()) < 4  # noqa: PLR2004 - levels: one flat black
