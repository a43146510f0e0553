"""
What a similarity is worth: the rate at which two strangers look at least that alike.

A `Curve` belongs to one recipe (profile, precision, weights); asking it about templates of another recipe is an error.
It is fitted by `ipse.evaluation.fit`, stored as plain mappings (TOML outside), and only read here.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from itertools import pairwise
from typing import Any, Final, NamedTuple, Self

from ipse.core.vocabulary import Precision, Profile, Recipe

FORMAT: Final = 1
"""Version of the mapping that `Curve.to_mapping` gives."""

LEAST_SLOPE: Final = 1e-5
"""
Decades of false match rate that every unit of similarity must at least be worth.

Source: arithmetic. float64 near 1 has steps of 1.1e-16, so with this slope two similarities that differ by 1e-9 (a
sixtieth of float32's step below 1, the finest that a template can show) still have different rates:
1e-5 * 1e-9 * ln 10 = 2.3e-14.
"""


class CurveMismatch(ValueError):  # noqa: N818  # reads as what it is, like Refusal
    """No curve was fitted on templates of this recipe."""


class Knot(NamedTuple):
    """
    A point of the curve.

    Attributes:
        similarity: Cosine of two templates, -1 to 1.
        log10_fmr: Decimal logarithm of the share of impostor pairs at least that similar.
        low: Lower end of its 95 % interval, a decimal logarithm too.
        high: Upper end likewise.
    """

    similarity: float
    log10_fmr: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Provenance:
    """
    What a curve was fitted on, so that nobody takes it for more.

    Attributes:
        dataset: Name of the picture collection.
        population: Who is on the pictures, in words.
        date: Day of the fit, `YYYY-MM-DD`.
        people: Distinct people.
        pictures: Pictures that gave a template.
        genuine_pairs: Pairs of pictures of one person.
        impostor_pairs: Pairs of pictures of different people.
        exclusions: The list of wrong labels that were left out, and how many pairs it took; empty if none.
    """

    dataset: str
    population: str
    date: str
    people: int
    pictures: int
    genuine_pairs: int
    impostor_pairs: int
    exclusions: str = ""


@dataclass(frozen=True)
class Curve:
    """
    Similarity to false match rate, strictly decreasing from -1 to 1.

    Between knots it is linear in (similarity, log10 FMR).

    Attributes:
        recipe: The only templates it speaks about.
        knots: From similarity -1 to 1, both included.
        extrapolated_below: The false match rate under which it is an extreme-value extrapolation, not a measurement.
        provenance: What it was fitted on.
    """

    recipe: Recipe
    knots: tuple[Knot, ...]
    extrapolated_below: float
    provenance: Provenance
    _columns: tuple[tuple[float, ...], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse knots that do not make a strictly decreasing curve from -1 to 1."""
        if len(self.knots) < 2 or self.knots[0].similarity != -1 or self.knots[-1].similarity != 1:  # noqa: PLR2004  # two ends
            raise ValueError("a curve has knots from similarity -1 to similarity 1")
        for knot in self.knots:
            if not knot.low <= knot.log10_fmr <= knot.high or not all(map(math.isfinite, knot)) or knot.log10_fmr > 0:
                raise ValueError(f"this knot is no rate within its interval: {tuple(knot)}")
        for left, right in pairwise(self.knots):
            width = right.similarity - left.similarity
            if width <= 0 or left.log10_fmr - right.log10_fmr < LEAST_SLOPE * width:
                raise ValueError(
                    f"a curve falls strictly, this one does not from {left.similarity} to {right.similarity}"
                )
        object.__setattr__(self, "_columns", tuple(zip(*self.knots, strict=True)))

    def false_match_rate(self, similarity: float) -> float:
        """
        Give the share of impostor pairs that look at least that alike.

        A cosine that rounding has carried past -1 or 1 counts as the end it passed.
        """
        return float(10.0 ** self._read(similarity, 1))

    def interval(self, similarity: float) -> tuple[float, float]:
        """Give the 95 % interval of the false match rate at a similarity (by-person bootstrap)."""
        return float(10.0 ** self._read(similarity, 2)), float(10.0 ** self._read(similarity, 3))

    def similarity_at(self, fmr: float) -> float:
        """
        Give the similarity from which on the false match rate is at most this.

        Raises:
            ValueError: No similarity up to 1 is that rare, or it is no rate.
        """
        rates = self._columns[1]
        if not 10.0 ** rates[-1] <= fmr <= 10.0 ** rates[0]:
            raise ValueError(
                f"this curve states false match rates from 1e{rates[-1]:.1f} to 1e{rates[0]:.1f}, not {fmr}"
            )
        wanted = min(max(math.log10(fmr), rates[-1]), rates[0])
        right = min(bisect_right(rates, -wanted, key=lambda rate: -rate), len(rates) - 1)
        left = right - 1
        share = (rates[left] - wanted) / (rates[left] - rates[right])
        places = self._columns[0]
        return places[left] + share * (places[right] - places[left])

    def is_extrapolated(self, fmr: float) -> bool:
        """Tell whether a false match rate lies below what the data could show."""
        return fmr < self.extrapolated_below

    def to_mapping(self) -> dict[str, Any]:
        """Give it as plain tables, numbers and text, in the order in which a person would read it."""
        return {
            "format": FORMAT,
            "extrapolated_below": self.extrapolated_below,
            "recipe": asdict(self.recipe),
            "provenance": asdict(self.provenance),
            "knots": [list(knot) for knot in self.knots],
        }

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Self:
        """Give back the curve that `to_mapping` wrote; `ValueError` if it is none."""
        try:
            if mapping["format"] != FORMAT:
                raise ValueError(f"curve format {mapping['format']} is not known here, only {FORMAT}")
            return cls(
                recipe=_recipe(mapping["recipe"]),
                knots=tuple(Knot(*map(float, row)) for row in mapping["knots"]),
                extrapolated_below=float(mapping["extrapolated_below"]),
                provenance=_provenance(mapping["provenance"]),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"this is no curve: {error}") from error

    def _read(self, similarity: float, column: int) -> float:
        """Interpolate one column linearly; exact at knots."""
        if math.isnan(similarity):
            raise ValueError("a similarity is a number")
        places, values = self._columns[0], self._columns[column]
        if similarity >= places[-1]:
            return values[-1]
        left = max(bisect_right(places, similarity) - 1, 0)
        share = (max(similarity, -1.0) - places[left]) / (places[left + 1] - places[left])
        return values[left] + share * (values[left + 1] - values[left])


def curve_from_mapping(mapping: Mapping[str, Any]) -> Curve:
    """Give the curve that a parsed TOML file describes; `ValueError` if it describes none."""
    return Curve.from_mapping(mapping)


def select(curves: Iterable[Curve], recipe: Recipe) -> Curve:
    """
    Give the first curve that was fitted on templates of exactly this recipe: put the preferred ones first.

    Raises:
        CurveMismatch: There is none; the message says what the nearest one was fitted on.
    """
    known = tuple(curves)
    for curve in known:
        if curve.recipe == recipe:
            return curve
    near = sorted(known, key=lambda curve: -_alike(curve.recipe, recipe))[:1]
    raise CurveMismatch(
        f"there is no curve for {_words(recipe)}; "
        + (f"the nearest was fitted on {_words(near[0].recipe)}. " if near else "there is none at all. ")
        + "Run `ipse calibrate` with these weights, or use the weights that the curve was fitted on."
    )


def _alike(one: Recipe, other: Recipe) -> int:
    """Count the parts in which two recipes agree."""
    return sum(getattr(one, part.name) == getattr(other, part.name) for part in fields(Recipe))


def _words(recipe: Recipe) -> str:
    """Say a recipe in words, digests in full so that they can be searched for."""
    return f"{recipe.profile}-{recipe.precision}, embedder {recipe.embedder}, detector {recipe.detector}"


def _recipe(mapping: Mapping[str, Any]) -> Recipe:
    """Give the recipe in a mapping; `ValueError` for words that are none."""
    profiles: dict[str, Profile] = {"fast": "fast", "balanced": "balanced"}
    precisions: dict[str, Precision] = {"float32": "float32", "bfloat16": "bfloat16"}
    return Recipe(
        profile=_one_of(profiles, mapping["profile"]),
        precision=_one_of(precisions, mapping["precision"]),
        embedder=str(mapping["embedder"]),
        detector=str(mapping["detector"]),
    )


def _one_of(words: Mapping[str, Any], word: object) -> Any:
    """Give what a word stands for; `ValueError` if it is none of them."""
    if word not in words:
        raise ValueError(f"{word!r} is none of {', '.join(words)}")
    return words[str(word)]


def _provenance(mapping: Mapping[str, Any]) -> Provenance:
    """Give the provenance in a mapping, of the right kinds."""
    return Provenance(
        dataset=str(mapping["dataset"]),
        population=str(mapping["population"]),
        date=str(mapping["date"]),
        people=int(mapping["people"]),
        pictures=int(mapping["pictures"]),
        genuine_pairs=int(mapping["genuine_pairs"]),
        impostor_pairs=int(mapping["impostor_pairs"]),
        exclusions=str(mapping["exclusions"]),
    )
