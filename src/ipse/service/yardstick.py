"""What two templates are worth, with all that is known about the measure: the curve, its interval, and who made it."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import rfc8785

from ipse.core.faces.embed import similarity
from ipse.core.scoring.calibration import Curve
from ipse.core.scoring.verdict import decide
from ipse.core.vocabulary import Recipe, Template

RATES: Final = ("1e-3", "1e-4", "1e-5", "1e-6")
"""The false match rates at which thresholds are told. Source: those that Megvii publishes with every answer."""


@dataclass(frozen=True, slots=True)
class Measured:
    """
    One comparison.

    Attributes:
        similarity: Cosine of the two templates.
        false_match_rate: How often two strangers look at least that alike.
        interval: The 95 % interval of that rate.
        is_extrapolated: Whether it is rarer than the curve's data could show.
    """

    similarity: float
    false_match_rate: float
    interval: tuple[float, float]
    is_extrapolated: bool

    def is_one_person(self, at_most: float) -> bool:
        """Tell whether the two are taken for one person: strangers are that alike at most so often."""
        return decide(self.false_match_rate, at_most)


@dataclass(frozen=True)
class Yardstick:
    """
    Measures comparisons.

    Attributes:
        curve: What a similarity is worth.
        software: Name and version of the program.
    """

    curve: Curve
    software: str

    @property
    def recipe(self) -> Recipe:
        """The only templates that it can measure."""
        return self.curve.recipe

    @cached_property
    def digest(self) -> str:
        """Hex SHA-256 of the curve's canonical JSON (RFC 8785)."""
        return hashlib.sha256(rfc8785.dumps(self.curve.to_mapping())).hexdigest()

    @cached_property
    def thresholds(self) -> dict[str, float | None]:
        """The similarity at each rate; `None` where the curve states no rate so low."""
        return {rate: self._at(float(rate)) for rate in RATES}

    def compare(self, a: Template, b: Template) -> Measured:
        """Give what the likeness of two templates is worth."""
        return self.measure(similarity(a, b))

    def measure(self, alike: float) -> Measured:
        """Give what a similarity is worth."""
        rate = self.curve.false_match_rate(alike)
        return Measured(alike, rate, self.curve.interval(alike), self.curve.is_extrapolated(rate))

    def _at(self, rate: float) -> float | None:
        """Give the similarity at a rate, if the curve goes that far."""
        try:
            return self.curve.similarity_at(rate)
        except ValueError:
            return None
