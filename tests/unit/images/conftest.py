"""Small pictures that are made in memory, with which the tests of decoding begin."""

import base64
import io
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow

from ipse.core.images import Limits

Saver = Callable[..., bytes]


@pytest.fixture(scope="session")
def limits() -> Limits:
    """The default limits."""
    return Limits()


@pytest.fixture(scope="session")
def pattern() -> NDArray[np.uint8]:
    """
    A picture that no turn or mirror maps onto itself: 48 wide, 32 high, four flat quarters of different colours.

    Shape: (32, 48, 3) uint8 RGB; blocks of 16 pixels, so that a JPEG keeps it nearly unchanged.
    """
    quarters = np.array([[[220, 30, 30], [30, 200, 30]], [[30, 30, 220], [240, 240, 240]]], np.uint8)
    return quarters.repeat([16, 16], axis=0).repeat([32, 16], axis=1)


@pytest.fixture(scope="session")
def photo() -> NDArray[np.uint8]:
    """
    Something between a photograph and noise: smooth shapes with some grain.

    Shape: (203, 301, 3) uint8 RGB.
    """
    y, x = np.mgrid[0:203, 0:301]
    waves = np.stack([np.sin(x / 17 + y / 29), np.cos(x / 23 - y / 11), np.sin((x + y) / 31)], axis=-1)
    grain = np.random.default_rng(1).normal(0, 3, waves.shape)
    return np.clip(128 + 90 * waves + grain, 0, 255).astype(np.uint8)


@pytest.fixture(scope="session")
def save() -> Saver:
    """Gives a function from (pixels or Pillow picture, Pillow's name of a format, options) to the bytes of a file."""

    def saved(picture: NDArray[np.uint8] | Pillow.Image, kind: str, **options: object) -> bytes:
        image = picture if isinstance(picture, Pillow.Image) else Pillow.fromarray(picture)
        with io.BytesIO() as file:
            image.save(file, kind, **options)
            return file.getvalue()

    return saved


@pytest.fixture(scope="session")
def heic() -> Mapping[str, bytes]:
    """HEIC files that show the pattern of `heic.toml`, by name; our dependencies cannot write this format."""
    table = tomllib.loads((Path(__file__).parent / "heic.toml").read_text(encoding="utf-8"))
    return {name: base64.b64decode(text) for name, text in table["files"].items()}
