"""A portrait with its eyes closed or its mouth open: skin moved up and down, column by column."""

from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from attacks.head import HEIGHT_PX, Pixels, Points, Portrait

EYES: Final = ((36, 37, 38, 39, 40, 41), (42, 43, 44, 45, 46, 47))
"""Corner, two of the upper lid, corner, two of the lower lid (from the corner back); scheme of iBUG 300-W."""

JAW: Final = slice(0, 17)
"""From ear over chin to ear."""

MARGIN: Final = 0.1
"""The lid begins so far above the opening, in widths of the eye: what lies between are lashes."""

CHEEK: Final = 0.14
"""The skin below the eye begins so far under the opening, likewise."""

SHADE: Final = 0.72
"""A lid is no darker than this share of the skin below the eye, else what was read there is hair."""

OPENING: Final = 0.2
"""How far the lower lip comes down with the mouth fully open, in widths of the face."""

CAVITY: Final = (46, 18, 20)
"""The inside of a mouth, RGB."""


def blinking(face: Portrait, closed: float) -> Portrait:
    """Give the portrait with its eyes closed by a share, 0 to 1."""
    if closed <= 0:
        return face
    pixels = face.pixels.copy()
    points = face.points.copy()
    for eye in EYES:
        _close(pixels, face.pixels, face.points[list(eye)], closed)
        for upper, lower in ((eye[1], eye[5]), (eye[2], eye[4])):
            points[upper] += (face.points[lower] - face.points[upper]) * closed
    return replace(face, pixels=pixels, points=points)


def _close(pixels: Pixels, still: Pixels, eye: Points, closed: float) -> None:
    """Draw the upper lid over one eye, in the colours of the skin above and below it; (6, 2) points of the eye."""
    left, right = float(eye[0, 0]), float(eye[3, 0])
    width = right - left
    columns = np.arange(int(np.ceil(left - 0.08 * width)), int(right + 0.08 * width) + 1)
    shares = np.clip((columns - left) / max(width, 1.0), 0, 1)
    bulge = np.sin(np.pi * np.clip((columns - left + 0.08 * width) / (1.16 * max(width, 1.0)), 0, 1))
    upper = np.array([_arc(eye[0], eye[1:3], eye[3], at) for at in shares]) - MARGIN * width * bulge
    lower = np.array([_arc(eye[0], eye[4:6][::-1], eye[3], at) for at in shares])
    edges = upper + (lower + 0.03 * width * bulge - upper) * closed
    below = _row(still, columns, lower + CHEEK * width)
    above = np.maximum(_row(still, columns, upper), SHADE * below)
    for place, column in enumerate(columns):
        rows = np.arange(int(np.ceil(upper[place])), int(np.ceil(edges[place])))
        if len(rows):
            down = np.clip((rows - upper[place]) / max(lower[place] - upper[place], 1.0), 0, 1)[:, None]
            pixels[rows[0] : rows[-1] + 1, column] = above[place] + (below[place] - above[place]) * 0.8 * down
        _lash(pixels, int(column), float(edges[place]), strength=0.8 * closed * bulge[place], thick=0.055 * width)


def _row(still: Pixels, columns: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Give the colours along a curve of a picture, smoothed: skin, not its pores; (N,), (N,) -> (N, 3)."""
    smooth = max(len(columns) / 12, 0.8)
    across, down = columns.astype(np.float32)[None], rows.astype(np.float32)[None]
    read = cv2.remap(still, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(read, (0, 0), sigmaX=smooth, sigmaY=0.01)[0], np.float32)


def _arc(corner: Points, middle: Points, other: Points, at: float) -> float:
    """Give the height of a lid at a share of its width: the parabola through its corners and its middle."""
    straight = corner[1] + (other[1] - corner[1]) * at
    middle_at = np.clip((middle[:, 0] - corner[0]) / max(other[0] - corner[0], 1e-3), 0.15, 0.85)
    level = corner[1] + (other[1] - corner[1]) * middle_at
    bow = float(np.mean((middle[:, 1] - level) / (4 * middle_at * (1 - middle_at))))
    return float(straight + bow * 4 * at * (1 - at))


def _lash(pixels: Pixels, column: int, edge: float, *, strength: float, thick: float) -> None:
    """Darken a column around the lashes."""
    rows = np.arange(int(edge - 3 * thick), int(np.ceil(edge + 3 * thick)) + 1)
    dark = strength * np.exp(-(((rows - edge) / thick) ** 2))
    part = pixels[rows[0] : rows[-1] + 1, column]
    part[:] = (part * (1 - dark[:, None])).astype(np.uint8)


def speaking(face: Portrait, opened: float) -> Portrait:
    """Give the portrait with its mouth open by a share, 0 to 1: lower lip, chin and cheeks come down."""
    if opened <= 0:
        return face
    points = face.points
    left, right = float(points[48, 0]), float(points[54, 0])
    width, chin = right - left, float(points[8, 1])
    drop = OPENING * float(np.ptp(points[JAW, 0])) * opened
    pixels = face.pixels.copy()
    rows = np.arange(HEIGHT_PX, dtype=np.float64)
    for column in range(max(int(left - 0.9 * width), 0), min(int(right + 0.9 * width), pixels.shape[1])):
        at = (column - left) / width
        inner = float(np.interp(column, points[[60, 67, 66, 65, 64], 0], points[[60, 67, 66, 65, 64], 1]))
        near = max(1 - (2 * at - 1) ** 2, 0.0) ** 0.7
        wide = float(np.exp(-(((2 * at - 1) / 1.5) ** 4)))
        lowered = _lowered(rows, inner, chin, near * drop, wide * drop)
        source = np.interp(rows, lowered, rows)
        from_row = int(np.ceil(inner))
        pixels[from_row:, column] = _column(face.pixels, column, np.maximum(source[from_row:], inner))
        _hollow(pixels, column, inner, float(lowered[from_row]))
    return replace(face, pixels=pixels, points=_opened_points(points, drop))


def _lowered(rows: np.ndarray, inner: float, chin: float, near: float, wide: float) -> np.ndarray:
    """Give where the rows of a column go: those below the lips come down, the chin's fully, the neck's no more."""
    below = np.clip((rows - inner) / max(chin - inner, 1.0), 0, 1)
    share = below * below * (3 - 2 * below)
    shift = near * (1 - share) + wide * share
    neck = np.clip((rows - chin) / (1.6 * max(chin - inner, 1.0)), 0, 1)
    shift *= 1 - neck * neck * (3 - 2 * neck)
    return np.maximum.accumulate(rows + np.where(rows >= inner, shift, 0.0))


def _hollow(pixels: Pixels, column: int, top: float, bottom: float) -> None:
    """Paint the inside of the mouth into a column, darker above, its edges soft."""
    rows = np.arange(int(top), int(np.ceil(bottom)) + 1)
    if bottom - top < 1 or not len(rows):
        return
    inside = np.clip((rows - top) / 1.5, 0, 1) * np.clip((bottom - rows) / 1.5, 0, 1)
    depth = 0.6 + 0.6 * (rows - top) / (bottom - top)
    part = pixels[rows[0] : rows[-1] + 1, column]
    part[:] = (part * (1 - inside[:, None]) + np.outer(depth * inside, CAVITY)).clip(0, 255).astype(np.uint8)


def _opened_points(points: Points, drop: float) -> Points:
    """Give the contours of a face whose jaw came down."""
    moved = points.copy()
    moved[[56, 57, 58, 65, 66, 67], 1] += drop
    moved[[55, 59], 1] += 0.5 * drop
    moved[5:12, 1] += drop * np.array([0.5, 0.8, 1, 1, 1, 0.8, 0.5], np.float32)
    return moved


def _column(still: Pixels, column: int, rows: np.ndarray) -> Pixels:
    """Give a column of a picture read at fractional rows."""
    at = np.column_stack((np.full(len(rows), column), rows)).astype(np.float32)[:, None]
    return np.asarray(
        cv2.remap(still, at[..., 0], at[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[:, 0], np.uint8
    )
