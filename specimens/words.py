"""The words for a made-up card: what is printed on it, and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Corners = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Printed:
    """
    A field as it stands on a card.

    Attributes:
        printed: As it is printed; parts on several lines joined by a line feed.
        value: What a reader should say: see `Field.value` of `ipse.core.cards.card`.
        corners: (4, 2) float32 in pixels of the drawn side, clockwise from the top left.
    """

    printed: str
    value: str
    corners: Corners = field(repr=False)


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """
    A line of text as it stands on a card: a label, a value, or both where a small gap parts them.

    Attributes:
        text: What it says.
        corners: (4, 2) float32 in pixels of the drawn side, clockwise from the top left.
        script: `"latin"`, `"thai"`, `"chi_tra"`, `"chi_sim"`, `"jpn"` or `"mrz"`.
    """

    text: str
    corners: Corners = field(repr=False)
    script: str


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """A barcode as it stands on a card: symbology as zxing-cpp names it, its bytes, its corners."""

    symbology: str
    content: bytes = field(repr=False)
    corners: Corners = field(repr=False)


@dataclass(frozen=True, slots=True)
class Drawn:
    """
    One side of a made-up card.

    Attributes:
        pixels: (H, W, 3) uint8 RGB.
        fields: By the names of `ipse.core.cards.vocabulary`.
        lines: From top to bottom as they were drawn; the translucent SPECIMEN is none of them.
        portrait: Corners of the main portrait; `None` where the side has none.
        ghost: Corners of the second, faint portrait; `None` where the card has none.
        codes: Its barcodes.
    """

    pixels: Pixels = field(repr=False)
    fields: Mapping[str, Printed]
    lines: tuple[PrintedLine, ...] = field(repr=False)
    portrait: Corners | None = field(default=None, repr=False)
    ghost: Corners | None = field(default=None, repr=False)
    codes: tuple[PrintedCode, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """
    Somebody who does not exist, as one card knows them.

    Attributes:
        values: What a reader should say, by field name, of everything that the card prints.
        printed: What the card prints where that differs from the value, by a name of the card's module.
    """

    values: Mapping[str, str]
    printed: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        """Give what is printed for a name."""
        return self.printed[name] if name in self.printed else self.values[name]


@dataclass(frozen=True, slots=True)
class Specimen:
    """A made-up card: its kind (`CardKind.name`), whose it is, and its sides."""

    kind: str
    person: Person = field(repr=False)
    front: Drawn
    back: Drawn | None = None
