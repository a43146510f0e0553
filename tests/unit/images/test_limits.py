import struct
import tracemalloc
import zlib
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageFile, TiffTags

from ipse.core.images import Limits, decode, inspect
from ipse.core.images import tiff as tiff_reader
from ipse.core.reasons import Reason, Refusal

Pixels = NDArray[np.uint8]
Saver = Callable[..., bytes]


def refused(data: bytes, limits: Limits) -> Reason:
    """The reason for which a picture is refused."""
    with pytest.raises(Refusal) as caught:
        decode(data, limits)
    return caught.value.reason


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG of these chunks."""
    parts = [
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_pixel_bomb(limits: Limits) -> None:
    """A PNG that claims 50,000 x 50,000 pixels is refused by its header, in no memory."""
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    data = png((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    tracemalloc.start()
    assert Reason.IMAGE_TOO_LARGE == refused(data, limits)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "AVIF"])
def test_limits_are_inclusive(kind: str, pattern: Pixels, save: Saver, limits: Limits) -> None:
    """A picture of exactly the allowed bytes, pixels and side passes; one less of either, and it does not."""
    data = save(pattern, kind)
    exact = replace(limits, max_bytes=len(data), max_pixels=48 * 32, max_side_px=48)
    assert 48 == inspect(data, exact).width_px
    for tighter in ({"max_bytes": len(data) - 1}, {"max_pixels": 48 * 32 - 1}, {"max_side_px": 47}):
        assert Reason.IMAGE_TOO_LARGE == refused(data, replace(exact, **tighter))


def test_heic_limits(heic: dict[str, bytes], limits: Limits) -> None:
    """A HEIC keeps the same limits."""
    assert Reason.IMAGE_TOO_LARGE == refused(heic["orientation_1"], replace(limits, max_pixels=64 * 48 - 1))


def test_no_side_limit(save: Saver, limits: Limits) -> None:
    """`max_side_px=None` allows any side within the pixels."""
    ribbon = np.zeros((1, 20_000, 3), np.uint8)
    assert Reason.IMAGE_TOO_LARGE == refused(save(ribbon, "PNG"), limits)
    assert 20_000 == inspect(save(ribbon, "PNG"), replace(limits, max_side_px=None)).width_px


def test_scan_bomb(pattern: Pixels, save: Saver, limits: Limits) -> None:
    """A progressive JPEG with more scans than allowed is refused before any is decoded."""
    data = save(pattern, "JPEG", progressive=True)
    assert inspect(data, limits).scans == 10
    last = data[data.rindex(b"\xff\xda") : -2]
    bomb = data[:-2] + last * (limits.max_scans - 9) + b"\xff\xd9"
    assert Reason.IMAGE_TOO_COMPLEX == refused(bomb, limits)
    assert limits.max_scans == inspect(data[:-2] + last * (limits.max_scans - 10) + b"\xff\xd9", limits).scans


def test_text_and_profile_bombs_are_never_opened(pattern: Pixels, save: Saver, limits: Limits) -> None:
    """A PNG text and an ICC profile that would each expand to 200 MB cost nothing, and the picture is read."""
    packed = zlib.compress(bytes(200_000_000), 9)
    plain = save(pattern, "PNG")
    at = 8 + 25
    bombs = png((b"zTXt", b"a\0\0" + packed), (b"iTXt", b"a\0\1\0\0\0" + packed), (b"iCCP", b"a\0\0" + packed))[8:]
    tracemalloc.start()
    pixels = decode(plain[:at] + bombs + plain[at:], limits).pixels
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert np.array_equal(pattern, pixels)
    assert peak < 2_000_000


def test_animation_of_too_many_frames(save: Saver, limits: Limits) -> None:
    """More frames than allowed are too complex, though only the first would be decoded."""
    frames = [Pillow.new("L", (16, 16), 60 * shade) for shade in range(5)]
    for kind in ("GIF", "PNG", "WEBP", "TIFF"):
        data = save(frames[0], kind, save_all=True, append_images=frames[1:])
        assert Reason.IMAGE_TOO_COMPLEX == refused(data, replace(limits, max_frames=4))
        assert 5 == inspect(data, replace(limits, max_frames=5)).frames


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_file_of_too_many_parts(kind: str, pattern: Pixels, save: Saver, limits: Limits) -> None:
    """A file cut into more parts than allowed is not walked to its end."""
    assert Reason.IMAGE_TOO_COMPLEX == refused(save(pattern, kind), replace(limits, max_parts=0))


def test_tiff_directory_of_too_many_entries(pattern: Pixels, save: Saver, limits: Limits) -> None:
    """A TIFF directory with more entries than allowed is not read."""
    assert Reason.IMAGE_TOO_COMPLEX == refused(save(pattern, "TIFF"), replace(limits, max_parts=5))


def test_million_comments_are_not_walked(pattern: Pixels, save: Saver, limits: Limits) -> None:
    """A JPEG with more segments than allowed is refused at once."""
    data = save(pattern, "JPEG")
    assert Reason.IMAGE_TOO_COMPLEX == refused(data[:2] + b"\xff\xfe\x00\x02" * 1_000_000 + data[2:], limits)


def test_tiff_directory_that_bites_its_tail(pattern: Pixels, save: Saver, limits: Limits) -> None:
    """A TIFF whose directory names itself as the next one is corrupt."""
    data = bytearray(save(pattern, "TIFF"))
    (at,) = struct.unpack_from("<I", data, 4)
    (entries,) = struct.unpack_from("<H", data, at)
    struct.pack_into("<I", data, at + 2 + entries * 12, at)
    assert Reason.IMAGE_CORRUPT == refused(bytes(data), limits)


def test_tiff_tile_larger_than_the_picture_may_be(limits: Limits) -> None:
    """A small TIFF in one tile of four billion pixels is refused before the tile is laid out."""
    tags = {256: 8, 257: 8, 258: 8, 259: 5, 262: 1, 277: 1, 322: 65536, 323: 65536, 324: 8, 325: 4}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted(tags.items()))
    data = struct.pack("<2sHI", b"II", 42, 12) + bytes(4) + struct.pack("<H", len(tags)) + entries + bytes(4)
    assert Reason.IMAGE_TOO_LARGE == refused(data, limits)


def test_tiff_strips_that_share_bytes(limits: Limits) -> None:
    """A TIFF whose many strips are all the same bytes is refused: each would be unpacked anew."""
    starts, lengths = struct.pack("<60I", *[8] * 60), struct.pack("<60I", *[600] * 60)
    tags = {256: 8, 257: 60, 258: 8, 259: 8, 262: 1, 277: 1, 278: 1}
    entries = {tag: struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items()}
    entries[273] = struct.pack("<HHII", 273, 4, 60, 8 + 600)
    entries[279] = struct.pack("<HHII", 279, 4, 60, 8 + 600 + 240)
    directory = struct.pack("<H", len(entries)) + b"".join(entries[tag] for tag in sorted(entries)) + bytes(4)
    data = struct.pack("<2sHI", b"II", 42, 8 + 600 + 480) + bytes(600) + starts + lengths + directory
    assert Reason.IMAGE_TOO_COMPLEX == refused(data, limits)


def test_scan_bomb_within_a_tiff(pattern: Pixels, save: Saver, limits: Limits) -> None:
    """A TIFF strip that is a JPEG of many scans is counted like a JPEG."""
    data = save(pattern, "TIFF", compression="jpeg")
    assert 1 == inspect(data, limits).scans
    at = data.index(b"\xff\xda")
    bomb = data[:at] + b"\xff\xda" * 40 + data[at + 80 :]
    assert Reason.IMAGE_TOO_COMPLEX == refused(bomb, limits)


def test_long_runs_of_bmp(limits: Limits) -> None:
    """A large run-length coded BMP is too complex: its decoder is slow."""
    head = struct.pack("<2sIHHI", b"BM", 0, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, 9, 9, 1, 8, 1, 0, 0, 0, 0, 0)
    assert Reason.IMAGE_TOO_COMPLEX == refused(head + bytes(2_100_000), limits)


def test_tags_of_one_number_are_those_of_pillow() -> None:
    """The tags that we require to be single are those of which Pillow warns when they are not."""
    single = {tag for tag in tiff_reader.KEPT if TiffTags.lookup(tag).length == 1}
    assert single - tiff_reader.NOT_WHOLE - tiff_reader.SINGLE == set()


def test_pillow_is_left_as_it_was(pattern: Pixels, save: Saver, limits: Limits) -> None:
    """No global setting of Pillow is changed by decoding."""
    for kind in ("JPEG", "PNG", "GIF", "TIFF", "WEBP", "BMP", "AVIF"):
        decode(save(pattern, kind), limits)
    assert (False, 89_478_485) == (ImageFile.LOAD_TRUNCATED_IMAGES, Pillow.MAX_IMAGE_PIXELS)
