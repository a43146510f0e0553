import struct
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageCms

from ipse.core.images import Limits, decode, inspect
from ipse.core.reasons import Reason, Refusal

Pixels = NDArray[np.uint8]
Saver = Callable[..., bytes]


def test_pixels_are_contiguous_bytes(pattern: Pixels, save: Saver, limits: Limits) -> None:
    """Decoded pixels are one contiguous block of bytes, with the digest of the file beside them."""
    image = decode(save(pattern, "BMP"), limits)
    assert image.pixels.flags.c_contiguous
    assert np.uint8 == image.pixels.dtype
    assert ("bmp", 1, 64) == (image.format, image.reduction, len(image.digest))


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("GIF", {}),
        ("BMP", {}),
        ("WEBP", {"lossless": True}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"compression": "tiff_adobe_deflate"}),
        ("TIFF", {"compression": "packbits"}),
        ("TIFF", {"compression": "lzma"}),
        ("TIFF", {"big_tiff": True}),
    ],
)
def test_exact_formats_keep_every_value(
    kind: str, options: dict[str, object], pattern: Pixels, save: Saver, limits: Limits
) -> None:
    """What was packed without loss comes out without loss, and the format is named by the content."""
    image = decode(save(pattern, kind, **options), limits)
    assert kind.lower() == image.format
    assert np.array_equal(pattern, image.pixels)


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "L"), ("PNG", "L"), ("PNG", "1"), ("GIF", "L"), ("TIFF", "1"), ("AVIF", "L")]
)
def test_grey_has_three_equal_channels(kind: str, mode: str, pattern: Pixels, save: Saver, limits: Limits) -> None:
    """A picture without colour has three channels all the same."""
    pixels = decode(save(Pillow.fromarray(pattern).convert(mode), kind), limits).pixels
    assert (32, 48, 3) == pixels.shape
    assert np.ptp(pixels, axis=2).max() == 0
    assert np.ptp(pixels[..., 0]) > 100


@pytest.mark.parametrize("enough_px", [None, 12])
@pytest.mark.parametrize("marked", [True, False])
def test_cmyk_jpeg(*, marked: bool, enough_px: int | None, pattern: Pixels, save: Saver, limits: Limits) -> None:
    """Four channels are inverted CMYK, with Adobe's marker and without, whole and reduced."""
    inks = 255 - np.concatenate([pattern, np.full((32, 48, 1), 255, np.uint8)], axis=2)
    data = save(Pillow.frombuffer("CMYK", (48, 32), inks), "JPEG", quality=100)
    if not marked:
        at = data.index(b"\xff\xee")
        data = data[:at] + data[at + 2 + int.from_bytes(data[at + 2 : at + 4], "big") :]
    image = decode(data, limits, enough_px)
    assert (1 if enough_px is None else 4) == image.reduction
    step = image.reduction
    assert np.abs(pattern[step // 2 :: step, step // 2 :: step].astype(int) - image.pixels).max() <= 6


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_of_grey_are_scaled(kind: str, save: Saver, limits: Limits) -> None:
    """16-bit grey is divided, not wrapped or clipped."""
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)[None].repeat(4, axis=0)
    pixels = decode(save(Pillow.fromarray(ramp), kind), limits).pixels
    assert np.array_equal(np.arange(256), pixels[0, :, 0])


@pytest.mark.parametrize("extension", [".png", ".tiff"])
def test_sixteen_bits_of_colour_are_scaled(extension: str, pattern: Pixels, limits: Limits) -> None:
    """16-bit colour is divided, not wrapped or clipped."""
    deep = pattern[..., ::-1].astype(np.uint16) * 257
    written, data = cv2.imencode(extension, deep)
    assert written
    assert np.array_equal(pattern, decode(data.tobytes(), limits).pixels)


@pytest.mark.parametrize(("photometric", "expected"), [(1, [0, 128, 255]), (0, [255, 127, 0])])
def test_sixteen_bit_tiff_whose_white_is_zero(photometric: int, expected: list[int], limits: Limits) -> None:
    """A 16-bit TIFF that counts from white is inverted."""
    samples = np.array([0, 0x8000, 0xFFFF], "<u2").tobytes()
    tags = {256: 3, 257: 1, 258: 16, 259: 1, 262: photometric, 273: 8, 277: 1, 278: 1, 279: len(samples)}
    assert expected == decode(tiff(tags, samples), limits).pixels[0, :, 0].tolist()


def test_twelve_bit_tiff_is_scaled(limits: Limits) -> None:
    """Twelve bits, packed, fill the range from black to white."""
    tags = {256: 2, 257: 1, 258: 12, 259: 1, 262: 1, 273: 8, 277: 1, 278: 1, 279: 3}
    assert [255, 128] == decode(tiff(tags, b"\xff\xf8\x00\0"), limits).pixels[0, :, 0].tolist()


def tiff(tags: dict[int, int], samples: bytes) -> bytes:
    """A little-endian TIFF of one strip at byte 8."""
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted(tags.items()))
    return (
        struct.pack("<2sHI", b"II", 42, 8 + len(samples)) + samples + struct.pack("<H", len(tags)) + entries + bytes(4)
    )


def test_lab_tiff(save: Saver, limits: Limits) -> None:
    """Lab becomes sRGB by its definition."""
    red = Pillow.new("RGB", (8, 8), (200, 40, 40))
    lab = ImageCms.applyTransform(
        red,
        ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"),
    )
    assert lab is not None
    pixels = decode(save(lab, "TIFF"), limits).pixels
    assert np.abs(np.array([200, 40, 40]) - pixels[4, 4]).max() <= 3


@pytest.mark.parametrize("mode", ["F", "I"])
def test_numbers_without_a_white_are_unrecognised(mode: str, save: Saver, limits: Limits) -> None:
    """Floats and 32-bit numbers are refused: no file says which of them is white."""
    with pytest.raises(Refusal) as refused:
        decode(save(Pillow.new(mode, (4, 4), 7), "TIFF"), limits)
    assert Reason.IMAGE_UNRECOGNISED == refused.value.reason


def test_palette_png_with_a_transparent_colour(pattern: Pixels, save: Saver, limits: Limits) -> None:
    """A palette is looked up, and its transparent entry is white."""
    image = Pillow.fromarray(pattern).quantize(4)
    index = image.getpixel((0, 0))
    pixels = decode(save(image, "PNG", transparency=index), limits).pixels
    assert ([255, 255, 255], [30, 200, 30]) == (pixels[0, 0].tolist(), pixels[0, 40].tolist())


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_png_with_one_transparent_value(mode: str, pattern: Pixels, save: Saver, limits: Limits) -> None:
    """A `tRNS` chunk beside RGB or grey makes one value white."""
    image = Pillow.fromarray(pattern).convert(mode)
    pixels = decode(save(image, "PNG", transparency=image.getpixel((0, 0))), limits).pixels
    assert [255, 255, 255] == pixels[0, 0].tolist()
    assert [255, 255, 255] != pixels[0, 40].tolist()


@pytest.mark.parametrize(
    ("kind", "options"), [("PNG", {}), ("WEBP", {"lossless": True}), ("TIFF", {}), ("AVIF", {"quality": 100})]
)
def test_alpha_is_composed_on_white(
    kind: str, options: dict[str, object], pattern: Pixels, save: Saver, limits: Limits
) -> None:
    """Half transparent is half white, fully transparent is white whatever hides below."""
    alpha = np.full((32, 48, 1), 255, np.uint8)
    alpha[:, 16:32], alpha[:, 32:] = 128, 0
    pixels = decode(save(np.concatenate([pattern, alpha], axis=2), kind, **options), limits).pixels
    expected = np.array([[220, 30, 30], [237, 142, 142], [255, 255, 255]])
    assert np.abs(expected - pixels[8, [8, 24, 40]]).max() <= (4 if kind == "AVIF" else 1)


@pytest.mark.parametrize("mode", ["LA", "PA", "La", "RGBa"])
def test_rare_alpha_modes_of_tiff(mode: str, limits: Limits) -> None:
    """Grey or palette with alpha, premultiplied or not, is composed on white too."""
    samples, extra = (4, 1) if mode == "RGBa" else (2, 1 if mode == "La" else 2)
    photometric = {"RGBa": 2, "PA": 3}.get(mode, 1)
    tags = {256: 1, 257: 1, 259: 1, 262: photometric, 273: 8, 277: samples, 278: 1, 279: samples, 338: extra}
    bits = struct.pack("<HHI", 258, 3, samples) + (b"\x08\0\x08\0" if samples == 2 else struct.pack("<I", 12))
    body = bytes(samples).ljust(4, b"\0") + b"\x08\0" * 4
    entries = {tag: struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items()} | {258: bits}
    if mode == "PA":
        entries[320] = struct.pack("<HHII", 320, 3, 768, 8 + len(body))
        body += bytes(1536)
    directory = struct.pack("<H", len(entries)) + b"".join(entries[tag] for tag in sorted(entries)) + bytes(4)
    data = struct.pack("<2sHI", b"II", 42, 8 + len(body)) + body + directory
    assert [[[255, 255, 255]]] == decode(data, limits).pixels.tolist()


@pytest.mark.parametrize(
    ("kind", "options"), [("GIF", {}), ("PNG", {}), ("WEBP", {"lossless": True}), ("TIFF", {}), ("AVIF", {})]
)
def test_first_frame_of_several(
    kind: str, options: dict[str, object], pattern: Pixels, save: Saver, limits: Limits
) -> None:
    """Of an animation or several pages the first is decoded, and all are counted (of AVIF's, the still alone)."""
    others = [Pillow.new("RGB", (48, 32), colour) for colour in ("black", "yellow")]
    data = save(pattern, kind, save_all=True, append_images=others, **options)
    assert (1 if kind == "AVIF" else 3) == inspect(data, limits).frames
    assert np.abs(pattern.astype(int) - decode(data, limits).pixels).mean() <= (5 if kind == "AVIF" else 0)


def test_first_picture_of_mpo(pattern: Pixels, save: Saver, limits: Limits) -> None:
    """The several pictures that some phones put into one JPEG are one JPEG to us."""
    data = save(pattern, "MPO", save_all=True, append_images=[Pillow.new("RGB", (48, 32))], quality=95, subsampling=0)
    image = decode(data, limits)
    assert "jpeg" == image.format
    assert np.abs(pattern.astype(int) - image.pixels).max() <= 6


def test_gif_frame_smaller_than_its_canvas(limits: Limits) -> None:
    """What the first frame of a GIF leaves uncovered is white."""
    screen = b"GIF89a" + struct.pack("<HHBBB", 3, 1, 0x80, 0, 0) + bytes([9, 9, 9, 200, 0, 0])
    control = b"\x21\xf9\x04\x01\0\0\x00\0"
    frame = b"\x2c" + struct.pack("<HHHHB", 1, 0, 1, 1, 0) + b"\x02\x02\x4c\x01\0\x3b"
    pixels = decode(screen + control + frame, limits).pixels
    assert [[255, 255, 255], [200, 0, 0], [255, 255, 255]] == pixels[0].tolist()


def test_bmp_from_the_top(pattern: Pixels, save: Saver, limits: Limits) -> None:
    """A BMP with a negative height is stored from the top."""
    data = bytearray(save(pattern, "BMP"))
    data[22:26] = struct.pack("<i", -32)
    assert np.array_equal(pattern[::-1], decode(bytes(data), limits).pixels)


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"hello", b"%PDF-1.7", b"BM is a shop", b"\0\0\0\x18ftypmp42" + bytes(40)]
)
def test_what_is_no_picture_is_unrecognised(data: bytes, limits: Limits) -> None:
    """Bytes of no known format are refused as unrecognised."""
    with pytest.raises(Refusal) as refused:
        inspect(data, limits)
    assert Reason.IMAGE_UNRECOGNISED == refused.value.reason


@pytest.mark.parametrize("code", [0xC3, 0xC9])
def test_jpeg_of_a_rare_process_is_unrecognised(code: int, pattern: Pixels, save: Saver, limits: Limits) -> None:
    """Lossless and arithmetic JPEGs, which no browser reads, are not read here."""
    data = save(pattern, "JPEG").replace(b"\xff\xc0", bytes([0xFF, code]))
    with pytest.raises(Refusal) as refused:
        inspect(data, limits)
    assert Reason.IMAGE_UNRECOGNISED == refused.value.reason
