"""Traces: what a span holds, whose child it is, and that nobody pays who did not ask for them."""

import asyncio
import subprocess
import sys

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from ipse.infra.tracing import OtlpTracer
from ipse.infra.watching import Watch, open_tracer

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
"""Source: W3C Trace Context, section 3.2.2, its own example."""

FACTS: dict[str, str | int] = {
    "dialect": "faceid",
    "operation": "verify",
    "outcome": "ok",
    "status": 200,
    "request": "r",
}


def spans(share: float = 1.0, parent: str | None = None, status: int = 200) -> tuple[ReadableSpan, ...]:
    """What is told of one request with two stages."""
    kept = InMemorySpanExporter()
    tracer = OtlpTracer(kept, "1", share)
    stopwatch = tracer.stopwatch()
    with stopwatch.stage("decode"), stopwatch.stage("detect"):
        pass
    tracer.answered({**FACTS, "status": status}, stopwatch, parent)
    tracer.close()
    return kept.get_finished_spans()


def test_a_request_is_a_span_with_its_stages_inside() -> None:
    """Stages lie within the request, which says what was called and how it ended, and nothing else."""
    *stages, request = spans()
    assert ["detect", "decode"] == [stage.name for stage in stages]
    assert ("faceid verify", SpanKind.SERVER) == (request.name, request.kind)
    for stage in stages:
        assert stage.parent is not None
        assert request.context is not None
        assert request.context.span_id == stage.parent.span_id
        times = [at or 0 for at in (request.start_time, stage.start_time, stage.end_time, request.end_time)]
        assert times == sorted(times)
    names = {"http.response.status_code", "ipse.dialect", "ipse.operation", "ipse.outcome", "ipse.request"}
    assert names == set(request.attributes or ())


def test_the_callers_trace_goes_on() -> None:
    """With a `traceparent` the request is a child of the caller's span; with nonsense it has a trace of its own."""
    request = spans(parent=PARENT)[-1]
    assert request.parent is not None
    assert request.context is not None
    assert f"{request.context.trace_id:032x}" == PARENT.split("-")[1]
    assert f"{request.parent.span_id:016x}" == PARENT.split("-")[2]
    assert spans(parent="nonsense")[-1].parent is None


def test_a_share_of_nothing_tells_nothing() -> None:
    """Without a share nothing is sent, but for callers whose own trace is kept."""
    assert spans(share=0.0) == ()
    assert len(spans(share=0.0, parent=PARENT)) == 3


def test_a_fault_is_marked() -> None:
    """A status of 500 makes the span one of an error."""
    assert spans(status=500)[-1].status.status_code is StatusCode.ERROR
    assert spans(status=412)[-1].status.status_code is StatusCode.UNSET


def test_a_webhook_is_told_of_without_its_address() -> None:
    """The span has no attribute, and a failure only the name of its kind."""
    kept = InMemorySpanExporter()
    watch = Watch(tracer=OtlpTracer(kept, "1"))

    class Away:
        async def deliver(self, url: str, body: bytes, headers: object) -> int:
            raise ConnectionError(url, body, headers)

    with pytest.raises(ConnectionError):
        asyncio.run(watch.webhooks(Away()).deliver("https://secret.test", b"body", {}))
    watch.close()
    (span,) = kept.get_finished_spans()
    assert ("webhook", {}, "ConnectionError") == (span.name, dict(span.attributes or {}), span.status.description)
    assert "secret.test" not in span.to_json()


def test_who_asks_for_no_traces_imports_nothing() -> None:
    """Without an endpoint there is no tracer, and a server has nothing of OpenTelemetry in memory."""
    assert open_tracer("", "", 1.0, "1") is None
    code = "import sys, ipse.server; print([name for name in sys.modules if name.startswith('opentelemetry')])"
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert outcome.stdout.strip() == "[]"
