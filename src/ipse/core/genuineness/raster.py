"""
What repeats itself in a face: a screen's raster beats with the camera's pixels, a printer's dots stand in rows.

Skin does neither. The spectrum of the fine structure is the median over tiles, so that what stands everywhere stays and
hair, lashes and letters do not; a peak is told by how far it stands out of what is around it.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from ipse.core.genuineness.surround import cut_off
from ipse.core.vocabulary import Box, Floats, Pixels

TILE_PX: Final = 64
"""Side of a tile. Source: ours: a face of 100 px has room for nine that overlap by half."""

TILES: Final = 4
"""Tiles across and down, at most."""

REGION: Final = 1.6
"""Crop factor of what is looked at: the face and its rim."""

REGION_PX: Final = 288
"""Longest side of what is looked at, at the picture's own resolution: more tiles tell no more. Source: ours."""

SMOOTH_PX: Final = 2.5
"""Standard deviation of the blur below which structure is fine. Source: ours."""

LOUDEST: Final = 16.0
"""Levels at which the fine structure is clipped: hair is not to drown a raster. Source: ours."""

LOWEST: Final = 0.09
"""Cycles a pixel below which skin, hair and the blur itself make waves. Source: 1 / (4 * SMOOTH_PX), about."""

FINEST: Final = 0.5
"""Cycles a pixel beyond which nothing is sampled. Source: Nyquist."""

AROUND: Final = 9
"""Bins with which a bin is compared. Source: ours."""

OF_JPEG: Final = (8, 4)
"""
Bins between the harmonics of JPEG's blocks, in brightness and in halved colour.

Source: ITU-T T.81: blocks of 8 pixels, of 16 where colour is halved; so TILE_PX / 8 and TILE_PX / 16.
"""


@dataclass(frozen=True, slots=True)
class Raster:
    """
    What repeats itself most.

    Attributes:
        luma: How far the strongest repetition of brightness stands out, in natural logarithms.
        colour: Likewise of colour.
        slant_deg: How far the waves of the strongest one of brightness lie from level or upright, 0 to 45.
    """

    luma: float
    colour: float
    slant_deg: float


UNSEEN: Final = Raster(0.0, 0.0, 0.0)
"""Where nobody looked for one."""


def measure(pixels: Pixels, box: Box) -> Raster:
    """Give what repeats itself in and around a face."""
    region = _middle(cut_off(pixels, box, REGION))
    luma, red, blue = cv2.split(cv2.cvtColor(region, cv2.COLOR_RGB2YCrCb))
    colour = red.astype(np.float32) - blue
    strongest, slant = _peak(luma.astype(np.float32), OF_JPEG[0])
    return Raster(strongest, _peak(colour, OF_JPEG[1])[0], slant)


def _middle(region: Pixels) -> Pixels:
    """Give the middle of a region, neither smaller than a tile nor larger than is looked at."""
    height, width = region.shape[:2]
    if min(height, width) < TILE_PX:
        region = np.asarray(cv2.resize(region, (max(width, TILE_PX), max(height, TILE_PX))), np.uint8)
        height, width = region.shape[:2]
    top, left = max(height - REGION_PX, 0) // 2, max(width - REGION_PX, 0) // 2
    return region[top : top + REGION_PX, left : left + REGION_PX]


def _peak(plane: Floats, step: int) -> tuple[float, float]:
    """Give how far a plane's strongest peak stands out, blocks of JPEG left out, and the slant of its waves."""
    fine = np.clip(plane - cv2.GaussianBlur(plane, (0, 0), SMOOTH_PX), -LOUDEST, LOUDEST)
    window = np.hanning(TILE_PX).astype(np.float32)
    spectra = np.fft.rfft2(_tiles(fine) * window[:, None] * window)
    middle = np.fft.fftshift(np.median(np.log1p(np.abs(spectra)), axis=0), axes=0).astype(np.float32)
    high = middle - cv2.blur(middle, (AROUND, AROUND), borderType=cv2.BORDER_REFLECT)
    high[~_open(step)] = -np.inf
    down, across = np.unravel_index(int(high.argmax()), high.shape)
    angle = float(np.rad2deg(np.arctan2(abs(int(down) - TILE_PX // 2), int(across))))
    return float(high[down, across]), min(angle, 90 - angle)


def _tiles(plane: Floats) -> Floats:
    """
    Give tiles that lie evenly over a plane and overlap where it is small.

    Shape: (H, W) -> (N, TILE_PX, TILE_PX).
    """
    counts = [min(TILES, max(side // (TILE_PX // 2) - 1, 1)) for side in plane.shape]
    downs, acrosses = (
        np.linspace(0, side - TILE_PX, count).astype(int) for side, count in zip(plane.shape, counts, strict=True)
    )
    return np.stack([plane[y : y + TILE_PX, x : x + TILE_PX] for y in downs for x in acrosses])


def _open(step: int) -> np.ndarray:
    """Give which bins tell: neither slow waves nor the harmonics of JPEG's blocks, which lie this many bins apart."""
    down, across = np.arange(TILE_PX) - TILE_PX // 2, np.arange(TILE_PX // 2 + 1)
    radius = np.hypot(down[:, None], across[None]) / TILE_PX
    near = [np.abs((one + step // 2) % step - step // 2) <= 1 for one in (down, across)]
    return (radius > LOWEST) & (radius < FINEST) & ~(near[0][:, None] & near[1][None])
