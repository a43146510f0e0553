"""The seat of operations that compute nothing."""

from collections.abc import Callable
from typing import Final, TypeVar

from ipse.service.ports import Seat

Result = TypeVar("Result")


class Unseated:
    """No place in the engine room: asking it to compute is a fault of ours."""

    async def run(self, work: Callable[[], Result]) -> Result:
        """Raise `RuntimeError`: an operation that computes must be seated."""
        raise RuntimeError(f"{work!r} was run without a seat.")


UNSEATED: Final[Seat] = Unseated()
"""What the use cases of unseated operations are given."""
