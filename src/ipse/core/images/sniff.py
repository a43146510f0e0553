"""What a file is, by its first bytes. Names and content types are never asked."""

import re

from ipse.core.images.header import Format
from ipse.core.reasons import Reason, Refusal

MAGIC: tuple[tuple[re.Pattern[bytes], Format], ...] = (
    (re.compile(rb"\xff\xd8\xff"), "jpeg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "webp"),
    (re.compile(rb"II[\x2a\x2b]\x00|MM\x00[\x2a\x2b]"), "tiff"),
    (re.compile(rb"BM.{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\x00\x00\x00", re.DOTALL), "bmp"),
)
"""
First bytes of each format.

Source: T.81 B.1.1.3 (SOI and the next marker); PNG 3rd edition 5.2; GIF89a 17; RFC 9649 2.4; TIFF 6.0 section 2 and
BigTIFF; BMP: "BM", then the length of the second header at byte 14 (12 OS/2, 40 to 124 the Windows versions), because
two letters alone would match too much.
"""

BRANDS: dict[bytes, Format] = {
    b"avif": "avif",
    b"avis": "avif",
    b"heic": "heic",
    b"heix": "heic",
    b"heim": "heic",
    b"heis": "heic",
    b"hevc": "heic",
    b"hevx": "heic",
}
"""
Brands of an ISO media file that name the codec.

Source: ISO/IEC 23008-12, annex B; AV1 Image File Format, section 6.
"""

_FTYP_BRANDS_AT = 16
_MAX_FTYP_BYTES = 256


def recognise(data: bytes) -> Format:
    """The format of the bytes, or a refusal as unrecognised."""
    for pattern, kind in MAGIC:
        if pattern.match(data):
            return kind
    if data[4:8] == b"ftyp":
        return _recognise_brand(data)
    raise Refusal(Reason.IMAGE_UNRECOGNISED)


def _recognise_brand(data: bytes) -> Format:
    """The codec that an ISO media file names, first as its major brand, then among the compatible ones."""
    end = min(int.from_bytes(data[:4], "big"), _MAX_FTYP_BYTES, len(data))
    brands = [data[8:12], *(data[at : at + 4] for at in range(_FTYP_BRANDS_AT, end, 4))]
    for brand in brands:
        if brand in BRANDS:
            return BRANDS[brand]
    raise Refusal(Reason.IMAGE_UNRECOGNISED)
