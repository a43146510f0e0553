"""GIF: its blocks, and the pixels of its first frame."""

import io
import struct
from dataclasses import dataclass

from PIL.GifImagePlugin import GifImageFile

from ipse.core.images.header import Header, Plan
from ipse.core.images.limits import Limits
from ipse.core.images.pillow import expand
from ipse.core.reasons import Reason, Refusal

_EXTENSION, _IMAGE, _TRAILER, _CONTROL = b"\x21", b"\x2c", b"\x3b", b"\xf9"
"""Block labels. Source: GIF89a specification, appendix A."""

_HEAD = struct.Struct("<6x2HB2x")
_DESCRIPTOR = struct.Struct("<x4HB")
"""Logical screen and image descriptor. Source: GIF89a 18 and 20."""

SUB_BLOCKS_PER_PART = 10
"""Data comes in sub-blocks of at most 255 bytes, so a file has many more of these than blocks."""


@dataclass(slots=True)
class _Walk:
    """A walk over the blocks: where it stands, and how many more steps it may take."""

    data: bytes
    at: int
    steps_left: int

    @property
    def label(self) -> bytes:
        """The byte that says what comes next; empty at the end."""
        return self.data[self.at : self.at + 1]

    def skip_sub_blocks(self) -> bool:
        """Whether the chain of sub-blocks is complete; stands behind it then."""
        while self.at < len(self.data):
            self.steps_left -= 1
            if self.steps_left < 0:
                raise Refusal(Reason.IMAGE_TOO_COMPLEX)
            length = self.data[self.at]
            self.at += length + 1
            if length == 0:
                return True
        return False


@dataclass(frozen=True, slots=True)
class _FirstFrame:
    """The file as it would be with its first frame alone, and the canvas that this needs."""

    file: bytes
    size_px: tuple[int, int]


def survey(data: bytes, limits: Limits) -> Plan:
    """
    The plan of a GIF whose first frame is complete; a later break is no matter.

    The decoder is given the first frame and its control block only: comments and later frames are never expanded.
    """
    if len(data) < _HEAD.size:
        raise Refusal(Reason.IMAGE_TRUNCATED)
    *_, flags = _HEAD.unpack_from(data)
    head = _HEAD.size + _table_bytes(flags)
    walk = _Walk(data, head, limits.max_parts * SUB_BLOCKS_PER_PART)
    first: _FirstFrame | None = None
    control, frames, complete = b"", 0, True
    while complete and walk.label in (_EXTENSION, _IMAGE):
        start, label = walk.at, walk.label
        walk.at += 2 if label == _EXTENSION else _image_bytes(data, start)
        complete = walk.skip_sub_blocks()
        block = data[start : walk.at]
        if label == _EXTENSION and block[1:2] == _CONTROL:
            control = block
        elif label == _IMAGE and complete:
            first = first or _first_frame(data[:head], control, block)
            frames += 1
    if first is None:
        raise Refusal(Reason.IMAGE_TRUNCATED if walk.at >= len(data) else Reason.IMAGE_CORRUPT)
    header = Header("gif", first.size_px, frames=frames)
    return Plan(header, lambda _: expand(lambda: GifImageFile(io.BytesIO(first.file)), header.stored_px))


def _image_bytes(data: bytes, at: int) -> int:
    """Length of an image block up to its sub-blocks: descriptor, colour table, code size."""
    if at + _DESCRIPTOR.size > len(data):
        raise Refusal(Reason.IMAGE_TRUNCATED)
    *_, flags = _DESCRIPTOR.unpack_from(data, at)
    return _DESCRIPTOR.size + _table_bytes(flags) + 1


def _table_bytes(flags: int) -> int:
    """Length of the colour table that a flags byte announces. Source: GIF89a 18 and 20."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _first_frame(head: bytes, control: bytes, block: bytes) -> _FirstFrame:
    """The first frame; a frame that reaches beyond the canvas widens it, as Pillow does."""
    width_px, height_px, _ = _HEAD.unpack_from(head)
    left_px, top_px, frame_width_px, frame_height_px, _ = _DESCRIPTOR.unpack_from(block)
    size_px = max(width_px, left_px + frame_width_px), max(height_px, top_px + frame_height_px)
    return _FirstFrame(head + control + block + _TRAILER, size_px)
