import struct
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image as Pillow

from ipse.core.images import Limits, decode
from ipse.core.images.av1 import coded_area_px
from ipse.core.images.items import read_items
from ipse.core.reasons import Reason, Refusal

Saver = Callable[..., bytes]


def box(kind: bytes, *content: bytes, full: bool = False) -> bytes:
    """A box, with version and flags of zero if it is a full one."""
    body = (bytes(4) if full else b"") + b"".join(content)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def grid(tiles: list[int], side_px: int) -> bytes:
    """A HEIC whose picture, item 1, is derived from these items; item 2 is coded and square."""
    places = b"".join(struct.pack(">HHHII", item, 0, 1, 0, 1) for item in (1, 2))
    sizes = box(
        b"iprp",
        box(b"ipco", box(b"ispe", struct.pack(">II", side_px, side_px), full=True)),
        box(b"ipma", struct.pack(">IHBB", 1, 2, 1, 1), full=True),
    )
    derived = box(b"dimg", struct.pack(f">HH{len(tiles)}H", 1, len(tiles), *tiles))
    meta = box(
        b"meta",
        box(b"pitm", struct.pack(">H", 1), full=True),
        box(b"iloc", b"\x44\x00", struct.pack(">H", 2), places, full=True),
        sizes,
        box(b"iref", derived, full=True),
        full=True,
    )
    return box(b"ftyp", b"heic", bytes(4)) + meta


def refused(data: bytes, limits: Limits) -> Reason:
    """The reason for which a picture is refused."""
    with pytest.raises(Refusal) as caught:
        decode(data, limits)
    return caught.value.reason


def test_grid_that_repeats_a_tile_is_too_complex(limits: Limits) -> None:
    """A grid that names one large tile over and over is refused by the work that it makes, before it is decoded."""
    items = read_items(grid([2] * 9, 4096), limits)
    assert (1, [2] * 9, 4096 * 4096) == (items.primary, items.by_number[1].parts, items.by_number[2].area_px)
    assert Reason.IMAGE_TOO_COMPLEX == refused(grid([2] * 9, 4096), limits)
    assert Reason.IMAGE_CORRUPT == refused(grid([2] * 8, 4096), limits)


def test_item_made_of_itself_is_too_complex(limits: Limits) -> None:
    """A picture derived from itself ends in a refusal, not in a loop."""
    assert Reason.IMAGE_TOO_COMPLEX == refused(grid([1], 64), limits)


def test_avif_that_lies_about_its_size(save: Saver, limits: Limits) -> None:
    """An AVIF whose stream is larger than its container says is judged by its stream."""
    data = save(np.zeros((600, 700, 3), np.uint8), "AVIF", speed=10)
    honest = struct.pack(">II", 700, 600)
    assert 1 == data.count(honest)
    lying = data.replace(honest, struct.pack(">II", 70, 60))
    assert (60, 70, 3) == decode(lying, replace(limits, max_pixels=420_000)).pixels.shape
    assert Reason.IMAGE_TOO_LARGE == refused(lying, replace(limits, max_pixels=419_999))


@pytest.mark.parametrize("animated", [False, True])
def test_area_of_an_av1_stream(*, animated: bool, save: Saver, limits: Limits) -> None:
    """The size in the stream is read from the short header of a still and from the long one of a sequence."""
    pixels = np.zeros((48, 80, 3), np.uint8)
    options = {"save_all": True, "append_images": [Pillow.fromarray(255 - pixels)]} if animated else {}
    data = save(pixels, "AVIF", speed=10, **options)
    items = read_items(data, limits)
    spans = items.by_number[items.primary].spans
    assert spans is not None
    assert 80 * 48 == coded_area_px(b"".join(data[start:end] for start, end in spans), limits.max_parts)


@pytest.mark.parametrize("stream", [b"\x0a", b"\x0a\x01\x00", b"\x0a" + b"\xff" * 9])
def test_broken_av1_stream_is_corrupt(stream: bytes) -> None:
    """A sequence header that breaks off is corrupt."""
    with pytest.raises(Refusal) as caught:
        coded_area_px(stream, 10)
    assert Reason.IMAGE_CORRUPT == caught.value.reason


def test_items_that_share_bytes_are_too_complex(limits: Limits) -> None:
    """A file that names its own bytes as content many times over is refused before they are put together."""
    places = b"".join(struct.pack(">HHHII", item, 0, 1, 1, 0) for item in range(1, 9))
    meta = box(
        b"meta",
        box(b"pitm", struct.pack(">H", 1), full=True),
        box(b"iloc", b"\x44\x00", struct.pack(">H", 8), places, full=True),
        box(b"iprp"),
        full=True,
    )
    assert Reason.IMAGE_TOO_COMPLEX == refused(box(b"ftyp", b"avif", bytes(4)) + meta, limits)
