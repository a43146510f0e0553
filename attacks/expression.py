"""A portrait with its eyes closed or its mouth open: skin moved up and down, column by column."""

from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from attacks.head import HEIGHT_PX, Pixels, Points, Portrait

EYES: Final = ((36, 37, 38, 39, 40, 41), (42, 43, 44, 45, 46, 47))
"""Corner, two of the upper lid, corner, two of the lower lid (from the corner back); scheme of iBUG 300-W."""

BROWS: Final = (slice(17, 22), slice(22, 27))
"""Likewise, from the left to the right of the picture."""

JAW: Final = slice(0, 17)
"""From ear over chin to ear."""

LID: Final = 0.55
"""How much skin above the eye is stretched over it, in widths of the eye."""

MARGIN: Final = 0.07
"""The skin of the lid begins so far above the opening, in widths of the eye: what lies between are lashes."""

HAIR: Final = 0.22
"""Half the height of a brow, in widths of the eye: hair is not stretched."""

LEAST_PX: Final = 3.0
"""Skin that is stretched in any case."""

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
    for eye, brow in zip(EYES, BROWS, strict=True):
        _close(pixels, face.pixels, face.points[list(eye)], face.points[brow], closed)
        for upper, lower in ((eye[1], eye[5]), (eye[2], eye[4])):
            points[upper] += (face.points[lower] - face.points[upper]) * closed
    return replace(face, pixels=pixels, points=points)


def _close(pixels: Pixels, still: Pixels, eye: Points, brow: Points, closed: float) -> None:
    """Draw the upper lid over one eye; (6, 2) points of the eye, (5, 2) of its brow."""
    left, right = float(eye[0, 0]), float(eye[3, 0])
    width = right - left
    for column in range(int(np.ceil(left - 0.1 * width)), int(right + 0.1 * width) + 1):
        at = np.clip((column - left) / width, 0, 1)
        upper, lower = _arc(eye[0], eye[1:3], eye[3], at), _arc(eye[0], eye[4:6][::-1], eye[3], at)
        bulge = np.sin(np.pi * np.clip((column - left + 0.1 * width) / (1.2 * width), 0, 1))
        skin = upper - MARGIN * width * bulge
        hair = float(np.interp(column, brow[:, 0], brow[:, 1])) + HAIR * width
        fixed = min(max(upper - LID * width, hair), skin - LEAST_PX)
        edge = skin + (lower + 0.03 * width * bulge - skin) * closed
        rows = np.arange(int(fixed), int(np.ceil(edge)))
        source = np.interp(rows, (fixed, edge), (fixed, skin))
        pixels[rows[0] : rows[-1] + 1, column] = _column(still, column, source)
        _lash(pixels, column, edge, strength=0.75 * closed * bulge, thick=0.035 * width)


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
