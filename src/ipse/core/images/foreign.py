"""Files that are known and no pictures of ours: told apart from bytes that nobody knows."""

import re

from ipse.core.images.sniff import recognise
from ipse.core.reasons import Refusal

FOREIGN: tuple[re.Pattern[bytes], ...] = (
    re.compile(rb"%PDF-"),
    re.compile(rb"PK\x03\x04"),
    re.compile(rb"\x1f\x8b\x08"),
    re.compile(rb"Rar!\x1a\x07"),
    re.compile(rb"7z\xbc\xaf\x27\x1c"),
    re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    re.compile(rb"\{\\rtf"),
    re.compile(rb"....ftyp", re.DOTALL),
    re.compile(rb"\x1aE\xdf\xa3"),
    re.compile(rb"RIFF....(?:AVI |WAVE)", re.DOTALL),
    re.compile(rb"ID3"),
    re.compile(rb"OggS"),
    re.compile(rb"8BPS"),
    re.compile(rb"\x00\x00\x01\x00"),
    re.compile(rb"\xff\x0a|\x00\x00\x00\x0cJXL \r\n\x87\n"),
    re.compile(rb"\x00\x00\x00\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51"),
    re.compile(rb"\x7fELF|MZ"),
    re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!DOCTYPE|svg|html)", re.IGNORECASE),
)
"""
First bytes of documents, archives, films, sounds, programs and pictures that Ipse does not read.

Source: the IANA media type registrations and, for PDF ISO 32000-1 7.5.2, ZIP APPNOTE 4.3.7, gzip RFC 1952, RAR and 7z
their technical notes, OLE [MS-CFB] 2.2, RTF 1.9.1, ISO media ISO/IEC 14496-12 4.3, Matroska RFC 8794, RIFF, ID3v2, Ogg
RFC 3533, Photoshop, ICO, JPEG XL ISO/IEC 18181-2, JPEG 2000 ISO/IEC 15444-1 annex I, ELF, DOS programs, XML and HTML.
"""


def is_foreign(data: bytes) -> bool:
    """Whether the bytes begin like a known kind of file that is no picture of a format that Ipse reads."""
    return any(pattern.match(data) for pattern in FOREIGN) and not _is_ours(data)


def _is_ours(data: bytes) -> bool:
    """Whether the bytes begin like a picture that Ipse reads; AVIF and HEIC begin like films."""
    try:
        recognise(data)
    except Refusal:
        return False
    return True
