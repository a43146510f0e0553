"""Whether a finger lies on the card: a corner in the colour of skin unlike the other three; or a bar hides print."""

from typing import Final

import cv2
import numpy as np

from ipse.core.authenticity.check import Check, Concern
from ipse.core.authenticity.photo.bounds import measured, told
from ipse.core.authenticity.photo.shown import Shown
from ipse.core.vocabulary import Floats, Pixels

NAME: Final = "covered"

ENOUGH_PX: Final = 256
"""Width at which it is looked for: letters are gone, a finger stays."""

INSET_PX: Final = 11
"""How far inside a corner it is looked at, of `ENOUGH_PX`: 3.7 mm, past a card's round corner and a loose outline."""

AROUND_PX: Final = 4
"""Pixels around that point: less than a fingertip, more than a letter."""

SKIN: Final = ((6, 15, 0), (45, 85, 88))
"""
Least and most chroma, hue in degrees and lightness of skin, in CIELAB.

Source: the four tones of `specimens/scenes.py`, light to dark, in shade and light, with a margin.
"""

OF_LIGHTNESS: Final = 0.2
"""Weight of lightness against colour: shade differs from corner to corner. Source: 0.2 and 1 tried on rendering "a"."""

BLACK: Final = 40
"""Level below which ink is black."""

BAR: Final = (0.04, 0.025)
"""Least width and height of a black bar, as shares of the side's width: about a word, and higher than letters."""


def check(shown: Shown) -> Check:
    """Give whether a finger lies over a corner."""
    return measured(shown.side, NAME, Concern.INCOMPLETE, measure(shown.fixed))


def blacked(shown: Shown) -> Check:
    """Give whether a black bar hides what is printed."""
    luma = shown.luma
    size = [max(3, round(share * luma.shape[1])) for share in BAR]
    black = (luma < BLACK).astype(np.uint8)
    bars = cv2.morphologyEx(black, cv2.MORPH_OPEN, np.ones((size[1], size[0]), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(bars)
    is_bar = any(_is_bar(row, shown) for row in stats[1:])
    return told(shown.side, "blacked_out", Concern.INCOMPLETE, is_right=not is_bar)


def measure(pixels: Pixels) -> float:
    """
    Give how unlike the nearest of the others a corner in the colour of skin is, a distance in CIELAB; 0 without one.

    Two corners of a side are alike: its header goes over both upper ones, its paper over both lower ones.

    Shape: (H, W, 3) uint8 RGB.
    """
    height, width = pixels.shape[:2]
    size = (ENOUGH_PX, max(4 * INSET_PX, round(ENOUGH_PX * height / width)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    corners = _corners(np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2LAB), np.float32))
    apart = corners[:, None] - corners[None]
    unlike = np.sqrt(OF_LIGHTNESS * apart[..., 0] ** 2 + (apart[..., 1:] ** 2).sum(-1))
    np.fill_diagonal(unlike, np.inf)
    return max(float(unlike[one].min()) if _is_skin(corners[one]) else 0.0 for one in range(len(corners)))


def _corners(colours: Floats) -> Floats:
    """
    Give the median colour inside each corner.

    Shape: colours (H, W, 3); returns (4, 3).
    """
    near = slice(INSET_PX - AROUND_PX, INSET_PX + AROUND_PX + 1)
    far = slice(-INSET_PX - AROUND_PX - 1, -INSET_PX + AROUND_PX)
    found = [np.median(colours[down, across].reshape(-1, 3), axis=0) for down in (near, far) for across in (near, far)]
    return np.asarray(found, np.float32)


def _is_skin(colour: Floats) -> bool:
    """Tell whether a colour of CIELAB can be skin's."""
    lightness, red, yellow = (float(value) for value in colour)
    values = np.array((np.hypot(red, yellow), np.degrees(np.arctan2(yellow, red)), lightness))
    return bool(((np.array(SKIN[0]) <= values) & (values <= np.array(SKIN[1]))).all())


def _is_bar(row: np.ndarray, shown: Shown) -> bool:
    """Tell whether a black component is a bar: filled, wider than high, and not hair or a barcode's edge."""
    left, top, width, height, area = (int(value) for value in row[:5])
    is_full = area >= 0.9 * width * height and width >= 2 * height
    face = shown.face
    is_hair = face is not None and left < face.x2 and left + width > face.x1 and top < face.y2
    part = shown.luma[top : top + height, left : left + width]
    return is_full and not is_hair and float(part.std()) < 4  # noqa: PLR2004 - levels: one flat black
