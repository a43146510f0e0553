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

OPENCV = (
    (301, cv2.IMREAD_COLOR_RGB),
    (151, cv2.IMREAD_REDUCED_GRAYSCALE_2),
    (76, cv2.IMREAD_REDUCED_GRAYSCALE_4),
    (38, cv2.IMREAD_REDUCED_GRAYSCALE_8),
)
"""The longer side of the photo at each scale, and OpenCV's flag for it."""

PACKINGS: tuple[dict[str, object], ...] = ({}, {"progressive": True}, {"subsampling": 0}, {"restart_marker_rows": 4})
"""Ways to pack a JPEG."""

END = b"\xff\xd9"
"""The marker behind the last row. Source: T.81, table B.1."""

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
    """TurboJPEG, which we use, and Pillow give equal pixels."""
    (tmp_path / "photo.jpg").write_bytes(save(photo, "JPEG", **options))
    with Pillow.open(tmp_path / "photo.jpg") as image:
        expected = np.asarray(image)
    assert np.array_equal(expected, decode((tmp_path / "photo.jpg").read_bytes(), limits).pixels)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}, {"subsampling": 1}])
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize(("enough_px", "flag"), OPENCV)
def test_pixels_are_those_of_opencv(
    enough_px: int, flag: int, mode: str, options: dict[str, object], photo: Pixels, save: Saver, limits: Limits
) -> None:
    """TurboJPEG and OpenCV, which reads the samplings that the former refuses, give equal pixels at every scale."""
    data = save(Pillow.fromarray(photo).convert(mode), "JPEG", **options)
    expected = cv2.imdecode(np.frombuffer(data, np.uint8), flag | cv2.IMREAD_COLOR_RGB)
    assert np.array_equal(np.asarray(expected), decode(data, limits, enough_px).pixels)


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


def reason(data: bytes, limits: Limits, enough_px: int | None = None) -> Reason | None:
    """Why the bytes are refused; `None` when they are decoded."""
    try:
        decode(data, limits, enough_px)
    except Refusal as refusal:
        return refusal.reason
    return None


@pytest.mark.parametrize("enough_px", [None, 1])
@pytest.mark.parametrize("options", PACKINGS)
def test_half_with_an_end_is_truncated(
    options: dict[str, object], enough_px: int | None, photo: Pixels, save: Saver, limits: Limits
) -> None:
    """Half a JPEG is refused even when an end marker was put behind it, at every scale."""
    data = save(photo, "JPEG", **options)
    assert Reason.IMAGE_TRUNCATED == reason(data[: len(data) // 2] + END, limits, enough_px)


@pytest.mark.parametrize("options", PACKINGS)
def test_damage_at_any_place_is_refused(options: dict[str, object], photo: Pixels, save: Saver, limits: Limits) -> None:
    """Of pictures that miss 200 bytes somewhere within, or have 400 zeros there, 19 in 20 are refused."""
    data = save(photo, "JPEG", **options)
    first = data.index(b"\xff\xda") + 14
    places = np.linspace(first, len(data) - 402, 100).astype(int)
    cut = [reason(data[:at] + data[at + 200 :], limits) for at in places]
    zeroed = [reason(data[:at] + bytes(400) + data[at + 400 :], limits) for at in places]
    assert cut.count(None) + zeroed.count(None) <= 10


@pytest.mark.parametrize("options", PACKINGS)
def test_damage_is_told_by_the_reason_alone(
    options: dict[str, object], photo: Pixels, save: Saver, limits: Limits, capfd: pytest.CaptureFixture[str]
) -> None:
    """The library writes nothing of its own to standard error about a JPEG that is damaged or slightly wrong."""
    data = save(photo, "JPEG", **options)
    middle = len(data) // 2
    for damaged in (
        data[:middle] + END,
        data[:middle] + data[middle + 200 :],
        data[:middle] + bytes(400) + data[middle + 400 :],
        data[:middle] + b"\xff" * 400 + data[middle + 400 :],
        data[:20] + bytes(9) + data[20:],
        data[:-2] + bytes(9) + END,
    ):
        reason(damaged, limits)
    assert ("", "") == capfd.readouterr()


@pytest.mark.parametrize("code", [b"\xff\xdb", b"\xff\xc0", b"\xff\xc4", b"\xff\xda", b"\xff\xd9"])
def test_needless_bytes_before_a_marker(code: bytes, photo: Pixels, save: Saver, limits: Limits) -> None:
    """A few bytes that belong to nothing change nothing, before whatever marker they stand."""
    data = save(photo, "JPEG")
    at = data.index(code)
    assert np.array_equal(decode(data, limits).pixels, decode(data[:at] + bytes(9) + data[at:], limits).pixels)


def test_needless_bytes_do_not_hide_damage(photo: Pixels, save: Saver, limits: Limits) -> None:
    """Bytes before a segment are forgiven, a missing half behind them is not."""
    data = save(photo, "JPEG")
    at = data.index(b"\xff\xdb")
    assert Reason.IMAGE_TRUNCATED == reason(data[:at] + bytes(9) + data[at : len(data) // 2] + END, limits)


def test_odd_revision_is_read(photo: Pixels, save: Saver, limits: Limits) -> None:
    """A JFIF revision that no library knows is no reason to refuse."""
    data = save(photo, "JPEG")
    odd = data.replace(b"JFIF\x00\x01", b"JFIF\x00\x05")
    assert np.array_equal(decode(data, limits).pixels, decode(odd, limits).pixels)


@pytest.mark.parametrize(("across", "down"), [(1, 4), (4, 1), (3, 1), (4, 2), (1, 3)])
def test_rare_samplings_are_read(across: int, down: int, save: Saver, limits: Limits) -> None:
    """Samplings that our libraries cannot write, of which TurboJPEG refuses some, give the flat picture they hold."""
    data = bytearray(save(np.full((8, 8, 3), 128, np.uint8), "JPEG", subsampling=0))
    frame, scan = data.index(b"\xff\xc0"), data.index(b"\xff\xda")
    data[frame + 5 : frame + 9] = (8 * down).to_bytes(2, "big") + (8 * across).to_bytes(2, "big")
    data[frame + 11] = across << 4 | down
    bits = "001010" * across * down + "0000" * 2  # "no change, end of block" in the tables of T.81, annex K.3
    bits += "1" * (-len(bits) % 8)
    data[scan + 14 :] = int(bits, 2).to_bytes(len(bits) // 8, "big") + END
    assert np.array_equal(np.full((8 * down, 8 * across, 3), 128), decode(bytes(data), limits).pixels)


def test_broken_profile_is_no_matter(photo: Pixels, save: Saver, limits: Limits) -> None:
    """Colour profiles are not read, so one of which a part is missing does not matter."""
    data = save(photo, "JPEG")
    part = b"ICC_PROFILE\x00\x01\x02" + bytes(20)
    odd = data[:20] + b"\xff\xe2" + (len(part) + 2).to_bytes(2, "big") + part + data[20:]
    assert np.array_equal(decode(data, limits).pixels, decode(odd, limits).pixels)


def test_needless_bytes_before_a_progressive_scan(photo: Pixels, save: Saver, limits: Limits) -> None:
    """A harmless remark within a progressive picture changes none of its pixels, at no scale."""
    data = save(photo, "JPEG", progressive=True)
    odd = data[:-2] + bytes(9) + END
    for enough_px in (None, 76):
        assert np.array_equal(decode(data, limits, enough_px).pixels, decode(odd, limits, enough_px).pixels)


@pytest.mark.parametrize("options", [{}, {"subsampling": 0}, {"restart_marker_rows": 4}])
def test_only_the_end_marker_is_missing(options: dict[str, object], photo: Pixels, save: Saver, limits: Limits) -> None:
    """A JPEG that holds all its rows is read without its end marker; a few bytes less, and it is truncated."""
    data = save(photo, "JPEG", **options)
    assert np.array_equal(decode(data, limits).pixels, decode(data[:-2], limits).pixels)
    assert np.array_equal(decode(data, limits).pixels, decode(data[:-1], limits).pixels)
    assert Reason.IMAGE_TRUNCATED == reason(data[:-6], limits)


def test_progressive_needs_its_end_marker(photo: Pixels, save: Saver, limits: Limits) -> None:
    """Without an end marker nobody can tell whether a progressive JPEG has another scan to come."""
    assert Reason.IMAGE_TRUNCATED == reason(save(photo, "JPEG", progressive=True)[:-2], limits)
