"""What the runner is given by the composition root: access, time, chance, logs, and how patient it is."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ipse.protocols.arrivals import Arrivals
from ipse.service.access import Access
from ipse.service.ports import Clock, Log, Metrics, Stopwatch, Tracer


@dataclass(frozen=True, slots=True)
class Patience:
    """
    How long the edge waits for a sender.

    Attributes:
        stall_s: Longest silence within a body. Source: Apache's `RequestReadTimeout body=20`.
        whole_s: Longest time for a whole body. Source: nginx's `client_body_timeout`, 60 s, here for all of it.
        linger_s: Longest time in which the rest of a refused body is thrown away, so that the sender gets to read the
            answer instead of a reset connection. Source: nginx's `lingering_timeout`, 5 s.
    """

    stall_s: float = 20.0
    whole_s: float = 60.0
    linger_s: float = 5.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """
    What the runner needs from the composition root.

    Attributes:
        access: The gate.
        clock: Time.
        entropy: Gives that many random bytes.
        stopwatch: Makes the stopwatch of one request.
        log: Structured log lines.
        metrics: Counters.
        tracer: Who is told where the time of each request went; nobody unless the operator says so.
        patience: Waiting times.
        bodies_bytes: Most bytes of unfinished and unanswered bodies held at once by all requests together; beyond it
            requests are refused as `BUSY`. The default holds 128 of the smallest vendor's largest bodies (2 MB).
        arrivals: The bodies that are being read; whoever stops the server hurries them.
    """

    access: Access
    clock: Clock
    entropy: Callable[[int], bytes]
    stopwatch: Callable[[], Stopwatch]
    log: Log
    metrics: Metrics
    patience: Patience = Patience()
    bodies_bytes: int = 128 * 2 * 1_048_576
    arrivals: Arrivals = field(default_factory=Arrivals)
    tracer: Tracer | None = None
