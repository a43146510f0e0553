"""Quadrilaterals with a card's proportions, made of lines that may be its sides."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ipse.core.documents.reduced import Reduced
from ipse.core.documents.sides import Affine, Lines, Reals, Way, strongest, to_frame, with_borders

ASPECT: Final = 85.60 / 53.98
"""Width over height. Source: ISO/IEC 7810, ID-1."""

SEEN_ASPECTS: Final = (1.25, 2.0)
"""
Least and greatest aspect that are looked at.

Source: cosine; an ID-1 card turned away by 38 degrees, or a passport's page (1.42) by 28, look like that.
"""

MOST_TAPER = 1.4
"""How much longer than its opposite a side may look."""

LINES: Final = 8
"""Most lines that are tried for each side."""

WORTH_A_LOOK: Final = 80
"""Most quadrilaterals of one frame that are looked at closely, those with the best covered sides first."""


@dataclass(frozen=True, slots=True)
class Room:
    """
    Where in a frame the sides may lie, in its units.

    Attributes:
        top: Least and greatest place at which the top side crosses the frame's middle column.
        bottom: Likewise the bottom side.
        left: Where the left side crosses the middle row.
        right: Likewise the right side.
        height: Least and greatest height.
        aspect: Least and greatest width over height.
        has_face: Whether a face is at the origin, one unit wide.
    """

    top: tuple[float, float]
    bottom: tuple[float, float]
    left: tuple[float, float]
    right: tuple[float, float]
    height: tuple[float, float]
    aspect: tuple[float, float] = SEEN_ASPECTS
    has_face: bool = True


@dataclass(frozen=True, slots=True)
class Quads:
    """
    Quadrilaterals in a frame; sides are counted clockwise from the top.

    Attributes:
        corners: (N, 4, 2) clockwise from the top left.
        covered: (N, 4) share of each side on which segments lie.
        overrun: (N, 4) share of the line just beyond a side's ends on which segments lie: a card's side ends there.
        is_border: (N, 4) whether a side is the picture's border.
        has_face: Whether a face is at the frame's origin, one unit wide.
    """

    corners: Reals = field(repr=False)
    covered: Reals = field(repr=False)
    overrun: Reals = field(repr=False)
    is_border: NDArray[np.bool_] = field(repr=False)
    has_face: bool

    def __len__(self) -> int:
        return len(self.corners)

    @property
    def width(self) -> Reals:
        """Mean of the top and bottom side's reach across."""
        return np.asarray(
            (self.corners[:, 1, 0] - self.corners[:, 0, 0] + self.corners[:, 2, 0] - self.corners[:, 3, 0]) / 2
        )

    @property
    def height(self) -> Reals:
        """Mean of the left and right side's reach down."""
        return np.asarray(
            (self.corners[:, 3, 1] - self.corners[:, 0, 1] + self.corners[:, 2, 1] - self.corners[:, 1, 1]) / 2
        )


def possible(reduced: Reduced, frame: Affine, room: Room) -> Quads:
    """Give the quadrilaterals in a frame that might be a card, the best covered first."""
    outline = reduced.outline @ frame[:, :2].T + frame[:, 2]
    top, bottom = (_lines(reduced, frame, outline, "across", place) for place in (room.top, room.bottom))
    left, right = (_lines(reduced, frame, outline, "down", place) for place in (room.left, room.right))
    every = np.indices((len(top), len(right), len(bottom), len(left))).reshape(4, -1)
    corners = _corners(top, right, bottom, left, every)
    fits = _fits(corners, room)
    which, corners = every[:, fits], corners[fits]
    sides = (top, right, bottom, left)
    covered, overrun = _coverage(sides, which, corners)
    is_border = np.stack([side.is_border[row] for side, row in zip(sides, which, strict=True)], axis=1)
    quads = Quads(corners, covered, overrun, is_border, room.has_face)
    off = np.abs(np.log(quads.width / quads.height / ASPECT))
    rank = np.where(is_border, 0.4, covered).sum(1) - 0.5 * overrun.sum(1) - 1.5 * off
    best = np.argsort(-rank)[:WORTH_A_LOOK]
    return Quads(corners[best], covered[best], overrun[best], is_border[best], room.has_face)


def _lines(reduced: Reduced, frame: Affine, outline: Reals, way: Way, place: tuple[float, float]) -> Lines:
    """Give the lines of one way whose place is right, the picture's borders among them."""
    low, high = place
    found = strongest(to_frame(reduced.segments, frame, way), low, high, LINES)
    return with_borders(found, outline, way, low, high)


def _corners(top: Lines, right: Lines, bottom: Lines, left: Lines, every: NDArray[np.intp]) -> Reals:
    """Give the corners of every combination of four lines."""
    row_t, row_r, row_b, row_l = every
    return np.stack(
        (
            _meet(top, left)[row_t, row_l],
            _meet(top, right)[row_t, row_r],
            _meet(bottom, right)[row_b, row_r],
            _meet(bottom, left)[row_b, row_l],
        ),
        axis=1,
    )


def _meet(across: Lines, down: Lines) -> Reals:
    """
    Give where lines meet.

    Shape: K and L lines -> (K, L, 2).
    """
    y = (across.at[:, None] + across.slope[:, None] * down.at) / (1 - across.slope[:, None] * down.slope)
    return np.stack((down.at + down.slope * y, y), axis=-1)


def _fits(corners: Reals, room: Room) -> NDArray[np.bool_]:
    """Tell which quadrilaterals have a card's proportions and size."""
    top, bottom = corners[:, 1, 0] - corners[:, 0, 0], corners[:, 2, 0] - corners[:, 3, 0]
    left, right = corners[:, 3, 1] - corners[:, 0, 1], corners[:, 2, 1] - corners[:, 1, 1]
    width, height = (top + bottom) / 2, (left + right) / 2
    stands = (np.minimum(top, bottom) > 0) & (np.minimum(left, right) > 0)
    sized = (height > room.height[0]) & (height < room.height[1])
    shaped = (width > room.aspect[0] * height) & (width < room.aspect[1] * height)
    even = (np.maximum(top, bottom) < MOST_TAPER * np.minimum(top, bottom)) & (
        np.maximum(left, right) < MOST_TAPER * np.minimum(left, right)
    )
    return np.asarray(stands & sized & shaped & even)


def _coverage(sides: tuple[Lines, Lines, Lines, Lines], which: NDArray[np.intp], corners: Reals) -> tuple[Reals, Reals]:
    """Give how much of each side is covered, and how much of its line just beyond its ends."""
    covered, overrun = np.empty(corners.shape[:2]), np.empty(corners.shape[:2])
    for number, (side, (one, two)) in enumerate(zip(sides, ((0, 1), (1, 2), (3, 2), (0, 3)), strict=True)):
        axis = number % 2
        start, end = corners[:, one, axis], corners[:, two, axis]
        length = end - start
        covered[:, number] = side.share(start + 0.04 * length, end - 0.04 * length, which[number])
        before = side.share(start - 0.15 * length, start - 0.03 * length, which[number])
        beyond = side.share(end + 0.03 * length, end + 0.15 * length, which[number])
        overrun[:, number] = (before + beyond) / 2
    return covered, overrun
