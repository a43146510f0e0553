"""TIFF: its first directory, and the pixels that a clean copy of it describes."""

import io
import struct
from dataclasses import dataclass

import numpy as np
from PIL.TiffImagePlugin import TiffImageFile

from ipse.core.images.header import Header, Plan
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

SINGLE = frozenset({WIDTH, HEIGHT, COMPRESSION, PHOTOMETRIC, SAMPLES, TILE_WIDTH, TILE_HEIGHT}) | {
    266,
    278,
    284,
    292,
    293,
    317,
    332,
    531,
}
"""The tags among them that hold one number. Source: TIFF 6.0, appendix A; Pillow warns when one holds more."""

NOT_WHOLE = frozenset({347, 529, 532})
"""The tags among them that hold bytes (JPEG tables) or fractions (two of YCbCr's). Source: TIFF 6.0, appendix A."""

COMPRESSIONS = frozenset({1, 2, 3, 4, 5, 7, 8, 32773, 32946, 34925})
"""
None, CCITT (three), LZW, JPEG, Deflate (two numbers), PackBits, LZMA. Source: TIFF 6.0; libtiff's tiff.h.

The old JPEG (6) and the rare ones are left out: no scanner writes them and each is one more decoder to attack.
"""

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
"""Bytes of one value by type. Source: TIFF 6.0 section 2; BigTIFF adds 16 to 18."""

_NUMBERS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q"}
"""Struct's letters of the types that are whole numbers without sign."""

MAX_PALETTE = 3 * 65_536
"""Most numbers of a tag: a colour map of 16 bits. Source: TIFF 6.0, ColorMap."""

MAX_SHARED = 2
"""How many times its own length a file may name as strips: honest ones share no bytes, some lengths are generous."""

_PLAIN, _JPEG = 1, 7
_JPEG_SCAN = b"\xff\xda"  # The marker cannot stand in packed pixels, where every 0xFF is followed by a zero (T.81).
_MAX_SAMPLES = 5  # CMYK and alpha.
_MAX_BITS = 16
_WHOLE_NUMBERS = 1  # SampleFormat: unsigned; for the others (signed, float) no file says which number is white.
_WHITE_IS_ZERO = 0
_INVERTED_BY_PILLOW = 8  # Pillow inverts such pictures up to this many bits (`TiffImagePlugin.OPEN_INFO`).


@dataclass(frozen=True, slots=True)
class _Layout:
    """How this file writes numbers: struct's sign for the byte order, and the widths, which BigTIFF enlarges."""

    order: str
    big: bool

    @property
    def offset_code(self) -> str:
        """Struct's letter for an offset."""
        return "Q" if self.big else "I"

    @property
    def count_code(self) -> str:
        """Struct's letter for the count of entries."""
        return "Q" if self.big else "H"

    @property
    def offset_bytes(self) -> int:
        """Length of an offset."""
        return 8 if self.big else 4

    @property
    def count_bytes(self) -> int:
        """Length of the count of entries."""
        return 8 if self.big else 2

    @property
    def entry_bytes(self) -> int:
        """Length of a directory entry."""
        return 20 if self.big else 12

    @property
    def value_at(self) -> int:
        """Where the value stands in an entry."""
        return 12 if self.big else 8

    @property
    def link_at(self) -> int:
        """Where the file says where its first directory is."""
        return 8 if self.big else 4

    def offset(self, data: bytes, at: int) -> int:
        """The offset that stands at a place."""
        return self._number(self.offset_code, data, at)

    def count(self, data: bytes, at: int) -> int:
        """The count of entries that stands at a place."""
        return self._number(self.count_code, data, at)

    def _number(self, code: str, data: bytes, at: int) -> int:
        """A number; the file is truncated if it ends before."""
        if at + struct.calcsize(self.order + code) > len(data):
            raise Refusal(Reason.IMAGE_TRUNCATED)
        (value,) = struct.unpack_from(self.order + code, data, at)
        return int(value)


@dataclass(frozen=True, slots=True)
class _Directory:
    """The first directory: the numbers of each kept tag, its raw entries, and how many pages there are."""

    layout: _Layout
    numbers: dict[int, tuple[int, ...]]
    entries: dict[int, bytes]
    pages: int

    def one(self, tag: int, otherwise: int = 0) -> int:
        """The tag's first number."""
        return (self.numbers.get(tag) or (otherwise,))[0]

    def spans(self) -> list[tuple[int, int]]:
        """(start, end) of every strip or tile whose length the file states."""
        starts = self.numbers.get(STRIP_AT, ()) + self.numbers.get(TILE_AT, ())
        lengths = self.numbers.get(STRIP_BYTES, ()) + self.numbers.get(TILE_BYTES, ())
        return [(start, start + length) for start, length in zip(starts, lengths, strict=False)]

    @property
    def bits(self) -> int:
        """Bits of the deepest sample."""
        return max(self.numbers.get(BITS, (1,)))


def survey(data: bytes, limits: Limits) -> Plan:
    """The plan of a TIFF whose strips or tiles are all there."""
    directory = _directory(data, limits)
    if directory.one(COMPRESSION, 1) not in COMPRESSIONS or directory.one(SAMPLES, 1) > _MAX_SAMPLES:
        raise Refusal(Reason.IMAGE_UNRECOGNISED)
    if directory.one(SAMPLE_FORMAT, 1) != _WHOLE_NUMBERS or directory.bits > _MAX_BITS:
        raise Refusal(Reason.IMAGE_UNRECOGNISED)
    if directory.one(TILE_WIDTH) * directory.one(TILE_HEIGHT) > limits.max_pixels:
        raise Refusal(Reason.IMAGE_TOO_LARGE)
    scans = _check_spans(data, directory)
    orientation = directory.one(ORIENTATION, 1)
    header = Header(
        "tiff",
        (directory.one(WIDTH), directory.one(HEIGHT)),
        orientation if orientation in range(1, 9) else 1,
        directory.pages,
        scans,
    )
    return Plan(header, lambda _: _pixels(data, directory, header))


def _check_spans(data: bytes, directory: _Directory) -> int:
    """Refuse strips or tiles that reach beyond the file or share bytes; else the most scans of one of them."""
    spans = directory.spans()
    if not spans and directory.one(COMPRESSION, 1) != _PLAIN:
        raise Refusal(Reason.IMAGE_CORRUPT)
    if any(end > len(data) for _, end in spans):
        raise Refusal(Reason.IMAGE_TRUNCATED)
    if sum(end - start for start, end in spans) > MAX_SHARED * len(data):
        raise Refusal(Reason.IMAGE_TOO_COMPLEX)
    if directory.one(COMPRESSION, 1) != _JPEG:
        return 1
    return max(data.count(_JPEG_SCAN, start, end) for start, end in spans)


def _directory(data: bytes, limits: Limits) -> _Directory:
    """The first directory of the file."""
    layout = _Layout("<" if data[:1] == b"I" else ">", big=b"+" in data[2:4])
    at = layout.offset(data, layout.link_at)
    count = layout.count(data, at)
    if count > limits.max_parts:
        raise Refusal(Reason.IMAGE_TOO_COMPLEX)
    numbers: dict[int, tuple[int, ...]] = {}
    raw: dict[int, bytes] = {}
    start = at + layout.count_bytes
    for entry in range(start, start + count * layout.entry_bytes, layout.entry_bytes):
        piece = data[entry : entry + layout.entry_bytes]
        if len(piece) < layout.entry_bytes:
            raise Refusal(Reason.IMAGE_TRUNCATED)
        (tag,) = struct.unpack_from(layout.order + "H", piece)
        if tag not in raw and (tag in KEPT or tag == ORIENTATION):
            raw[tag] = piece
            numbers[tag] = _numbers(data, layout, entry, limits)
            if not _fits(tag, numbers[tag]):
                raise Refusal(Reason.IMAGE_CORRUPT)
    return _Directory(layout, numbers, raw, _pages(data, layout, at, limits))


def _fits(tag: int, numbers: tuple[int, ...]) -> bool:
    """Whether a tag holds what it must: one number, some numbers, or something else."""
    if tag in SINGLE:
        return len(numbers) == 1
    return bool(numbers) or tag == ORIENTATION or tag in NOT_WHOLE


def _numbers(data: bytes, layout: _Layout, entry: int, limits: Limits) -> tuple[int, ...]:
    """The whole numbers of an entry; none if it holds something else."""
    kind, count = struct.unpack_from(layout.order + ("HQ" if layout.big else "HI"), data, entry + 2)
    if kind not in _SIZES:
        raise Refusal(Reason.IMAGE_CORRUPT)
    if count > max(limits.max_parts, MAX_PALETTE):
        raise Refusal(Reason.IMAGE_TOO_COMPLEX)
    at = entry + layout.value_at
    if count * _SIZES[kind] > layout.entry_bytes - layout.value_at:
        at = layout.offset(data, at)
    if at + count * _SIZES[kind] > len(data):
        raise Refusal(Reason.IMAGE_TRUNCATED)
    if kind not in _NUMBERS:
        return ()
    return struct.unpack_from(f"{layout.order}{count}{_NUMBERS[kind]}", data, at)


def _pages(data: bytes, layout: _Layout, at: int, limits: Limits) -> int:
    """How many directories the chain has; one that bites its own tail is corrupt, one that breaks off ends there."""
    seen: set[int] = set()
    while at and at + layout.count_bytes <= len(data) and len(seen) <= limits.max_frames:
        if at in seen:
            raise Refusal(Reason.IMAGE_CORRUPT)
        seen.add(at)
        end = at + layout.count_bytes + layout.count(data, at) * layout.entry_bytes
        if end + layout.offset_bytes > len(data):
            break
        at = layout.offset(data, end)
    return len(seen)


def _pixels(data: bytes, directory: _Directory, header: Header) -> Pixels:
    """
    The pixels of the first page as stored.

    The decoder is given the file with a directory of our own behind it, which holds only the tags that make the pixels:
    whatever else the file says (loops, other pages, texts, broken tags) is out of its sight.

    Shape: -> (h, w, 3) uint8.
    """
    clean = _clean(data, directory)
    pixels = expand(lambda: TiffImageFile(io.BytesIO(clean)), header.stored_px, bits=directory.bits)
    if directory.bits > _INVERTED_BY_PILLOW and directory.one(PHOTOMETRIC, 1) == _WHITE_IS_ZERO:
        return np.bitwise_not(pixels)
    return pixels


def _clean(data: bytes, directory: _Directory) -> bytes:
    """The same file, read through a new directory at its end."""
    layout = directory.layout
    kept = [directory.entries[tag] for tag in sorted(directory.entries) if tag in KEPT]
    gap = len(data) % 2  # Directories begin on even bytes. Source: TIFF 6.0, section 2.
    link = struct.pack(layout.order + layout.offset_code, len(data) + gap)
    count = struct.pack(layout.order + layout.count_code, len(kept))
    rest = memoryview(data)[layout.link_at + layout.offset_bytes :]
    return b"".join([data[: layout.link_at], link, rest, bytes(gap), count, *kept, bytes(layout.offset_bytes)])
