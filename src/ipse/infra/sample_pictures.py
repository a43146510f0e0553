"""The port `Samples`: the fetched portraits, and cards that are drawn around them when somebody asks."""

import asyncio
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import cv2
import numpy as np

from ipse.core.images import Limits, decode
from ipse.infra import sample_cards as cards
from ipse.infra import sample_identity as identity

PORTRAITS: Final[Mapping[str, str]] = MappingProxyType(
    {"a1": "obama.jpg", "a2": "obama2.jpg", "a3": "obama3.jpg", "b1": "biden.jpg"}
)
"""Two people: the letter is the person, the number the picture. Source: `models/manifest.toml`, samples."""

_MADE: Final[Mapping[str, tuple[tuple[str, ...], Callable[..., bytes]]]] = MappingProxyType(
    {
        "card": (("a1",), lambda portrait: identity.on_a_table(identity.identity_card(portrait))),
        "thai": (("a1",), lambda portrait: cards.photographed(cards.thai_card(portrait))),
        "back": ((), lambda: cards.photographed(cards.thai_back())),
        "held": (("a2", "a1"), lambda selfie, portrait: cards.held_up(selfie, identity.identity_card(portrait))),
        "stolen": (("a2", "b1"), lambda selfie, portrait: cards.held_up(selfie, identity.identity_card(portrait))),
    }
)
"""What is drawn, and from which portraits."""

THUMBNAIL_PX: Final = 240
"""Longer side of a thumbnail: about 10 KB each, so that a page of them stays small."""


class SamplePictures:
    """
    The samples of a folder.

    Args:
        folder: Where the portraits were fetched to.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = lru_cache(maxsize=None)(self._read)
        self._small = lru_cache(maxsize=None)(lambda name: _small(self._file(name)))

    def names(self) -> tuple[str, ...]:
        """Those that are there."""
        if all((self._folder / file).is_file() for file in PORTRAITS.values()):
            return (*PORTRAITS, *_MADE)
        return ()

    async def picture(self, name: str) -> bytes | None:
        """A picture as a file."""
        return await asyncio.to_thread(self._file, name) if name in self.names() else None

    async def thumbnail(self, name: str) -> bytes | None:
        """It, small."""
        return await asyncio.to_thread(self._small, name) if name in self.names() else None

    def _read(self, name: str) -> bytes:
        """The file of a portrait, or what is drawn from portraits."""
        if name in PORTRAITS:
            return (self._folder / PORTRAITS[name]).read_bytes()
        portraits, draw = _MADE[name]
        return draw(*(self._file(portrait) for portrait in portraits))


def _small(file: bytes) -> bytes:
    """A picture reduced to a thumbnail."""
    pixels = decode(file, Limits()).pixels
    factor = THUMBNAIL_PX / max(pixels.shape[:2])
    small = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return cards.as_jpeg(np.asarray(small, np.uint8))
