"""
Whether a face stands in a frame: a screen's bezel or a sheet's edge runs straight along all four sides of it.

Door posts, shelves and black bars give one or two such lines; a thing that is held before a camera gives four.
"""

from typing import Final

import cv2
import numpy as np

from ipse.core.vocabulary import Box, Floats, Pixels

FACTOR: Final = 8.0
"""
Crop factor of what is looked at: the whole of most pictures.

Source: ours: a screen that shows a person from the waist up is six faces wide. Of 53 public figures and other pictures
of `../shared/data/faces-misc` that are no attack, none but one with black corners has a frame of more than 0.47 at 8.0.
"""

SIDE_PX: Final = 160
"""Longer side to which it is reduced. Source: ours: an edge is one or two pixels wide then, and texture is gone."""

TURNS_DEG: Final = (-12, -9, -6, -3, 0, 3, 6, 9, 12)
"""By how much an edge may be turned. Source: ours; 3 degrees between keep an edge as long as a face within 2 px."""

STEP: Final = 4.0
"""Levels a pixel of `SIDE_PX` from which there is an edge. Source: ours: a bezel gives 20 and more, skin 1 to 2."""

SLANT: Final = 0.45
"""How slanted an edge may be, as a tangent: twice the greatest turn, for noise. Source: ours."""

ALONG: Final = 0.6
"""How far beyond the face's box an edge must run, as a share of the box. Source: ours; at 0.25 shoulders do."""

APART: Final = 0.05
"""How far inside the box's side an edge may still lie, as a share of the box. Source: ours: tight crops."""

RIM_PX: Final = 1
"""Lines at the very rim that are left out."""


def measure(pixels: Pixels, box: Box) -> float:
    """
    Give how much of the weakest of four sides runs along a straight edge, 0 to 1.

    Source: ours: of 257 people of `../shared/data/faces` (first half) one in a hundred has more than 0.36.
    """
    grey, around = _reduced(pixels, box)
    across, down = (np.asarray(cv2.Scharr(grey, cv2.CV_32F, *way) / 32, np.float32) for way in ((1, 0), (0, 1)))
    standing = _weaker(_edges(across, down), (around.x1, around.x2), (around.y1, around.y2))
    lying = _weaker(np.ascontiguousarray(_edges(down, across).T), (around.y1, around.y2), (around.x1, around.x2))
    return min(standing, lying)


def _edges(steps: Floats, aslant: Floats) -> Floats:
    """
    Give where a picture steps up (1) or down (-1) in one direction, and hardly in the other.

    Shape: twice (H, W), levels a pixel -> (H, W).
    """
    size = np.abs(steps)
    return np.asarray(np.sign(steps) * ((size > STEP) & (np.abs(aslant) < SLANT * size)), np.float32)


def _reduced(pixels: Pixels, box: Box) -> tuple[Floats, Box]:
    """Give the face's wide surround in grey and small, and the face's box in it."""
    height, width = pixels.shape[:2]
    x, y = (box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2
    half_width, half_height = box.width_px * FACTOR / 2, box.height_px * FACTOR / 2
    left, right = int(max(x - half_width, 0)), int(min(x + half_width, width))
    top, bottom = int(max(y - half_height, 0)), int(min(y + half_height, height))
    grey = cv2.cvtColor(np.ascontiguousarray(pixels[top:bottom, left:right]), cv2.COLOR_RGB2GRAY)
    scale = SIDE_PX / max(grey.shape)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    corners = (np.array([box.x1, box.y1, box.x2, box.y2]) - (left, top, left, top)) * scale
    return small.astype(np.float32), Box(*map(float, corners))


def _weaker(edges: Floats, face: tuple[float, float], along: tuple[float, float]) -> float:
    """
    Give how much of the weaker of the two lines left and right of a face is an edge.

    Shape: edges (H, W) float32, -1, 0 or 1; `face` its columns, `along` its rows.
    """
    height, width = edges.shape
    more = ALONG * (along[1] - along[0])
    first, last = int(max(along[0] - more, 0)), int(min(along[1] + more, height))
    if last <= first:
        return 0.0
    lines = _lines(edges[first:last])
    inset = APART * (face[1] - face[0])
    left = lines[RIM_PX : max(int(face[0] + inset), RIM_PX)]
    right = lines[min(int(face[1] - inset), width) : width - RIM_PX]
    return min(float(left.max(initial=0.0)), float(right.max(initial=0.0)))


def _lines(strip: Floats) -> Floats:
    """
    Give for each column how much of the best line through its middle steps the same way.

    Shape: (h, W) -> (W,).
    """
    height, width = strip.shape
    best = np.zeros(width, np.float32)
    for turn in TURNS_DEG:
        lean = float(np.tan(np.deg2rad(turn)))
        matrix = np.array([[1, lean, -lean * height / 2], [0, 1, 0]], np.float32)
        how = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
        mean = cv2.warpAffine(strip, matrix, (width, height), flags=how).mean(axis=0)
        best = np.maximum(best, np.abs(mean))
    return best
