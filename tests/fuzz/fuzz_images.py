"""
Fuzz the decoding of pictures: garbage is either decoded or refused with a declared reason, and nothing else happens.

Run: `.venv/bin/python tests/fuzz/fuzz_images.py SECONDS [FOLDER]`. Without a folder it starts from small pictures of
every format that Pillow can write; a folder (`../shared/data/odd/formats`) adds its files, and libFuzzer keeps what it
finds there. What breaks is written to `crash-*` in the working folder. Warnings count as failures.
"""

import io
import sys
import tempfile
import warnings
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["ipse", "PIL", "pi_heif"]):
    from PIL import Image as Pillow

    from ipse.core.images import Limits, decode
    from ipse.core.reasons import Refusal

LIMITS = Limits(max_bytes=1 << 20, max_pixels=1 << 18)
"""Small, so that many inputs a second are tried."""

WRITERS: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("JPEG", "RGB", {}),
    ("JPEG", "CMYK", {"progressive": True}),
    ("PNG", "RGBA", {}),
    ("PNG", "P", {}),
    ("PNG", "I;16", {}),
    ("GIF", "P", {}),
    ("BMP", "RGB", {}),
    ("WEBP", "RGBA", {}),
    ("WEBP", "RGBA", {"lossless": True}),
    ("AVIF", "RGBA", {}),
    ("TIFF", "LAB", {}),
    ("TIFF", "P", {"compression": "packbits"}),
    ("TIFF", "CMYK", {"compression": "tiff_lzw"}),
    ("TIFF", "RGB", {"compression": "jpeg"}),
    ("TIFF", "1", {"compression": "group4"}),
    ("TIFF", "RGBA", {"compression": "lzma"}),
)


def write_seeds(folder: Path) -> None:
    """Put one small picture per row of the table into the folder."""
    plain = Pillow.linear_gradient("L").resize((24, 17))
    for number, (kind, mode, options) in enumerate(WRITERS):
        with io.BytesIO() as file:
            picture = plain.convert("RGB").convert(mode) if mode not in ("I;16", "LAB") else Pillow.new(mode, (24, 17))
            picture.save(file, kind, **options)
            (folder / f"seed-{number}").write_bytes(file.getvalue())


def try_one(data: bytes) -> None:
    """Decode, whole and reduced; only a refusal may stop it."""
    for enough_px in (None, 4):
        try:
            image = decode(data, LIMITS, enough_px)
        except Refusal:
            continue
        height_px, width_px, channels = image.pixels.shape
        if (channels, enough_px is None) == (3, True) and (width_px, height_px) != (image.width_px, image.height_px):
            raise AssertionError(f"{image} promises another size")


def main() -> None:
    """Fuzz for the given seconds."""
    warnings.simplefilter("error")
    seconds, *folders = sys.argv[1:]
    with tempfile.TemporaryDirectory() as seeds:
        write_seeds(Path(seeds))
        options = [f"-max_total_time={int(seconds)}", "-max_len=100000", "-timeout=20", "-rss_limit_mb=3000"]
        atheris.Setup([sys.argv[0], *options, *folders, seeds], try_one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
