"""HEIC: a still picture of the HEVC codec in an ISO media file, decoded by libheif."""

import numpy as np
import pi_heif

from ipse.core.images.boxes import check_boxes
from ipse.core.images.header import Header, Plan
from ipse.core.images.limits import Limits
from ipse.core.images.opaque import on_white
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Pixels

FAILURES: tuple[type[Exception], ...] = (ValueError, EOFError, SyntaxError, RuntimeError, OSError)
"""Source: the docstring of `pi_heif.HeifFile`."""

_GREY_TO_RGBA = [0, 0, 0, 1]


def survey(data: bytes, limits: Limits) -> Plan:
    """
    The plan of a HEIC file whose outermost boxes are complete.

    libheif is called directly and registers nothing with Pillow. It turns the picture by `irot` and `imir` itself; the
    EXIF block's orientation is only a remark beside these (ISO/IEC 23008-12, annex A.2.1), never applied again.
    """
    check_boxes(data, limits)
    try:
        file = pi_heif.open_heif(data)
        header = Header("heic", file.size, frames=len(file))
    except FAILURES as error:
        raise Refusal(Reason.IMAGE_CORRUPT) from error
    return Plan(header, lambda _: _pixels(file))


def _pixels(file: pi_heif.HeifFile) -> Pixels:
    """
    The primary picture, upright and on white; more than 8 bits were scaled by libheif.

    Shape: -> (h, w, 3) uint8.
    """
    try:
        decoded = np.asarray(file)
    except FAILURES as error:
        raise Refusal(Reason.IMAGE_CORRUPT) from error
    match decoded.shape:
        case (_, _):
            return decoded[..., None].repeat(3, axis=2)
        case (_, _, 2):
            return on_white(decoded[..., _GREY_TO_RGBA])
        case (_, _, 4):
            return on_white(decoded)
        case _:
            return decoded
