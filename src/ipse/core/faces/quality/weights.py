"""The shapes of the fitted tables in `parameters`."""

from dataclasses import dataclass

from ipse.core.faces.quality.scale import Sigmoid


@dataclass(frozen=True, slots=True)
class Cues:
    """Weights of the three cues to a part of the face being seen; their sum is a logarithm of odds."""

    bias: float
    texture: float
    colour: float
    likeness: float


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of a unified model's features; their sum is a logarithm of odds, `scale` takes it to 0..100."""

    bias: float
    confidence: float
    sharpness: float
    size: float
    compression: float
    dynamic_range: float
    norm: float
    scale: Sigmoid
