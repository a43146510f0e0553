from collections.abc import Mapping

import numpy as np
import pytest
from PIL import Image as Pillow

from ipse.core.images import Limits, decode, inspect
from ipse.core.reasons import Reason, Refusal

RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 200, 30), (30, 30, 220), (240, 240, 240)

SEEN = {
    1: (RED, GREEN, BLUE, WHITE),
    2: (GREEN, RED, WHITE, BLUE),
    3: (WHITE, BLUE, GREEN, RED),
    4: (BLUE, WHITE, RED, GREEN),
    5: (RED, BLUE, GREEN, WHITE),
    6: (BLUE, RED, WHITE, GREEN),
    7: (WHITE, GREEN, BLUE, RED),
    8: (GREEN, WHITE, RED, BLUE),
}
"""The quarters, row by row, of the stored red, green, blue, white after each of EXIF's turns."""


def quarters(data: bytes) -> np.ndarray:
    """(4, 3) colours in the middle of each quarter, row by row."""
    pixels = decode(data, Limits()).pixels
    y, x = pixels.shape[0] // 4, pixels.shape[1] // 4
    return np.array([pixels[y, x], pixels[y, 3 * x], pixels[3 * y, x], pixels[3 * y, 3 * x]], int)


@pytest.mark.parametrize("orientation", SEEN)
def test_own_turning_is_applied_once(orientation: int, heic: Mapping[str, bytes], limits: Limits) -> None:
    """`irot` and `imir` turn the picture exactly once, for all eight of EXIF's turns."""
    data = heic[f"orientation_{orientation}"]
    header = inspect(data, limits)
    assert ("heic", 1) == (header.format, header.orientation)
    assert ((64, 48) if orientation < 5 else (48, 64)) == (header.width_px, header.height_px)
    assert np.abs(np.array(SEEN[orientation]) - quarters(data)).max() <= 2


def test_exif_orientation_of_a_heic_is_only_a_remark(heic: Mapping[str, bytes]) -> None:
    """A HEIC whose EXIF block says 6 and whose boxes say nothing stays as it is."""
    data = heic["orientation_1"]
    entry = b"\x12\x01\x03\x00\x01\x00\x00\x00\x01"
    swapped = b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x01"
    assert entry in data or swapped in data
    remarked = data.replace(entry, entry[:-1] + b"\x06").replace(swapped, swapped[:-1] + b"\x06")
    assert np.array_equal(quarters(data), quarters(remarked))


def test_alpha_is_composed_on_white(heic: Mapping[str, bytes]) -> None:
    """The transparent right half is white."""
    expected = np.array([RED, (255, 255, 255), BLUE, (255, 255, 255)])
    assert np.abs(expected - quarters(heic["alpha"])).max() <= 2


def test_grey_has_three_equal_channels(heic: Mapping[str, bytes], limits: Limits) -> None:
    """A grey HEIC becomes RGB."""
    pixels = decode(heic["grey"], limits).pixels
    assert (48, 64, 3) == pixels.shape
    assert np.ptp(pixels, axis=2).max() == 0


def test_ten_bits_are_scaled(heic: Mapping[str, bytes]) -> None:
    """Ten bits a channel come down to eight by scaling."""
    assert np.abs(np.array(SEEN[1]) - quarters(heic["ten_bits"])).max() <= 3


def test_metadata_item_without_a_name_harms_nobody(heic: Mapping[str, bytes]) -> None:
    """A metadata item whose type is not UTF-8, which crashes pi-heif's own classes, leaves the picture readable."""
    data = heic["orientation_4"]
    assert np.array_equal(quarters(data), quarters(data.replace(b"Exif", b"E\x9aif", 1)))


def test_grey_that_claims_twelve_bits_is_not_decoded(heic: Mapping[str, bytes], limits: Limits) -> None:
    """Grey of more than 8 bits, at which pi-heif writes beyond its memory, is refused before it is decoded."""
    data = heic["grey"]
    bits_at = data.index(b"hvcC") + 4 + 17
    assert b"\xf8" == data[bits_at : bits_at + 1]
    with pytest.raises(Refusal) as refused:
        decode(data[:bits_at] + b"\xfc" + data[bits_at + 1 :], limits)
    assert Reason.IMAGE_UNRECOGNISED == refused.value.reason


def test_nothing_is_registered_with_pillow(heic: Mapping[str, bytes], limits: Limits) -> None:
    """Reading a HEIC leaves Pillow's list of formats alone."""
    decode(heic["orientation_1"], limits)
    assert {"HEIF", "HEIC"}.isdisjoint(Pillow.OPEN)
