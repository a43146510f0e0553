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

LEFT_EYE: Final = slice(36, 42)
"""The eye on the picture's left: outer corner, two of the upper lid, inner corner, two of the lower lid."""

RIGHT_EYE: Final = slice(42, 48)
"""The eye on the picture's right: inner corner, two of the upper lid, outer corner, two of the lower lid."""

OUTER_LIPS: Final = slice(48, 60)
"""From the corner on the picture's left over the upper lip."""

INNER_LIPS: Final = slice(60, 68)
"""Likewise."""


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
