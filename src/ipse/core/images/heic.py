"""HEIC: a still picture of the HEVC codec in an ISO media file, decoded by libheif."""

from typing import Any

from pi_heif.heif import _pi_heif

from ipse.core.images.colour import rgb_from_samples
from ipse.core.images.header import Header, Plan
from ipse.core.images.items import read_items
from ipse.core.images.limits import Limits
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Pixels

FAILURES: tuple[type[Exception], ...] = (ValueError, EOFError, SyntaxError, RuntimeError, OSError)
"""Source: the docstring of `pi_heif.HeifFile`."""

SAFE_MODES = frozenset({"L", "RGB", "RGBA"})
"""
The modes of 8 bits. Grey of more bits is refused before it is decoded: pi-heif 1.4.0 believes the container about them,
and writes beyond its memory when the stream has fewer (found by fuzzing; `tests/unit/images/test_heic.py`). Colour of
more bits is safe, libheif scales it.
"""

_THREADS = 1
"""The executor owns the parallelism, one picture per thread."""


def survey(data: bytes, limits: Limits) -> Plan:
    """
    The plan of a HEIC file whose outermost boxes are complete.

    libheif turns the picture by `irot` and `imir` itself; the EXIF block's orientation is only a remark beside these
    (ISO/IEC 23008-12, annex A.2.1) and is never applied.

    libheif decodes no coded picture that is larger than its `ispe` property says, but it decodes every tile that a grid
    names, however often; so the work is counted first.

    pi-heif's extension is used below its Python classes: these read every piece of metadata, and one whose type
    is not UTF-8 crashes the whole process (pi-heif 1.4.0, found by fuzzing; `tests/unit/images/test_heic.py`).
    """
    read_items(data, limits).check_work(limits, lambda item: item.area_px)
    try:
        pictures = _pi_heif.load_file(data, _THREADS, True, False, True, True, "", False)
    except FAILURES as error:
        raise Refusal(Reason.IMAGE_CORRUPT) from error
    primary = next((picture for picture in pictures if picture is not None and picture.primary), None)
    if primary is None:
        raise Refusal(Reason.IMAGE_CORRUPT)
    size_px, mode = primary.size_mode
    if mode not in SAFE_MODES:
        raise Refusal(Reason.IMAGE_UNRECOGNISED)
    return Plan(Header("heic", size_px, frames=len(pictures)), lambda _: _pixels(primary))


def _pixels(primary: Any) -> Pixels:
    """
    The primary picture, upright and on white; more than 8 bits were scaled by libheif.

    Shape: -> (h, w, 3) uint8, a copy: the extension's memory dies with its object.
    """
    try:
        samples = primary.data
    except FAILURES as error:
        raise Refusal(Reason.IMAGE_CORRUPT) from error
    size_px, mode = primary.size_mode
    return rgb_from_samples(samples, size_px, mode)
