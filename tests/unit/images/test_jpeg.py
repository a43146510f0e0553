from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow

from ipse.core.images import Limits, decode, inspect
from ipse.core.reasons import Reason, Refusal

Pixels = NDArray[np.uint8]
Saver = Callable[..., bytes]

MEAN_TOLERANCE = 1.0
"""Levels by which a reduced picture may differ from the area mean, on average; 0.3 to 0.5 on a 12-megapixel photo."""


def area_mean(pixels: Pixels, reduction: int) -> NDArray[np.float64]:
    """Whole blocks of pixels, each as its mean."""
    height_px, width_px = (side // reduction * reduction for side in pixels.shape[:2])
    blocks = pixels[:height_px, :width_px].reshape(
        height_px // reduction, reduction, width_px // reduction, reduction, 3
    )
    return np.asarray(blocks.mean(axis=(1, 3)))


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}])
@pytest.mark.parametrize("reduction", [2, 4, 8])
def test_reduced_picture_is_the_area_mean(
    reduction: int, options: dict[str, object], photo: Pixels, save: Saver, limits: Limits
) -> None:
    """Decoding at a half, a quarter or an eighth gives what averaging the whole picture gives."""
    data = save(photo, "JPEG", quality=90, **options)
    whole = decode(data, limits)
    small = decode(data, limits, enough_px=-(-301 // reduction))
    assert ((301, 203), reduction) == ((small.width_px, small.height_px), small.reduction)
    assert (-(-203 // reduction), -(-301 // reduction), 3) == small.pixels.shape
    expected = area_mean(whole.pixels, reduction)
    found = small.pixels[: expected.shape[0], : expected.shape[1]]
    assert np.abs(expected - found).mean() < MEAN_TOLERANCE


@pytest.mark.shared
def test_reduced_photograph_is_the_area_mean(shared: Path, limits: Limits) -> None:
    """The same holds for a real photograph."""
    data = (shared / "odd/exif/Portrait_6.jpg").read_bytes()
    whole, small = decode(data, limits), decode(data, limits, enough_px=450)
    assert ((1200, 1800), 4) == ((small.width_px, small.height_px), small.reduction)
    assert np.abs(area_mean(whole.pixels, 4) - small.pixels).mean() < MEAN_TOLERANCE


@pytest.mark.parametrize(
    ("enough_px", "reduction"), [(None, 1), (302, 1), (301, 1), (152, 1), (151, 2), (76, 4), (75, 4), (38, 8), (1, 8)]
)
def test_longer_side_stays_at_enough(
    enough_px: int | None, reduction: int, photo: Pixels, save: Saver, limits: Limits
) -> None:
    """The longer side never falls below what is enough, and is reduced as far as that allows."""
    assert reduction == decode(save(photo, "JPEG"), limits, enough_px).reduction


def test_other_formats_are_never_reduced(photo: Pixels, save: Saver, limits: Limits) -> None:
    """Only JPEG has a reduced scale that costs less than the whole."""
    image = decode(save(photo, "PNG"), limits, enough_px=10)
    assert ((203, 301, 3), 1) == (image.pixels.shape, image.reduction)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}, {"optimize": True}])
def test_pixels_are_those_of_pillow(
    options: dict[str, object], photo: Pixels, save: Saver, limits: Limits, tmp_path: Path
) -> None:
    """OpenCV's decoder, which we use, and Pillow's give equal pixels."""
    (tmp_path / "photo.jpg").write_bytes(save(photo, "JPEG", **options))
    with Pillow.open(tmp_path / "photo.jpg") as image:
        expected = np.asarray(image)
    assert np.array_equal(expected, decode((tmp_path / "photo.jpg").read_bytes(), limits).pixels)


def test_restart_markers_are_not_segments(photo: Pixels, limits: Limits) -> None:
    """Restart markers within a scan do not confuse the walk."""
    _, data = cv2.imencode(".jpg", photo, [cv2.IMWRITE_JPEG_RST_INTERVAL, 1])
    assert b"\xff\xd3" in data.tobytes()
    assert ((301, 203), 1) == (inspect(data.tobytes(), limits).stored_px, inspect(data.tobytes(), limits).scans)


def test_bytes_behind_the_end_are_ignored(pattern: Pixels, save: Saver, limits: Limits) -> None:
    """What a phone appends to a JPEG (a film, a second picture) does not count."""
    data = save(pattern, "JPEG")
    assert np.array_equal(decode(data, limits).pixels, decode(data + bytes(1000), limits).pixels)


def test_fill_bytes_between_segments(pattern: Pixels, save: Saver, limits: Limits) -> None:
    """Any number of 0xFF may stand before a marker (T.81, B.1.1.2)."""
    data = save(pattern, "JPEG")
    assert np.array_equal(decode(data, limits).pixels, decode(data[:2] + b"\xff" * 9 + data[2:], limits).pixels)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:2] + b"\xff\xd9",
        lambda data: data[: data.index(b"\xff\xda")] + b"\xff\xd9",
        lambda data: data.replace(b"\xff\xc0\x00\x11", b"\xff\xc0\x00\x04"),
        lambda data: data.replace(b"\xff\xdb", b"\xff\xfe"),
        lambda data: data.replace(b"\xff\xc0\x00\x11\x08\x00\x20", b"\xff\xc0\x00\x11\x08\x00\x00"),
    ],
    ids=["nothing", "no scan", "short frame", "no tables", "no height"],
)
def test_contradictions_are_corrupt(
    damage: Callable[[bytes], bytes], pattern: Pixels, save: Saver, limits: Limits
) -> None:
    """A JPEG that is complete but makes no sense is corrupt."""
    with pytest.raises(Refusal) as refused:
        decode(damage(save(pattern, "JPEG")), limits)
    assert Reason.IMAGE_CORRUPT == refused.value.reason
