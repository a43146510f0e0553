"""
Error rates of ISO/IEC 30107-3, for one judgement or for the verdict, species by species.

APCER: the share of attack presentations of one species that were taken for genuine. BPCER: the share of genuine ones
that were taken for attacks. APNRR and BPNRR: the shares that were not answered; who was not answered is in neither of
the first two. Species are never pooled: the worst one is named. Intervals are exact (Clopper-Pearson, 95 %) over
subjects where the list names them, over pictures where it does not.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from ipse.core.genuineness.judgement import JudgementName, Judgements, Status, is_genuine
from ipse.core.genuineness.policy import DEFAULTS, Policy, verdict
from ipse.evaluation.bootstrap import Reals
from ipse.evaluation.pad.answers import Answer
from ipse.evaluation.pad.labels import Label
from ipse.evaluation.rates import Rate, rate

LEAST_PRESENTATIONS: Final = 30
"""
Fewer are listed one by one and never turned into a rate.

Source: the rule of 3 (ISO/IEC 19795-1): thirty attacks, all of them detected, show no more than an APCER below 10 %.
"""

STATED_APCER: Final = 0.05
"""At this APCER the BPCER is told as well (BPCER20 of ISO/IEC 30107-3)."""

Decision: TypeAlias = Callable[[Judgements], bool | None]
"""Whether a presentation is taken for an attack; `None` without an answer."""

Scoring: TypeAlias = Callable[[Judgements], float | None]
"""How much a presentation looks like an attack, 0 to 1; `None` without an answer."""


@dataclass(frozen=True, slots=True)
class Group:
    """
    Presentations that are counted together: the genuine ones, or those of one species.

    Attributes:
        species: The kind of attack; empty for the genuine ones.
        presentations: How many there are.
        units: How many subjects, or pictures where the list names no subject.
        errors: Share of the answered ones that were taken for the opposite; `None` where they are too few.
        non_responses: Share that was not answered; `None` likewise.
    """

    species: str
    presentations: int
    units: int
    errors: Rate | None
    non_responses: Rate | None


@dataclass(frozen=True, slots=True)
class Table:
    """BPCER and BPNRR of the genuine presentations, APCER and APNRR of every species."""

    genuine: Group
    species: tuple[Group, ...]

    @property
    def worst(self) -> Group | None:
        """The species that is taken for genuine most often, of those that have a rate."""
        rated = [one for one in self.species if one.errors is not None]
        return max(rated, key=lambda one: (one.errors.value, one.errors.high) if one.errors else (0, 0), default=None)


@dataclass(frozen=True)
class Trade:
    """
    What a moving threshold does to one species and to the genuine presentations.

    Attributes:
        species: The kind of attack.
        bpcer: (K,) rising.
        apcer: (K,) falling.
        bpcer20: BPCER where at most one attack in twenty gets through.
    """

    species: str
    bpcer: Reals
    apcer: Reals
    bpcer20: Rate


def suspected(name: JudgementName) -> Decision:
    """Give the decision of one judgement."""

    def decide(judgements: Judgements) -> bool | None:
        judged = judgements.get(name)
        if judged is None or judged.status is Status.NOT_ASSESSED:
            return None
        return judged.status is Status.SUSPECTED

    return decide


def rejected(judgements: Judgements) -> bool | None:
    """Give whether the default policy rejects."""
    return None if is_genuine(judgements) is None else verdict(judgements, {}) == "failed"


def rejected_or_warned(judgements: Judgements) -> bool | None:
    """Give whether the default policy rejects or warns."""
    return None if is_genuine(judgements) is None else verdict(judgements, {}) != "passed"


def score(name: JudgementName) -> Scoring:
    """Give the score of one judgement."""

    def of(judgements: Judgements) -> float | None:
        judged = judgements.get(name)
        return None if judged is None else judged.score

    return of


def verdict_score(judgements: Judgements, policy: Policy = DEFAULTS) -> float | None:
    """
    Give the highest score of all judgements that reject, each stretched so that its threshold lies at 0.5.

    From 0.5 on it is rejected; other places move all thresholds at once.
    """
    stretched = [
        _stretched(one.score, one.threshold)
        for one in judgements.values()
        if policy.get(one.name) == "reject" and one.score is not None and one.threshold is not None
    ]
    return max(stretched, default=None)


def _stretched(score: float, threshold: float) -> float:
    """Give a score with its threshold moved to 0.5, in straight lines."""
    if score < threshold:
        return 0.5 * score / threshold
    return 0.5 + 0.5 * (score - threshold) / (1 - threshold) if threshold < 1 else 1.0


def by_species(answers: Iterable[Answer]) -> dict[str, list[Answer]]:
    """Give the answers of every species, by name; what nobody is sure of is no attack."""
    found: dict[str, list[Answer]] = {}
    for answer in answers:
        if answer.presentation.label is Label.ATTACK:
            found.setdefault(answer.presentation.species, []).append(answer)
    return dict(sorted(found.items()))


def genuine(answers: Iterable[Answer]) -> list[Answer]:
    """Give the answers about genuine presentations."""
    return [answer for answer in answers if answer.presentation.label is Label.GENUINE]


def tabled(answers: Sequence[Answer], decision: Decision) -> Table:
    """Give all rates of one decision."""
    species = tuple(_group(name, some, decision, wrong=False) for name, some in by_species(answers).items())
    return Table(_group("", genuine(answers), decision, wrong=True), species)


def _group(species: str, answers: Sequence[Answer], decision: Decision, *, wrong: bool) -> Group:
    """Give the rates of one group; `wrong` is the decision that is an error there."""
    told = [(answer, decision(answer.judgements)) for answer in answers]
    answered = [(answer, said) for answer, said in told if said is not None]
    errors = sum(said is wrong for _, said in answered)
    return Group(
        species=species,
        presentations=len(answers),
        units=_units(answers),
        errors=_enough(errors, [answer for answer, _ in answered]),
        non_responses=_enough(len(told) - len(answered), answers),
    )


def _enough(count: int, answers: Sequence[Answer]) -> Rate | None:
    """Give a rate over these answers, unless they are too few for one."""
    if len(answers) < LEAST_PRESENTATIONS:
        return None
    return rate(count, len(answers), None, _units(answers))


def _units(answers: Iterable[Answer]) -> int:
    """Count the independent units."""
    return len({answer.presentation.unit for answer in answers})


def trades(answers: Sequence[Answer], scoring: Scoring) -> tuple[Trade, ...]:
    """Give the trade-off for every species; none where genuine presentations or attacks are too few."""
    honest = _scored(genuine(answers), scoring)
    found = {name: _scored(some, scoring) for name, some in by_species(answers).items()}
    if len(honest) < LEAST_PRESENTATIONS:
        return ()
    return tuple(_trade(name, honest, some) for name, some in found.items() if len(some) >= LEAST_PRESENTATIONS)


def _scored(answers: Iterable[Answer], scoring: Scoring) -> dict[str, tuple[str, float]]:
    """Give unit and score of the presentations that have one, by their names."""
    scored = ((answer.presentation, scoring(answer.judgements)) for answer in answers)
    return {one.name: (one.unit, value) for one, value in scored if value is not None}


def _trade(species: str, honest: Mapping[str, tuple[str, float]], attacks: Mapping[str, tuple[str, float]]) -> Trade:
    """Give the trade-off for one species: thresholds are all scores that occur, from above the highest downwards."""
    real = np.sort([value for _, value in honest.values()])
    spoof = np.sort([value for _, value in attacks.values()])
    thresholds = np.append(np.inf, np.unique(np.append(real, spoof))[::-1])
    cleared = np.searchsorted(real, thresholds, side="left")
    apcer = np.searchsorted(spoof, thresholds, side="left") / len(spoof)
    place = int(np.argmax(apcer <= STATED_APCER))  # The lowest BPCER: thresholds fall.
    count = len(real) - int(cleared[place])
    bpcer20 = rate(count, len(real), None, len({unit for unit, _ in honest.values()}))
    assert bpcer20 is not None
    return Trade(species, (len(real) - cleared) / len(real), apcer, bpcer20)
