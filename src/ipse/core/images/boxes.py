"""The boxes of an ISO media file, walked without expanding anything."""

from collections.abc import Iterator
from dataclasses import dataclass

from ipse.core.images.limits import Limits
from ipse.core.reasons import Reason, Refusal

_HEAD_BYTES = 8
_LONG, _TO_THE_END = 1, 0
"""Lengths that mean "see the next eight bytes" and "up to the end". Source: ISO/IEC 14496-12, 4.2."""


@dataclass(frozen=True, slots=True)
class Box:
    """A box's type and where its content lies."""

    kind: bytes
    start: int
    end: int


def boxes(data: bytes, start: int, end: int, limits: Limits) -> Iterator[Box]:
    """The boxes between two places. One that reaches beyond makes a whole file truncated, and a box within corrupt."""
    beyond = Reason.IMAGE_TRUNCATED if end == len(data) else Reason.IMAGE_CORRUPT
    at = start
    for _ in range(limits.max_parts):
        if at == end:
            return
        if at + _HEAD_BYTES > end:
            raise Refusal(beyond)
        length, content = number(data, at, 4), at + _HEAD_BYTES
        if length == _LONG:
            length, content = number(data, content, 8), content + 8
        elif length == _TO_THE_END:
            length = end - at
        if length < content - at:
            raise Refusal(Reason.IMAGE_CORRUPT)
        kind, at = data[at + 4 : at + 8], at + length
        if at > end:
            raise Refusal(beyond)
        yield Box(kind, content, at)
    raise Refusal(Reason.IMAGE_TOO_COMPLEX)


def number(data: bytes, at: int, length: int) -> int:
    """A big-endian number of some bytes (0 for none); the file is corrupt if it ends before."""
    if at + length > len(data):
        raise Refusal(Reason.IMAGE_CORRUPT)
    return int.from_bytes(data[at : at + length], "big")
