"""What the server tells about itself in numbers: metrics in a registry of their own, and the stopwatch of a request."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from ipse.core.reasons import Reason
from ipse.infra.score_metrics import ScoreMetrics
from ipse.service.ports.vitals import QueueState

_STAGE_SECONDS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
"""Bounds of a stage: a detection takes about 2 ms, the slowest picture within the limits below 2 s."""

_REQUEST_SECONDS: Final = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Bounds of a whole request."""


class SystemClock:
    """The machine's time; implements the port `Clock`."""

    def now(self) -> float:
        """Seconds since 1970-01-01T00:00Z."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        return time.perf_counter()


class RequestStopwatch:
    """The stages of one request; implements the port `Stopwatch`, and several threads may time at once."""

    def __init__(self) -> None:
        self._spent_ms: dict[str, float] = {}
        self._lock = Lock()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what runs inside; a stage that comes again adds up."""
        with self._lock:
            self._spent_ms.setdefault(name, 0.0)
        began = time.perf_counter()
        try:
            yield
        finally:
            spent_ms = (time.perf_counter() - began) * 1000
            with self._lock:
                self._spent_ms[name] += spent_ms

    def spent_ms(self) -> Mapping[str, float]:
        """Milliseconds of each stage so far, in the order of their first start."""
        with self._lock:
            return dict(self._spent_ms)


class PrometheusMetrics:
    """Counters and histograms in a registry of their own; implements the port `Metrics`."""

    def __init__(self, in_flight: Callable[[], int]) -> None:
        self._registry = CollectorRegistry()
        self._answers = Counter(
            "ipse_answers", "Answers given.", ("dialect", "operation", "outcome", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "ipse_request_seconds",
            "Time from the first byte to the answer.",
            ("dialect", "operation"),
            buckets=_REQUEST_SECONDS,
            registry=self._registry,
        )
        self._stages = Histogram(
            "ipse_stage_seconds", "Time in a stage.", ("stage",), buckets=_STAGE_SECONDS, registry=self._registry
        )
        self._busy = Counter("ipse_busy", "Requests refused because every seat was taken.", registry=self._registry)
        Gauge("ipse_in_flight", "Seats taken now.", registry=self._registry).set_function(in_flight)
        self._scores = ScoreMetrics(self._registry)
        self._waiting = Gauge("ipse_queue_waiting", "Work that nobody does yet.", ("kind",), registry=self._registry)
        self._doing = Gauge("ipse_queue_under_way", "Work that somebody does.", ("kind",), registry=self._registry)
        self._oldest = Gauge(
            "ipse_queue_oldest_seconds", "How long the oldest work waits.", ("kind",), registry=self._registry
        )
        self._database = Gauge("ipse_database_up", "Whether the database answers.", registry=self._registry)
        self._lost = Gauge(
            "ipse_decoders_lost", "Decoding processes that a picture ended.", ("why",), registry=self._registry
        )
        ProcessCollector(registry=self._registry)

    def describe_engine(self, facts: Mapping[str, str]) -> None:
        """Show what computes as labels, from now on; said once, when it is known."""
        Info("ipse_engine", "What computes.", registry=self._registry).info(dict(facts))

    def describe_console(self, is_console: Callable[[str], bool]) -> None:
        """Count what the console tries apart from what callers do, from now on."""
        self._scores.is_console = is_console

    def answered(
        self,
        dialect: str,
        operation: str,
        outcome: str,
        status: int,
        elapsed_ms: float,
        stages_ms: Mapping[str, float],
    ) -> None:
        """Count one answer; `outcome` is `"ok"` or the reason's word."""
        self._answers.labels(dialect, operation, outcome, str(status)).inc()
        self._seconds.labels(dialect, operation).observe(elapsed_ms / 1000)
        if outcome == Reason.BUSY.value:
            self._busy.inc()
        for stage, spent_ms in stages_ms.items():
            self._stages.labels(stage).observe(spent_ms / 1000)

    def decided(self, key: str, decision: Mapping[str, object]) -> None:
        """Count the scores of one decision."""
        self._scores.decided(key, decision)

    def card(self, key: str, status: str) -> None:
        """Count one card job by what it came to."""
        self._scores.card(key, status)

    def queues(self, states: Iterable[QueueState] | None, now: float) -> None:
        """Show what waits, by kind; `None`: the database could not be asked."""
        self._database.set(0 if states is None else 1)
        for state in states or ():
            self._waiting.labels(state.kind).set(state.waiting)
            self._doing.labels(state.kind).set(state.under_way)
            self._oldest.labels(state.kind).set(0 if state.oldest_at is None else max(0.0, now - state.oldest_at))

    def decoders_lost(self, lost: Mapping[str, int]) -> None:
        """Show how many decoding processes were lost, by why."""
        for why, count in lost.items():
            self._lost.labels(why).set(count)

    def busy_count(self) -> int:
        """How many requests this process has refused because every seat was taken."""
        return int(self._registry.get_sample_value("ipse_busy_total") or 0)

    def page(self) -> tuple[bytes, str]:
        """What `/metrics` answers: the text, and its content type."""
        return generate_latest(_WithoutBirths(self._registry)), CONTENT_TYPE_LATEST


class _WithoutBirths(Collector):
    """
    A registry without the time at which each series began, which nobody asks for.

    The library's own switch, `disable_created_metrics`, is global to the process.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        """All metrics; each is made anew by every collection, so that taking samples out changes nothing else."""
        for metric in self._registry.collect():
            metric.samples = [sample for sample in metric.samples if sample.name != f"{metric.name}_created"]
            yield metric
