"""What the harness must know of a dialect: a builder in `tests/wire/builders/<dialect>.py`, found by its name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from ipse.core.reasons import Reason
from ipse.protocols.messages import Dialect
from ipse.service.ports import KeyRecord

if TYPE_CHECKING:
    from tests.wire.world import World

Case: TypeAlias = Mapping[str, Any]
"""A vector's table, with the header of its file; or what a test changes of a good request."""


@dataclass(frozen=True)
class Sent:
    """A request as it goes over the wire; `target` is path and query."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


def usual_headers(_case: Case) -> Mapping[str, str]:
    """The headers of most answers."""
    return {"content-type": "application/json"}


def as_written(case: Case) -> str:
    """The body that the vector writes out."""
    return str(case["body"])


@dataclass(frozen=True)
class Builder:
    """
    One dialect, as the harness drives it.

    Attributes:
        keys: Keys in every state. Names are per dialect: `good` may be everybody's.
        dialect: The dialect over a world's ports.
        request: A good request, changed as the case says. The pictures are the world's, by name.
        headers: The headers of an answer besides `server-timing` and `content-length`; a case adds to them with
            `headers = { … }`, where an empty value takes one away.
        body: The expected body; a dialect may have short forms.
        families: For each table of errors by a name of ours, whether some operation gives the row of each reason.
        family_of: The name of the family that words an operation's refusals.
        under_way: Reasons whose row has no vector yet, because nothing raises them yet.
    """

    keys: tuple[KeyRecord, ...]
    dialect: Callable[["World"], Dialect]
    request: Callable[[Case, Mapping[str, bytes]], Sent]
    families: Mapping[str, Mapping[Reason, bool]]
    family_of: Callable[[str], str]
    headers: Callable[[Case], Mapping[str, str]] = usual_headers
    body: Callable[[Case], str] = as_written
    under_way: frozenset[Reason] = field(default_factory=frozenset)


@cache
def builders() -> Mapping[str, Builder]:
    """Every builder by the name of its dialect."""
    names = sorted(path.stem for path in (Path(__file__).parent / "builders").glob("*.py"))
    return {name: import_module(f"tests.wire.builders.{name}").BUILDER for name in names}
