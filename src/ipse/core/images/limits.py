"""The limits that a picture must keep before any of it is expanded."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """
    What a picture may cost. Everything here is checked on the packed bytes, before a decoder sees them.

    `docs/images.md` states what the slowest picture within the defaults costs (`benchmarks/decode_worst.py`).

    Attributes:
        max_bytes: Length of the file. Source: a 50-megapixel phone JPEG has 10 to 25 MB.
        max_pixels: Width times height. Source: 8160 x 6120, the largest picture that current phones save by default
            (Samsung's 50-megapixel sensor), is 49.9 million.
        max_side_px: Longer side; `None` for no limit. Source: 16,383 is the most that WebP can hold (RFC 9649,
            section 2.4); no camera reaches it.
        max_frames: Frames of an animation or pages of a file. Only the first is decoded, the rest must be walked over.
        max_scans: Scans of a JPEG. Source: libjpeg's own progression has 10 (`jpeg_simple_progression`), and three
            times that is allowed; each scan visits every block again, which makes the bomb of
            https://libjpeg-turbo.org/pmwiki/uploads/About/TwoIssueswiththeJPEGStandard.pdf.
        max_parts: Segments, chunks, blocks, boxes or directory entries. Source: a 25 MB PNG in chunks of 8 KiB
            (libpng's default) has 3,200 of them.
    """

    max_bytes: int = 32 * 1024 * 1024
    max_pixels: int = 50_000_000
    max_side_px: int | None = 16_383
    max_frames: int = 1_000
    max_scans: int = 32
    max_parts: int = 20_000
