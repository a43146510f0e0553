"""The face with some of its surroundings, as the networks of `synthetic` and `mask` see it."""

from typing import Final

import numpy as np

from ipse.core.faces.align import SIDE_PX as ALIGNED_PX
from ipse.core.faces.align import similarity_to_target
from ipse.core.faces.warp import Affine, warp
from ipse.core.vocabulary import Floats, Network, Pixels

SIDE_PX: Final = 144
"""Side of the crop: the aligned face of `ipse.core.faces.align` at its own scale with 16 pixels around. The networks of
training/ were trained on it."""

MARGIN_PX: Final = (SIDE_PX - ALIGNED_PX) // 2
"""What the crop shows beyond the aligned face, on every side."""

COARSEST: Final = 1.25
"""The crop may enlarge a face by no more: its eyes are 28 pixels apart then. Source: of the faces that the networks
were trained on one in a hundred has less than 31 (LFW, first half); augmentation shrank them by up to a tenth."""

OUTPUT: Final = "score"
"""Name of the networks' only output. Source: training/network.py."""


def crop(pixels: Pixels, landmarks_px: Floats) -> Pixels:
    """
    Give the crop.

    Shape: pixels (H, W, 3) uint8 RGB, landmarks_px (5, 2) -> (144, 144, 3) uint8 RGB.
    """
    return warp(pixels, crop_matrix(landmarks_px), SIDE_PX)


def crop_matrix(landmarks_px: Floats) -> Affine:
    """
    Give the similarity that takes the picture to the crop.

    Shape: (5, 2) -> (2, 3) float64.
    """
    matrix = similarity_to_target(landmarks_px)
    return np.column_stack((matrix[:, :2], matrix[:, 2] + MARGIN_PX))


def too_coarse(landmarks_px: Floats) -> bool:
    """
    Give whether the face is so small that the crop would invent what the networks look for.

    Shape: (5, 2).
    """
    return float(np.hypot(*similarity_to_target(landmarks_px)[:, 0])) > COARSEST


def score(crop: Pixels, network: Network) -> float:
    """
    Give how sure a network of training/ is of its attack, 0 to 1.

    Shape: (144, 144, 3) uint8 RGB.
    """
    tensor = np.ascontiguousarray(crop.transpose(2, 0, 1)[None], dtype=np.float32)
    return float(network.run(tensor)[OUTPUT][0, 0])
