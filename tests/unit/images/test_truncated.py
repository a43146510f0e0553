import zlib
from collections.abc import Callable, Mapping

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow

from ipse.core.images import Limits, decode
from ipse.core.reasons import Reason, Refusal

Pixels = NDArray[np.uint8]
Saver = Callable[..., bytes]

WHOLE: tuple[tuple[str, dict[str, object]], ...] = (
    ("JPEG", {}),
    ("JPEG", {"progressive": True}),
    ("PNG", {}),
    ("GIF", {}),
    ("BMP", {}),
    ("WEBP", {}),
    ("WEBP", {"lossless": True}),
    ("TIFF", {}),
    ("TIFF", {"compression": "tiff_lzw"}),
    ("AVIF", {"speed": 10}),
)


@pytest.mark.parametrize("tenths", range(1, 10))
@pytest.mark.parametrize(("kind", "options"), WHOLE)
def test_cut_picture_is_truncated(
    kind: str, options: dict[str, object], tenths: int, photo: Pixels, save: Saver, limits: Limits
) -> None:
    """A picture of which only some tenths arrived is refused as truncated."""
    data = save(photo, kind, **options)
    with pytest.raises(Refusal) as refused:
        decode(data[: len(data) * tenths // 10], limits)
    assert Reason.IMAGE_TRUNCATED == refused.value.reason


@pytest.mark.parametrize("tenths", range(1, 10))
def test_cut_heic_is_truncated(tenths: int, heic: Mapping[str, bytes], limits: Limits) -> None:
    """The same holds for HEIC."""
    data = heic["orientation_1"]
    with pytest.raises(Refusal) as refused:
        decode(data[: len(data) * tenths // 10], limits)
    assert Reason.IMAGE_TRUNCATED == refused.value.reason


@pytest.mark.parametrize("kind", ["PNG", "BMP", "WEBP", "AVIF"])
def test_last_byte_is_missed(kind: str, photo: Pixels, save: Saver, limits: Limits) -> None:
    """One missing byte is noticed where the format says how long it is or how it ends."""
    with pytest.raises(Refusal) as refused:
        decode(save(photo, kind)[:-1], limits)
    assert Reason.IMAGE_TRUNCATED == refused.value.reason


def test_gif_that_breaks_off_after_its_first_frame(photo: Pixels, save: Saver, limits: Limits) -> None:
    """The first frame is all we need: an animation may break off behind it."""
    still = save(photo, "GIF")
    film = save(photo, "GIF", save_all=True, append_images=[Pillow.fromarray(255 - photo)])
    cut = film[: (len(still) + len(film)) // 2]
    assert np.array_equal(decode(still, limits).pixels, decode(cut, limits).pixels)


def test_png_whose_packed_pixels_end_early_is_truncated(photo: Pixels, save: Saver, limits: Limits) -> None:
    """A PNG with all its chunks, in which the packed pixels break off, is truncated too."""
    data = save(photo, "PNG")
    at = data.index(b"IDAT")
    packed = data[at + 4 : at + 4 + int.from_bytes(data[at - 4 : at], "big")]
    half = packed[: len(packed) // 2]
    chunk = len(half).to_bytes(4, "big") + b"IDAT" + half + zlib.crc32(b"IDAT" + half).to_bytes(4, "big")
    with pytest.raises(Refusal) as refused:
        decode(data[: at - 4] + chunk + data[-12:], limits)
    assert Reason.IMAGE_TRUNCATED == refused.value.reason


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_damage_within_is_corrupt(kind: str, photo: Pixels, save: Saver, limits: Limits) -> None:
    """A complete file whose packed pixels are overwritten is corrupt, not truncated."""
    data = bytearray(save(photo, kind))
    middle = len(data) // 2
    data[middle : middle + 400] = b"\xff" * 400
    with pytest.raises(Refusal) as refused:
        decode(bytes(data), limits)
    assert Reason.IMAGE_CORRUPT == refused.value.reason
