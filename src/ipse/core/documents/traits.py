"""What speaks for a quadrilateral being a card: its sides, its shape, its ground, what is written on it."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ipse.core.documents.quads import ASPECT, Quads
from ipse.core.documents.reduced import Reduced
from ipse.core.documents.sides import Affine, Reals

TRAITS: Final = (
    "covered_least",
    "covered_rest",
    "contrast_least",
    "contrast_rest",
    "contrast_strength",
    "overrun",
    "borders",
    "outside",
    "off_aspect",
    "taper",
    "tilt",
    "ground",
    "ground_along_sides",
    "ground_within_contrast",
    "strokes",
    "rows",
    "face",
    "face_squared",
)
"""The traits in their order; all are about 0 to 1, and what they are says the function that gives them."""

ACROSS, DOWN = 12, 8
"""Points at which the inside of a card is looked at."""

ALONG: Final = 14
"""Points at which each side is looked at."""

LIKE_GROUND: Final = 22
"""Difference in Lab (lightness halved) up to which a point has the ground's colour."""

CONTRAST: Final = 5.0
"""Difference in Lab from which inside and outside of a side differ."""

STROKE: Final = 8
"""Difference from its surroundings from which a pixel belongs to a letter or a fine line."""

MARGIN: Final = 0.03
"""Share of the card's height at which inside and outside of a side are looked at."""

USUAL_HEIGHT: Final = 4.0
"""Height of a card in widths of the face on it, from whose logarithm others are counted."""

FACE: Final = (0.85, 1.15, 1.25)
"""Half the width, the height above and the height below the middle of a face that are left out, in its widths."""


def traits(reduced: Reduced, frame: Affine, quads: Quads) -> Reals:
    """
    Give the traits of each quadrilateral.

    Args:
        reduced: The picture.
        frame: From its pixels to units.
        quads: In units; a face at the origin is left out.

    Shape: -> (N, len(TRAITS)) float64.
    """
    back = np.asarray(cv2.invertAffineTransform(frame), np.float64)
    inside, colours, strokes = _inside(reduced, back, quads)
    count = np.maximum(inside.sum(1), 1)
    ground = _median(colours, inside, count)
    like = _difference(colours, ground[:, None]) < LIKE_GROUND
    share = (like & inside).sum(1) / count
    contrast, strength, inner, outside = _sides(reduced, back, quads, ground)
    ordered = np.sort(np.where(quads.is_border, 0.5, contrast), axis=1)
    covered = np.sort(np.where(quads.is_border, 0.5, quads.covered), axis=1)
    inked = ((strokes > STROKE) & inside).sum(1) / count
    top, bottom = (np.hypot(*(quads.corners[:, b] - quads.corners[:, a]).T) for a, b in ((0, 1), (3, 2)))
    left, right = (np.hypot(*(quads.corners[:, b] - quads.corners[:, a]).T) for a, b in ((0, 3), (1, 2)))
    fall = quads.corners[:, 1, 1] - quads.corners[:, 0, 1] + quads.corners[:, 2, 1] - quads.corners[:, 3, 1]
    size = np.log(USUAL_HEIGHT / quads.height) if quads.has_face else np.zeros(len(quads))
    return np.column_stack(
        (
            covered[:, 0],
            covered[:, 1:].mean(1),
            ordered[:, 0],
            ordered[:, 1:].mean(1),
            np.minimum(strength, 40).mean(1) / 40,
            np.where(quads.is_border, 0, quads.overrun).mean(1),
            quads.is_border.sum(1) / 4,
            np.where(quads.is_border, 0, outside).mean(1),
            np.abs(np.log(quads.width / quads.height / ASPECT)) * 4,
            np.abs(np.log(top / bottom)) + np.abs(np.log(left / right)),
            np.abs(fall) / (2 * quads.width) * 4,
            share,
            inner.mean(1),
            share * ordered[:, 0],
            inked,
            _rows(strokes, inside),
            size,
            size**2,
        )
    )


def _inside(
    reduced: Reduced, back: Affine, quads: Quads
) -> tuple[NDArray[np.bool_], NDArray[np.int16], NDArray[np.uint8]]:
    """Give a grid of points inside each quadrilateral: whether it counts, its colour, its stroke."""
    v, u = ((np.indices((DOWN, ACROSS)).reshape(2, -1) + 0.5).T / (DOWN, ACROSS)).T
    weights = np.stack(((1 - u) * (1 - v), u * (1 - v), u * v, (1 - u) * v))
    points = np.einsum("kp,nkc->npc", weights, quads.corners)
    rows, columns, beyond = _places(reduced, back, points)
    counts = ~beyond
    if quads.has_face:
        half, above, below = FACE
        counts &= (np.abs(points[..., 0]) > half) | (points[..., 1] < -above) | (points[..., 1] > below)
    return counts, reduced.colours[rows, columns].astype(np.int16), reduced.strokes[rows, columns]


def _median(colours: NDArray[np.int16], inside: NDArray[np.bool_], count: NDArray[np.intp]) -> NDArray[np.int16]:
    """Give the median colour of the points that count."""
    ordered = np.sort(np.where(inside[..., None], colours, 255), axis=1)
    return ordered[np.arange(len(ordered)), count // 2]


def _difference(one: NDArray[np.int16], two: NDArray[np.int16]) -> NDArray[np.int16]:
    """Give how much colours differ, lightness counting half."""
    apart = np.abs(one - two)
    return np.asarray(apart[..., 0] // 2 + apart[..., 1] + apart[..., 2], np.int16)


def _sides(
    reduced: Reduced, back: Affine, quads: Quads, ground: NDArray[np.int16]
) -> tuple[Reals, Reals, Reals, Reals]:
    """
    Give, for each side: share of it where inside and outside differ the same way; how much; share of it where the
    inside has the ground's colour; share of it outside the picture.
    """
    place = (np.arange(ALONG) + 0.5) / ALONG * 0.88 + 0.06
    ends = np.roll(quads.corners, -1, axis=1)
    points = quads.corners[:, :, None] * (1 - place)[:, None] + ends[:, :, None] * place[:, None]
    way = ends - quads.corners
    outward = np.stack((way[..., 1], -way[..., 0]), axis=-1)
    outward /= np.maximum(np.linalg.norm(outward, axis=-1, keepdims=True), 1e-9)
    pixel = float(np.hypot(*back[:, 0]))
    step = outward * np.maximum(1.6 / pixel, MARGIN * quads.height)[:, None, None]
    outer_row, outer_column, outer_beyond = _places(reduced, back, points + step[:, :, None])
    inner_row, inner_column, inner_beyond = _places(reduced, back, points - step[:, :, None])
    inner = reduced.colours[inner_row, inner_column].astype(np.int16)
    outer = reduced.colours[outer_row, outer_column].astype(np.int16)
    beyond = outer_beyond | inner_beyond
    change = (inner - outer) * np.array([0.6, 1, 1])
    change[beyond] = 0
    mean = change.sum(2) / np.maximum((~beyond).sum(2), 1)[..., None]
    strength = np.linalg.norm(mean, axis=-1)
    same_way = np.einsum("nkpc,nkc->nkp", change, mean / np.maximum(strength, 1e-3)[..., None])
    like = (_difference(inner, ground[:, None, None]) < LIKE_GROUND) & ~inner_beyond
    return (same_way > CONTRAST).mean(2), strength, like.mean(2), beyond.mean(2)


def _rows(strokes: NDArray[np.uint8], inside: NDArray[np.bool_]) -> Reals:
    """Give how unevenly ink is spread over the rows of a card: lines of writing with nothing between them."""
    inked = ((strokes > STROKE) & inside).reshape(-1, DOWN, ACROSS).sum(2)
    counted = np.maximum(inside.reshape(-1, DOWN, ACROSS).sum(2), 1)
    return np.asarray((inked / counted).std(1))


def _places(
    reduced: Reduced, back: Affine, points: Reals
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]:
    """Give row and column of points, moved to the nearest pixel of the copy, and whether they lie beyond it."""
    pixels = np.rint(points @ back[:, :2].T + back[:, 2]).astype(np.intp)
    column, row = pixels[..., 0], pixels[..., 1]
    beyond = (column < 0) | (row < 0) | (column >= reduced.width_px) | (row >= reduced.height_px)
    return row.clip(0, reduced.height_px - 1), column.clip(0, reduced.width_px - 1), beyond
