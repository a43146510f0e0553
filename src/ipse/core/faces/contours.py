"""Sixty-eight points on a face: its jaw, brows, nose, eyes and lips."""

from typing import Final

import cv2
import numpy as np

from ipse.core.faces.warp import Affine, warp
from ipse.core.vocabulary import Box, Floats, Network, Pixels

SIDE_PX: Final = 64
"""Side of the network's grey input, and what white is divided by. Source: faceplugin, lib/fr_landmark.js."""

WHITE: Final = 256.0
"""Likewise."""

JAW: Final = slice(0, 17)
"""From the ear on the picture's left over the chin (8) to the other. Source of all: the scheme of iBUG 300-W."""

NOSE_TIP: Final = 30
"""The end of the nose's bridge."""

LEFT_EYE: Final = slice(36, 42)
"""The eye on the picture's left: outer corner, two of the upper lid, inner corner, two of the lower lid."""

RIGHT_EYE: Final = slice(42, 48)
"""The eye on the picture's right: inner corner, two of the upper lid, outer corner, two of the lower lid."""

OUTER_LIPS: Final = slice(48, 60)
"""From the corner on the picture's left over the upper lip."""

INNER_LIPS: Final = slice(60, 68)
"""Likewise."""

EYE_PX: Final = 24
"""Side of the other network's grey input. Source: faceplugin, lib/fr_eye.js."""

EYE_MARGINS: Final = (1.3, 1.6, 2.0)
"""Sides of its pictures, in widths of the eye: the middle one is its maker's, the mean of three errs less than one."""

EYE_WHITE: Final = 255.0
"""What white is divided by."""


def contours(pixels: Pixels, box: Box, network: Network) -> Floats:
    """
    Give the points of the face in a box, in pixels of the picture.

    Shape: pixels (H, W, 3) uint8 RGB -> (68, 2) float32, x and y.
    """
    across, down = SIDE_PX / max(box.width_px, 1.0), SIDE_PX / max(box.height_px, 1.0)
    matrix: Affine = np.array([[across, 0.0, -box.x1 * across], [0.0, down, -box.y1 * down]])
    grey = cv2.cvtColor(warp(pixels, matrix, SIDE_PX), cv2.COLOR_RGB2GRAY)
    (told,) = network.run((grey.astype(np.float32) / WHITE)[None, None]).values()
    return (told.reshape(68, 2) * (box.width_px, box.height_px) + (box.x1, box.y1)).astype(np.float32)


def five_of(points: Floats) -> Floats:
    """
    Give the five landmarks of a face by its contours: eyes, nose tip, corners of the mouth, as `Face` has them.

    Shape: (68, 2) -> (5, 2).
    """
    eyes = (points[LEFT_EYE].mean(axis=0), points[RIGHT_EYE].mean(axis=0))
    return np.asarray((*eyes, points[NOSE_TIP], points[48], points[54]), np.float32)


def eyes_closed(pixels: Pixels, eye: Floats, network: Network) -> float:
    """
    Give how surely one eye is closed: the logarithm of the odds, positive for closed.

    Shape: pixels (H, W, 3) uint8 RGB; eye (6, 2), its contour in them.
    """
    return sum(_closed(pixels, eye, margin, network) for margin in EYE_MARGINS) / len(EYE_MARGINS)


def _closed(pixels: Pixels, eye: Floats, margin: float, network: Network) -> float:
    """Give the same by one picture of the eye, so many times as wide as it is."""
    middle = eye[[1, 2, 4, 5]].mean(axis=0)
    scale = EYE_PX / max(float(np.ptp(eye[:, 0])) * margin, 1.0)
    shift = EYE_PX / 2 - scale * middle
    matrix: Affine = np.array([[scale, 0.0, shift[0]], [0.0, scale, shift[1]]])
    grey = cv2.cvtColor(warp(pixels, matrix, EYE_PX), cv2.COLOR_RGB2GRAY)
    (told,) = network.run((grey.astype(np.float32) / EYE_WHITE)[None, None]).values()
    return float(told[0, 0] - told[0, 1])
