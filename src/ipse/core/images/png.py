"""PNG: its chunks, and its pixels from the critical ones alone."""

import io

from PIL.PngImagePlugin import PngImageFile

from ipse.core.images.header import Header, upright_header
from ipse.core.images.limits import Limits
from ipse.core.images.orientation import read_orientation
from ipse.core.images.pillow import expand
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Pixels

KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
"""The chunks that make the pixels. Source: PNG 3rd edition, 5.6 (critical chunks) and 11.3.2.1 (tRNS)."""

_SIGNATURE_BYTES = 8


def survey(data: bytes, limits: Limits) -> Header:
    """The header of a PNG; every chunk up to `IEND` is there."""
    spans = _spans(data, limits)
    name, start, end = spans[0]
    if name != b"IHDR" or end - start != 13:  # noqa: PLR2004 - PNG 11.2.1
        raise Refusal(Reason.IMAGE_CORRUPT)
    size_px = int.from_bytes(data[start : start + 4], "big"), int.from_bytes(data[start + 4 : start + 8], "big")
    orientation, frames = 1, 1
    for name, start, end in spans:
        if name == b"eXIf":
            orientation = read_orientation(data[start:end])
        elif name == b"acTL" and end - start == 8:  # noqa: PLR2004 - PNG 11.3.6.1
            frames = max(1, int.from_bytes(data[start : start + 4], "big"))
    return upright_header("png", size_px, orientation, frames)


def _spans(data: bytes, limits: Limits) -> list[tuple[bytes, int, int]]:
    """(name, start, end) of the content of every chunk."""
    spans: list[tuple[bytes, int, int]] = []
    at = _SIGNATURE_BYTES
    while len(spans) < limits.max_parts:
        name, start = data[at + 4 : at + 8], at + 8
        end = start + int.from_bytes(data[at : at + 4], "big")
        at = end + 4
        if at > len(data) or len(name) < 4:  # noqa: PLR2004 - a name has four letters
            raise Refusal(Reason.IMAGE_TRUNCATED)
        spans.append((name, start, end))
        if name == b"IEND":
            return spans
    raise Refusal(Reason.IMAGE_TOO_COMPLEX)


def pixels(data: bytes, header: Header, limits: Limits) -> Pixels:
    """
    The pixels as stored; of an animated PNG, the picture that viewers without animation show.

    The decoder is given the critical chunks and `tRNS` only. Texts, profiles and animation frames are never expanded,
    so bombs hidden in them cost nothing, and Pillow has nothing to warn of.

    Shape: -> (h, w, 3) uint8.
    """
    whole = memoryview(data)
    kept = [whole[start - 8 : end + 4] for name, start, end in _spans(data, limits) if name in KEPT]
    critical = b"".join([whole[:_SIGNATURE_BYTES], *kept])
    return expand(lambda: PngImageFile(io.BytesIO(critical)), header.stored_px)
