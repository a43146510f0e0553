"""BMP: its two headers, and its pixels."""

import io
import struct

from PIL.BmpImagePlugin import BmpImageFile

from ipse.core.images.header import Header, Plan
from ipse.core.images.limits import Limits
from ipse.core.images.pillow import expand
from ipse.core.reasons import Reason, Refusal

_CORE_BYTES = 12
"""Length of OS/2's header, the one with sides of two bytes. Source: Microsoft, BITMAPCOREHEADER."""

_PLAIN, _RLE8, _RLE4, _FIELDS = 0, 1, 2, 3
"""Compressions. Source: Microsoft, [MS-WMF] 2.1.1.7; 4 and 5 (JPEG and PNG inside) are for printers only."""

MAX_RUN_BYTES = 2 * 1024 * 1024
"""
Most bytes of a run-length coded file: Pillow decodes runs in Python, 5 megabytes a second, other threads waiting.

Source: `benchmarks/decode_worst.py --only "bmp runs"`; no camera or phone writes such files.
"""


def survey(data: bytes, limits: Limits) -> Plan:
    """The plan of a BMP; if it is not run-length coded, all its rows are there."""
    del limits  # A BMP has no parts to count.
    try:
        (offset, head) = struct.unpack_from("<II", data, 10)
        if head == _CORE_BYTES:
            width_px, height_px, _, bits = struct.unpack_from("<4H", data, 18)
            compression = _PLAIN
        else:
            width_px, height_px, _, bits, compression = struct.unpack_from("<iiHHI", data, 18)
    except struct.error as error:
        raise Refusal(Reason.IMAGE_TRUNCATED) from error
    if bits not in (1, 4, 8, 16, 24, 32) or compression not in (_PLAIN, _RLE8, _RLE4, _FIELDS):
        raise Refusal(Reason.IMAGE_UNRECOGNISED)
    header = Header("bmp", (width_px, abs(height_px)))
    if compression in (_RLE8, _RLE4):
        if len(data) > MAX_RUN_BYTES:
            raise Refusal(Reason.IMAGE_TOO_COMPLEX)
    elif offset + (width_px * bits + 31) // 32 * 4 * abs(height_px) > len(data):
        raise Refusal(Reason.IMAGE_TRUNCATED)
    return Plan(header, lambda _: expand(lambda: BmpImageFile(io.BytesIO(data)), header.stored_px))
