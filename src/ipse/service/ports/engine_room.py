"""The engine room, and a place in it."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

Result = TypeVar("Result")


class Seat(Protocol):
    """A place in the engine room, held by one request."""

    async def run(self, work: Callable[[], Result]) -> Result:
        """
        Give the result of CPU work done off the event loop; exceptions come through.

        One seat may run several at once; they wait for free cores among themselves, never for admission.
        """
        ...


class Compute(Protocol):
    """The engine room: a bounded executor that refuses at once rather than queue forever."""

    def admit(self) -> AbstractAsyncContextManager[Seat]:
        """Give a seat for as long as the block lasts; entering raises `Refusal(Reason.BUSY)` at once when full."""
        ...
