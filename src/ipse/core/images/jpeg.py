"""JPEG: its segments, and its pixels, whole or reduced."""

import re
import struct
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

import cv2
import numpy as np
import simplejpeg

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
"""Factors of libjpeg's inverse transform that OpenCV has, too. Source: libjpeg.txt, "Decompression parameters"."""

SLIGHT_BYTES = 16
"""
Needless bytes within the packed pixels that cameras are known to leave.

Logitech's webcams leave 1 to 10 before their markers, picture after picture (https://github.com/libavg/libavg/issues/782
and https://github.com/pupil-labs/pupil/issues/1816); damage nearly always leaves more, if it leaves any
(`test_damage_at_any_place_is_refused`).
"""

_HARMLESS = re.compile("Inconsistent progression|Invalid SOS parameters")
"""Remarks on packed pixels that are decoded as meant all the same. Source: jerror.h, JWRN_*."""

_UNSEEN = re.compile("Unknown Adobe color|unknown JFIF revision|bad ICC marker|determine subsampling")
"""
Remarks at which TurboJPEG stops before the pixels and which others read on after.

Source: jerror.h, JWRN_*; the last is TurboJPEG's own, of samplings such as 3:1 and of CMYK that is not 4:4:4.
"""

_NEEDLESS = re.compile(r"(\d+) extraneous bytes before marker")
"""JWRN_EXTRANEOUS_DATA in jerror.h."""

_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, 0xD8})
_PROGRESSIVE, _END, _SCAN, _EXIF = 0xC2, 0xD9, 0xDA, 0xE1

_FLAGS = {
    1: cv2.IMREAD_COLOR_RGB,
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2 | cv2.IMREAD_COLOR_RGB,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4 | cv2.IMREAD_COLOR_RGB,
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8 | cv2.IMREAD_COLOR_RGB,
}
"""OpenCV's flags; the "grey" bit only names the scale, colour is asked for by the other. Source: imgcodecs.hpp."""


class _Segment(NamedTuple):
    """One marker and what it heads: its code, where it stands, where its contents start and end."""

    code: int
    at: int
    start: int
    end: int


class _Frame(NamedTuple):
    """What a frame says of the picture. Source: T.81 B.2.2."""

    width_px: int
    height_px: int
    channels: int
    progressive: bool


def survey(data: bytes, limits: Limits) -> Plan:
    """
    The plan of a JPEG; walks over every segment up to the end of the (first) picture.

    Bytes that belong to no segment are kept from the decoder: it would skip them, but not say what it finds later.
    """
    frame: _Frame | None = None
    orientation, scans, scanned = 1, 0, 0
    before = _Segment(0xD8, 0, 2, 2)
    stray: list[tuple[int, int]] = []
    for segment in _segments(data, limits):
        if segment.at > before.end and before.code != _SCAN:
            stray.append((before.end, segment.at))
        if segment.code in _FRAMES and frame is None:
            frame = _frame(segment.code, data[segment.start : segment.end])
        elif segment.code == _EXIF and data[segment.start : segment.start + 6] == b"Exif\x00\x00":
            orientation = read_orientation(data[segment.start + 6 : segment.end])
        elif segment.code == _SCAN:
            scans, scanned = scans + 1, data[segment.start] if segment.end > segment.start else 0
        before = segment if segment.code not in _ALONE else before._replace(end=segment.end)
    if before.code != _END:
        if frame is None or frame.progressive or (scans, scanned) != (1, frame.channels):
            raise Refusal(Reason.IMAGE_TRUNCATED)
        data += b"\xff\xd9"
    if frame is None or scans == 0:
        raise Refusal(Reason.IMAGE_CORRUPT)
    header = Header("jpeg", frame[:2], orientation, scans=scans, reductions=REDUCTIONS)
    return Plan(header, lambda reduction: _pixels(_without(data, stray), header.reduced_px(reduction), reduction))


def _segments(data: bytes, limits: Limits) -> Iterator[_Segment]:
    """Every segment up to and with the end marker; without one, up to the end of the file."""
    at = 2
    for _ in range(limits.max_parts):
        found = MARKER.search(data, at)
        if found is None:
            return
        code, at = data[found.start() + 1], found.end()
        if code == _END or code in _ALONE:
            yield _Segment(code, found.start(), at, at)
            if code == _END:
                return
            continue
        start, end = at + 2, at + int.from_bytes(data[at : at + 2], "big")
        if max(start, end) > len(data):
            raise Refusal(Reason.IMAGE_TRUNCATED)
        at = max(start, end)
        yield _Segment(code, found.start(), start, at)
    raise Refusal(Reason.IMAGE_TOO_COMPLEX)


def _frame(code: int, segment: bytes) -> _Frame:
    """A frame that our decoder reads. Source: T.81 B.2.2."""
    try:
        precision, height_px, width_px, channels = struct.unpack_from(">BHHB", segment)
    except struct.error as error:
        raise Refusal(Reason.IMAGE_CORRUPT) from error
    if code not in READABLE_FRAMES or precision != 8 or channels not in (1, 3, 4):  # noqa: PLR2004 - bits
        raise Refusal(Reason.IMAGE_UNRECOGNISED)
    return _Frame(width_px, height_px, channels, code == _PROGRESSIVE)


def _without(data: bytes, stray: list[tuple[int, int]]) -> bytes:
    """The bytes outside these ranges, which are in order."""
    if not stray:
        return data
    edges = [0, *chain.from_iterable(stray), len(data)]
    return b"".join(data[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))


def _pixels(data: bytes, size_px: tuple[int, int], reduction: int) -> Pixels:
    """
    The pixels as stored, reduced in the frequency domain; refuses what libjpeg can only guess.

    TurboJPEG, OpenCV and Pillow carry the same libjpeg-turbo and give equal pixels (`tests/unit/images/test_jpeg.py`),
    but only TurboJPEG says what was missing; the others fill it in with grey. It makes a copy less than OpenCV: 12
    megapixels take 41 ms of CPU in place of 65, and as long when they are reduced. It works outside the
    interpreter's lock. All of them take four channels to be inverted, as Adobe stores them, with or without its marker;
    so do browsers.

    Remarks on packed pixels are raised when everything is decoded, so harmless ones (a scan bomb earns one) cost no
    second time. Only the first of them is told.

    Args:
        data: The file, without bytes between its segments.
        size_px: The (width, height) after reduction.
        reduction: The factor.

    Shape: -> (h, w, 3) uint8.
    """
    width_px, height_px = size_px
    pixels = np.zeros((height_px, width_px, 3), np.uint8)
    try:
        decoded = simplejpeg.decode_jpeg(data, min_width=width_px, min_height=height_px, buffer=pixels)
    except ValueError as error:
        remark = str(error)
        if _UNSEEN.search(remark):
            return _concealed(data, reduction)
        needless = _NEEDLESS.search(remark)
        if _HARMLESS.search(remark) or (needless and int(needless[1]) <= SLIGHT_BYTES):
            return pixels
        truncated = "premature end" in remark.lower()
        raise Refusal(Reason.IMAGE_TRUNCATED if truncated else Reason.IMAGE_CORRUPT) from error
    if decoded.shape != pixels.shape:
        raise Refusal(Reason.IMAGE_CORRUPT)
    return pixels


def _concealed(data: bytes, reduction: int) -> Pixels:
    """
    The pixels as OpenCV gives them: for what TurboJPEG does not begin to read.

    Shape: -> (h, w, 3) uint8.
    """
    try:
        decoded = cv2.imdecode(np.frombuffer(data, np.uint8), _FLAGS[reduction] | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error as error:
        raise Refusal(Reason.IMAGE_CORRUPT) from error
    if decoded is None:
        raise Refusal(Reason.IMAGE_CORRUPT)
    return np.asarray(decoded, dtype=np.uint8)
