"""What the network of screens and prints says of a picture: something is held before the camera, whatever it is."""

from typing import Final

import numpy as np

from ipse.core.genuineness.surround import cut_off, pushed_inside, scaled_to
from ipse.core.vocabulary import Box, Floats, Network, Pixels

SIDE_PX: Final = 128
"""Side of the network's input. Source: its graph."""

OUTPUT: Final = "output"
"""Name of its three logits. Source: its graph."""


def doubt(pixels: Pixels, box: Box, network: Network) -> float:
    """
    Give the log odds that the network gives against a live face, the mean over two crops.

    The two crops are the box 2.7 times as large cut off where the picture ends, and a square of 2.7 times its width
    moved inside: where the picture has room for less, the network's own way stretches the face, and of 257 people of
    `../shared/data/faces` (first half) it then doubts 7.4 %, against 2.3 % (`benchmarks/accuracy/presentation.py`).
    """
    views = (cut_off(pixels, box), pushed_inside(pixels, box))
    return float(np.mean([against_live(_logits(view, network)) for view in views]))


def against_live(logits: Floats) -> float:
    """
    Give the log odds against the first of the classes.

    Shape: (3,) float32.
    Source: the package's softmax over its three logits; class 0 is live (weights.md: measured).
    """
    live, *others = (float(one) for one in logits)
    return float(np.logaddexp.reduce(others)) - live


def _logits(crop: Pixels, network: Network) -> Floats:
    """
    Give what the network says of one crop.

    Shape: (H, W, 3) uint8 RGB -> (3,) float32.
    """
    bgr = scaled_to(crop, SIDE_PX)[..., ::-1]
    tensor = np.ascontiguousarray(bgr.transpose(2, 0, 1)[None], dtype=np.float32)
    return np.asarray(network.run(tensor)[OUTPUT][0], np.float32)
