"""The measurement of attacks as plain values (`summary.json`) and as a table of scores (`scores.csv`)."""

import csv
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ipse.core.genuineness.judgement import NAMES, Status
from ipse.core.genuineness.policy import DEFAULTS
from ipse.evaluation.pad.answers import Answer
from ipse.evaluation.pad.labels import Label
from ipse.evaluation.pad.measure import Measure, PadEvaluation
from ipse.evaluation.pad.rates import LEAST_PRESENTATIONS, Group, Table, by_species
from ipse.evaluation.summary import cell


def summarise(result: PadEvaluation) -> dict[str, Any]:
    """Give the measurement as it goes into `summary.json`."""
    labels = [one.presentation.label for one in result.answers]
    return {
        "source": result.source,
        "date": result.date,
        "least_presentations": LEAST_PRESENTATIONS,
        "interval": "95 %, exact (Clopper-Pearson), over subjects where the list names them, else over pictures",
        "weights": dict(result.weights),
        "pictures": {
            "genuine": labels.count(Label.GENUINE),
            "attacks": labels.count(Label.ATTACK),
            "doubtful": labels.count(Label.DOUBTFUL),
            "unlisted": result.unlisted,
        },
        "species": {name: len(some) for name, some in by_species(result.answers).items()},
        "policy": dict(DEFAULTS),
        "operating_points": {name: asdict(result.points[name]) for name in NAMES},
        "chosen_thresholds": dict(result.thresholds),
        "unanswered": [
            {"picture": one.presentation.name, "why": one.why_none} for one in result.answers if one.verdict is None
        ],
        "measures": {one.name: _measure(one) for one in result.measures},
        "one_by_one": [_told(one, one.at(result.thresholds)) for one in result.one_by_one],
    }


def write_scores(result: PadEvaluation, file: Path) -> None:
    """Write one line for each picture: what it is said to be, the verdict, and score and status of every judgement."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        columns = (column for name in NAMES for column in (name, f"{name}_status", f"{name}_why"))
        writer.writerow(["file", "label", "attack", "subject", "verdict", "why_none", *columns])
        for answer in result.answers:
            shown = answer.presentation
            cells: list[str] = []
            for name in NAMES:
                judged = answer.judgements.get(name)
                score = None if judged is None else judged.score
                cells.append("" if score is None else f"{score:.6f}")
                cells += ["", ""] if judged is None else [judged.status, judged.why or ""]
            said = [answer.verdict or "", answer.why_none or ""]
            writer.writerow([shown.name, shown.label, shown.species, shown.subject, *said, *cells])


def _measure(one: Measure) -> dict[str, Any]:
    """Give the rates of one judgement or of the verdict."""
    return {
        "default": _table(one.default),
        "chosen": None if one.chosen is None else _table(one.chosen),
        "bpcer_at_apcer_5_percent": {trade.species: cell(trade.bpcer20) for trade in one.trades},
    }


def _table(table: Table) -> dict[str, Any]:
    """Give all rates at one set of thresholds."""
    worst = table.worst
    return {
        "bpcer": cell(table.genuine.errors),
        "bpnrr": cell(table.genuine.non_responses),
        "genuine": _size(table.genuine),
        "species": {
            one.species: {**_size(one), "apcer": cell(one.errors), "apnrr": cell(one.non_responses)}
            for one in table.species
        },
        "worst_species": None if worst is None else worst.species,
    }


def _size(group: Group) -> dict[str, int]:
    """Give how many presentations a group has, of how many independent units."""
    return {"presentations": group.presentations, "units": group.units}


def _told(answer: Answer, moved: Answer) -> dict[str, Any]:
    """Give one picture by itself."""
    shown = answer.presentation
    return {
        "picture": shown.name,
        "label": shown.label,
        "attack": shown.species,
        "note": shown.note,
        "verdict": answer.verdict,
        "verdict_chosen": moved.verdict,
        "why_none": answer.why_none,
        "judgements": {
            name: {"score": one.score, "threshold": one.threshold, "status": one.status, "why": one.why}
            for name, one in answer.judgements.items()
            if one.status is not Status.NOT_ASSESSED
        },
    }
