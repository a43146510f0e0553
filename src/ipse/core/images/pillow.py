"""Pillow behind one gate: its decoders, its many exceptions, its many modes."""

from collections.abc import Callable

import numpy as np
from PIL import Image as Pillow
from PIL.ImageFile import ImageFile

from ipse.core.images.colour import BAND_PX, on_white
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Pixels

FAILURES: tuple[type[Exception], ...] = (
    OSError,  # "image file is truncated", "broken data stream", libtiff's and libjpeg's errors
    SyntaxError,  # Pillow's word for "not a file of this format"
    ValueError,  # sides, modes, buffers that do not fit
)
"""What Pillow raises for damaged files: each was seen while fuzzing (`tests/fuzz/fuzz_images.py`)."""

_STEPS = {"La": "LA", "RGBa": "RGBA"}
"""Premultiplied modes that Pillow turns into RGBA only by way of the plain one."""

_NO_WHITE = frozenset({"F", "I"})
"""Modes of floats and of 32-bit or signed numbers: no file says which of them is white, so they cannot be shown."""


def expand(opener: Callable[[], ImageFile], size_px: tuple[int, int], *, bits: int = 16) -> Pixels:
    """
    The pixels that Pillow decodes from what `opener` opens, as RGB on white.

    The plugin's own class is called rather than `Image.open`: no other format is ever tried, Pillow's registry and its
    warnings about size are not touched (the limits are ours and were checked before), and MPO is a plain JPEG.

    Args:
        opener: Makes the picture, unloaded.
        size_px: The (width, height) that the survey promised.
        bits: How many bits of a 16-bit sample are used.
    """
    try:
        with opener() as image:
            if image.mode in _NO_WHITE:
                raise Refusal(Reason.IMAGE_UNRECOGNISED)
            if image.size != size_px:
                raise Refusal(Reason.IMAGE_CORRUPT)
            image.load()
            if image.mode == "P" and image.palette is None:
                raise Refusal(Reason.IMAGE_CORRUPT)
            return _rgb(image, bits)
    except FAILURES as error:
        truncated = "truncated" in str(error).lower()
        raise Refusal(Reason.IMAGE_TRUNCATED if truncated else Reason.IMAGE_CORRUPT) from error


def _rgb(image: Pillow.Image, bits: int) -> Pixels:
    """
    Any Pillow picture as RGB, band by band.

    Shape: -> (h, w, 3) uint8.
    """
    width_px, height_px = image.size
    out = np.empty((height_px, width_px, 3), np.uint8)
    rows = max(1, BAND_PX // width_px)
    clear = image.has_transparency_data
    for top in range(0, height_px, rows):
        bottom = min(top + rows, height_px)
        out[top:bottom] = _band(image.crop((0, top, width_px, bottom)), bits, clear=clear)
    return out


def _band(band: Pillow.Image, bits: int, *, clear: bool) -> Pixels:
    """One band, (h, w, 3) or (h, w, 1) uint8. Of 16 bits the upper 8 in use are kept."""
    if band.mode.startswith("I;16"):
        return (np.asarray(band)[..., None] >> (bits - 8)).astype(np.uint8)
    if band.mode in _STEPS:
        band = band.convert(_STEPS[band.mode])
    if clear:
        return on_white(np.asarray(band.convert("RGBA")))
    return np.asarray(band if band.mode == "RGB" else band.convert("RGB"))
