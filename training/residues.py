"""
What the networks start from: how much of each kind of fine detail lies in each cell of the crop, and its colour.

Blending, re-sampling, printing and smoothing change the fine details of a part of a picture; that part and the rest
then disagree. Fixed filters show this at once, so that a small network learns from few pictures on a CPU.
"""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ipse.core.genuineness.crop import SIDE_PX
from ipse.core.vocabulary import Floats, Pixels

CELL_PX: Final = 4
"""Side of a cell."""

CELLS: Final = (SIDE_PX - 4) // CELL_PX
"""Cells along a side; the filters take two pixels off every edge."""

FLOOR: Final = 0.5
"""Added to a cell's mean absolute detail, in grey levels, before the logarithm: rounding to 8 bits leaves about it."""

_LUMA: Final = (0.299, 0.587, 0.114)
_BLUE: Final = (-0.169, -0.331, 0.5)
_RED: Final = (0.5, -0.419, -0.081)
"""Source: ITU-T T.871 (JFIF), section 7."""


def _kernels() -> list[tuple[tuple[float, float, float], NDArray[np.float64]]]:
    """Give each filter's share of the colours and its 5x5 kernel."""
    laplace = np.pad([[0, 1, 0], [1, -4, 1], [0, 1, 0]], 1) / 4.0
    square = np.array(
        [[-1, 2, -2, 2, -1], [2, -6, 8, -6, 2], [-2, 8, -12, 8, -2], [2, -6, 8, -6, 2], [-1, 2, -2, 2, -1]]
    ) / 12.0  # fmt: skip
    across = np.zeros((5, 5))
    across[2, 2:4] = (-1, 1)
    bent = np.zeros((5, 5))
    bent[2, 1:4] = (0.5, -1, 0.5)
    board = np.zeros((5, 5))
    board[2:4, 2:4] = ((0.5, -0.5), (-0.5, 0.5))
    wide = np.zeros((5, 5))
    wide[0, 0] = wide[0, 4] = wide[4, 0] = wide[4, 4] = -0.25
    wide[2, 2] = 1
    luma = [laplace, square, across, across.T, bent, bent.T, board, wide]
    return [(_LUMA, one) for one in luma] + [(colour, one) for colour in (_BLUE, _RED) for one in (laplace, wide)]


def filters() -> NDArray[np.float32]:
    """
    Give the filters, as a convolution takes them.

    Shape: (12, 3, 5, 5).
    Source: the square of the spatial rich models, Fridrich and Kodovský 2012, doi:10.1109/TIFS.2012.2190402; the others
    are first and second differences.
    """
    return np.array([np.multiply.outer(colour, kernel) for colour, kernel in _kernels()], np.float32)


CHANNELS: Final = 15
"""Twelve kinds of detail, three colours."""


def residues(crop: Pixels) -> Floats:
    """
    Give what a network starts from.

    Shape: (144, 144, 3) uint8 RGB -> (35, 35, 15) float32.
    """
    given = crop.astype(np.float32)
    size = CELLS, CELLS
    planes = {colour: given @ np.asarray(colour, np.float32) for colour in (_LUMA, _BLUE, _RED)}
    details = [
        cv2.resize(np.abs(cv2.filter2D(planes[colour], -1, kernel)[2:-2, 2:-2]), size, interpolation=cv2.INTER_AREA)
        for colour, kernel in _kernels()
    ]
    colours = cv2.resize(given[2:-2, 2:-2], size, interpolation=cv2.INTER_AREA)
    logs = np.log(np.stack(details, axis=2) + FLOOR)
    return np.concatenate((logs, (np.asarray(colours) - 127.5) / 64.0), axis=2).astype(np.float32)
