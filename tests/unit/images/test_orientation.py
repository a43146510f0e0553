from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageOps
from PIL.PngImagePlugin import PngInfo

from ipse.core.images import Limits, decode, inspect
from ipse.core.images.orientation import read_orientation, turn

Pixels = NDArray[np.uint8]
Saver = Callable[..., bytes]

STORED: dict[int, Callable[[Pixels], Pixels]] = {
    1: lambda upright: upright,
    2: lambda upright: upright[:, ::-1],
    3: lambda upright: upright[::-1, ::-1],
    4: lambda upright: upright[::-1],
    5: lambda upright: upright.transpose(1, 0, 2),
    6: lambda upright: np.rot90(upright, 1),
    7: lambda upright: upright[::-1, ::-1].transpose(1, 0, 2),
    8: lambda upright: np.rot90(upright, -1),
}
"""How a camera stores an upright scene for each orientation. Source: EXIF 2.32, table 4."""

EXACT = {"JPEG": 6, "PNG": 0, "WEBP": 0, "TIFF": 0, "AVIF": 6}
"""Levels by which a flat quarter may differ after packing: none for the formats that keep every value."""

OPTIONS: dict[str, dict[str, object]] = {
    "JPEG": {"quality": 95, "subsampling": 0},
    "PNG": {},
    "WEBP": {"lossless": True},
    "TIFF": {},
    "AVIF": {"quality": 95, "subsampling": "4:4:4", "speed": 8},
}


def exif(orientation: int) -> Pillow.Exif:
    """An EXIF block that says one thing."""
    block = Pillow.Exif()
    block[0x0112] = orientation
    return block


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("kind", EXACT)
def test_every_orientation_is_undone_once(
    kind: str, orientation: int, pattern: Pixels, save: Saver, limits: Limits
) -> None:
    """Whatever the orientation and the format, the picture comes out as the camera saw it."""
    stored = np.ascontiguousarray(STORED[orientation](pattern))
    data = save(stored, kind, exif=exif(orientation), **OPTIONS[kind])
    image = decode(data, limits)
    assert pattern.shape == image.pixels.shape
    assert np.abs(pattern.astype(int) - image.pixels).max() <= EXACT[kind]
    assert (48, 32) == (image.width_px, image.height_px)
    assert orientation == inspect(data, limits).orientation


@pytest.mark.parametrize("orientation", STORED)
def test_turning_agrees_with_pillow(orientation: int, pattern: Pixels) -> None:
    """Our turn and Pillow's `exif_transpose` are the same eight moves."""
    image = Pillow.fromarray(pattern)
    image.getexif()[0x0112] = orientation
    assert np.array_equal(np.asarray(ImageOps.exif_transpose(image)), turn(pattern, orientation))


def test_turned_and_reduced_picture_keeps_its_full_size_in_words(pattern: Pixels, save: Saver, limits: Limits) -> None:
    """A JPEG lying on its side and decoded at a quarter is upright, small, and knows how large it was."""
    stored = np.ascontiguousarray(np.rot90(pattern.repeat(8, axis=0).repeat(8, axis=1)))
    image = decode(save(stored, "JPEG", exif=exif(6)), limits, enough_px=96)
    assert ((384, 256), 4, (64, 96, 3)) == ((image.width_px, image.height_px), image.reduction, image.pixels.shape)


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_orientation_outside_of_its_range_is_none(value: int, pattern: Pixels, save: Saver, limits: Limits) -> None:
    """An orientation that EXIF does not define leaves the picture as stored."""
    assert 1 == inspect(save(pattern, "JPEG", exif=exif(value)), limits).orientation


@pytest.mark.parametrize("order", ["little", "big"])
@pytest.mark.parametrize(("kind", "size"), [(3, 2), (4, 4)])
def test_orientation_is_read_in_both_byte_orders_and_widths(order: str, kind: int, size: int) -> None:
    """Intel or Motorola, short or long: the same 6."""

    def number(value: int, length: int) -> bytes:
        return value.to_bytes(length, "little" if order == "little" else "big")

    mark = b"II" if order == "little" else b"MM"
    entry = number(0x0112, 2) + number(kind, 2) + number(1, 4) + number(6, size).ljust(4, b"\0")
    assert 6 == read_orientation(mark + number(42, 2) + number(8, 4) + number(1, 2) + entry)


@pytest.mark.parametrize("length", range(26))
def test_damaged_exif_is_no_orientation(length: int) -> None:
    """An EXIF block that breaks off anywhere is read as no orientation, without a fault."""
    whole = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"
    assert 6 == read_orientation(whole)
    assert read_orientation(whole[:length]) == (6 if length >= 22 else 1)


def test_xmp_orientation_is_not_applied(pattern: Pixels, save: Saver, limits: Limits) -> None:
    """An orientation that only XMP states is ignored, as every browser does."""
    note = PngInfo()
    note.add_itxt(
        "XML:com.adobe.xmp",
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="3"/></rdf:RDF></x:xmpmeta>',
    )
    assert np.array_equal(pattern, decode(save(pattern, "PNG", pnginfo=note), limits).pixels)
