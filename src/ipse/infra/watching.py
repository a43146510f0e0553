"""Who is told how the work goes that nobody waits for: metrics, and by setting traces."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from ipse.infra.telemetry import PrometheusMetrics, RequestStopwatch
from ipse.service.jobs import Handler
from ipse.service.ports import Job, Seat, Webhooks
from ipse.service.ports.vitals import Vitals

if TYPE_CHECKING:
    from ipse.infra.tracing import OtlpTracer

EVERY_S: Final = 10.0
"""How often queues are counted. Source: Prometheus asks every 15 s in its own examples."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Watch:
    """
    Who is told; nobody by default.

    Attributes:
        metrics: Shown by this process, if it shows some.
        tracer: Told of every job and webhook.
    """

    metrics: PrometheusMetrics | None = None
    tracer: "OtlpTracer | None" = None

    @property
    def stopwatch(self) -> Callable[[], RequestStopwatch]:
        """Makes the stopwatch of one request."""
        return RequestStopwatch if self.tracer is None else self.tracer.stopwatch

    def job(self, kind: str, handler: Handler) -> Handler:
        """The handler of a kind of jobs, told of."""

        async def work(job: Job, seat: Seat) -> bytes:
            return await self._beside(f"job {kind}", {"attempt": job.attempt}, lambda: handler(job, seat))

        return handler if self.tracer is None else work

    def cards(self, follows: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        """What follows from a card that was read, and its status counted."""

        async def counted(owner: str, sent: Any, card: Any) -> None:
            if self.metrics is not None:
                self.metrics.card(owner, card.status.value)
            await follows(owner, sent, card)

        return counted

    def webhooks(self, webhooks: Webhooks) -> Webhooks:
        """The port, told of."""
        return webhooks if self.tracer is None else _TracedWebhooks(webhooks, self)

    async def run(self, vitals: Vitals, lost: Mapping[str, int], stop: asyncio.Event) -> None:
        """Count what waits, and the decoding processes that were lost, until told to stop."""
        while self.metrics is not None and not stop.is_set():
            now = time.time()
            self.metrics.queues(await vitals.queues(now), now)
            self.metrics.decoders_lost(lost)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), EVERY_S)

    def close(self) -> None:
        """Send what is left to send."""
        if self.tracer is not None:
            self.tracer.close()

    async def _beside(self, name: str, facts: Mapping[str, str | int], work: Callable[[], Awaitable[Result]]) -> Result:
        """What the work gives."""
        assert self.tracer is not None
        return await self.tracer.beside(name, facts, work)


@dataclass(frozen=True, slots=True)
class _TracedWebhooks:
    """The port `Webhooks`, told of; addresses are not."""

    webhooks: Webhooks
    watch: Watch

    async def deliver(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """The status of the answer."""
        return await self.watch._beside("webhook", {}, lambda: self.webhooks.deliver(url, body, headers))  # noqa: SLF001  # Of this file.


def open_tracer(endpoint: str, headers: str, share: float, version: str) -> "OtlpTracer | None":
    """
    Who is told of requests; nobody without an endpoint, and then nothing of OpenTelemetry is imported.

    Args:
        endpoint: The collector's address.
        headers: `name=value`, separated by commas.
        share: Which share of the requests is traced.
        version: Of Ipse.
    """
    if not endpoint:
        return None
    from ipse.infra.tracing import OtlpTracer, to_collector  # noqa: PLC0415  # Only for whoever wants traces.

    pairs = (pair.partition("=") for pair in headers.split(",") if pair.strip())
    named = {name.strip(): value.strip() for name, _, value in pairs}
    return OtlpTracer(to_collector(endpoint, named), version, share)
