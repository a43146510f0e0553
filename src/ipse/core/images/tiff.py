"""TIFF: its first directory, and the pixels that a clean copy of it describes."""

import io
import struct
from dataclasses import dataclass

from PIL.TiffImagePlugin import TiffImageFile

from ipse.core.images.header import Header, upright_header
from ipse.core.images.limits import Limits
from ipse.core.images.pillow import expand
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Pixels

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
STRIP_AT, ORIENTATION, SAMPLES, STRIP_BYTES = 273, 274, 277, 279
TILE_WIDTH, TILE_HEIGHT, TILE_AT, TILE_BYTES, SAMPLE_FORMAT = 322, 323, 324, 325, 339
"""Tags. Source: TIFF 6.0, appendix A."""

KEPT = frozenset(
    {WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, STRIP_AT, SAMPLES, STRIP_BYTES, SAMPLE_FORMAT}
    | {TILE_WIDTH, TILE_HEIGHT, TILE_AT, TILE_BYTES}
    | {266, 278, 284, 292, 293, 317, 320, 332, 338, 347, 529, 530, 531, 532}
)
"""
The tags that make the pixels; besides those above: fill order, rows per strip, planar configuration, T4 and T6 options,
predictor, colour map, ink set, extra samples, JPEG tables and the four of YCbCr.

Orientation is not among them: Pillow would turn the picture by it, and we do that ourselves, once.
"""

COMPRESSIONS = frozenset({1, 2, 3, 4, 5, 7, 8, 32773, 32946, 34925})
"""
None, CCITT (three), LZW, JPEG, Deflate (two numbers), PackBits, LZMA. Source: TIFF 6.0; libtiff's tiff.h.

The old JPEG (6) and the rare ones are left out: no scanner writes them and each is one more decoder to attack.
"""

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
"""Bytes of one value by type. Source: TIFF 6.0 section 2; BigTIFF adds 16 to 18."""

_NUMBERS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q"}
_MAX_SAMPLES = 5  # CMYK and alpha


@dataclass(frozen=True, slots=True)
class _Layout:
    """How this file writes numbers: struct's order sign, and the widths that BigTIFF doubles."""

    order: str
    big: bool

    @property
    def entry_bytes(self) -> int:
        """Length of a directory entry."""
        return 20 if self.big else 12

    def number(self, data: bytes, at: int, *, count: bool = False) -> int:
        """An offset, or the count of entries of a directory."""
        code = ("Q" if self.big else "H") if count else ("Q" if self.big else "I")
        try:
            (value,) = struct.unpack_from(self.order + code, data, at)
        except struct.error as error:
            raise Refusal(Reason.IMAGE_TRUNCATED) from error
        return int(value)


@dataclass(frozen=True, slots=True)
class _Directory:
    """The first directory: the numbers of each kept tag, its raw entries, and how many pages follow."""

    layout: _Layout
    values: dict[int, tuple[int, ...]]
    entries: dict[int, bytes]
    pages: int

    def one(self, tag: int, otherwise: int = 0) -> int:
        """The tag's first number."""
        return self.values.get(tag, (otherwise,))[0]


def survey(data: bytes, limits: Limits) -> Header:
    """The header of a TIFF whose strips or tiles are all there."""
    directory = _directory(data, limits)
    if directory.one(COMPRESSION, 1) not in COMPRESSIONS or directory.one(SAMPLES, 1) > _MAX_SAMPLES:
        raise Refusal(Reason.IMAGE_UNRECOGNISED)
    if directory.one(SAMPLE_FORMAT, 1) != 1 or max(directory.values.get(BITS, (1,))) > 16:  # noqa: PLR2004 - bits
        raise Refusal(Reason.IMAGE_UNRECOGNISED)
    if directory.one(TILE_WIDTH) * directory.one(TILE_HEIGHT) > limits.max_pixels:
        raise Refusal(Reason.IMAGE_TOO_LARGE)
    for at_tag, bytes_tag in ((STRIP_AT, STRIP_BYTES), (TILE_AT, TILE_BYTES)):
        starts, lengths = directory.values.get(at_tag, ()), directory.values.get(bytes_tag, ())
        if any(start + length > len(data) for start, length in zip(starts, lengths, strict=False)):
            raise Refusal(Reason.IMAGE_TRUNCATED)
    orientation = directory.one(ORIENTATION, 1)
    return upright_header(
        "tiff",
        (directory.one(WIDTH), directory.one(HEIGHT)),
        orientation if orientation in range(1, 9) else 1,
        directory.pages,
    )


def _directory(data: bytes, limits: Limits) -> _Directory:
    """The first directory of the file."""
    layout = _Layout("<" if data[:1] == b"I" else ">", data[2:4] in (b"+\x00", b"\x00+"))
    at = layout.number(data, 8 if layout.big else 4)
    entries = layout.number(data, at, count=True)
    if entries > limits.max_parts:
        raise Refusal(Reason.IMAGE_TOO_COMPLEX)
    values: dict[int, tuple[int, ...]] = {}
    raw: dict[int, bytes] = {}
    start = at + (8 if layout.big else 2)
    for entry in range(start, start + entries * layout.entry_bytes, layout.entry_bytes):
        piece = data[entry : entry + layout.entry_bytes]
        if len(piece) < layout.entry_bytes:
            raise Refusal(Reason.IMAGE_TRUNCATED)
        tag = struct.unpack_from(layout.order + "H", piece)[0]
        if tag in raw or tag not in KEPT | {ORIENTATION}:
            continue
        raw[tag] = piece
        values[tag] = _values(data, layout, piece, entry, limits)
    return _Directory(layout, values, raw, _pages(data, layout, at, limits))


def _values(data: bytes, layout: _Layout, piece: bytes, entry: int, limits: Limits) -> tuple[int, ...]:
    """The whole numbers of an entry; an empty tuple becomes (0,), other types too."""
    kind, count = struct.unpack_from(layout.order + ("HQ" if layout.big else "HI"), piece, 2)
    if kind not in _SIZES:
        raise Refusal(Reason.IMAGE_CORRUPT)
    if count > max(limits.max_parts, 3 * 65536):
        raise Refusal(Reason.IMAGE_TOO_COMPLEX)
    head = 12 if layout.big else 8
    inline = count * _SIZES[kind] <= layout.entry_bytes - head
    at = entry + head if inline else layout.number(data, entry + head)
    if at + count * _SIZES[kind] > len(data):
        raise Refusal(Reason.IMAGE_TRUNCATED)
    if kind not in _NUMBERS or count == 0:
        return (0,)
    return struct.unpack_from(f"{layout.order}{count}{_NUMBERS[kind]}", data, at)


def _pages(data: bytes, layout: _Layout, at: int, limits: Limits) -> int:
    """How many directories the chain has; one that bites its own tail is corrupt."""
    seen: set[int] = set()
    while at and at + 2 <= len(data) and len(seen) <= limits.max_frames:
        if at in seen:
            raise Refusal(Reason.IMAGE_CORRUPT)
        seen.add(at)
        end = at + (8 if layout.big else 2) + layout.number(data, at, count=True) * layout.entry_bytes
        if end + (8 if layout.big else 4) > len(data):
            break
        at = layout.number(data, end)
    return max(1, len(seen))


def pixels(data: bytes, header: Header, limits: Limits) -> Pixels:
    """
    The pixels of the first page as stored.

    The decoder is given the file with a directory of our own behind it, which holds only the tags that make the pixels:
    whatever else the file says (loops, other pages, texts, broken tags) is out of its sight.

    Shape: -> (h, w, 3) uint8.
    """
    clean = _clean(data, _directory(data, limits))
    return expand(lambda: TiffImageFile(io.BytesIO(clean)), header.stored_px)


def _clean(data: bytes, directory: _Directory) -> bytes:
    """The same file, read through a new directory at its end."""
    layout = directory.layout
    kept = [directory.entries[tag] for tag in sorted(directory.entries) if tag in KEPT]
    at = len(data) + len(data) % 2
    link = struct.pack(layout.order + ("Q" if layout.big else "I"), at)
    head = data[:8] + link if layout.big else data[:4] + link
    count = struct.pack(layout.order + ("Q" if layout.big else "H"), len(kept))
    end = bytes(8 if layout.big else 4)
    return b"".join([head, memoryview(data)[len(head) :], bytes(len(data) % 2), count, *kept, end])
