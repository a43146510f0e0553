"""
Traces for OpenTelemetry: where the time of a request went, stage by stage. Imported only when a setting asks for it.

A span holds names of dialects, operations, stages and outcomes, the status and the request's id: nothing about whom or
what was asked. Spans are made when a request has ended, from the times that its stopwatch kept, so that nothing has to
be handed down to whoever computes.
"""

import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from ipse.infra.telemetry import RequestStopwatch
from ipse.service.ports import Stopwatch

PATH = "/v1/traces"
"""Source: OTLP/HTTP, "Default binary protobuf endpoint"."""

_FAULT = 500

Result = TypeVar("Result")


class TimelineStopwatch(RequestStopwatch):
    """The stages of one request, and when each began and ended."""

    def __init__(self) -> None:
        super().__init__()
        self.began_ns = time.time_ns()
        self.stages: list[tuple[str, int, int]] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what runs inside."""
        began_ns = time.time_ns()
        with super().stage(name):
            try:
                yield
            finally:
                self.stages.append((name, began_ns, time.time_ns()))


class OtlpTracer:
    """
    Sends spans to a collector, in batches, on a thread of its own; implements the port `Tracer`.

    Args:
        exporter: Where they go; see `to_collector`.
        version: Of Ipse.
        share: Which share of the requests is traced that bring no decision of their own.
    """

    def __init__(self, exporter: SpanExporter, version: str, share: float = 1.0) -> None:
        resource = Resource.create({"service.name": "ipse", "service.version": version})
        self._provider = TracerProvider(resource=resource, sampler=ParentBased(TraceIdRatioBased(share)))
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("ipse", version)
        self._parents = TraceContextTextMapPropagator()

    def stopwatch(self) -> TimelineStopwatch:
        """The stopwatch of one request."""
        return TimelineStopwatch()

    def answered(self, facts: Mapping[str, str | int], stopwatch: Stopwatch, parent: str | None) -> None:
        """Tell of one request that was answered now."""
        assert isinstance(stopwatch, TimelineStopwatch)
        context = None if parent is None else self._parents.extract({"traceparent": parent})
        span = self._tracer.start_span(
            f"{facts['dialect']} {facts['operation']}",
            context=context,
            kind=SpanKind.SERVER,
            start_time=stopwatch.began_ns,
            attributes={
                "http.response.status_code": facts["status"],
                **{f"ipse.{name}": value for name, value in facts.items() if name != "status"},
            },
        )
        if int(facts["status"]) >= _FAULT:
            span.set_status(Status(StatusCode.ERROR))
        inside = trace.set_span_in_context(span)
        for name, began_ns, ended_ns in stopwatch.stages:
            self._tracer.start_span(name, context=inside, start_time=began_ns).end(ended_ns)
        span.end()

    async def beside(self, name: str, facts: Mapping[str, str | int], work: Callable[[], Awaitable[Result]]) -> Result:
        """What work gives that nobody waits for, such as a job or a webhook; it gets a trace of its own."""
        attributes = {f"ipse.{fact}": value for fact, value in facts.items()}
        span = self._tracer.start_span(name, kind=SpanKind.CONSUMER, attributes=attributes)
        try:
            return await work()
        except BaseException as fault:
            span.set_status(Status(StatusCode.ERROR, type(fault).__name__))
            raise
        finally:
            span.end()

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()


def to_collector(endpoint: str, headers: Mapping[str, str] | None = None) -> SpanExporter:
    """Where spans go: a collector that speaks OTLP over HTTP, such as `http://127.0.0.1:4318`."""
    return OTLPSpanExporter(endpoint.rstrip("/") + PATH, headers=dict(headers or {}))
