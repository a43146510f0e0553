"""What a judgement about a capture says: one attack, one score, one threshold, and how often the honest reach it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal, TypeAlias

JudgementName: TypeAlias = Literal[
    "screen_replay", "print", "mask", "synthetic", "replaced", "action", "flash", "injection"
]

NAMES: Final[tuple[JudgementName, ...]] = (
    "screen_replay",
    "print",
    "mask",
    "synthetic",
    "replaced",
    "action",
    "flash",
    "injection",
)
"""Every judgement, in the order in which they are told."""


class Status(StrEnum):
    """How a judgement came out."""

    CLEAR = "clear"
    SUSPECTED = "suspected"
    NOT_ASSESSED = "not_assessed"


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """
    From which score on a judgement suspects, as the manifest pins it.

    Attributes:
        name: Of which judgement.
        assessed: Whether the judgement is worth anything; `False` where it was no better than chance on attacks that
            nobody trained on.
        threshold: Scores from here on are suspected.
        bpcer: How often a genuine capture reaches the threshold (ISO/IEC 30107-3), where that was measured.
        why: Why it is not assessed.
    """

    name: JudgementName
    assessed: bool
    threshold: float
    bpcer: float | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """
    What one judgement says of one capture.

    Attributes:
        name: Which.
        status: Clear, suspected, or not assessed.
        score: 0 (nothing of the attack) to 1; `None` if not assessed.
        threshold: Scores from here on are suspected; `None` if not assessed.
        error_rate: How often a genuine capture is suspected at this threshold, if that was measured.
        why: What speaks for the suspicion, or why nothing could be assessed: a stable word.
    """

    name: JudgementName
    status: Status
    score: float | None = None
    threshold: float | None = None
    error_rate: float | None = None
    why: str | None = None


Judgements: TypeAlias = Mapping[JudgementName, Judgement]


def not_assessed(name: JudgementName, why: str) -> Judgement:
    """Give the judgement that says nothing, and why it does not."""
    return Judgement(name, Status.NOT_ASSESSED, why=why)


def decided(point: OperatingPoint, score: float, why: str | None = None) -> Judgement:
    """Give the judgement of a score between 0 and 1; `why` is told only with a suspicion."""
    is_suspected = score >= point.threshold
    return Judgement(
        name=point.name,
        status=Status.SUSPECTED if is_suspected else Status.CLEAR,
        score=score,
        threshold=point.threshold,
        error_rate=point.bpcer,
        why=why if is_suspected else None,
    )


def is_genuine(judgements: Judgements) -> bool | None:
    """Give `False` if anything is suspected, `None` if nothing could be assessed, else `True`."""
    told = [one.status for one in judgements.values()]
    if Status.SUSPECTED in told:
        return False
    return True if Status.CLEAR in told else None
