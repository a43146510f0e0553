"""Figures of the console: what is drawn and tabled is what was measured."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ipse.console.pages.decisions import told
from ipse.console.plots import HEIGHT, WIDTH, curve_plot, det_plot, rate_word, thresholds
from ipse.console.showing import begin_of, day_of, end_of, rarity, read_day
from ipse.core.scoring.calibration import Curve, curve_from_mapping
from ipse.engine import sheet
from ipse.service.desk.engine import DetPoint
from ipse.service.desk.health import Latency, latencies, quantile
from ipse.service.desk.usage import every_day, in_all
from ipse.service.ports import UsageRow
from ipse.service.ports.ledger import Timing

ROOT = Path(__file__).resolve().parents[3]
DAY = date(2026, 11, 22)


@pytest.fixture
def curve() -> Curve:
    """A curve of four knots, one of them beyond what was counted."""
    return curve_from_mapping(
        {
            "format": 1,
            "extrapolated_below": 1e-4,
            "recipe": {"profile": "balanced", "precision": "float32", "embedder": "e", "detector": "d"},
            "provenance": {
                "dataset": "d",
                "population": "p",
                "date": "2026-11-22",
                "exclusions": "",
                "people": 1,
                "pictures": 1,
                "genuine_pairs": 1,
                "impostor_pairs": 1,
            },
            "knots": [[-1, 0, 0, 0], [0.5, -4, -5, -3], [0.75, -6, -9, -4], [1, -7, -12, -4.5]],
        }
    )


@pytest.mark.parametrize(
    ("count", "share", "rank"), [(1, 0.5, 1), (2, 0.5, 1), (3, 0.5, 2), (20, 0.95, 19), (21, 0.95, 20), (100, 0.95, 95)]
)
def test_a_quantile_is_the_nearest_rank(count: int, share: float, rank: int) -> None:
    """At least this share of the values is at most as large, and of none smaller; the order does not matter."""
    assert rank == quantile([float(one) for one in range(count, 0, -1)], share)


def test_latencies_leave_busy_refusals_out() -> None:
    """A call that was turned away at once would make the others look fast; it is counted beside them."""
    timings = [
        Timing("a", "ok", 10.0),
        Timing("a", "no_face", 30.0),
        Timing("a", "busy", 0.1),
        Timing("b", "busy", 0.1),
    ]
    assert (Latency("a", 2, 10.0, 30.0, 1), Latency("b", 0, 0.0, 0.0, 1)) == latencies(timings)


def test_days_without_calls_are_days() -> None:
    """Every day from the first to the last has a row, and the sum is that of the rows."""
    rows = (UsageRow("2026-11-20", 3, 2, 2), UsageRow("2026-11-22", 1, 1, 0))
    days = every_day(rows, date(2026, 11, 19), DAY)
    assert [0, 3, 0, 1] == [row.calls for row in days]
    assert in_all(rows) == in_all(days) == UsageRow("", 4, 3, 2)


def test_days_are_those_of_utc() -> None:
    """A day's begin and its last moment lie in it, its end does not; what is no day is none."""
    assert [DAY, DAY, False] == [day_of(begin_of(DAY)), day_of(end_of(DAY) - 0.001), day_of(end_of(DAY)) == DAY]
    assert [DAY, None, None] == [read_day(word) for word in ("2026-11-22", "22.11.2026", "")]


def test_rates_are_written_for_people() -> None:
    """So many strangers to one; powers of ten as answers write them."""
    assert ["1 : 1", "1 : 42", "1 : 12 500", "1 : 1.0e+09"] == [rarity(rate) for rate in (1.0, 1 / 42, 8e-5, 1e-9)]
    assert ["1e-2", "1e-6"] == [rate_word(rate) for rate in (1e-2, 1e-6)]


def test_a_curve_is_drawn_within_its_field(curve: Curve) -> None:
    """What was counted ends where the extrapolation begins; the band keeps to the field."""
    plot = curve_plot(curve)
    assert f"{WIDTH / 2},{HEIGHT / 2}" == plot.measured == plot.extrapolated.split()[0]
    assert [f"{WIDTH * 3 / 4},{HEIGHT * 3 / 4}", f"{WIDTH},{HEIGHT * 7 / 8}"] == plot.extrapolated.split()[1:]
    assert max(float(point.split(",")[1]) for point in plot.band.split()) == HEIGHT
    rows = thresholds(curve)
    assert ["1e-2", "1e-3", "1e-4", "1e-5", "1e-6"] == [row.rate for row in rows]
    assert ("0.5000", False, True) == (rows[2].similarity, rows[2].is_extrapolated, rows[3].is_extrapolated)
    short = replace(curve, knots=(*curve.knots[:2], curve.knots[-1]._replace(log10_fmr=-5.0)))
    assert ["1e-2", "1e-3", "1e-4", "1e-5"] == [row.rate for row in thresholds(short)]


def test_a_det_is_drawn_in_decades() -> None:
    """Rates a decade apart stand a grid line apart, on both axes; whiskers reach from end to end."""
    plot = det_plot((DetPoint(1e-2, 0.001, 0.001, 0.01), DetPoint(1e-4, 0.1, 0.01, 0.1)))
    assert [(0.0, 0.0), (WIDTH, HEIGHT)] == [(one.x, one.y) for one in plot.points]
    assert [0.0, WIDTH / 2, WIDTH] == [tick.place for tick in plot.across]
    assert [("0.1 %", HEIGHT), ("1 %", HEIGHT / 2), ("10 %", 0.0)] == [(tick.label, tick.place) for tick in plot.up]
    assert [(0.0, HEIGHT / 2), (HEIGHT / 2, HEIGHT)] == [(one.top, one.bottom) for one in plot.points]


def test_the_measured_points_are_those_of_the_benchmark() -> None:
    """What the console draws was written by the same run as the published table."""
    measured: dict[str, Any] = json.loads((ROOT / "benchmarks/accuracy/tar.json").read_text(encoding="utf-8"))
    drawn = json.loads((Path(sheet.__file__).parent / "misses.json").read_text(encoding="utf-8"))
    assert measured["what"] == drawn["what"]
    assert [row["recipe"] for row in measured["rows"].values()] == [row["recipe"] for row in drawn["rows"]]
    for row, shown in zip(measured["rows"].values(), drawn["rows"], strict=True):
        points = {float(rate): (point["value"], point["low"], point["high"]) for rate, point in row["tar"].items()}
        found = {one["fmr"]: (1 - one["fnmr"], 1 - one["high"], 1 - one["low"]) for one in shown["points"]}
        assert found == {rate: pytest.approx(point, abs=1e-6) for rate, point in points.items()}


def test_a_decision_is_told_without_what_it_has_not() -> None:
    """A comparison stands on the ruler among its thresholds; judgements are told if there are any."""
    decision = {
        "kind": "compare",
        "inputs": [{"name": "probe", "sha256": "ab"}],
        "options": {},
        "scores": [
            {"probe": "probe", "reference": "r", "similarity": 0.4, "false_match_rate": 1e-3, "is_extrapolated": False}
        ],
        "thresholds": {"1e-3": 0.4, "1e-6": None},
        "models": {"detector": "d", "embedder": "e", "profile": "p", "precision": "float32"},
        "curve": {"sha256": "c", "dataset": "set"},
        "software": "ipse",
    }
    plain = told(decision)
    (score,) = plain.scores
    assert ("1 : 1 000", None, 50.0, (("1e-3", 50.0),)) == (score.rarity, score.same_person, score.place, score.ticks)
    assert ((), None) == (plain.judgements, plain.verdict)
    one = {"status": "not_assessed", "score": None, "threshold": 0.5, "error_rate": None, "why": "no_frames"}
    judged = told({**decision, "judgements": {"mask": one}, "verdict": "passed"})
    assert ((("mask", "not_assessed", "", "no_frames"),), "passed") == (judged.judgements, judged.verdict)
