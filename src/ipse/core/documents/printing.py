"""What a card's ground looks like close by: lines of writing on an even ground, beside a face."""

from typing import Final

import cv2
import numpy as np

from ipse.core.documents.reduced import Reals
from ipse.core.faces.warp import halved
from ipse.core.vocabulary import Floats, Pixels

WIDTH_PX, HEIGHT_PX = 240, 152
"""Size to which the card is straightened: letters 3 mm high are 8 px high there."""

CELLS_ACROSS, CELLS_DOWN = 16, 10
"""Cells of 15 by 15 px, each as large as a word."""

EDGE_PX: Final = 8
"""Rim that is left out: what lies behind the card shows there when its sides are a little off."""

LINE_PX: Final = 31
"""Height over which the amount of writing is averaged to see lines stand out of it."""

INKED: Final = 4.0
"""Mean difference from its surroundings, in lightness, from which a cell has something on it."""

LEAST_CELLS: Final = 20
"""Cells beside the face below which nothing can be said."""

PRINT_TRAITS: Final = ("rhythm", "columns", "upright_strokes", "blank", "uneven", "inked")
"""
Lines of writing stand out of the rows; words out of the columns; strokes are upright; the ground between is blank;
light and dark parts; share of cells with something on them.
"""


def print_traits(pixels: Pixels, corners_px: Floats, face: tuple[float, float, float]) -> Reals:
    """
    Give the print traits of a card.

    Args:
        pixels: (H, W, 3) uint8 RGB.
        corners_px: (4, 2) clockwise from the card's top left.
        face: Middle and width of the face on it, in pixels of the picture.

    Shape: -> (len(PRINT_TRAITS),).
    """
    light, x, y, width = _straightened(pixels, corners_px, face)
    strokes = np.abs(light - cv2.blur(light, (9, 9)))
    cells = cv2.resize(strokes[4:-4, 4:-4], (CELLS_ACROSS, CELLS_DOWN), interpolation=cv2.INTER_AREA)
    means = cv2.resize(light[4:-4, 4:-4], (CELLS_ACROSS, CELLS_DOWN), interpolation=cv2.INTER_AREA)
    down, across = (np.indices(cells.shape).T + 0.5).T * np.array(
        [HEIGHT_PX / CELLS_DOWN, WIDTH_PX / CELLS_ACROSS]
    ).reshape(2, 1, 1)
    beside = (np.abs(across - x) > 0.95 * width) | (down < y - 1.25 * width) | (down > y + 1.35 * width)
    if beside.sum() < LEAST_CELLS:
        return np.zeros(len(PRINT_TRAITS))
    writing = light[EDGE_PX:-EDGE_PX, _away_from(x, width)]
    upright, level = (np.abs(cv2.Sobel(writing, cv2.CV_32F, *way)) for way in ((1, 0), (0, 1)))
    rows, columns = upright.mean(1, keepdims=True), upright.mean(0, keepdims=True)
    lines = cv2.GaussianBlur(rows, (1, 5), 1.2) - cv2.blur(rows, (1, LINE_PX))
    return np.array(
        [
            lines.std() / (rows.mean() + 1),
            cv2.blur(columns, (5, 1)).std() / (columns.mean() + 1),
            np.log((upright.mean() + 2) / (level.mean() + 2)),
            np.log(np.percentile(cells[beside], 20) + 1),
            means[beside].std() / 40,
            (cells[beside] > INKED).mean(),
        ]
    )


def _straightened(
    pixels: Pixels, corners_px: Floats, face: tuple[float, float, float]
) -> tuple[Floats, float, float, float]:
    """Give the card's lightness seen from straight ahead, and middle and width of the face there."""
    target = np.array([[0, 0], [WIDTH_PX, 0], [WIDTH_PX, HEIGHT_PX], [0, HEIGHT_PX]], np.float32)
    matrix = np.asarray(cv2.getPerspectiveTransform(corners_px, target), np.float64)
    width_px = float(np.hypot(*(corners_px[1] - corners_px[0])))
    middle = cv2.perspectiveTransform(np.array([[face[:2]]], np.float32), matrix)[0, 0]
    source, times = pixels, 1
    while width_px / times > 2 * WIDTH_PX and min(source.shape[:2]) > 1:
        source, times = halved(source), times * 2
    card = cv2.warpPerspective(source, matrix @ np.diag([times, times, 1.0]), (WIDTH_PX, HEIGHT_PX))
    light = cv2.cvtColor(card, cv2.COLOR_RGB2Lab)[:, :, 0].astype(np.float32)
    return light, float(middle[0]), float(middle[1]), face[2] * WIDTH_PX / max(width_px, 1.0)


def _away_from(x: float, width: float) -> slice:
    """Give the columns on the side of the card where the face is not."""
    if x < WIDTH_PX / 2:
        return slice(int(min(x + width, WIDTH_PX - 60)), WIDTH_PX - EDGE_PX)
    return slice(EDGE_PX, int(max(x - width, 60)))
