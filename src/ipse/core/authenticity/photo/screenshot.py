"""Whether the picture is a screenshot, or was saved by software that alters pictures: what the file itself tells."""

from typing import Final

import numpy as np

from ipse.core.authenticity.check import Check, Concern
from ipse.core.authenticity.photo.bounds import not_measured, told
from ipse.core.authenticity.photo.shown import Shown
from ipse.core.vocabulary import Pixels

NAME: Final = "screenshot"

SCREENS: Final = frozenset(
    {
        (640, 1136), (750, 1334), (828, 1792), (1080, 1920), (1080, 2160), (1080, 2220), (1080, 2244), (1080, 2280),
        (1080, 2310), (1080, 2316), (1080, 2340), (1080, 2376), (1080, 2400), (1080, 2408), (1080, 2412), (1080, 2460),
        (1125, 2436), (1170, 2532), (1179, 2556), (1206, 2622), (1220, 2712), (1242, 2208), (1242, 2688), (1260, 2800),
        (1284, 2778), (1290, 2796), (1320, 2868), (1344, 2992), (1440, 2560), (1440, 2960), (1440, 3040), (1440, 3088),
        (1440, 3120), (1440, 3200), (720, 1280), (720, 1440), (720, 1520), (720, 1560), (720, 1600), (720, 1612),
        (1536, 2048), (1620, 2160), (1640, 2360), (1668, 2224), (1668, 2388), (2048, 2732), (1200, 1920), (1600, 2560),
    }
)  # fmt: skip
"""Pixels of telephones' and tablets' screens. Source: their makers' data sheets, as commonly listed."""

BAR: Final = 0.025
"""Share of the height at the top that a telephone's bar of time and signal has at least. Source: 24 dp of about 900."""

FLAT: Final = 0.8
"""Share of the bar that is of one colour: the time and a few signs stand on it, no camera's noise."""

NEAR: Final = 3
"""Levels within which pixels are of one colour; JPEG and smoothing move them as much."""

TAGS: Final = (b"Photoshop", b"GIMP 2", b"GIMP 3", b"Pixelmator", b"Affinity Photo", b"PicsArt", b"Snapseed", b"Canva",
               b"Paint.NET", b"CorelDRAW", b"Facetune", b"Meitu")  # fmt: skip
"""What software that alters pictures calls itself in EXIF, XMP or text. Source: its own files."""

AHEAD: Final = 1 << 16
"""Bytes in which a file says who wrote it: a JPEG's EXIF segment has no more."""


def check(shown: Shown) -> Check:
    """Give whether the picture has a screen's size, its flat bar at the top, and no camera's EXIF."""
    image, content = shown.sight.image, shown.sight.content
    if not isinstance(content, bytes):
        return not_measured(shown.side, NAME, Concern.SCREENSHOT, "no file was given")
    is_screen = tuple(sorted((image.width_px, image.height_px))) in SCREENS
    has_exif = b"Exif\x00\x00" in content[:AHEAD]
    return told(
        shown.side, NAME, Concern.SCREENSHOT, is_right=not (is_screen and not has_exif and has_bar(image.pixels))
    )


def edited(shown: Shown) -> Check:
    """Give whether the file says that software which alters pictures wrote it."""
    content = shown.sight.content
    if not isinstance(content, bytes):
        return not_measured(shown.side, "software", Concern.RETYPED, "no file was given")
    is_edited = any(tag in content[:AHEAD] for tag in TAGS)
    return told(shown.side, "software", Concern.RETYPED, is_right=not is_edited, why="saved by software that alters")


def has_bar(pixels: Pixels) -> bool:
    """
    Give whether the top of a picture is one flat colour but for a few signs.

    Shape: (H, W, 3) uint8 RGB.
    """
    bar = pixels[: max(4, round(BAR * pixels.shape[0]))].reshape(-1, 3).astype(np.int16)
    near = np.abs(bar - np.median(bar, axis=0)).max(axis=1) <= NEAR
    return float(near.mean()) >= FLAT
