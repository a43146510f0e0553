"""What trying things at the desk needs: pictures to try with, and a key of the console's own."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ConsoleKey:
    """
    Credentials of the console for one dialect.

    Attributes:
        key: What a caller sends openly, or all there is for dialects of one word.
        secret: What it proves to know; `None` for those.
    """

    key: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)


class ConsoleKeys(Protocol):
    """The keys with which the console calls its own server; every server of a fleet has the same."""

    async def of(self, dialect: str) -> ConsoleKey:
        """Give today's key of a dialect; it is made where it was not there."""
        ...


class Samples(Protocol):
    """Pictures to try things with. They are nobody's secret: portraits that were fetched, and drawn cards."""

    def names(self) -> tuple[str, ...]:
        """Give the names of those that are there; none where the portraits were not fetched."""
        ...

    async def picture(self, name: str) -> bytes | None:
        """Give a picture as a file; `None` if it is not there."""
        ...

    async def thumbnail(self, name: str) -> bytes | None:
        """Give it small, as a JPEG file."""
        ...
