"""Time, as an argument."""

from collections.abc import Mapping
from typing import Protocol

from ipse.core.vocabulary import Stages


class Clock(Protocol):
    """Time, as an argument."""

    def now(self) -> float:
        """Give the seconds since 1970-01-01T00:00Z."""
        ...

    def monotonic(self) -> float:
        """Give seconds that never run backwards; only differences mean anything."""
        ...


class Stopwatch(Stages, Protocol):
    """`Stages` of one request, and what they took. Several threads may time at once."""

    def spent_ms(self) -> Mapping[str, float]:
        """Give the milliseconds of each stage so far, in the order of their first start; repeated stages add up."""
        ...
