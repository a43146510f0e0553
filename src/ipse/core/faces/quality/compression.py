"""Compression: the seams between the 8 x 8 blocks of a JPEG that was squeezed too hard."""

import cv2
import numpy as np

from ipse.core.faces.quality.evidence import Evidence, luma
from ipse.core.faces.quality.parameters import COMPRESSION
from ipse.core.vocabulary import Measure, Pixels

BLOCK_PX = 8
"""Side of a JPEG block. Source: ITU-T T.81, A.1.1."""

LARGEST_PX = 192
"""Side of the part that is looked at, from the middle of the face: more pixels cost time and tell nothing new."""

SMALLEST_PX = 32
"""Faces smaller than four blocks have too few seams to tell from the face's own edges."""

FLOOR = 0.5
"""Steps of less than half a grey level are rounding."""


def measure(evidence: Evidence) -> Measure:
    """
    Give how much higher the brightness steps on the block seams are than elsewhere, as a ratio from 1; less is better.

    Only seams of the picture as sent can be seen: a picture that was squeezed and then resized looks soft instead, and
    `sharpness` tells.

    Source: ISO/IEC 29794-5 *compression artifacts*; the ratio of gradients on and off the block grid is that of Wang,
    Sheikh, Bovik 2002, "No-reference perceptual quality assessment of JPEG compressed images".
    """
    part = _middle_of_face(evidence)
    if min(part.shape[:2]) < SMALLEST_PX:
        return Measure(None, None, "not assessed: the face is too small to show compression")
    brightness = luma(part)
    across = cv2.reduce(cv2.absdiff(brightness[:, 1:], brightness[:, :-1]), 0, cv2.REDUCE_AVG, dtype=cv2.CV_32F)
    down = cv2.reduce(cv2.absdiff(brightness[1:], brightness[:-1]), 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F)
    raw = (_seams(across) + _seams(down)) / 2
    return Measure(raw, COMPRESSION(raw))


def _middle_of_face(evidence: Evidence) -> Pixels:
    """Give the part of the picture that is looked at."""
    height, width = evidence.pixels.shape[:2]
    box = evidence.face.box
    middle_x, middle_y = (box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2
    half_w, half_h = min(box.width_px, LARGEST_PX) / 2, min(box.height_px, LARGEST_PX) / 2
    left, right = int(max(0, middle_x - half_w)), int(min(width, middle_x + half_w))
    top, bottom = int(max(0, middle_y - half_h)), int(min(height, middle_y + half_h))
    return evidence.pixels[top : max(top, bottom), left : max(left, right)]


def _seams(steps: cv2.typing.MatLike) -> float:
    """Give the mean step on the strongest of the eight possible grids, over that on the median one."""
    grids = steps.ravel()[: steps.size // BLOCK_PX * BLOCK_PX].reshape(-1, BLOCK_PX).mean(axis=0)
    return float((grids.max() + FLOOR) / (np.median(grids) + FLOOR))
