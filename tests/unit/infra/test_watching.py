"""Metrics of scores and queues, and that the dashboard and the alert rules name only what is there."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ipse.infra.score_metrics import CONSOLE, MOST_KEYS, OTHERS
from ipse.infra.telemetry import PrometheusMetrics
from ipse.service.ports.vitals import QueueState

ROOT = Path(__file__).parents[3]
DASHBOARD = ROOT / "deploy" / "grafana" / "ipse.json"
ALERTS = ROOT / "deploy" / "prometheus" / "alerts.yaml"

DECISION = {
    "scores": [{"similarity": 0.61, "false_match_rate": 3e-7}, {"similarity": 0.05, "false_match_rate": 0.3}],
    "judgements": {
        "print": {"status": "passed", "score": 0.12},
        "mask": {"status": "not_assessed", "score": None},
    },
}


@pytest.fixture
def metrics() -> PrometheusMetrics:
    """Metrics of which every series has been touched."""
    found = PrometheusMetrics(lambda: 1)
    found.describe_engine({"runtime": "openvino"})
    found.answered("faceid", "verify", "busy", 403, 12.0, {"decode": 3.0})
    found.decided("key1", DECISION)
    found.card("key1", "WARNING")
    found.queues([QueueState("card", 3, 1, 100.0), QueueState("webhook", 0, 0, None)], 160.0)
    found.decoders_lost({"crashed": 2})
    return found


def shown(metrics: PrometheusMetrics) -> list[str]:
    """The lines of `/metrics`."""
    return metrics.page()[0].decode().splitlines()


def test_scores_are_counted_by_key_and_decade(metrics: PrometheusMetrics) -> None:
    """Two comparisons of one decision: one far below one in ten thousand, one of strangers."""
    lines = shown(metrics)
    assert 'ipse_false_match_rate_bucket{key="key1",le="1e-06"} 1.0' in lines
    assert 'ipse_false_match_rate_bucket{key="key1",le="0.1"} 1.0' in lines
    assert 'ipse_false_match_rate_count{key="key1"} 2.0' in lines
    assert 'ipse_similarity_bucket{key="key1",le="0.1"} 1.0' in lines


def test_judgements_are_counted_and_their_scores_where_there_are_some(metrics: PrometheusMetrics) -> None:
    """What was not assessed is counted as that, and has no score."""
    lines = shown(metrics)
    assert 'ipse_judgements_total{judgement="mask",key="key1",status="not_assessed"} 1.0' in lines
    assert 'ipse_judgement_score_bucket{judgement="print",key="key1",le="0.2"} 1.0' in lines
    assert not any(line.startswith("ipse_judgement_score") and "mask" in line for line in lines)
    assert 'ipse_cards_total{key="key1",status="WARNING"} 1.0' in lines


def test_queues_and_lost_decoders_are_shown(metrics: PrometheusMetrics) -> None:
    """How many wait, since when, whether the database answers; and that it does not."""
    lines = shown(metrics)
    assert 'ipse_queue_waiting{kind="card"} 3.0' in lines
    assert 'ipse_queue_oldest_seconds{kind="card"} 60.0' in lines
    assert 'ipse_queue_oldest_seconds{kind="webhook"} 0.0' in lines
    assert 'ipse_decoders_lost{why="crashed"} 2.0' in lines
    assert "ipse_database_up 1.0" in lines
    metrics.queues(None, 170.0)
    assert "ipse_database_up 0.0" in shown(metrics)


def test_many_keys_share_one_series(metrics: PrometheusMetrics) -> None:
    """The first hundred keys have series of their own; a thousand more add one."""
    for number in range(1000):
        metrics.decided(f"many{number}", DECISION)
    lines = [line for line in shown(metrics) if line.startswith("ipse_similarity_count")]
    assert MOST_KEYS + 1 == len(lines)
    assert f'ipse_similarity_count{{key="{OTHERS}"}} {2.0 * (1001 - MOST_KEYS)}' in lines


def test_the_keys_of_the_console_share_one_series(metrics: PrometheusMetrics) -> None:
    """However many days it has tried things, they take no caller's place."""
    metrics.describe_console(lambda key: key.startswith("day"))
    for number in range(1000):
        metrics.decided(f"day{number}", DECISION)
    metrics.card("day1", "PASS")
    metrics.decided("bank", DECISION)
    lines = shown(metrics)
    assert f'ipse_similarity_count{{key="{CONSOLE}"}} 2000.0' in lines
    assert f'ipse_cards_total{{key="{CONSOLE}",status="PASS"}} 1.0' in lines
    assert 'ipse_similarity_count{key="bank"} 2.0' in lines


def expressions() -> list[str]:
    """Every expression of the dashboard and of the rules."""
    board: dict[str, Any] = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    asked = [target["expr"] for panel in board["panels"] for target in panel.get("targets", [])]
    asked += [variable["definition"] for variable in board["templating"]["list"] if "definition" in variable]
    rules = ALERTS.read_text(encoding="utf-8")
    return [*asked, rules]


def test_the_dashboard_and_the_rules_name_what_is_there(metrics: PrometheusMetrics) -> None:
    """Every metric of ours that a panel or a rule asks for is one that `/metrics` shows, with the labels it asks by."""
    series = {re.split(r"[ {]", line)[0]: line for line in shown(metrics) if not line.startswith("#")}
    asked = {name for one in expressions() for name in re.findall(r"\b(?:ipse|process)_[a-z_]+\b", one)}
    assert asked - series.keys() == set()
    assert len(asked) >= 18


def test_every_panel_says_what_it_shows() -> None:
    """Ids are unique; panels have words, and stay within the width of the board."""
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    for panel in panels:
        assert panel["type"] == "row" or panel["description"]
        assert panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24


def test_every_rule_is_explained() -> None:
    """`docs/observability.md` has a line for each alert."""
    names = re.findall(r"- alert: (\w+)", ALERTS.read_text(encoding="utf-8"))
    page = (ROOT / "docs" / "observability.md").read_text(encoding="utf-8")
    assert [name for name in names if f"`{name}`" not in page] == []
    assert len(names) == 9
