"""BMP: its two headers, and its pixels."""

import io

from PIL.BmpImagePlugin import BmpImageFile

from ipse.core.images.header import Header, upright_header
from ipse.core.images.pillow import expand
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Pixels

_CORE_BYTES = 12  # OS/2's header, with sides of two bytes
_PLAIN, _RLE8, _RLE4, _FIELDS = 0, 1, 2, 3
"""Compressions. Source: Microsoft, [MS-WMF] 2.1.1.7; 4 and 5 (JPEG, PNG inside) are for printers only."""


def survey(data: bytes) -> Header:
    """The header of a BMP; if it is not run-length coded, all its rows are there."""
    if len(data) < 26:  # noqa: PLR2004 - 14 for the file, 12 for the smallest picture header
        raise Refusal(Reason.IMAGE_TRUNCATED)
    offset, head = int.from_bytes(data[10:14], "little"), int.from_bytes(data[14:18], "little")
    if head == _CORE_BYTES:
        width_px, height_px = int.from_bytes(data[18:20], "little"), int.from_bytes(data[20:22], "little")
        bits, compression = int.from_bytes(data[24:26], "little"), _PLAIN
    else:
        width_px = int.from_bytes(data[18:22], "little", signed=True)
        height_px = abs(int.from_bytes(data[22:26], "little", signed=True))
        bits, compression = int.from_bytes(data[28:30], "little"), int.from_bytes(data[30:34], "little")
    if bits not in (1, 4, 8, 16, 24, 32) or compression not in (_PLAIN, _RLE8, _RLE4, _FIELDS):
        raise Refusal(Reason.IMAGE_UNRECOGNISED)
    row_bytes = (width_px * bits + 31) // 32 * 4
    if compression in (_PLAIN, _FIELDS) and offset + row_bytes * height_px > len(data):
        raise Refusal(Reason.IMAGE_TRUNCATED)
    return upright_header("bmp", (width_px, height_px))


def pixels(data: bytes, header: Header) -> Pixels:
    """
    The pixels.

    Shape: -> (h, w, 3) uint8.
    """
    return expand(lambda: BmpImageFile(io.BytesIO(data)), header.stored_px)
