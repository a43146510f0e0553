"""Signing in elsewhere: an organisation's own provider says who somebody is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ipse.service.ports.accounts import Vouched


@dataclass(frozen=True, slots=True)
class Departure:
    """
    Where a browser is sent, and what it must bring back.

    Attributes:
        address: The provider's, with the question.
        note: Sealed; the browser keeps it meanwhile, so that nobody else can come back in its place.
    """

    address: str = field(repr=False)
    note: str = field(repr=False)


class Elsewhere(Protocol):
    """An organisation's own sign-in."""

    async def begin(self, back: str, now: float) -> Departure | None:
        """Give where to go; `back` is the address of ours to come back to. `None`: the provider does not answer."""
        ...

    async def finish(self, back: str, note: str, answer: Mapping[str, str], now: float) -> Vouched | None:
        """
        Give for whom the provider vouches, from what the browser brought back.

        `None`: the provider, or what it said, cannot be relied upon.
        """
        ...
