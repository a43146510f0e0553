"""What computes, as the desk shows it: plain values that the engine hands over once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ipse.core.scoring.calibration import Curve


@dataclass(frozen=True, slots=True)
class WeightSheet:
    """
    A weight of the manifest.

    Attributes:
        name: As `ipse models list` has it.
        title: For people.
        role: What it is for.
        digest: Hex SHA-256 of the file that was published.
        code_license: Of the code, and where that is said.
        weights_license: Of the numbers, and where that is said.
        commercial: Whether it may be used commercially.
        is_here: Whether its file is here.
    """

    name: str
    title: str
    role: str
    digest: str
    code_license: tuple[str, str]
    weights_license: tuple[str, str]
    commercial: bool
    is_here: bool


@dataclass(frozen=True, slots=True)
class DetPoint:
    """A measured point: at this false match rate so many genuine pairs are missed; ends of its 95 % interval."""

    fmr: float
    fnmr: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class EngineSheet:
    """
    What computes.

    Attributes:
        facts: What `/readyz` tells.
        weights: Every weight that is on by default.
        curve: What a similarity is worth.
        det: What was measured with these networks, if it was.
        measured: On which pictures.
    """

    facts: Mapping[str, Any] = field(repr=False)
    weights: tuple[WeightSheet, ...]
    curve: Curve = field(repr=False)
    det: tuple[DetPoint, ...]
    measured: str
