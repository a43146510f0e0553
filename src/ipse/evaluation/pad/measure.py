"""Everything that is measured about attacks: each judgement and the verdict, at default and at chosen thresholds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ipse.core.genuineness.judgement import NAMES, JudgementName, OperatingPoint
from ipse.evaluation.pad.answers import Answer
from ipse.evaluation.pad.labels import Label
from ipse.evaluation.pad.rates import (
    LEAST_PRESENTATIONS,
    Decision,
    Scoring,
    Table,
    Trade,
    by_species,
    genuine,
    rejected,
    rejected_or_warned,
    score,
    suspected,
    tabled,
    trades,
    verdict_score,
)

VERDICT: Final = "verdict"
WARNING: Final = "verdict_or_warning"


@dataclass(frozen=True)
class Measure:
    """
    One thing that decides, measured.

    Attributes:
        name: A judgement, `"verdict"` (rejected under the default policy) or `"verdict_or_warning"`.
        default: Its rates at the thresholds of the manifest.
        chosen: At the thresholds that were asked for; `None` where none were.
        trades: What other thresholds would do.
    """

    name: str
    default: Table
    chosen: Table | None
    trades: tuple[Trade, ...] = ()


@dataclass(frozen=True)
class PadEvaluation:
    """
    A finished measurement.

    Attributes:
        source: The folder's name.
        date: The day.
        answers: What came of each presentation, at the default thresholds.
        points: The operating points of the manifest.
        thresholds: Those that were chosen instead.
        weights: Names and digests of the networks that judged.
        measures: The verdict first, then each judgement that the manifest assesses.
        unlisted: Files of the folder that the list does not name.
    """

    source: str
    date: str
    answers: tuple[Answer, ...]
    points: Mapping[JudgementName, OperatingPoint]
    thresholds: Mapping[JudgementName, float]
    weights: Mapping[str, str]
    measures: tuple[Measure, ...]
    unlisted: int = 0

    @property
    def one_by_one(self) -> tuple[Answer, ...]:
        """The answers that are told one by one: of groups too small for a rate, and what nobody is sure of."""
        small = [some for some in by_species(self.answers).values() if len(some) < LEAST_PRESENTATIONS]
        honest = genuine(self.answers)
        told = {one.presentation.name for some in small for one in some}
        if len(honest) < LEAST_PRESENTATIONS:
            told |= {one.presentation.name for one in honest}
        return tuple(
            one for one in self.answers if one.presentation.label is Label.DOUBTFUL or one.presentation.name in told
        )


def measure(
    answers: Sequence[Answer],
    *,
    source: str,
    date: str,
    points: Mapping[JudgementName, OperatingPoint],
    thresholds: Mapping[JudgementName, float],
    weights: Mapping[str, str],
    unlisted: int = 0,
) -> PadEvaluation:
    """Give all that these answers show."""
    moved = [one.at(thresholds) for one in answers] if thresholds else None

    def measured(name: str, decision: Decision, scoring: Scoring | None) -> Measure:
        return Measure(
            name,
            tabled(answers, decision),
            None if moved is None else tabled(moved, decision),
            () if scoring is None else trades(answers, scoring),
        )

    judged = [measured(name, suspected(name), score(name)) for name in NAMES if points[name].assessed]
    return PadEvaluation(
        source=source,
        date=date,
        answers=tuple(answers),
        points=points,
        thresholds=thresholds,
        weights=weights,
        measures=(
            measured(VERDICT, rejected, verdict_score),
            measured(WARNING, rejected_or_warned, None),
            *judged,
        ),
        unlisted=unlisted,
    )
