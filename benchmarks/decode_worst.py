"""
The slowest pictures that the limits let through, one per format: time and memory of decoding each.

Run: `.venv/bin/python benchmarks/decode_worst.py --keep FOLDER [--megvii] [--heic FILE ...]`. Every picture is made
here, at the edge of the limits, kept in the folder, and decoded in a process of its own so that its peak memory is its
own (Linux). HEIC cannot be written with our dependencies, so such files are given by hand.
"""

import argparse
import contextlib
import io
import itertools
import multiprocessing
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from ipse.core.images import Limits, decode
from ipse.core.reasons import Refusal

MEGVII = replace(Limits(), max_bytes=2 * 1024 * 1024, max_side_px=4096)
"""Source: the vendor's page: 2 MB a request, 4096 pixels a side."""

Maker = Callable[[int, int, int], bytes]


def _noise(width_px: int, height_px: int, channels: int = 3, *, keep: float = 1.0) -> np.ndarray:
    """Pixels of which the share `keep` is noise and the rest is flat."""
    random = np.random.default_rng(7)
    pixels = np.full((height_px, width_px, channels), 128, np.uint8)
    rows = int(height_px * keep)
    pixels[:rows] = random.integers(0, 256, (rows, width_px, channels), np.uint8)
    return pixels


def _fit(max_bytes: int, save: Callable[[float], bytes]) -> bytes:
    """The largest file that `save` makes within the bytes, by halving the share of noise."""
    low, high, best = 0.0, 1.0, save(0.0)
    for _ in range(6):
        keep = (low + high) / 2
        made = save(keep)
        low, high, best = (keep, high, made) if len(made) <= max_bytes else (low, keep, best)
    return best


def _saved(pixels: np.ndarray, kind: str, **options: object) -> bytes:
    """The file that Pillow writes."""
    with io.BytesIO() as file:
        Pillow.fromarray(pixels.squeeze()).save(file, kind, **options)
        return file.getvalue()


def jpeg_photo(width_px: int, height_px: int, max_bytes: int) -> bytes:
    """A baseline JPEG as full of noise as fits."""

    def save(keep: float) -> bytes:
        return _saved(_noise(width_px, height_px, keep=keep), "JPEG", quality=90, subsampling=0)

    return _fit(max_bytes, save)


def jpeg_progressive(width_px: int, height_px: int, max_bytes: int) -> bytes:
    """A progressive JPEG as full of noise as fits, its last scan repeated up to the limit of scans."""
    room = max_bytes * 2 // 3

    def save(keep: float) -> bytes:
        return _saved(_noise(width_px, height_px, keep=keep), "JPEG", quality=90, subsampling=0, progressive=True)

    return _repeat_scans(_fit(room, save), max_bytes)


def jpeg_scans(width_px: int, height_px: int, max_bytes: int) -> bytes:
    """A flat progressive JPEG with its last scan repeated: the classic scan bomb."""
    return _repeat_scans(
        _saved(_noise(width_px, height_px, keep=0), "JPEG", subsampling=0, progressive=True), max_bytes
    )


def _repeat_scans(data: bytes, max_bytes: int) -> bytes:
    """The same JPEG with its shortest scan (which visits every block) repeated until a limit is reached."""
    starts = [at for at in range(len(data) - 1) if data[at : at + 2] == b"\xff\xda"]
    tables = [data.rfind(b"\xff\xc4", start, after) for start, after in itertools.pairwise(starts)]
    ends = [*tables, len(data) - 2]
    scans = [data[start:end] for start, end in zip(starts, ends, strict=True) if end > start]
    shortest = min(scans[-3:], key=len)
    times = min(Limits().max_scans - len(starts), (max_bytes - len(data)) // len(shortest))
    return data[:-2] + shortest * times + b"\xff\xd9"


def jpeg_dc_only(width_px: int, height_px: int, max_bytes: int) -> bytes:
    """A progressive JPEG of its first scan alone: the decoder smooths what is missing."""
    del max_bytes
    coarse = _noise(width_px // 8, height_px // 8).repeat(8, axis=0).repeat(8, axis=1)
    data = _saved(coarse, "JPEG", progressive=True)
    second = data.index(b"\xff\xda", data.index(b"\xff\xda") + 2)
    return data[: data.rfind(b"\xff\xc4", 0, second)] + b"\xff\xd9"


def png_deep(width_px: int, height_px: int, max_bytes: int) -> bytes:
    """A PNG of 16 bits and four channels that is all zeros: eight bytes a pixel from almost nothing."""
    del max_bytes
    return _png(width_px, height_px, bits=16, colour=6, interlaced=False)


def png_interlaced(width_px: int, height_px: int, max_bytes: int) -> bytes:
    """The same, interlaced."""
    del max_bytes
    return _png(width_px, height_px, bits=16, colour=6, interlaced=True)


def _png(width_px: int, height_px: int, *, bits: int, colour: int, interlaced: bool) -> bytes:
    """A PNG of Paeth-filtered zeros, packed a row at a time."""
    pack = zlib.compressobj(9)
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    body = b""
    for x, y, dx, dy in passes if interlaced else [(0, 0, 1, 1)]:
        columns, rows = -(-(width_px - x) // dx), -(-(height_px - y) // dy)
        row = b"\x04" + bytes(columns * 4 * bits // 8)
        body += b"".join(pack.compress(row) for _ in range(rows))
    body += pack.flush()
    head = struct.pack(">IIBBBBB", width_px, height_px, bits, colour, 0, 0, int(interlaced))
    parts = [b"\x89PNG\r\n\x1a\n"]
    for name, content in ((b"IHDR", head), (b"IDAT", body), (b"IEND", b"")):
        parts.append(struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content)))
    return b"".join(parts)


def png_noise(width_px: int, height_px: int, max_bytes: int) -> bytes:
    """A PNG as full of noise as fits."""
    return _fit(max_bytes, lambda keep: _saved(_noise(width_px, height_px, 4, keep=keep), "PNG", compress_level=1))


def gif(width_px: int, height_px: int, max_bytes: int) -> bytes:
    """A GIF as full of noise as fits."""
    return _fit(max_bytes, lambda keep: _saved(_noise(width_px, height_px, 1, keep=keep), "GIF"))


def bmp_runs(width_px: int, height_px: int, max_bytes: int) -> bytes:
    """A run-length coded BMP of runs of one pixel in as many rows as fit, the rest in long runs."""
    end = b"\x00\x00"
    long_row = b"\xff\x09" * (width_px // 255) + bytes([width_px % 255, 9]) + end
    short_row = b"\x01\x07" * width_px + end
    short = min(height_px, max(0, max_bytes - 1200 - len(long_row) * height_px) // len(short_row))
    body = short_row * short + long_row * (height_px - short) + b"\x00\x01"
    palette = bytes(1024)
    offset = 54 + len(palette)
    head = b"BM" + struct.pack("<IHHI", offset + len(body), 0, 0, offset)
    fields = struct.pack("<IiiHHIIiiII", 40, width_px, height_px, 1, 8, 1, len(body), 0, 0, 256, 0)
    return head + fields + palette + body


def tiff(compression: str) -> Maker:
    """A maker of TIFFs with one compression, as full of noise as fits."""

    def make(width_px: int, height_px: int, max_bytes: int) -> bytes:
        def save(keep: float) -> bytes:
            pixels = _noise(width_px, height_px, 1 if compression == "group4" else 4, keep=keep)
            pixels = pixels > 200 if compression == "group4" else pixels
            return _saved(pixels, "TIFF", compression=compression)

        return _fit(max_bytes, save)

    return make


def webp_lossless(width_px: int, height_px: int, max_bytes: int) -> bytes:
    """A lossless WebP as full of noise as fits."""

    def save(keep: float) -> bytes:
        return _saved(_noise(width_px, height_px, 4, keep=keep), "WEBP", lossless=True, quality=0, method=0)

    return _fit(max_bytes, save)


def webp_lossy(width_px: int, height_px: int, max_bytes: int) -> bytes:
    """A lossy WebP as full of noise as fits in the bytes and in the format's partitions (half of a large picture)."""

    def save(keep: float) -> bytes:
        return _saved(_noise(width_px, height_px, keep=keep / 2), "WEBP", quality=50, method=0)

    return _fit(max_bytes, save)


def avif(width_px: int, height_px: int, max_bytes: int) -> bytes:
    """An AVIF of noise, as fine as fits."""
    for quality in (90, 60, 30, 5):
        made = _saved(_noise(width_px, height_px), "AVIF", quality=quality, speed=10, subsampling="4:4:4")
        if len(made) <= max_bytes:
            return made
    return _saved(_noise(width_px, height_px, keep=0.1), "AVIF", quality=5, speed=10, subsampling="4:4:4")


MAKERS: dict[str, Maker] = {
    "jpeg baseline": jpeg_photo,
    "jpeg progressive": jpeg_progressive,
    "jpeg scan bomb": jpeg_scans,
    "jpeg first scan": jpeg_dc_only,
    "png 16-bit zeros": png_deep,
    "png interlaced": png_interlaced,
    "png noise": png_noise,
    "gif": gif,
    "bmp runs": bmp_runs,
    "tiff lzma": tiff("lzma"),
    "tiff lzw": tiff("tiff_lzw"),
    "tiff deflate": tiff("tiff_adobe_deflate"),
    "tiff group 4": tiff("group4"),
    "webp lossless": webp_lossless,
    "webp lossy": webp_lossy,
    "avif": avif,
}


def _peak_mb() -> float:
    """The most memory that this process ever held, in megabytes, since it was last told to forget (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024


def _measure(data: bytes, limits: Limits, enough_px: int | None) -> tuple[float, float, float, str]:
    """(wall seconds, CPU seconds, megabytes above the start, outcome) of one decode."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = _peak_mb()
    wall, cpu = time.perf_counter(), time.process_time()
    outcome = "decoded"
    try:
        decode(data, limits, enough_px)
    except Refusal as refusal:
        outcome = refusal.reason.value
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return wall, cpu, _peak_mb() - before, outcome


def _pictures(names: list[str], limits: Limits, folder: Path) -> Iterator[tuple[str, Path]]:
    """Each picture at the limits, made once and kept."""
    side_px = min(int(limits.max_pixels**0.5), limits.max_side_px or limits.max_pixels) // 16 * 16
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        path = folder / f"{name.replace(' ', '-')}-{side_px}-{limits.max_bytes}.bin"
        if not path.exists():
            path.write_bytes(MAKERS[name](side_px, side_px, limits.max_bytes))
        yield name, path


def main() -> None:
    """Print a line per picture."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--megvii", action="store_true", help="the vendor's limits in place of our defaults")
    words.add_argument("--keep", type=Path, required=True, help="folder where the made pictures stay")
    words.add_argument("--enough-px", type=int, default=None)
    words.add_argument("--only", nargs="*", default=list(MAKERS))
    words.add_argument("--heic", nargs="*", type=Path, default=[], help="pictures that were made elsewhere")
    given = words.parse_args()
    limits = MEGVII if given.megvii else Limits()
    print(f"{'picture':<22}{'bytes':>12}{'wall s':>9}{'CPU s':>9}{'MB':>7}  outcome")
    made = _pictures(given.only, limits, given.keep)
    for name, path in itertools.chain(made, ((path.name, path) for path in given.heic)):
        data = path.read_bytes()
        with contextlib.closing(multiprocessing.get_context("spawn").Pool(1)) as pool:
            wall, cpu, megabytes, outcome = pool.apply(_measure, (data, limits, given.enough_px))
        print(f"{name:<22}{len(data):>12,}{wall:>9.2f}{cpu:>9.2f}{megabytes:>7.0f}  {outcome}", flush=True)


if __name__ == "__main__":
    main()
