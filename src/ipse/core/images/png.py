"""PNG: its chunks, and its pixels from the critical ones alone."""

import io
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from PIL.PngImagePlugin import PngImageFile

from ipse.core.images.header import Header, Plan
from ipse.core.images.limits import Limits
from ipse.core.images.orientation import read_orientation
from ipse.core.images.pillow import expand
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Pixels

KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
"""The chunks that make the pixels. Source: PNG 3rd edition, 5.6 (critical chunks) and 11.3.2.1 (tRNS)."""

NAME = re.compile(rb"[A-Za-z]{4}")
"""Source: PNG 3rd edition, 5.4."""

_SIGNATURE_BYTES = 8
_HEAD_BYTES, _CRC_BYTES = 8, 4


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A chunk's name and where its content lies."""

    name: bytes
    start: int
    end: int


def survey(data: bytes, limits: Limits) -> Plan:
    """The plan of a PNG whose chunks are there up to `IEND`."""
    orientation, frames = 1, 1
    size_px: tuple[int, int] | None = None
    kept: list[_Chunk] = []
    for chunk in _chunks(data, limits):
        if chunk.name in KEPT:
            kept.append(chunk)
        if chunk.name == b"IHDR" and size_px is None:
            size_px = _two(data, chunk)
        elif chunk.name == b"eXIf":
            orientation = read_orientation(data[chunk.start : chunk.end])
        elif chunk.name == b"acTL":
            frames = max(1, _two(data, chunk)[0])
    if size_px is None:
        raise Refusal(Reason.IMAGE_CORRUPT)
    header = Header("png", size_px, orientation, frames)
    return Plan(header, lambda _: _pixels(data, kept, size_px))


def _chunks(data: bytes, limits: Limits) -> Iterator[_Chunk]:
    """Every chunk up to `IEND`."""
    at = _SIGNATURE_BYTES
    for _ in range(limits.max_parts):
        start = at + _HEAD_BYTES
        if start > len(data):
            raise Refusal(Reason.IMAGE_TRUNCATED)
        length, name = struct.unpack_from(">I4s", data, at)
        if not NAME.fullmatch(name):
            raise Refusal(Reason.IMAGE_CORRUPT)
        at = start + length + _CRC_BYTES
        if at > len(data):
            raise Refusal(Reason.IMAGE_TRUNCATED)
        yield _Chunk(name, start, start + length)
        if name == b"IEND":
            return
    raise Refusal(Reason.IMAGE_TOO_COMPLEX)


def _two(data: bytes, chunk: _Chunk) -> tuple[int, int]:
    """The two numbers with which `IHDR` (sides) and `acTL` (frames, plays) begin."""
    if chunk.end - chunk.start < 8:  # noqa: PLR2004 - two numbers of four bytes
        raise Refusal(Reason.IMAGE_CORRUPT)
    first, second = struct.unpack_from(">II", data, chunk.start)
    return first, second


def _pixels(data: bytes, kept: list[_Chunk], size_px: tuple[int, int]) -> Pixels:
    """
    The pixels as stored; of an animated PNG, the picture that viewers without animation show.

    The decoder is given the critical chunks and `tRNS` only. Texts, profiles and animation frames are never expanded,
    so bombs hidden in them cost nothing, and Pillow has nothing to warn of.

    Shape: -> (h, w, 3) uint8.
    """
    whole = memoryview(data)
    pieces = [whole[chunk.start - _HEAD_BYTES : chunk.end + _CRC_BYTES] for chunk in kept]
    critical = b"".join([whole[:_SIGNATURE_BYTES], *pieces])
    return expand(lambda: PngImageFile(io.BytesIO(critical)), size_px)
