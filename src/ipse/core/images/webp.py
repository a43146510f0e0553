"""WebP: its chunks, and the pixels of its first frame."""

import cv2
import numpy as np

from ipse.core.images.colour import on_white
from ipse.core.images.header import Header, Plan
from ipse.core.images.limits import Limits
from ipse.core.images.orientation import read_orientation
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Pixels

_RIFF_BYTES, _CHUNK_BYTES = 12, 8
_RGBA_CHANNELS = 4


def survey(data: bytes, limits: Limits) -> Plan:
    """The plan of a WebP file that is complete. Source: RFC 9649, sections 2.3 to 2.7."""
    end = _CHUNK_BYTES + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise Refusal(Reason.IMAGE_TRUNCATED)
    size_px: tuple[int, int] | None = None
    orientation, frames, at = 1, 0, _RIFF_BYTES
    for _ in range(limits.max_parts):
        if at + _CHUNK_BYTES > end:
            break
        name, start = data[at : at + 4], at + _CHUNK_BYTES
        length = int.from_bytes(data[at + 4 : start], "little")
        if start + length > end:
            raise Refusal(Reason.IMAGE_CORRUPT)
        content = data[start : start + length] if name == b"EXIF" else data[start : start + 10]
        size_px = size_px or _size(name, content)
        frames += name == b"ANMF"
        if name == b"EXIF":
            orientation = read_orientation(content.removeprefix(b"Exif\x00\x00"))
        at = start + length + length % 2
    else:
        raise Refusal(Reason.IMAGE_TOO_COMPLEX)
    if size_px is None:
        raise Refusal(Reason.IMAGE_CORRUPT)
    return Plan(Header("webp", size_px, orientation, max(1, frames)), lambda _: _pixels(data))


def _size(name: bytes, content: bytes) -> tuple[int, int] | None:
    """The canvas that a chunk states, if it is one that does."""
    if name == b"VP8X":
        return 1 + int.from_bytes(content[4:7], "little"), 1 + int.from_bytes(content[7:10], "little")
    if name == b"VP8 ":
        return int.from_bytes(content[6:8], "little") & 0x3FFF, int.from_bytes(content[8:10], "little") & 0x3FFF
    if name == b"VP8L":
        bits = int.from_bytes(content[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return None


def _pixels(data: bytes) -> Pixels:
    """
    The pixels of the first frame as stored, on white.

    OpenCV decodes a still straight into its array; Pillow goes through libwebp's animation decoder, which takes twice
    the time and the memory (16 bytes a pixel).

    Shape: -> (h, w, 3) uint8.
    """
    try:
        decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        raise Refusal(Reason.IMAGE_CORRUPT) from error
    if decoded is None:
        raise Refusal(Reason.IMAGE_CORRUPT)
    pixels = np.asarray(decoded, dtype=np.uint8)
    if pixels.shape[2] == _RGBA_CHANNELS:
        return on_white(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGBA, dst=pixels), dtype=np.uint8))
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB, dst=pixels), dtype=np.uint8)
