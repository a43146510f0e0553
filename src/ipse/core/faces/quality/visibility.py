"""How surely a part of the face is seen and not covered: three cues that need no network."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from ipse.core.faces.quality.mean_face import MEAN_FACE
from ipse.core.faces.quality.parameters import VISIBILITY
from ipse.core.faces.quality.weights import Cues
from ipse.core.vocabulary import Floats, Pixels

CELL_PX = 4
"""Side of a cell of the mean face, in pixels of the aligned face."""

FARTHEST_COLOUR = 25.0
"""A part whose colour is farther than this from the face's is no more suspicious: make-up is far, a scarf farther."""


@dataclass(frozen=True, slots=True)
class Part:
    """
    A part of the aligned face by its rows and columns of cells.

    Source: the ArcFace template's five points (eyes on row 52, mouth on row 92 of 112), with a margin.
    """

    name: str
    rows: slice
    columns: slice


LEFT_EYE = Part("left_eye", slice(10, 16), slice(6, 13))
RIGHT_EYE = Part("right_eye", slice(10, 16), slice(15, 22))
NOSE = Part("nose", slice(14, 21), slice(10, 18))
MOUTH = Part("mouth", slice(20, 26), slice(9, 19))
PARTS = (LEFT_EYE, RIGHT_EYE, NOSE, MOUTH)
"""The parts that faces are told apart by."""


@dataclass(frozen=True, slots=True)
class Views:
    """
    The aligned face as the cues look at it, in cells of 4 x 4 pixels.

    Attributes:
        cells: (28, 28, 4) float32: strength of edges, brightness, and the two channels of colour.
    """

    cells: Floats

    @property
    def face(self) -> Floats:
        """The cells of the whole face, (22, 18, 4)."""
        return self.cells[5:27, 5:23]

    def part(self, part: Part) -> Floats:
        """Give the cells of a part, (rows, columns, 4)."""
        return self.cells[part.rows, part.columns]


def look(aligned: Pixels) -> Views:
    """
    Give the view of an aligned face.

    Shape: (112, 112, 3) uint8 RGB.
    """
    planes = cv2.split(cv2.cvtColor(aligned, cv2.COLOR_RGB2YCrCb))
    across = cv2.convertScaleAbs(cv2.Sobel(planes[0], cv2.CV_16S, 1, 0))
    down = cv2.convertScaleAbs(cv2.Sobel(planes[0], cv2.CV_16S, 0, 1))
    stack = cv2.merge((cv2.addWeighted(across, 0.5, down, 0.5, 0), *planes)).astype(np.float32)
    side = aligned.shape[0] // CELL_PX
    return Views(np.asarray(cv2.resize(stack, (side, side), interpolation=cv2.INTER_AREA), np.float32))


def cues(views: Views, part: Part, usual: Floats) -> tuple[float, float, float]:
    """
    Give what speaks for a part being seen: its share of the face's edges (logarithm), how far its colour is from the
    face's (grey levels in the CrCb plane), and how much its brightness runs like the usual face's (-1 to 1).
    """
    here, face = views.part(part), views.face.mean(axis=(0, 1))
    mean = here.mean(axis=(0, 1))
    texture = math.log((float(mean[0]) + 0.5) / (float(face[0]) + 1.0))
    distance = min(math.hypot(float(mean[2] - face[2]), float(mean[3] - face[3])), FARTHEST_COLOUR)
    return texture, distance, _correlation(here[:, :, 1], usual[part.rows, part.columns])


def logit(views: Views, part: Part) -> float:
    """Give the logarithm of the odds that the part is seen against covered."""
    return weigh(cues(views, part, MEAN_FACE), VISIBILITY[part.name])


def share_seen(views: Views, usual: Floats, weights: Mapping[str, Cues]) -> float:
    """Give the expected share of the face's parts that are seen, 0 to 1."""
    odds = np.array([weigh(cues(views, part, usual), weights[part.name]) for part in PARTS])
    return float(np.mean(1 / (1 + np.exp(-np.clip(odds, -30, 30)))))


def weigh(found: tuple[float, float, float], cue: Cues) -> float:
    """Give the cues' weighted sum."""
    texture, colour, likeness = found
    return cue.bias + cue.texture * texture + cue.colour * colour + cue.likeness * likeness


def _correlation(a: Floats, b: Floats) -> float:
    """Give the correlation of two patches; one that varies by less than two grey levels is a blank: about 0."""
    a, b = a - a.mean(), b - b.mean()
    spread = (float((a * a).sum()) + 4.0 * a.size) * float((b * b).sum())
    return float((a * b).sum()) / math.sqrt(spread)
