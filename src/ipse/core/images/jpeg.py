"""JPEG: its segments, and its pixels, whole or reduced."""

import re
import struct

import cv2
import numpy as np

from ipse.core.images.header import Header, Plan
from ipse.core.images.limits import Limits
from ipse.core.images.orientation import read_orientation
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Pixels

MARKER = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")
"""A marker that is neither a stuffed zero, nor fill, nor a restart. Source: ITU-T T.81, table B.1 and B.1.1.5."""

READABLE_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
"""
Baseline, extended and progressive Huffman; no browser reads the rest (lossless, arithmetic).

Source: T.81, table B.1.
"""

REDUCTIONS = (2, 4, 8)
"""Factors of libjpeg's scaled inverse transform that OpenCV offers. Source: libjpeg.txt, "Decompression parameters"."""

_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, 0xD8})
_END, _SCAN, _EXIF = 0xD9, 0xDA, 0xE1

_FLAGS = {
    1: cv2.IMREAD_COLOR_RGB,
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2 | cv2.IMREAD_COLOR_RGB,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4 | cv2.IMREAD_COLOR_RGB,
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8 | cv2.IMREAD_COLOR_RGB,
}
"""OpenCV's flags; the "grey" bit only names the scale, colour is asked for by the other. Source: imgcodecs.hpp."""


def survey(data: bytes, limits: Limits) -> Plan:
    """The plan of a JPEG; walks over every segment up to the end of the (first) picture."""
    frame: tuple[int, int] | None = None
    orientation, scans, at = 1, 0, 2
    for _ in range(limits.max_parts):
        found = MARKER.search(data, at)
        if found is None:
            raise Refusal(Reason.IMAGE_TRUNCATED)
        code, at = data[found.start() + 1], found.end()
        if code == _END:
            return _plan(data, frame, orientation, scans)
        if code in _ALONE:
            continue
        start, end = at + 2, at + int.from_bytes(data[at : at + 2], "big")
        if max(start, end) > len(data):
            raise Refusal(Reason.IMAGE_TRUNCATED)
        if code in _FRAMES and frame is None:
            frame = _frame(code, data[start:end])
        elif code == _EXIF and data[start : start + 6] == b"Exif\x00\x00":
            orientation = read_orientation(data[start + 6 : end])
        scans += code == _SCAN
        at = max(start, end)
    raise Refusal(Reason.IMAGE_TOO_COMPLEX)


def _frame(code: int, segment: bytes) -> tuple[int, int]:
    """(width, height) of a frame that our decoder reads. Source: T.81 B.2.2."""
    try:
        precision, height_px, width_px, channels = struct.unpack_from(">BHHB", segment)
    except struct.error as error:
        raise Refusal(Reason.IMAGE_CORRUPT) from error
    if code not in READABLE_FRAMES or precision != 8 or channels not in (1, 3, 4):  # noqa: PLR2004 - bits
        raise Refusal(Reason.IMAGE_UNRECOGNISED)
    return width_px, height_px


def _plan(data: bytes, frame: tuple[int, int] | None, orientation: int, scans: int) -> Plan:
    """The plan of a JPEG that was walked to its end."""
    if frame is None or scans == 0:
        raise Refusal(Reason.IMAGE_CORRUPT)
    header = Header("jpeg", frame, orientation, scans=scans, reductions=REDUCTIONS)
    return Plan(header, lambda reduction: _pixels(data, reduction))


def _pixels(data: bytes, reduction: int) -> Pixels:
    """
    The pixels as stored, reduced in the frequency domain.

    OpenCV and Pillow carry the same libjpeg-turbo and give equal pixels (`tests/unit/images/test_jpeg.py`), and OpenCV
    makes one copy less: 12 megapixels take 69 ms of CPU in place of 122, reduced by 4 they take 34 in place of 36. It
    works outside the interpreter's lock. Both take four channels to be inverted, as Adobe stores them, with or without
    its marker; so do browsers.

    Shape: -> (ceil(h / reduction), ceil(w / reduction), 3) uint8.
    """
    try:
        decoded = cv2.imdecode(np.frombuffer(data, np.uint8), _FLAGS[reduction] | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error as error:
        raise Refusal(Reason.IMAGE_CORRUPT) from error
    if decoded is None:
        raise Refusal(Reason.IMAGE_CORRUPT)
    return np.asarray(decoded, dtype=np.uint8)
