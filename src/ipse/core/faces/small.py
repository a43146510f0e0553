"""
Small faces: those that the search width hides and a sharper look finds, such as the portrait on a card held up.

The whole picture is looked at again about two and a half times as large, in tiles. What the detector half believes
there is looked at once more.
"""

from dataclasses import dataclass
from itertools import product
from math import ceil

import numpy as np

from ipse.core.faces import views, yunet
from ipse.core.faces.detect import look
from ipse.core.faces.overlap import distinct, iou_with
from ipse.core.faces.second_look import is_confirmed
from ipse.core.vocabulary import Face, Floats, Network, Pixels

LONGER_PX = 980
"""
Longer side at which a picture is looked at again; one of 4:3 is then 735 px high, which one row of tiles covers.

Source: `benchmarks/accuracy/card_portraits.py`: of portraits printed 60 px wide in a picture of 1280 by 960 (faces
37 px wide) the search width, 416, shows every tenth, 832 shows 92 %, 1024 all that 1280 shows.
"""

OVERLAP_PX = 64
"""Tiles share this much, so a face as wide lies in one of them as a whole; wider ones the search width shows."""

WIDEST_PX = 2 * OVERLAP_PX
"""Width in a tile above which a candidate is none: the search width would have shown it, 50 px wide, for certain."""

SHARPEST_PX = 1280
"""Longer side of a last look, for who knows that there must be a face: half as much work again."""

SCORE_AT_LEAST = 0.15
"""
Confidence from which a candidate is looked at once more.

Source: as `LONGER_PX`; at 0.6 a tenth of the portraits 60 px wide is lost, at 0.3 one in 40.
"""

LOOKED_AT = 8
"""Most candidates that are looked at once more, the best first: a crowd is not worth more time."""

SAME_IOU = 0.2
"""Overlap from which a candidate is a face that was known before."""


@dataclass(frozen=True, slots=True)
class Grid:
    """How a picture is cut into tiles: height of each, where columns and rows begin."""

    height_px: int
    lefts: tuple[int, ...]
    tops: tuple[int, ...]

    @property
    def area_px(self) -> int:
        """Pixels that the detector is shown."""
        return self.height_px * views.FINE_WIDTH_PX * len(self.lefts) * len(self.tops)


def with_small(
    pixels: Pixels, known: tuple[Face, ...], detector: Network, longer_px: int = LONGER_PX
) -> tuple[Face, ...]:
    """
    Give the known faces and the small ones that a sharper look adds, best score first.

    Args:
        pixels: (H, W, 3) uint8 RGB.
        known: Faces that were found in it before.
        detector: Who finds faces.
        longer_px: How large the picture is made for the look.
    """
    height, width = pixels.shape[:2]
    scale = longer_px / max(height, width)
    if scale * width <= views.FINE_WIDTH_PX:
        return known
    sharp = views.shrink_or_grow(pixels, max(1, round(width * scale)), max(1, round(height * scale)))
    seen = [look(view, detector, SCORE_AT_LEAST) for view in _tiles(sharp, sharp.shape[1] / width)]
    candidates = np.concatenate(seen)
    narrow = candidates[(candidates[:, 2] - candidates[:, 0]) * scale <= WIDEST_PX]
    added = [yunet.to_face(candidate) for candidate in distinct(_unknown(narrow, known))]
    faces = [*known, *(face for face in added[:LOOKED_AT] if is_confirmed(pixels, face, detector))]
    return tuple(sorted(faces, key=lambda face: -face.score))


def grid(width_px: int, height_px: int) -> Grid:
    """Give the cheapest grid of tiles, of the sizes that the detector knows, that covers a picture."""
    lefts = _starts(width_px, views.FINE_WIDTH_PX)
    grids = (Grid(height, lefts, _starts(height_px, height)) for height in views.FINE_HEIGHTS_PX)
    return min(grids, key=lambda one: one.area_px)


def _starts(length_px: int, tile_px: int) -> tuple[int, ...]:
    """Give where tiles begin so that they cover a length, all but evenly."""
    count = 1 + max(0, ceil((length_px - tile_px) / (tile_px - OVERLAP_PX)))
    if count == 1:
        return (0,)
    return tuple(round(tile * (length_px - tile_px) / (count - 1)) for tile in range(count))


def _tiles(sharp: Pixels, scale: float) -> list[views.View]:
    """Give the tiles of the picture, which is `scale` times as large as the one that faces are told in."""
    cut = grid(sharp.shape[1], sharp.shape[0])
    return [
        views.View(
            views.to_tensor(
                sharp[top : top + cut.height_px, left : left + views.FINE_WIDTH_PX],
                cut.height_px,
                views.FINE_WIDTH_PX,
            ),
            views.Placement(scale, scale, -left, -top),
        )
        for left, top in product(cut.lefts, cut.tops)
    ]


def _unknown(candidates: Floats, known: tuple[Face, ...]) -> Floats:
    """Give the candidates that are no part of a known face."""
    left = candidates
    for face in known:
        box = np.array([face.box.x1, face.box.y1, face.box.x2, face.box.y2], np.float32)
        middle = (left[:, 0:2] + left[:, 2:4]) / 2
        inside = ((middle > box[:2]) & (middle < box[2:])).all(axis=1)
        left = left[(iou_with(box, left) < SAME_IOU) & ~inside]
    return left
