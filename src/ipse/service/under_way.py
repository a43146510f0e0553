"""
The call that is under way, known to whoever writes a row for it.

Whatever a call leaves behind must be found when the call is erased, also what it left before it failed or was cut off.
So the stores note it themselves, in the transaction of the row, rather than that every use case hands its call down.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final
from uuid import UUID

_CALL: Final[ContextVar[UUID | None]] = ContextVar("call", default=None)
"""Each request and each job runs in a context of its own, so that nobody sees another's."""


@contextmanager
def under_way(call: UUID | None) -> Iterator[None]:
    """Have everything inside belong to a call; `None`: to none."""
    token = _CALL.set(call)
    try:
        yield
    finally:
        _CALL.reset(token)


def call_under_way() -> UUID | None:
    """Give the call that is under way, if there is one."""
    return _CALL.get()
