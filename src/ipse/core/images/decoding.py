"""The two questions that the rest of the system asks of bytes: what picture is this, and what are its pixels."""

import hashlib

import numpy as np

from ipse.core.images import bmp, gif, heif, jpeg, png, tiff, webp
from ipse.core.images.header import Header, check
from ipse.core.images.limits import Limits
from ipse.core.images.orientation import turn
from ipse.core.images.sniff import recognise
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Image, Pixels


def inspect(data: bytes, limits: Limits) -> Header:
    """What the picture is and how large, upright; nothing of it is expanded. Refuses what breaks a limit."""
    if len(data) > limits.max_bytes:
        raise Refusal(Reason.IMAGE_TOO_LARGE)
    match recognise(data):
        case "jpeg":
            header = jpeg.survey(data, limits)
        case "png":
            header = png.survey(data, limits)
        case "gif":
            header = gif.survey(data, limits)
        case "bmp":
            header = bmp.survey(data)
        case "tiff":
            header = tiff.survey(data, limits)
        case "webp":
            header = webp.survey(data, limits)
        case "heic":
            header = heif.survey_heic(data)
        case "avif":
            header = heif.survey_avif(data)
    return check(header, limits)


def decode(data: bytes, limits: Limits, enough_px: int | None = None) -> Image:
    """
    The picture as upright RGB.

    Args:
        data: The file.
        limits: What it may cost.
        enough_px: A JPEG is decoded at a half, a quarter or an eighth as long as the longer side keeps this many pixels.
            `None`: in full.
    """
    header = inspect(data, limits)
    reduction = jpeg.reduction_for(header, enough_px) if header.format == "jpeg" else 1
    stored = _pixels(data, header, reduction, limits)
    return Image(
        pixels=np.ascontiguousarray(turn(stored, header.orientation)),
        width_px=header.width_px,
        height_px=header.height_px,
        reduction=reduction,
        format=header.format,
        digest=hashlib.sha256(data).hexdigest(),
    )


def _pixels(data: bytes, header: Header, reduction: int, limits: Limits) -> Pixels:
    """The pixels as stored, by the decoder of their format."""
    match header.format:
        case "jpeg":
            return jpeg.pixels(data, header, reduction)
        case "png":
            return png.pixels(data, header, limits)
        case "gif":
            return gif.pixels(data, header, limits)
        case "bmp":
            return bmp.pixels(data, header)
        case "tiff":
            return tiff.pixels(data, header, limits)
        case "webp":
            return webp.pixels(data, header)
        case "heic":
            return heif.pixels_heic(data, header)
        case "avif":
            return heif.pixels_avif(data, header)
