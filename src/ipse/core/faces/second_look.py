"""
A second look at doubtful detections: is it a face, and is it upright?

The detector sees an upright face in most faces that stand on their head (98 % of 500, median score 0.86) and in many
that lie on their side (73 %, 0.72), with landmarks that mean nothing. Shown the same face turned all four ways, it
scores the right one highest.
"""

import numpy as np

from ipse.core.faces import views, yunet
from ipse.core.vocabulary import Face, Floats, Network, Pixels

SURE = 0.92
"""
Score from which a detection is an upright face without a second look.

Source: `benchmarks/accuracy/upright.py`: of 500 faces on their head 0.2 % reach it, of 1,000 on their side none.
"""

JUDGED = 12
"""Most faces of one picture that get the second look, the largest first; a crowd is not worth more time."""

CELL_PX = views.CLOSE_PX // 2
"""Side of one of the four cells that show the face each way up."""

FACE_PX = 64
"""Width of the face in its cell."""

SEEN_AT_LEAST = 0.6
"""
Score that a doubtful face needs again in its cell.

Source: of 150 background detections with first scores of 0.7 to 0.8 on `data/faces`, those that fall short are ears,
hands, sleeves and helmets; of 105 with 0.6 to 0.7, the 44 that reach it are faces cut off or turned away.
"""

OFF_CENTRE_PX = 36
"""How far from the middle of its cell a face may be found, across or down."""


def confirmed(pixels: Pixels, faces: tuple[Face, ...], detector: Network) -> tuple[Face, ...]:
    """
    Give the faces without the doubtful ones that a second look does not confirm as faces, and as upright.

    What is not looked at for lack of time is kept.

    Shape: pixels (H, W, 3) uint8 RGB.
    """
    unsure = [face for face in faces if face.score < SURE]
    unsure.sort(key=lambda face: -face.box.area_px)
    phantoms = {id(face) for face in unsure[:JUDGED] if not is_confirmed(pixels, face, detector)}
    return tuple(face for face in faces if id(face) not in phantoms)


def is_confirmed(pixels: Pixels, face: Face, detector: Network) -> bool:
    """Tell whether the detector sees the face again, and likes it as it is no less than turned."""
    tensor = views.to_tensor(_four_ways(pixels, face), views.CLOSE_PX, views.CLOSE_PX)
    seen = yunet.candidates(detector.run(tensor), views.CLOSE_PX, SEEN_AT_LEAST)
    as_it_is, *turned = (_best_in_cell(seen, cell) for cell in range(4))
    return as_it_is >= max(SEEN_AT_LEAST, *turned)


def _four_ways(pixels: Pixels, face: Face) -> Pixels:
    """
    Give the face as it is, and turned counter-clockwise by 90, 180 and 270 degrees, in four cells.

    Shape: -> (CLOSE_PX, CLOSE_PX, 3) uint8 RGB; cells left to right, then down.
    """
    cell, _ = views.around(pixels, face.box, FACE_PX, CELL_PX)
    ways = [np.rot90(cell, quarter) for quarter in range(4)]
    return np.vstack((np.hstack(ways[:2]), np.hstack(ways[2:])))


def _best_in_cell(seen: Floats, cell: int) -> float:
    """Give the best score of a face in the middle of a cell, 0 if there is none."""
    middle = np.array([cell % 2, cell // 2]) * CELL_PX + CELL_PX / 2
    off = np.abs((seen[:, 0:2] + seen[:, 2:4]) / 2 - middle).max(axis=1)
    return float(np.max(seen[off <= OFF_CENTRE_PX, 14], initial=0))
