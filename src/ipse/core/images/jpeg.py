"""JPEG: its segments, and its pixels, whole or reduced."""

import io
import re

import cv2
import numpy as np
from PIL.JpegImagePlugin import JpegImageFile

from ipse.core.images.header import Header, upright_header
from ipse.core.images.limits import Limits
from ipse.core.images.orientation import read_orientation
from ipse.core.images.pillow import expand
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Pixels

MARKER = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")
"""A marker that is neither a stuffed zero, nor fill, nor a restart. Source: ITU-T T.81, table B.1 and B.1.1.5."""

READABLE_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
"""Baseline, extended and progressive Huffman; the rest (lossless, arithmetic) no browser reads. Source: T.81 table B.1."""

_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, 0xD8})
_END, _SCAN, _EXIF = 0xD9, 0xDA, 0xE1

_REDUCED = {
    1: cv2.IMREAD_COLOR_RGB,
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2 | cv2.IMREAD_COLOR_RGB,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4 | cv2.IMREAD_COLOR_RGB,
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8 | cv2.IMREAD_COLOR_RGB,
}
"""OpenCV's flags; the "grey" bit only names the scale, colour is asked for by the other (imgcodecs.hpp)."""


def survey(data: bytes, limits: Limits) -> Header:
    """The header of a JPEG; walks over every segment up to the end of the (first) picture."""
    frame: tuple[int, int, int] | None = None
    orientation, scans, at = 1, 0, 2
    for _ in range(limits.max_parts):
        found = MARKER.search(data, at)
        if found is None:
            raise Refusal(Reason.IMAGE_TRUNCATED)
        code, at = data[found.start() + 1], found.end()
        if code == _END:
            if frame is None or scans == 0:
                raise Refusal(Reason.IMAGE_CORRUPT)
            return upright_header("jpeg", frame[:2], orientation, scans=scans, channels=frame[2])
        if code in _ALONE:
            continue
        end = at + int.from_bytes(data[at : at + 2], "big")
        if end > len(data) or at + 2 > len(data):
            raise Refusal(Reason.IMAGE_TRUNCATED)
        if code in _FRAMES and frame is None:
            frame = _frame(code, data[at + 2 : end])
        elif code == _EXIF and orientation == 1 and data[at + 2 : at + 8] == b"Exif\x00\x00":
            orientation = read_orientation(memoryview(data)[at + 8 : end])
        scans += code == _SCAN
        at = end
    raise Refusal(Reason.IMAGE_TOO_COMPLEX)


def _frame(code: int, segment: bytes) -> tuple[int, int, int]:
    """(width, height, channels) of a frame header that our decoders read."""
    if len(segment) < 6:  # noqa: PLR2004 - T.81 B.2.2: precision, two sides, number of channels
        raise Refusal(Reason.IMAGE_CORRUPT)
    if code not in READABLE_FRAMES or segment[0] != 8 or segment[5] not in (1, 3, 4):  # noqa: PLR2004 - bits and channels
        raise Refusal(Reason.IMAGE_UNRECOGNISED)
    return int.from_bytes(segment[3:5], "big"), int.from_bytes(segment[1:3], "big"), segment[5]


def reduction_for(header: Header, enough_px: int | None) -> int:
    """The largest of 8, 4, 2, 1 that keeps the longer side at `enough_px` or more."""
    if enough_px is None:
        return 1
    longer_px = max(header.width_px, header.height_px)
    return next((factor for factor in (8, 4, 2) if -(-longer_px // factor) >= enough_px), 1)


def pixels(data: bytes, header: Header, reduction: int) -> Pixels:
    """
    The pixels as stored, reduced in the frequency domain.

    OpenCV and Pillow carry the same libjpeg-turbo and give equal pixels; OpenCV is nearly twice as fast for a whole
    picture (no second copy) and runs outside the interpreter's lock. Four channels go through Pillow, which knows
    Adobe's inverted CMYK.

    Shape: -> (ceil(h / reduction), ceil(w / reduction), 3) uint8.
    """
    width_px, height_px = header.stored_px
    expected_px = (-(-width_px // reduction), -(-height_px // reduction))
    if header.channels == 4:  # noqa: PLR2004 - CMYK or YCCK
        return expand(lambda: _draft(data, expected_px, reduction), expected_px)
    try:
        flags = _REDUCED[reduction] | cv2.IMREAD_IGNORE_ORIENTATION
        decoded = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error as error:
        raise Refusal(Reason.IMAGE_CORRUPT) from error
    if decoded is None or decoded.shape != (expected_px[1], expected_px[0], 3):
        raise Refusal(Reason.IMAGE_CORRUPT)
    return np.asarray(decoded, dtype=np.uint8)


def _draft(data: bytes, size_px: tuple[int, int], reduction: int) -> JpegImageFile:
    """Pillow's picture, told to reduce."""
    image = JpegImageFile(io.BytesIO(data))
    if reduction > 1:
        image.draft("CMYK", size_px)
    return image
