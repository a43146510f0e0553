"""The measurement as plain values (`summary.json`) and as a table of pairs (`scores.csv`)."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from ipse.evaluation.bootstrap import REPLICATES
from ipse.evaluation.groups import Group
from ipse.evaluation.measure import Check, Evaluation
from ipse.evaluation.rates import Point, Rate
from ipse.evaluation.scores import Pairs

WORST: Final = 30
"""False matches and false non-matches that are named."""

LISTED_IMPOSTORS: Final = 10_000
"""Impostor pairs in `scores.csv` when everybody is compared with everybody: the most alike."""


def summarise(result: Evaluation) -> dict[str, Any]:
    """Give the measurement as it goes into `summary.json`."""
    scores = result.scores
    return {
        "source": result.source,
        "date": result.date,
        "subject": result.subject,
        "recipe": asdict(result.recipe),
        "people": len(set(scores.people[scores.pictures].tolist())),
        "pictures": len(result.trials.pictures),
        "fta": result.fta,
        "failures": [{"picture": result.trials.names[one.picture], "reason": one.reason} for one in result.failures],
        "quality_below_suggested": result.below_suggested,
        "pairs_listed_again": result.trials.repeated,
        "pairs_with_itself": result.trials.with_itself,
        "genuine": len(scores.genuine),
        "genuine_lost_to_failures": result.lost,
        "impostor": scores.impostors,
        "exclusions": {"list": result.exclusions, "pairs": len(scores.left_out)} if result.exclusions else None,
        "interval": f"95 %, bootstrap over people, {REPLICATES} draws; exact where draws cannot vary",
        "tar": {word(point.fmr): _point(point) for point in result.points},
        "stated": {word(check.stated_fmr): _check(check) for check in result.checks},
        "curve": None if result.curve is None else _curve(result),
        "groups": [_group(group) for group in result.groups],
        "worst_false_matches": list(worst(result, scores.impostor, first=True)),
        "worst_false_non_matches": list(worst(result, scores.genuine, first=False)),
    }


def word(fmr: float) -> str:
    """Give a false match rate as it is written: `1e-4`."""
    return f"{fmr:.0e}".replace("e-0", "e-")


def worst(result: Evaluation, pairs: Pairs, *, first: bool) -> Iterator[dict[str, Any]]:
    """Give the pairs that went most wrong: the most alike impostors, or the least alike genuine pairs."""
    places = range(min(WORST, len(pairs))) if first else range(len(pairs) - 1, max(-1, len(pairs) - 1 - WORST), -1)
    for place in places:
        similarity = float(pairs.similarity[place])
        yield {
            "a": result.trials.names[pairs.first[place]],
            "b": result.trials.names[pairs.second[place]],
            "similarity": round(similarity, 6),
            "false_match_rate": result.worth(similarity),
        }


def write_scores(result: Evaluation, file: Path, *, everything: bool = False) -> None:
    """
    Write the pairs, genuine first, most alike first: `a,b,same,similarity,false_match_rate`.

    Listed pairs are all written. Of everybody against everybody the 10,000 most alike impostor pairs are, or with
    `everything` all that were kept (a million); the rest is in the report's histogram.
    """
    scores = result.scores
    limit = None if everything or scores.listed else LISTED_IMPOSTORS
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["a", "b", "same", "similarity", "false_match_rate"])
        for same, pairs, end in ((1, scores.genuine, None), (0, scores.impostor, limit)):
            columns = (pairs.first[:end].tolist(), pairs.second[:end].tolist(), pairs.similarity[:end].tolist())
            for a, b, similarity in zip(*columns, strict=True):
                worth = result.worth(similarity)
                rate = "" if worth is None else f"{worth:.6g}"
                writer.writerow([result.trials.names[a], result.trials.names[b], same, f"{similarity:.6f}", rate])


def _point(point: Point) -> dict[str, Any]:
    """Give one operating point; `value`, `low` and `high` are null without genuine or impostor pairs."""
    return {**cell(point.tar), "threshold": point.threshold, "support": point.support}


def _check(check: Check) -> dict[str, Any]:
    """Give stated against measured."""
    return {
        "threshold": check.measured.threshold,
        "is_extrapolated": check.is_extrapolated,
        "fmr": cell(check.measured.fmr),
        "fnmr": cell(check.measured.fnmr),
    }


def _curve(result: Evaluation) -> Mapping[str, Any]:
    """Give what the curve in use was fitted on."""
    assert result.curve is not None
    return {**asdict(result.curve.provenance), "extrapolated_below": result.curve.extrapolated_below}


def _group(group: Group) -> dict[str, Any]:
    """Give one group's rates."""
    return {
        "factor": group.factor,
        "group": group.label,
        "people": group.people,
        "pictures": group.pictures,
        "rates": [
            {
                "threshold": one.threshold,
                "fmr": cell(one.fmr),
                "fmr_across": cell(one.fmr_across),
                "fnmr": cell(one.fnmr),
            }
            for one in group.rates
        ],
    }


def cell(rate: Rate | None) -> dict[str, Any]:
    """Give a rate and its interval, nulls where there is none."""
    if rate is None:
        return {"value": None, "low": None, "high": None}
    return {"value": rate.value, "low": rate.low, "high": rate.high, "count": rate.count, "trials": rate.trials}
