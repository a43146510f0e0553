"""Pillow behind one gate: its decoders, its many exceptions, its many modes."""

import struct
import zlib
from collections.abc import Callable

import numpy as np
from PIL import Image as Pillow
from PIL.ImageFile import ImageFile

from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Pixels

FAILURES: tuple[type[BaseException], ...] = (
    OSError,  # "image file is truncated", "broken data stream", libtiff's and libjpeg's errors
    SyntaxError,  # Pillow's word for "not a file of this format"
    ValueError,  # sides, modes, buffers that do not fit
    TypeError,  # a tag of another type than expected
    KeyError,  # a mode, a tag or a compression that is in no table
    IndexError,  # end of a directory or palette
    AttributeError,  # a tag that is missing
    EOFError,  # end of a stream
    OverflowError,  # offsets beyond a C integer
    ZeroDivisionError,  # rationals with a zero below
    MemoryError,  # sides within our limits, strides that are not
    struct.error,  # half a number
    zlib.error,  # a broken deflate stream
    Pillow.DecompressionBombError,  # ours are the limits that count, but Pillow keeps its own
)
"""What Pillow raises for damaged files: each was seen while fuzzing or stands in its decoders' sources."""

_BAND_PX = 1 << 20
"""Pixels converted at a time: keeps the second copy of a large picture at a few megabytes and other threads running."""

_WHITE = (255, 255, 255)


def expand(opener: Callable[[], ImageFile], size_px: tuple[int, int]) -> Pixels:
    """
    The pixels that Pillow decodes from what `opener` opens, as RGB on white.

    Shape: -> (h, w, 3) uint8, where `size_px` is the (w, h) that the survey promised.
    """
    try:
        with opener() as image:
            if image.mode in ("F", "I"):
                raise Refusal(Reason.IMAGE_UNRECOGNISED)
            image.load()
            if image.size != size_px:
                raise Refusal(Reason.IMAGE_CORRUPT)
            return rgb(image)
    except FAILURES as error:
        truncated = "truncated" in str(error).lower()
        raise Refusal(Reason.IMAGE_TRUNCATED if truncated else Reason.IMAGE_CORRUPT) from error


def rgb(image: Pillow.Image) -> Pixels:
    """
    Any Pillow picture as RGB, band by band.

    Alpha and transparent colours are composed on white, as a printed or web page would show them: a hidden colour under
    full transparency is never seen. 16 bits are scaled, the high byte is kept. Colour profiles are not applied.

    Shape: -> (h, w, 3) uint8.
    """
    width_px, height_px = image.size
    out = np.empty((height_px, width_px, 3), np.uint8)
    rows = max(1, _BAND_PX // width_px)
    clear = image.has_transparency_data
    for top in range(0, height_px, rows):
        bottom = min(top + rows, height_px)
        band = image.crop((0, top, width_px, bottom))
        out[top:bottom] = _band_rgb(band, clear=clear)
    return out


def _band_rgb(band: Pillow.Image, *, clear: bool) -> Pixels:
    """One band as an array that broadcasts to (h, w, 3)."""
    if band.mode.startswith("I;16"):
        return (np.asarray(band)[..., None] >> 8).astype(np.uint8)
    if clear:
        full = band.convert("RGBA")
        white = Pillow.new("RGB", band.size, _WHITE)
        white.paste(full, mask=full.getchannel("A"))
        return np.asarray(white)
    return np.asarray(band if band.mode == "RGB" else band.convert("RGB"))
