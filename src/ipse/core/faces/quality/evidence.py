"""What a quality measure may look at, and the views of it that several measures share."""

from dataclasses import dataclass, field
from functools import cached_property

import cv2
import numpy as np

from ipse.core.faces.embed import Embedding
from ipse.core.faces.quality.visibility import Views, look
from ipse.core.vocabulary import Face, Floats, Pixels

FACE = (slice(20, 108), slice(20, 92))
"""
Rows and columns of the aligned picture that the face fills: from mid-forehead to chin, from cheek to cheek.

Source: the ArcFace template puts the eyes on row 52 and the mouth on row 92 of 112 (arXiv:1801.07698); the rest of the
crop is hair, ears and background.
"""


@dataclass(frozen=True)
class Evidence:
    """
    All that is known about one face when its quality is asked for.

    Attributes:
        pixels: (H, W, 3) uint8 RGB, the upright picture in which the face was found.
        face: The face, in pixels of that picture.
        aligned: (112, 112, 3) uint8 RGB, the face on the ArcFace template.
        embedding: What the embedding network made of it; `None` if the face was not embedded.
    """

    pixels: Pixels = field(repr=False)
    face: Face
    aligned: Pixels = field(repr=False)
    embedding: Embedding | None

    @cached_property
    def brightness(self) -> Pixels:
        """
        The aligned face without its colour.

        Shape: (112, 112) uint8.
        """
        return luma(self.aligned)

    @cached_property
    def histogram(self) -> Floats:
        """
        The share of the face's pixels at each brightness.

        Shape: (256,) float32, sum 1.
        """
        return histogram(self.brightness[FACE])

    @cached_property
    def views(self) -> Views:
        """The aligned face as the occlusion measures look at it."""
        return look(self.aligned)


def luma(pixels: Pixels) -> Pixels:
    """
    Give the brightness of each pixel.

    Shape: pixels (H, W, 3) uint8 RGB -> (H, W) uint8.
    Source: ITU-R BT.601, 0.299 R + 0.587 G + 0.114 B on the coded values, as OpenCV computes it.
    """
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def histogram(face: Pixels) -> Floats:
    """
    Give the share of the pixels at each of the 256 brightnesses.

    Shape: face (H, W) uint8 -> (256,) float32, sum 1.
    """
    counts = cv2.calcHist([np.ascontiguousarray(face)], [0], None, [256], [0, 256])
    return np.asarray(counts / face.size, np.float32).ravel()
