"""WebP: its chunks, and the pixels of its first frame."""

import io

from PIL.WebPImagePlugin import WebPImageFile

from ipse.core.images.header import Header, upright_header
from ipse.core.images.limits import Limits
from ipse.core.images.orientation import read_orientation
from ipse.core.images.pillow import expand
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Pixels

_RIFF_BYTES = 12


def survey(data: bytes, limits: Limits) -> Header:
    """The header of a WebP file that is complete. Source: RFC 9649, sections 2.3 to 2.7."""
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise Refusal(Reason.IMAGE_TRUNCATED)
    size_px: tuple[int, int] | None = None
    orientation, frames, at = 1, 0, _RIFF_BYTES
    for _ in range(limits.max_parts):
        if at + 8 > end:
            break
        name, start = data[at : at + 4], at + 8
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        at = start + length + (length & 1)
        if start + length > end:
            raise Refusal(Reason.IMAGE_CORRUPT)
        size_px = size_px or _size(name, data[start : start + 10])
        frames += name == b"ANMF"
        if name == b"EXIF":
            exif = data[start : start + length]
            orientation = read_orientation(exif.removeprefix(b"Exif\x00\x00"))
    else:
        raise Refusal(Reason.IMAGE_TOO_COMPLEX)
    if size_px is None:
        raise Refusal(Reason.IMAGE_CORRUPT)
    return upright_header("webp", size_px, orientation, max(1, frames))


def _size(name: bytes, head: bytes) -> tuple[int, int] | None:
    """The canvas that a chunk states, if it is one that does."""
    if name == b"VP8X":
        return 1 + int.from_bytes(head[4:7], "little"), 1 + int.from_bytes(head[7:10], "little")
    if name == b"VP8 ":
        return int.from_bytes(head[6:8], "little") & 0x3FFF, int.from_bytes(head[8:10], "little") & 0x3FFF
    if name == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return None


def pixels(data: bytes, header: Header) -> Pixels:
    """
    The pixels of the first frame, on white.

    Shape: -> (h, w, 3) uint8.
    """
    return expand(lambda: WebPImageFile(io.BytesIO(data)), header.stored_px)
