"""HEIC and AVIF: still pictures of video codecs in an ISO media file, which state their own turning (`irot`, `imir`)."""

import io

import pi_heif
from PIL.AvifImagePlugin import AvifImageFile

from ipse.core.images.header import Header, upright_header
from ipse.core.images.pillow import FAILURES, expand, rgb
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Pixels

HEIF_FAILURES: tuple[type[BaseException], ...] = (*FAILURES, RuntimeError)
"""libheif's errors come as ValueError, EOFError, SyntaxError, RuntimeError or OSError (`pi_heif.HeifFile`)."""


def _open(data: bytes) -> pi_heif.HeifFile:
    """The file as pi-heif sees it, nothing decoded."""
    _check_boxes(data)
    try:
        return pi_heif.open_heif(data)
    except HEIF_FAILURES as error:
        raise Refusal(Reason.IMAGE_CORRUPT) from error


def _check_boxes(data: bytes) -> None:
    """Refuse a file whose outermost boxes reach beyond its end. Source: ISO/IEC 14496-12, 4.2."""
    at = 0
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        if length == 1:
            length = int.from_bytes(data[at + 8 : at + 16], "big")
        if length == 0:
            return
        if length < 8:  # noqa: PLR2004 - a box counts its own head
            raise Refusal(Reason.IMAGE_CORRUPT)
        at += length
    if at != len(data):
        raise Refusal(Reason.IMAGE_TRUNCATED)


def survey_heic(data: bytes) -> Header:
    """The header of a HEIC file; its sides are those after its own turning, its EXIF orientation is only a remark."""
    image = _open(data)
    return upright_header("heic", image.size)


def pixels_heic(data: bytes, header: Header) -> Pixels:
    """
    The pixels of the primary picture, upright.

    Shape: -> (h, w, 3) uint8.
    """
    image = _open(data)
    try:
        picture = image.to_pillow()
    except HEIF_FAILURES as error:
        raise Refusal(Reason.IMAGE_CORRUPT) from error
    if picture.size != header.stored_px:
        raise Refusal(Reason.IMAGE_CORRUPT)
    return rgb(picture)


def survey_avif(data: bytes) -> Header:
    """The header of an AVIF file."""
    _check_boxes(data)
    try:
        with AvifImageFile(io.BytesIO(data)) as image:
            return upright_header("avif", image.size, image.getexif().get(0x0112, 1), image.n_frames)
    except FAILURES as error:
        raise Refusal(Reason.IMAGE_CORRUPT) from error


def pixels_avif(data: bytes, header: Header) -> Pixels:
    """
    The pixels of the first frame as stored.

    Shape: -> (h, w, 3) uint8.
    """
    return expand(lambda: AvifImageFile(io.BytesIO(data)), header.stored_px)
