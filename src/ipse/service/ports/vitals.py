"""How the parts outside this process are."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class QueueState:
    """
    What waits of one kind.

    Attributes:
        kind: What kind of work: a job's kind, or `webhook`.
        waiting: How many nobody works on.
        under_way: How many somebody works on.
        oldest_at: Unix seconds at which the one that waits longest was put off; `None` if none waits.
    """

    kind: str
    waiting: int
    under_way: int
    oldest_at: float | None


class Vitals(Protocol):
    """Asks how the database is, and what waits in it; raises nothing: what cannot be asked is `None`."""

    async def ping_ms(self) -> float | None:
        """Give how long the database takes for the smallest question; `None` if it is away."""
        ...

    async def queues(self, now: float) -> tuple[QueueState, ...] | None:
        """Give what waits, by kind."""
        ...

    async def calls_under_way(self, now: float) -> int | None:
        """Give how many calls of limited keys are under way, on all servers."""
        ...
