"""The audit trail: who did and saw what at the desk, and by the command line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

CLI: Final = "cli"
SERVER: Final = "server"
"""Actors that are nobody in particular; all others are public ids of users."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """
    One line.

    Attributes:
        number: One more than that of the line before.
        at: Unix seconds.
        actor: The public id of a user, or `cli`, or `server`.
        action: What was done, such as `keys.create`.
        subject: The public id of what it was done to; empty if there is none.
        detail: More words and numbers; nothing personal.
    """

    number: int
    at: float
    actor: str
    action: str
    subject: str
    detail: Mapping[str, object] = field(default_factory=dict)


class AuditTrail(Protocol):
    """Lines that are only ever added; each is chained to the one before."""

    async def note(self, actor: str, action: str, subject: str = "", **detail: str | int | bool) -> None:
        """Write a line. Never a name, number, uuid, token or secret."""
        ...

    async def lines(
        self, before: int | None = None, most: int = 100, actor: str | None = None, action: str | None = None
    ) -> tuple[AuditLine, ...]:
        """Give the newest lines, the newest first; `before` is the number of a line that comes no more."""
        ...

    async def check(self) -> int | None:
        """Give the number of the first line that was changed, or is missing; `None` if the chain is whole."""
        ...
