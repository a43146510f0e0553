"""The stopwatch of a request, and the numbers that `/metrics` shows."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from ipse.infra.telemetry import PrometheusMetrics, RequestStopwatch


def test_stages_keep_the_order_of_their_start_and_add_up() -> None:
    """A stage that comes again stays in its place, and a stage inside another counts in both."""
    stopwatch = RequestStopwatch()
    for names in (("decode", "detect"), ("embed", "decode")):
        for name in names:
            with stopwatch.stage(name):
                pass
    first = stopwatch.spent_ms()["decode"]
    with stopwatch.stage("decode"), stopwatch.stage("inner"):
        pass
    assert ["decode", "detect", "embed", "inner"] == list(stopwatch.spent_ms())
    assert stopwatch.spent_ms()["decode"] > first


def test_a_stage_that_fails_is_timed_too() -> None:
    """The exception goes on, the time is kept."""
    stopwatch = RequestStopwatch()
    with pytest.raises(KeyError), stopwatch.stage("decode"):
        raise KeyError
    assert stopwatch.spent_ms()["decode"] > 0


def test_threads_may_time_at_once() -> None:
    """No stage is lost when eight threads time together."""
    stopwatch = RequestStopwatch()

    def work(turn: int) -> None:
        for _ in range(200):
            with stopwatch.stage(f"stage{turn % 2}"):
                pass

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert {"stage0", "stage1"} == set(stopwatch.spent_ms())


def test_answers_are_counted_by_dialect_operation_and_outcome() -> None:
    """The page shows what was answered, how long stages took, the seats taken, and the process itself."""
    metrics = PrometheusMetrics(lambda: 3)
    metrics.describe_engine({"runtime": "openvino 1", "precision": "float32"})
    metrics.answered("faceid", "verify", "ok", 200, 30.0, {"decode": 4.0})
    metrics.answered("faceid", "verify", "busy", 403, 1.0, {})
    content, kind = metrics.page()
    page = content.decode()
    for line in (
        'ipse_answers_total{dialect="faceid",operation="verify",outcome="ok",status="200"} 1.0',
        "ipse_busy_total 1.0",
        "ipse_in_flight 3.0",
        'ipse_stage_seconds_bucket{le="0.005",stage="decode"} 1.0',
        'ipse_engine_info{precision="float32",runtime="openvino 1"} 1.0',
    ):
        assert line in page
    assert "process_resident_memory_bytes" in page
    assert kind.startswith("text/plain")


def test_the_page_shows_the_engine_once_known_and_no_births() -> None:
    """Before the networks are warm nothing is said of them; no series says when it began."""
    metrics = PrometheusMetrics(lambda: 0)
    metrics.answered("faceid", "verify", "ok", 200, 30.0, {"decode": 4.0})
    early = metrics.page()[0].decode()
    metrics.describe_engine({"runtime": "openvino 1"})
    late = metrics.page()[0].decode()
    assert [False, True] == ["ipse_engine" in page for page in (early, late)]
    assert "_created" not in early + late
    assert "ipse_request_seconds_count{" in late


def test_two_sets_of_metrics_do_not_meet() -> None:
    """There is no global registry."""
    one, other = PrometheusMetrics(lambda: 0), PrometheusMetrics(lambda: 0)
    one.answered("faceid", "verify", "ok", 200, 1.0, {})
    assert b'operation="verify"' not in other.page()[0]
