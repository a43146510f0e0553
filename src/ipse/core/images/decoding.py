"""The two questions that the rest of the system asks of bytes: what picture is this, and what are its pixels."""

import hashlib
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from ipse.core.images import avif, bmp, gif, heic, jpeg, png, tiff, webp
from ipse.core.images.header import Format, Header, Plan, check
from ipse.core.images.limits import Limits
from ipse.core.images.orientation import turn
from ipse.core.images.place import PLACE
from ipse.core.images.sniff import recognise
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Image

SURVEYS: Mapping[Format, Callable[[bytes, Limits], Plan]] = MappingProxyType(
    {
        "jpeg": jpeg.survey,
        "png": png.survey,
        "gif": gif.survey,
        "bmp": bmp.survey,
        "tiff": tiff.survey,
        "webp": webp.survey,
        "heic": heic.survey,
        "avif": avif.survey,
    }
)
"""Who reads which format."""


def inspect(data: bytes, limits: Limits) -> Header:
    """What the picture is and how large; nothing of it is expanded. Refuses what breaks a limit."""
    if PLACE.elsewhere is not None:
        return PLACE.elsewhere.inspect(data, limits)
    return _plan(data, limits).header


def decode(data: bytes, limits: Limits, enough_px: int | None = None) -> Image:
    """
    The picture as upright RGB.

    Colour profiles are ignored, on purpose. The face networks were trained on pictures whose profiles were never read;
    the one common wide profile, Display P3 of phones, moves a face by 3.7 levels on average (104 of the faces in
    `../shared/data/faces`, centre 70 pixels, converted and compared), as much as a tenth of a stop of exposure; and a
    profile is a program from the sender. CMYK is converted by the plain formula, Lab by its definition.

    Args:
        data: The file.
        limits: What it may cost.
        enough_px: A JPEG is decoded at a half, a quarter or an eighth as long as its longer side keeps this many
            pixels. `None`: in full.
    """
    if PLACE.elsewhere is not None:
        return PLACE.elsewhere.decode(data, limits, enough_px)
    plan = _plan(data, limits)
    header = plan.header
    reduction = header.reduction_for(enough_px)
    stored = plan.expand(reduction)
    width_px, height_px = header.reduced_px(reduction)
    if stored.shape != (height_px, width_px, 3):
        raise Refusal(Reason.IMAGE_CORRUPT)
    return Image(
        pixels=np.ascontiguousarray(turn(stored, header.orientation)),
        width_px=header.width_px,
        height_px=header.height_px,
        reduction=reduction,
        format=header.format,
        digest=hashlib.sha256(data).hexdigest(),
    )


def _plan(data: bytes, limits: Limits) -> Plan:
    """The picture, surveyed and within the limits."""
    if len(data) > limits.max_bytes:
        raise Refusal(Reason.IMAGE_TOO_LARGE)
    plan = SURVEYS[recognise(data)](data, limits)
    check(plan.header, limits)
    return plan
