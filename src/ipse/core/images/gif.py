"""GIF: its blocks, and the pixels of its first frame."""

import io
from dataclasses import dataclass

from PIL.GifImagePlugin import GifImageFile

from ipse.core.images.header import Header, upright_header
from ipse.core.images.limits import Limits
from ipse.core.images.pillow import expand
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Pixels

_HEAD_BYTES = 13
_EXTENSION, _IMAGE, _TRAILER, _CONTROL = 0x21, 0x2C, 0x3B, 0xF9
"""Block labels. Source: GIF89a specification, appendix A."""


@dataclass(frozen=True, slots=True)
class _Walk:
    """The canvas with the first frame on it, the bytes that show that frame alone, and how many frames there are."""

    size_px: tuple[int, int]
    first: bytes
    frames: int


def survey(data: bytes, limits: Limits) -> Header:
    """The header of a GIF whose first frame is complete."""
    walk = _walk(data, limits)
    return upright_header("gif", walk.size_px, frames=walk.frames)


def pixels(data: bytes, header: Header, limits: Limits) -> Pixels:
    """
    The first frame on its canvas; what it leaves transparent is white.

    The decoder is given that frame and its control block only: comments and later frames are never expanded.

    Shape: -> (h, w, 3) uint8.
    """
    first = _walk(data, limits).first
    return expand(lambda: GifImageFile(io.BytesIO(first)), header.stored_px)


def _walk(data: bytes, limits: Limits) -> _Walk:
    """The blocks of the file, up to its trailer or the point where it breaks off after the first frame."""
    if len(data) < _HEAD_BYTES:
        raise Refusal(Reason.IMAGE_TRUNCATED)
    width_px, height_px = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    at = head = _HEAD_BYTES + _table_bytes(data[10])
    control, first, frames = b"", b"", 0
    budget = limits.max_parts * 10  # Sub-blocks are ten times as many as parts: 255 bytes each at most.
    while at < len(data) and data[at] != _TRAILER:
        start = at
        if data[at] == _EXTENSION:
            at, budget = _after(data, at + 2, budget)
            control = data[start:at] if data[start + 1 : start + 2] == bytes([_CONTROL]) else control
        elif data[at] == _IMAGE:
            at, budget = _after(
                data, start + 11 + _table_bytes(data[start + 9] if start + 9 < len(data) else 0), budget
            )
            if frames == 0 and at <= len(data):
                first = data[:head] + control + data[start:at] + bytes([_TRAILER])
                width_px = max(width_px, _corner(data, start + 1))
                height_px = max(height_px, _corner(data, start + 3))
            frames += at <= len(data)
        else:
            break
    if frames == 0:
        raise Refusal(Reason.IMAGE_TRUNCATED if at >= len(data) else Reason.IMAGE_CORRUPT)
    return _Walk((width_px, height_px), first, frames)


def _corner(data: bytes, at: int) -> int:
    """Where a frame ends along one axis: its offset and, four bytes on, its length."""
    return int.from_bytes(data[at : at + 2], "little") + int.from_bytes(data[at + 4 : at + 6], "little")


def _table_bytes(flags: int) -> int:
    """Length of the colour table that a flags byte announces. Source: GIF89a 18 and 20."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after(data: bytes, at: int, budget: int) -> tuple[int, int]:
    """Where a chain of sub-blocks ends (beyond the data if it breaks off), and the budget left."""
    for spent in range(budget):
        if at >= len(data):
            return len(data) + 1, budget - spent
        length = data[at]
        at += length + 1
        if length == 0:
            return at, budget - spent
    raise Refusal(Reason.IMAGE_TOO_COMPLEX)
