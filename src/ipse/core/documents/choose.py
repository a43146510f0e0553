"""Which quadrilateral is a card: what its sides, its shape and what lies in it say."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import cv2
import numpy as np

from ipse.core.documents.rectify import ID_1, TD3
from ipse.core.documents.reduced import Reduced
from ipse.core.documents.sides import Reals
from ipse.core.vocabulary import Floats

SIGNS: Final = (
    "covered_least",
    "covered_rest",
    "overrun",
    "contrast_least",
    "contrast_rest",
    "strength",
    "off_aspect",
    "taper",
    "area",
    "borders",
    "text_within",
    "text_left_out",
)
"""The signs in their order; what they are says the function that gives them."""

DIRECTIONS: Final = 16
"""Directions of segments that are told apart, over half a turn."""

POINTS: Final = 32
"""Points at which each side is looked at."""

BEYOND: Final = (0.03, 0.15)
"""Stretch just beyond a side's ends, in its length, where a card's side has ended and other lines go on."""

STEP_PX: Final = 2.5
"""How far, in pixels of the copy, inside and outside are from a side."""

CONTRAST: Final = 5.0
"""Difference in Lab from which inside and outside of a side differ. Source: as `traits.CONTRAST`."""

AT_BORDER_PX: Final = 2.0
"""How near to the picture's border, in pixels of the copy, a side lies on it."""

LEAST_SEEN: Final = 0.25
"""Share of a side within the picture below which nothing can be said of it."""

UNKNOWN: Final = 0.5
"""What is taken for the share of a side of which nothing can be said."""

WEIGHTS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "covered_least": 2.0,
        "covered_rest": 6.0,
        "overrun": -6.0,
        "contrast_least": 2.0,
        "contrast_rest": 4.0,
        "strength": 0.5,
        "off_aspect": -15.0,
        "taper": -2.0,
        "area": 2.0,
        "borders": -4.0,
        "text_within": 3.0,
        "text_left_out": -3.0,
    }
)
"""
Log odds per unit of each sign.

Source: set by hand on drawn scenes (`benchmarks/accuracy/composer/lying.py`, seeds 1 and 2), where a logistic
regression over the same signs chose no better; `benchmarks/accuracy/card_corners.py` reports on others.
"""

OFFSET: Final = -4.0
"""Log odds of a quadrilateral without any sign. Source: as above."""


def log_odds(signs: Reals) -> Reals:
    """
    Give the natural logarithm of the odds that each quadrilateral is a card.

    Shape: (N, len(SIGNS)) -> (N,).
    """
    return np.asarray(signs @ np.array([WEIGHTS[name] for name in SIGNS]) + OFFSET, np.float64)


def signs_of(reduced: Reduced, corners: Reals, texts: Sequence[Floats]) -> Reals:
    """
    Give the signs of each quadrilateral.

    Args:
        reduced: The picture.
        corners: (N, 4, 2) pixels of the copy, clockwise.
        texts: Corners of each line of text, (4, 2) pixels of the copy.

    Shape: -> (N, len(SIGNS)).
    """
    covered, overrun, seen = _coverage(reduced, corners)
    contrast, strength = _contrast(reduced, corners)
    is_hidden = on_border(reduced, corners) | (seen < LEAST_SEEN)
    covered, contrast = (np.sort(np.where(is_hidden, UNKNOWN, one), axis=1) for one in (covered, contrast))
    ends = np.roll(corners, -1, axis=1)
    length = np.maximum(np.linalg.norm(ends - corners, axis=2), 1e-6)
    across, down = length[:, ::2].sum(1), length[:, 1::2].sum(1)
    aspect = np.log(across / down)
    lies, stands = np.abs(aspect - np.log(ID_1)), np.abs(aspect + np.log(ID_1))
    off_aspect = np.minimum(np.minimum(lies, stands), np.abs(aspect - np.log(TD3)))
    area = np.array([cv2.contourArea(one.astype(np.float32)) for one in corners]) * _share_within(reduced, corners)
    within, left_out = _text(reduced, corners, texts)
    return np.column_stack(
        (
            covered[:, 0],
            covered[:, 1:].mean(1),
            np.where(is_hidden, 0, overrun).mean(1),
            contrast[:, 0],
            contrast[:, 1:].mean(1),
            np.minimum(strength, 40).mean(1) / 40,
            off_aspect * ~is_hidden.any(axis=1),
            np.abs(np.log(length[:, 0] / length[:, 2])) + np.abs(np.log(length[:, 1] / length[:, 3])),
            np.log(np.maximum(area, 1) / (reduced.width_px * reduced.height_px)),
            is_hidden.sum(1) / 4,
            within,
            left_out,
        )
    )


def on_border(reduced: Reduced, corners: Reals) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """
    Tell which sides lie on the picture's border.

    Shape: (N, 4, 2) -> (N, 4), counted from the side between the first two corners.
    """
    x, y = corners[..., 0], corners[..., 1]
    at = np.stack(
        (
            x < AT_BORDER_PX,
            y < AT_BORDER_PX,
            x > reduced.width_px - AT_BORDER_PX,
            y > reduced.height_px - AT_BORDER_PX,
        )
    )
    return np.asarray((at & np.roll(at, -1, axis=2)).any(axis=0))


def filled(corners: Reals, height: int, width: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Give a mask of this size in which the quadrilateral is 1."""
    out = np.zeros((height, width), np.uint8)
    cv2.fillConvexPoly(out, np.rint(corners * 16 - 8).astype(np.int32), 1, shift=4)
    return out


def _share_within(reduced: Reduced, corners: Reals) -> Reals:
    """Give the share of each quadrilateral that lies within the picture."""
    v, u = ((np.indices((8, 8)).reshape(2, -1) + 0.5) / 8)[:, :, None]
    weights = np.stack(((1 - u) * (1 - v), u * (1 - v), u * v, (1 - u) * v))[..., 0]
    points = np.einsum("kp,nkc->npc", weights, corners)
    return np.asarray(_cells(points, reduced.width_px, reduced.height_px)[2].mean(axis=1))


def _coverage(reduced: Reduced, corners: Reals) -> tuple[Reals, Reals, Reals]:
    """
    Give, for each side, how much of what is seen of it lies on segments of its direction, how much of its line just
    beyond its ends does, and how much of it is seen.

    Shape: (N, 4, 2) -> (N, 4), (N, 4), (N, 4).
    """
    maps = _by_direction(reduced)
    ends = np.roll(corners, -1, axis=1)
    way = ends - corners
    direction = np.rint(np.arctan2(way[..., 1], way[..., 0]) / np.pi * DIRECTIONS).astype(np.intp) % DIRECTIONS
    low, high = BEYOND
    along = np.linspace(0.04, 0.96, POINTS)
    beyond = np.concatenate((np.linspace(-high, -low, POINTS // 4), np.linspace(1 + low, 1 + high, POINTS // 4)))
    lies, seen = [], []
    for place in (along, beyond):
        points = corners[:, :, None] + way[:, :, None] * place[:, None]
        row, column, inside = _cells(points, reduced.width_px, reduced.height_px)
        lies.append(((maps[row, column] >> direction[..., None].astype(np.uint16)) & inside).sum(axis=2))
        seen.append(inside.sum(axis=2))
    return lies[0] / np.maximum(seen[0], 1), lies[1] / len(beyond), seen[0] / POINTS


def _by_direction(reduced: Reduced) -> np.ndarray[tuple[int, ...], np.dtype[np.uint16]]:
    """
    Give where segments of each direction lie: bit d of a pixel is set if a segment of about that direction is there.

    Shape: -> (H, W).
    """
    way = reduced.segments[:, 2:] - reduced.segments[:, :2]
    direction = np.rint(np.arctan2(way[:, 1], way[:, 0]) / np.pi * DIRECTIONS).astype(np.intp) % DIRECTIONS
    ends = np.rint(reduced.segments * 8).astype(np.int32).reshape(-1, 2, 2)
    single = []
    for number in range(DIRECTIONS):
        drawn = np.zeros((reduced.height_px, reduced.width_px), np.uint8)
        cv2.polylines(drawn, list(ends[direction == number]), isClosed=False, color=1, thickness=3, shift=3)
        single.append(drawn)
    out = np.zeros((reduced.height_px, reduced.width_px), np.uint16)
    for number in range(DIRECTIONS):
        near = single[number] | single[number - 1] | single[(number + 1) % DIRECTIONS]
        out |= near.astype(np.uint16) << number
    return out


def _contrast(reduced: Reduced, corners: Reals) -> tuple[Reals, Reals]:
    """
    Give, for each side, the share of it where inside and outside differ the same way, and how much.

    Shape: (N, 4, 2) -> (N, 4), (N, 4).
    """
    ends = np.roll(corners, -1, axis=1)
    way = ends - corners
    outward = np.stack((way[..., 1], -way[..., 0]), axis=-1)
    outward = outward / np.maximum(np.linalg.norm(outward, axis=-1, keepdims=True), 1e-9) * STEP_PX
    place = np.linspace(0.06, 0.94, POINTS // 2)[:, None]
    points = corners[:, :, None] + way[:, :, None] * place
    sides = []
    counted = np.ones(points.shape[:3], np.bool_)
    for shift in (outward, -outward):
        row, column, inside = _cells(points + shift[:, :, None], reduced.width_px, reduced.height_px)
        sides.append(reduced.colours[row, column].astype(np.float64))
        counted &= inside
    change = (sides[1] - sides[0]) * np.array([0.6, 1, 1]) * counted[..., None]
    mean = change.sum(2) / np.maximum(counted.sum(2), 1)[..., None]
    strength = np.linalg.norm(mean, axis=-1)
    same_way = np.einsum("nkpc,nkc->nkp", change, mean / np.maximum(strength, 1e-3)[..., None])
    return (same_way > CONTRAST).sum(2) / np.maximum(counted.sum(2), 1), strength


def _text(reduced: Reduced, corners: Reals, texts: Sequence[Floats]) -> tuple[Reals, Reals]:
    """Give the share of the text, by area, within each quadrilateral, and the share outside; 0 without text."""
    if not len(texts):
        return np.zeros(len(corners)), np.zeros(len(corners))
    ink = np.zeros((reduced.height_px // 4 + 1, reduced.width_px // 4 + 1), np.uint8)
    cv2.fillPoly(ink, [np.rint(one / 4).astype(np.int32) for one in texts], 1)
    inside = np.array([cv2.countNonZero(ink * filled(one / 4, ink.shape[0], ink.shape[1])) for one in corners])
    share = inside / max(cv2.countNonZero(ink), 1)
    return share, 1 - share


def _cells(points: Reals, width: int, height: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give row and column of points, moved to the nearest pixel, and whether they lie inside."""
    cells = np.floor(points).astype(np.intp)
    column, row = cells[..., 0], cells[..., 1]
    inside = (column >= 0) & (row >= 0) & (column < width) & (row < height)
    return row.clip(0, height - 1), column.clip(0, width - 1), inside
