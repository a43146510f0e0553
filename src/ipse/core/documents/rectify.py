"""A card as if it lay flat before the camera, and the way back into its picture."""

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np

from ipse.core.faces.warp import halved
from ipse.core.vocabulary import Floats, Pixels

ID_1: Final = 85.60 / 53.98
"""Width over height of a card. Source: ISO/IEC 7810, ID-1."""

TD3: Final = 125 / 88
"""Width over height of a passport's page. Source: ICAO 9303-4."""

NEAR_ASPECT: Final = 0.055
"""
How far, in its logarithm, a measured aspect may be from one of the two to be taken for it: half of what lies between.

Source: ln(1.586 / 1.420) = 0.110.
"""

LEAST_WIDTH_PX, MOST_WIDTH_PX = 1011, 1600
"""Source: 85.60 mm at 300 dots per inch; the size beyond which readers of text gain nothing (`documents.md`, 8.1)."""

LEAST_SIDE_PX: Final = 16
"""Least width and height of a view: a strip of a picture is no card, but it must not break anything."""

MOST_SIDE_PX: Final = 3200
"""Most height of a view, whatever the proportions."""


@dataclass(frozen=True, slots=True)
class CardView:
    """
    A card as if it lay flat.

    Attributes:
        pixels: (H, W, 3) uint8 RGB, the card from edge to edge.
        corners_px: (4, 2) float32 where the view's corners lie in the picture, clockwise from its top left.
        matrix: (3, 3) takes places in the view, pixels counted from its top left corner, to places in the picture.
    """

    pixels: Pixels = field(repr=False)
    corners_px: Floats = field(repr=False)
    matrix: Floats = field(repr=False)

    def to_picture(self, points: Floats) -> Floats:
        """
        Give where points of the view lie in the picture.

        Shape: (..., 2) -> (..., 2) float32.
        """
        flat = np.asarray(points, np.float64).reshape(-1, 1, 2)
        moved = cv2.perspectiveTransform(flat, np.asarray(self.matrix, np.float64))
        return np.asarray(moved.reshape(np.shape(points)), np.float32)

    def to_view(self, points: Floats) -> Floats:
        """
        Give where points of the picture lie in the view.

        Shape: (..., 2) -> (..., 2) float32.
        """
        flat = np.asarray(points, np.float64).reshape(-1, 1, 2)
        moved = cv2.perspectiveTransform(flat, np.linalg.inv(np.asarray(self.matrix, np.float64)))
        return np.asarray(moved.reshape(np.shape(points)), np.float32)


def rectify(pixels: Pixels, corners_px: Floats) -> CardView:
    """
    Give the card with these corners as if it lay flat, as wide as it is in the picture or 1011 px, at most 1600.

    What must shrink to half or less is halved by area first: a warp reads sixteen pixels and would skip the rest.

    Shape: pixels (H, W, 3) uint8 RGB, corners_px (4, 2) clockwise from the corner that is to be the top left.
    """
    corners = np.asarray(corners_px, np.float32)
    width, height = view_size(corners)
    view = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    forth = cv2.getPerspectiveTransform(corners, view)
    part, low = _around(pixels, corners)
    shift = np.eye(3)
    shift[:2, 2] = low
    shrink = width / max(_longer(corners[0], corners[1], corners[3], corners[2]), 1.0)
    scale = 1.0
    while shrink * scale <= 0.5 and min(part.shape[:2]) > 1:  # noqa: PLR2004 - a half is a half
        part, scale = halved(part), scale * 2
    matrix = _half(-1) @ forth @ shift @ np.diag((scale, scale, 1.0)) @ _half(1)
    flat = cv2.warpPerspective(part, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return CardView(np.asarray(flat, np.uint8), corners, np.asarray(np.linalg.inv(forth), np.float32))


def view_size(corners_px: Floats) -> tuple[int, int]:
    """Give the width and height of the view of a card: a card on its side keeps its longer side upright."""
    top_left, top_right, bottom_right, bottom_left = np.asarray(corners_px, np.float64)
    across = _longer(top_left, top_right, bottom_left, bottom_right)
    down = _longer(top_left, bottom_left, top_right, bottom_right)
    proportion = settled(aspect_of(corners_px))
    longer = float(np.clip(max(across, down), LEAST_WIDTH_PX, MOST_WIDTH_PX))
    width, height = (longer, longer / proportion) if proportion >= 1 else (longer * proportion, longer)
    return (
        int(np.clip(round(width), LEAST_SIDE_PX, MOST_SIDE_PX)),
        int(np.clip(round(height), LEAST_SIDE_PX, MOST_SIDE_PX)),
    )


def aspect_of(corners_px: Floats) -> float:
    """Give width over height of a quadrilateral, by the mean length of its opposite sides."""
    top_left, top_right, bottom_right, bottom_left = np.asarray(corners_px, np.float64)
    across = np.linalg.norm(top_right - top_left) + np.linalg.norm(bottom_right - bottom_left)
    down = np.linalg.norm(bottom_left - top_left) + np.linalg.norm(bottom_right - top_right)
    return float(across / max(float(down), 1e-6))


def settled(aspect: float) -> float:
    """Give the aspect that a card of this measured one has: a card's or a passport's if it is near, else itself."""
    for known in (ID_1, TD3, 1 / ID_1, 1 / TD3):
        if abs(np.log(max(aspect, 1e-6) / known)) <= NEAR_ASPECT:
            return known
    return aspect


def _longer(one: Floats, two: Floats, three: Floats, four: Floats) -> float:
    """Give the longer of two sides."""
    return float(max(np.linalg.norm(two - one), np.linalg.norm(four - three)))


def _half(sign: int) -> Floats:
    """Give the move between places, counted from a pixel's corner, and indices, counted from its middle."""
    return np.array([[1, 0, sign * 0.5], [0, 1, sign * 0.5], [0, 0, 1]], np.float32)


def _around(pixels: Pixels, corners: Floats) -> tuple[Pixels, Floats]:
    """Give the part of a picture around a quadrilateral and where it begins; the whole of it if it lies outside."""
    low = np.clip(np.floor(corners.min(axis=0)) - 3, 0, None).astype(np.int64)
    high = np.clip(np.ceil(corners.max(axis=0)) + 3, 0, None).astype(np.int64)
    part = pixels[low[1] : high[1], low[0] : high[0]]
    if part.size == 0:
        return pixels, np.zeros(2, np.float32)
    return part, low.astype(np.float32)
