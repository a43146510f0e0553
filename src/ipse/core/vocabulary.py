"""
The words of the core: plain frozen values and the ports it needs.

Colour order is RGB, pixels are uint8 and upright (EXIF applied), boxes are `xyxy` in pixels with the origin at the top
left, half-open. Angles are degrees, clockwise. None of these types knows how to become JSON.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]
Floats: TypeAlias = NDArray[np.float32]

Profile: TypeAlias = Literal["fast", "balanced"]
Precision: TypeAlias = Literal["float32", "bfloat16"]


SUGGESTED_QUALITY: Final = 30.1
"""Unified quality from which a face is good enough to compare. Source: Megvii FaceID, `quality_threshold`."""


class Subject(StrEnum):
    """Which of several faces is meant."""

    LARGEST = "largest"
    CENTRE = "centre"


@dataclass(frozen=True, slots=True)
class Image:
    """
    A decoded picture.

    Attributes:
        pixels: (H, W, 3) uint8 RGB, upright.
        width_px: Upright width of the picture as sent, before any reduction.
        height_px: Upright height likewise.
        reduction: Whole factor by which the decoder shrank it (1, 2, 4 or 8).
        format: What the bytes were: `"jpeg"`, `"png"`, …
        digest: Hex SHA-256 of the bytes as sent.
    """

    pixels: Pixels = field(repr=False)
    width_px: int
    height_px: int
    reduction: int
    format: str
    digest: str


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, `x1 <= x < x2`, `y1 <= y < y2`; it may reach out of the picture."""

    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def width_px(self) -> float:
        """Width in pixels."""
        return self.x2 - self.x1

    @property
    def height_px(self) -> float:
        """Height in pixels."""
        return self.y2 - self.y1

    @property
    def area_px(self) -> float:
        """Area in square pixels."""
        return self.width_px * self.height_px


@dataclass(frozen=True, slots=True)
class Face:
    """
    A detected face, in pixels of the upright picture that it was found in (`Image.pixels`).

    Attributes:
        box: Its rectangle.
        landmarks_px: (5, 2) float32: the eye on the picture's left, the eye on its right, nose tip, the mouth corner on
            the picture's left, the mouth corner on its right (for an upright face).
        score: The detector's confidence, 0 to 1.
    """

    box: Box
    landmarks_px: Floats = field(repr=False)
    score: float


@dataclass(frozen=True, slots=True)
class Measure:
    """
    One quality measure: what was measured, what it is worth, and whether it could be assessed at all.

    Attributes:
        raw: The native value in the unit that the measure's docstring states; `None` if not assessed.
        scaled: 0 to 100, higher is better; `None` if not assessed.
        status: `"assessed"`, or why not.
    """

    raw: float | None
    scaled: float | None
    status: str = "assessed"


@dataclass(frozen=True, slots=True)
class Quality:
    """The unified score of a face, 0 to 100 (suggested threshold 30.1), and the measures under it by their name."""

    unified: float
    measures: Mapping[str, Measure]


@dataclass(frozen=True, slots=True)
class Recipe:
    """
    What made a template: two templates may be compared only when their recipes are equal.

    Attributes:
        profile: `"fast"` (one look) or `"balanced"` (the face and its mirror image).
        precision: Arithmetic of the embedding network.
        embedder: Hex SHA-256 of the embedding network's weights as manifested.
        detector: Hex SHA-256 of the detection network's weights.
    """

    profile: Profile
    precision: Precision
    embedder: str
    detector: str


@dataclass(frozen=True, slots=True)
class Template:
    """A face as a point on the unit sphere: `vector` is (D,) float32 with L2 norm 1."""

    vector: Floats = field(repr=False)
    recipe: Recipe


class Network(Protocol):
    """
    A network that is ready to run: arrays in, arrays out. Safe to call from several threads at once.

    Attributes:
        digest: Hex SHA-256 of the weights as the manifest pins them.
        precision: Arithmetic in use.
    """

    @property
    def digest(self) -> str:
        """Hex SHA-256 of the weights as manifested."""
        ...

    @property
    def precision(self) -> Precision:
        """Arithmetic in use."""
        ...

    def run(self, tensor: Floats) -> Mapping[str, Floats]:
        """
        Run it once.

        Shape: tensor (1, 3, H, W) float32 as the manifest's input contract says -> outputs by name, float32, owned by
        the caller.
        """
        ...


class Stages(Protocol):
    """A stopwatch that someone else holds: the core names its stages and never sees a clock."""

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Time what runs inside, under this name."""
        ...
