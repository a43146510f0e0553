"""Pairs of one person's pictures at stated sizes, made from the fetched sample portraits."""

import io
import json
import subprocess
import sys
from pathlib import Path

from PIL import Image

IPSE = Path(sys.executable).with_name("ipse")


def sample_paths() -> dict[str, Path]:
    """Where each sample portrait lies, by name; fetched first if need be."""
    listing = subprocess.run([IPSE, "models", "fetch", "--json"], capture_output=True, check=True, text=True).stdout
    return {Path(path).stem: Path(path) for path in json.loads(listing)["samples"]}


def jpeg(path: Path, width_px: int, height_px: int, quality: int) -> bytes:
    """The picture's middle at this size as a baseline JPEG."""
    with Image.open(path) as picture:
        upright = picture.convert("RGB")
    scale = max(width_px / upright.width, height_px / upright.height)
    grown = upright.resize((round(upright.width * scale), round(upright.height * scale)), Image.Resampling.LANCZOS)
    left, top = (grown.width - width_px) // 2, (grown.height - height_px) // 4
    stream = io.BytesIO()
    grown.crop((left, top, left + width_px, top + height_px)).save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def pairs() -> dict[str, tuple[bytes, bytes]]:
    """Two pictures of one person, by size: 250×250, 1280×960 and 12 megapixels (small enough for a 2 MB request)."""
    paths = sample_paths()
    sizes = {"250×250": (250, 250, 90), "1280×960": (1280, 960, 88), "12 MP": (4000, 3000, 70)}
    return {name: (jpeg(paths["obama"], *size), jpeg(paths["obama2"], *size)) for name, size in sizes.items()}
