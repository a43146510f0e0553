"""Whether the card was photographed off a screen: its raster and the camera's beat, and the beat repeats itself."""

from typing import Final

import cv2
import numpy as np

from ipse.core.authenticity.check import Check, Concern
from ipse.core.authenticity.photo.bounds import measured, not_measured
from ipse.core.authenticity.photo.shown import Shown
from ipse.core.vocabulary import Floats

NAME: Final = "screen"

TILE_PX: Final = 256
"""Side of a tile. Source: ours; perspective changes the pitch over more, and fewer pixels blur the peak."""

TILES: Final = (4, 3)
"""Tiles across and down."""

LEAST_PX: Final = 640
"""Width of a card in its picture below which a screen's raster is not resolved. Source: L2 has 720, L3 560."""

AROUND_PX: Final = 15
"""Bins of the spectrum with which a bin is compared."""

LOWEST: Final = 0.06
"""Cycles a pixel below which waves of print repeat themselves as well."""

DRAWN: Final = 0.05
"""Levels of fine structure below which a picture is a drawing: no camera's paper is exactly even. Source: ours."""

FINEST: Final = 0.5
"""Cycles a pixel beyond which nothing is sampled. Source: Nyquist."""

OF_JPEG: Final = 3
"""Bins around each harmonic of JPEG's blocks. Source: ITU-T T.81: 8 pixels, of halved chroma 16."""

LOUDEST: Final = 12.0
"""Levels at which the residue is clipped: letters are not to drown the raster."""


def check(shown: Shown) -> Check:
    """Give whether the side was photographed off a screen."""
    score = measure(shown)
    if score is None:
        return not_measured(shown.side, NAME, Concern.SCREEN, "too small in the picture, or drawn and not photographed")
    return measured(shown.side, NAME, Concern.SCREEN, score)


def measure(shown: Shown) -> float | None:
    """
    Give how far the strongest repetition stands out of the spectrum of the fine structure, in natural logarithms.

    The mean over tiles of the logarithm of the spectrum, of brightness and of colour; what repeats itself everywhere
    stays, letters do not.

    Source: documents.md, 6.2 (peaks of the high-pass residue over tiles, moire in chroma).
    """
    if shown.width_px < LEAST_PX or shown.sight.image.reduction != 1:
        return None
    luma, red, blue = cv2.split(cv2.cvtColor(shown.own, cv2.COLOR_RGB2YCrCb).astype(np.float32))
    if float(np.median(cv2.absdiff(luma, cv2.GaussianBlur(luma, (0, 0), 3)))) < DRAWN:
        return None
    scores = [_peak(np.asarray(plane, np.float32), shown, pitch) for plane, pitch in ((luma, 8), (red - blue, 16))]
    found = [score for score in scores if score is not None]
    return max(found) if found else None


def _peak(plane: Floats, shown: Shown, pitch_px: int) -> float | None:
    """Give how far a plane's strongest peak stands out, blocks of JPEG left out; `None` where no tile fits."""
    residue = np.clip(plane - cv2.GaussianBlur(plane, (0, 0), 3), -LOUDEST, LOUDEST)
    window = np.outer(np.hanning(TILE_PX), np.hanning(TILE_PX)).astype(np.float32)
    spectra = [np.log1p(np.abs(np.fft.rfft2(tile * window))) for tile in _tiles(residue, shown)]
    if not spectra:
        return None
    mean = np.fft.fftshift(np.mean(spectra, axis=0), axes=0).astype(np.float32)
    high = mean - cv2.blur(mean, (AROUND_PX, AROUND_PX))
    return float(high[_open(pitch_px)].max())


def _tiles(residue: Floats, shown: Shown) -> list[Floats]:
    """Give the tiles that lie on the card."""
    height, width = residue.shape
    corners = shown.view.corners_px - np.array(shown.offset)
    low, high = np.clip(corners.min(0), 0, None), np.minimum(corners.max(0), (width, height))
    margin = 0.04 * (high - low)
    begins = [
        np.linspace(low[axis] + margin[axis], high[axis] - margin[axis] - TILE_PX, TILES[axis]).astype(int)
        for axis in (0, 1)
    ]
    cut = (
        residue[max(y, 0) : max(y, 0) + TILE_PX, max(x, 0) : max(x, 0) + TILE_PX] for y in begins[1] for x in begins[0]
    )
    return [tile for tile in cut if tile.shape == (TILE_PX, TILE_PX)]


def _open(pitch_px: int) -> np.ndarray:
    """Give which bins tell of a screen: neither slow waves nor JPEG's blocks, which are so many pixels wide."""
    down = np.arange(TILE_PX) - TILE_PX // 2
    across = np.arange(TILE_PX // 2 + 1)
    radius = np.hypot(down[:, None], across[None]) / TILE_PX
    step = TILE_PX // pitch_px
    near = [np.abs((one + step // 2) % step - step // 2) <= OF_JPEG for one in (down, across)]
    is_of_jpeg = near[0][:, None] & near[1][None]
    return (radius > LOWEST) & (radius < FINEST) & ~is_of_jpeg
