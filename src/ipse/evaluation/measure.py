"""Everything that a report says about a set of pictures, measured in one go."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ipse.core.scoring.calibration import Curve
from ipse.core.vocabulary import Recipe
from ipse.evaluation.acquire import Failure, Gallery, SubjectWord
from ipse.evaluation.bootstrap import draws
from ipse.evaluation.exclusions import Exclusions
from ipse.evaluation.groups import Factor, Group, by_group
from ipse.evaluation.pairs import Trials
from ipse.evaluation.rates import FMRS, Fixed, Point, at_rates, at_threshold, det
from ipse.evaluation.scores import Scores, compare_all, compare_listed

GROUP_FMRS: Final = (1e-3, 1e-4, 1e-5)
"""The stated false match rates whose thresholds are applied to every group."""


@dataclass(frozen=True, slots=True)
class Check:
    """The curve held against these pictures: the rates measured at the threshold that it gives for a stated FMR."""

    stated_fmr: float
    is_extrapolated: bool
    measured: Fixed


@dataclass(frozen=True)
class Evaluation:
    """
    What was measured.

    Attributes:
        source: What the pictures are called.
        date: Day of the measurement.
        subject: Which face of several was taken.
        trials: The pictures.
        failures: Those that gave no template.
        recipe: What made the templates.
        below_suggested: Share of the faces whose quality is below the suggested threshold, `None` if nobody judged it.
        scores: All similarities.
        points: True accept rates at set false match rates.
        det: False match and false non-match rates along thresholds.
        curve: The curve in use, `None` if there is none for these weights.
        checks: What the curve states against what was measured.
        groups: Rates by group, if groups were given.
        lost: Listed or possible genuine pairs that a failed picture took away.
        exclusions: Name of the list of wrong labels that was applied, empty if none.
    """

    source: str
    date: str
    subject: SubjectWord
    trials: Trials
    failures: tuple[Failure, ...]
    recipe: Recipe
    below_suggested: float | None
    scores: Scores
    points: tuple[Point, ...]
    det: tuple[tuple[float, float], ...]
    curve: Curve | None
    checks: tuple[Check, ...]
    groups: tuple[Group, ...]
    lost: int
    exclusions: str

    @property
    def fta(self) -> float:
        """Share of the pictures that gave no template."""
        return len(self.failures) / len(self.trials.pictures)

    def worth(self, similarity: float) -> float | None:
        """What the curve says about a similarity."""
        return None if self.curve is None else self.curve.false_match_rate(similarity)


def measure(
    trials: Trials,
    gallery: Gallery,
    *,
    source: str,
    date: str,
    subject: SubjectWord,
    curve: Curve | None = None,
    factors: Sequence[Factor] = (),
    exclusions: Exclusions | None = None,
) -> Evaluation:
    """Give the evaluation of some templates."""
    without = exclusions or Exclusions.nothing()
    scores = compare_all(gallery, trials.people, without) if trials.listed is None else compare_listed(gallery, trials)
    drawn = tuple(draws(scores))
    stated = () if curve is None else tuple((fmr, curve.similarity_at(fmr)) for fmr in FMRS)
    points = at_rates(scores, drawn)
    thresholds = {fmr: threshold for fmr, threshold in stated if fmr in GROUP_FMRS} or {
        point.fmr: point.threshold for point in points if point.fmr in GROUP_FMRS and point.threshold is not None
    }
    false, missed = det(scores) if scores.impostors else ((), ())
    return Evaluation(
        source=source,
        date=date,
        subject=subject,
        trials=trials,
        failures=gallery.failures,
        recipe=gallery.recipe,
        below_suggested=gallery.below_suggested,
        scores=scores,
        points=points,
        det=tuple(zip(map(float, false), map(float, missed), strict=True)),
        curve=curve,
        checks=tuple(
            Check(fmr, curve.is_extrapolated(fmr), at_threshold(scores, drawn, place)) for fmr, place in stated if curve
        ),
        groups=by_group(scores, drawn, factors, list(dict.fromkeys(thresholds.values()))),
        lost=_lost(trials, gallery),
        exclusions=without.source,
    )


def _lost(trials: Trials, gallery: Gallery) -> int:
    """Count the genuine pairs that pictures without a template took away."""
    if trials.listed is not None:
        genuine = trials.listed[trials.listed[:, 2] == 1, :2]
        return int((~np.isin(genuine, gallery.pictures).all(1)).sum())
    every, made = (np.bincount(people) for people in (trials.people, trials.people[gallery.pictures]))
    return int((every * (every - 1) // 2).sum() - (made * (made - 1) // 2).sum())
