"""A decision in words: what the signed record holds, arranged as people read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ipse.console.showing import rarity

LEFT: Final = -0.2
"""The similarity at which the ruler begins: strangers stay above it (the curves' second knots)."""


@dataclass(frozen=True, slots=True)
class Score:
    """One comparison: its numbers in words, and where it and the thresholds stand on a ruler of 100."""

    probe: str
    reference: str
    similarity: str
    rarity: str
    is_extrapolated: bool
    same_person: bool | None
    place: float
    ticks: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """
    A decision.

    Attributes:
        kind: What was decided: `compare`, `holder`, `genuineness` or `capture`.
        scores: Every comparison.
        judgements: Name, status, score and why of every judgement.
        verdict: What they came to; `None` if nothing was judged.
        inputs: Names and digests of the pictures.
        made_by: Software, networks and curve.
    """

    kind: str
    scores: tuple[Score, ...]
    judgements: tuple[tuple[str, str, str, str], ...]
    verdict: str | None
    inputs: tuple[tuple[str, str], ...]
    made_by: Mapping[str, str]


def told(decision: Mapping[str, Any]) -> Told:
    """Give a decision in words."""
    ticks = tuple(
        (rate, _place(similarity)) for rate, similarity in decision["thresholds"].items() if similarity is not None
    )
    models = decision["models"]
    return Told(
        kind=decision["kind"],
        scores=tuple(_score(one, ticks) for one in decision["scores"]),
        judgements=tuple(_judgement(name, one) for name, one in (decision.get("judgements") or {}).items()),
        verdict=decision.get("verdict"),
        inputs=tuple((one["name"], one["sha256"]) for one in decision["inputs"]),
        made_by={
            "software": decision["software"],
            "profile": f"{models['profile']}, {models['precision']}",
            "detector": models["detector"],
            "embedder": models["embedder"],
            "curve": decision["curve"]["sha256"],
        },
    )


def _score(score: Mapping[str, Any], ticks: tuple[tuple[str, float], ...]) -> Score:
    """Give one comparison."""
    return Score(
        probe=score["probe"],
        reference=score["reference"],
        similarity=f"{score['similarity']:.3f}",
        rarity=rarity(score["false_match_rate"]),
        is_extrapolated=score["is_extrapolated"],
        same_person=score.get("same_person"),
        place=_place(score["similarity"]),
        ticks=ticks,
    )


def _judgement(name: str, one: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Give one judgement."""
    score = "" if one["score"] is None else f"{one['score']:.3f}"
    return name, one["status"], score, one["why"] or ""


def _place(similarity: float) -> float:
    """Give where a similarity stands on the ruler."""
    return round(100 * (min(max(similarity, LEFT), 1.0) - LEFT) / (1.0 - LEFT), 2)
