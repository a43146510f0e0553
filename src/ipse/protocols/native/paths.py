"""Paths of our own API: `/v1/records/{request_id}`, and what to say of a path or method that is none."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Final

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.messages import Head

RESERVED: Final = frozenset({"find", "lookup", "remove", "batch"})
"""Words that are no ids: a path that is written out stands before one with a hole (OpenAPI 3.1, paths object)."""

_HOLE: Final = re.compile(r"\{(\w+)\}")


def matcher(method: str, template: str) -> Callable[[Head], bool]:
    """Give the judgement whether a head is of this method and path."""
    return lambda head: head.method == method and values(template, head.path) is not None


def values(template: str, path: str) -> Mapping[str, str] | None:
    """
    Give what stands in the holes of a path; `None` if it is another path.

    A hole holds no slash, and none of the words that stand in its place in a path of their own (`RESERVED`).
    """
    found = _pattern(template).fullmatch(path)
    return None if found is None or RESERVED & set(found.groups()) else found.groupdict()


def value(template: str, path: str, hole: str) -> str:
    """Give what stands in one hole of a path that was matched."""
    found = values(template, path)
    if found is None:
        raise ValueError(f"This path was not matched by {template}.")
    return found[hole]


def unmatched(routes: Sequence[tuple[str, str]]) -> Callable[[Head], Refusal]:
    """
    Give what refuses heads that no operation matches.

    A path of ours with another method is `METHOD_DENIED`, with the allowed methods as findings; others are unknown,
    also one of the form of a page that does not exist.

    Args:
        routes: Method and template of every operation.
    """

    def refusal(head: Head) -> Refusal:
        allowed = sorted({method for method, template in routes if values(template, head.path) is not None})
        if not allowed or head.method in allowed:
            return Refusal(Reason.OPERATION_UNKNOWN)
        return Refusal(Reason.METHOD_DENIED, findings=tuple(allowed))

    return refusal


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """Give the expression of a template; the literal rest stands for itself."""
    literal = _HOLE.split(template)
    pieces = (f"(?P<{piece}>[^/]+)" if at % 2 else re.escape(piece) for at, piece in enumerate(literal))
    return re.compile("".join(pieces))
