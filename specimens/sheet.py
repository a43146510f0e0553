"""A sheet to print a card's side on, at twice its size, that remembers what it printed where."""

import math
import random
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageDraw

from specimens.fonts import ROLES, SCRIPTS, Face, font, missing
from specimens.words import Corners, Drawn, Pixels, Printed, PrintedCode, PrintedLine

ID1: Final = (1011, 638)
"""Pixels of an ID-1 card at 300 dpi. Source: ISO/IEC 7810, 85.60 × 53.98 mm."""

TD2: Final = (1240, 874)
"""Pixels of a TD2 card at 300 dpi. Source: ICAO 9303 part 6, 105 × 74 mm."""

TD3: Final = (1476, 1039)
"""Pixels of a passport's page at 300 dpi. Source: ICAO 9303 part 4, 125 × 88 mm."""

OVER: Final = 2
"""Drawn this many times larger, then reduced, so that edges of letters are those of print."""

INK: Final = (28, 28, 34)
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line: its text, the fields that it belongs to, and its own type where it differs from the line's."""

    text: str
    names: tuple[str, ...] = ()
    size: float | None = None
    bold: bool | None = None
    font: str | None = None


def of(names: str, text: str, *, size: float | None = None, bold: bool | None = None, font: str | None = None) -> Run:
    """Give a run that is part of these fields (names parted by blanks)."""
    return Run(text, tuple(names.split()), size, bold, font)


class Sheet:
    """
    One side being printed.

    Texts may hold `|`: what stands before it is rendering `"a"`, what stands after it `"b"`. Coordinates are pixels of
    the finished side; each seed shifts the print, and rendering `"b"` also shrinks and bends it a little (rows stand
    wider apart in one half of the card than in the other).
    """

    def __init__(self, size: tuple[int, int], rendering: str, values: Mapping[str, str], dice: random.Random) -> None:
        self.size, self.rendering, self.values, self.dice = size, rendering, values, dice
        self.image = Image.new("RGB", (size[0] * OVER, size[1] * OVER), (255, 255, 255))
        self.other: Pixels | None = None
        self.pen = ImageDraw.Draw(self.image)
        spread = 2.0 if rendering == "a" else 6.0
        self._shift = (dice.uniform(-spread, spread), dice.uniform(-spread, spread))
        self._stretch = 1.0 if rendering == "a" else dice.uniform(0.97, 0.99)
        self._bend = (0.0, 0.0) if rendering == "a" else (dice.uniform(-9, 9), dice.uniform(-9, 9))
        self._type = 1.0 if rendering == "a" else dice.uniform(0.95, 1.0)
        self._families = {role: dice.choice(families) for role, families in ROLES[rendering].items()}
        self._parts: dict[str, list[tuple[int, str, Corners]]] = {}
        self._lines: list[PrintedLine] = []
        self._codes: list[PrintedCode] = []
        self._portrait: Corners | None = None
        self._ghost: Corners | None = None

    @property
    def is_b(self) -> bool:
        """Whether this is the held-out rendering."""
        return self.rendering == "b"

    def say(self, text: str) -> str:
        """Give the variant of this rendering of a text `a|b`."""
        return text.split("|")[-1 if self.is_b else 0]

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Give where a place of the plan falls on this sheet, in pixels of the finished side."""
        return tuple(  # type: ignore[return-value] # two of them
            size / 2 + (place - size / 2) * self._stretch + shift + bend * math.sin(math.pi * place / size)
            for place, size, shift, bend in zip((x, y), self.size, self._shift, self._bend, strict=True)
        )

    def _face(self, role: str, bold: bool) -> Face:  # noqa: FBT001 (one of two faces)
        """Give this sheet's face for a role."""
        return self._families[role][int(bold)]

    def put(
        self,
        x: float,
        y: float,
        *runs: Run | str,
        size: float = 26,
        font: str = "sans",
        bold: bool = False,
        ink: Colour = INK,
        align: str = "l",
        width: float | None = None,
    ) -> None:
        """
        Print a line with its baseline at y, starting, centred or ending at x (`align` l, m, r), no wider than `width`.

        A field's value is what the sheet was given for its name, or else what is printed.
        """
        pieces = [Run(self.say(run)) if isinstance(run, str) else run for run in runs]
        pieces = [Run(unicodedata.normalize("NFC", p.text), p.names, p.size, p.bold, p.font) for p in pieces if p.text]
        if not pieces:
            return
        set_in = [
            (self._face(p.font or font, bold if p.bold is None else p.bold), (p.size or size) * self._type * OVER)
            for p in pieces
        ]
        long = sum(_length(face, px, piece.text) for piece, (face, px) in zip(pieces, set_in, strict=True))
        shrink = min(1.0, width * OVER / long) if width else 1.0
        px_x, px_y = (value * OVER for value in self.at(x, y))
        px_x -= {"l": 0.0, "m": 0.5, "r": 1.0}[align] * long * shrink
        boxes = []
        for piece, (face, px) in zip(pieces, set_in, strict=True):
            box, px_x = self._print(px_x, px_y, piece, (face, round(px * shrink)), ink)
            boxes.append(box)
        line = len(self._lines)
        self._lines.append(
            PrintedLine("".join(p.text for p in pieces).strip(), _around(boxes), SCRIPTS.get(font, "latin"))
        )
        for piece, box in zip(pieces, boxes, strict=True):
            for name in piece.names:
                self._parts.setdefault(name, []).append((line, piece.text, box))

    def _print(self, x: float, y: float, piece: Run, face: tuple[Face, int], ink: Colour) -> tuple[Corners, float]:
        """Print a run from x; give its corners and where the next starts."""
        empty = missing(face[0], piece.text)
        if empty:
            raise ValueError(f"{face[0][0]} has no glyph for {empty!a} of a specimen")
        drawn = font(*face)
        self.pen.text((x, y), piece.text, ink, font=drawn, anchor="ls")
        box = np.array(drawn.getbbox(piece.text, anchor="ls"), np.float32)
        x1, y1, x2, y2 = (box + np.array((x, y, x, y), np.float32)) / OVER
        return _corners(x1, y1, x2, y2), x + drawn.getlength(piece.text)

    def picture(self, pixels: Pixels, x: float, y: float, width: float, height: float, *, ghost: float = 0.0) -> None:
        """
        Print a portrait; `ghost` > 0 is the share of ink of a second, faint one, in grey.

        Where the sheet was given another person's picture (`other`), the ghost is theirs.
        """
        (x1, y1), (x2, y2) = self.at(x, y), self.at(x + width, y + height)
        left, top, right, bottom = (round(value * OVER) for value in (x1, y1, x2, y2))
        pixels = self.other if ghost and self.other is not None else pixels
        fitted = cv2.resize(_cut(pixels, width / height), (right - left, bottom - top), interpolation=cv2.INTER_AREA)
        corners = _corners(left / OVER, top / OVER, right / OVER, bottom / OVER)
        if not ghost:
            self.image.paste(Image.fromarray(fitted), (left, top))
            self._portrait = corners
            return
        under = np.asarray(self.image.crop((left, top, right, bottom)), np.float32)
        grey = cv2.cvtColor(fitted, cv2.COLOR_RGB2GRAY).astype(np.float32)[..., None]
        mixed = under * (1 - ghost) + (0.75 * grey + 0.25 * under) * ghost
        self.image.paste(Image.fromarray(mixed.astype(np.uint8)), (left, top))
        self._ghost = corners

    def code(
        self, symbol: Pixels, symbology: str, content: bytes, x: float, y: float, width: float, height: int = 0
    ) -> None:
        """
        Print a barcode's symbol (H, W) uint8, scaled to a width by whole pixels of the large drawing.

        With a height, it is one-dimensional: its first row is printed that high.
        """
        px_x, px_y = (round(value * OVER) for value in self.at(x, y))
        scale = max(1, round(width * OVER / symbol.shape[1]))
        large = np.repeat(symbol[:1] if height else symbol, scale, 1)
        large = np.repeat(large, height * OVER if height else scale, 0)
        self.image.paste(Image.fromarray(large).convert("RGB"), (px_x, px_y))
        high, wide = large.shape
        box = _corners(px_x / OVER, px_y / OVER, (px_x + wide) / OVER, (px_y + high) / OVER)
        self._codes.append(PrintedCode(symbology, content, box))

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: Colour | None,
        line: Colour | None = None,
        r: int = 0,
    ) -> None:
        """Draw a rectangle, filled or as a frame, with round corners of radius r."""
        (x1, y1), (x2, y2) = self.at(x, y), self.at(x + width, y + height)
        shape = (x1 * OVER, y1 * OVER, x2 * OVER, y2 * OVER)
        self.pen.rounded_rectangle(shape, r * OVER, fill, line, 2 * OVER)

    def field(self, names: str, *others: str, value: str | None = None) -> None:
        """Say that a field stands where these others do; its value is the sheet's for its name, or this one."""
        for name in names.split():
            if value is not None:
                self.values = {**self.values, name: value}
            found = [part for other in others for part in self._parts.get(other, [])]
            if found:
                self._parts.setdefault(name, []).extend(sorted(found, key=lambda part: part[0]))

    def finish(self) -> Drawn:
        """Give the side, reduced to its size."""
        pixels = cv2.resize(np.asarray(self.image), self.size, interpolation=cv2.INTER_AREA)
        fields = {}
        for name, parts in self._parts.items():
            printed = _joined([(line, text) for line, text, _ in parts])
            value = self.values.get(name, " ".join(printed.split()))
            fields[name] = Printed(printed, value, _around([box for *_, box in parts]))
        return Drawn(
            pixels.astype(np.uint8), fields, tuple(self._lines), self._portrait, self._ghost, tuple(self._codes)
        )


def _length(face: Face, px: float, text: str) -> float:
    """Give a text's advance in pixels of the large drawing."""
    return font(face, round(px)).getlength(text)


def _corners(x1: float, y1: float, x2: float, y2: float) -> Corners:
    """Give a rectangle's corners, clockwise from the top left."""
    return np.array([(x1, y1), (x2, y1), (x2, y2), (x1, y2)], np.float32)


def _around(boxes: list[Corners]) -> Corners:
    """Give the rectangle around boxes."""
    points = np.concatenate(boxes)
    (x1, y1), (x2, y2) = points.min(0), points.max(0)
    return _corners(x1, y1, x2, y2)


def _joined(parts: list[tuple[int, str]]) -> str:
    """Give a field's text: what stands on one line as it stands there, lines joined by line feeds."""
    lines: dict[int, str] = {}
    for line, text in parts:
        lines[line] = lines.get(line, "") + text
    return "\n".join(text.strip() for text in lines.values())


def _cut(pixels: Pixels, aspect: float) -> Pixels:
    """Give the middle of a picture at an aspect ratio (width by height)."""
    height, width = pixels.shape[:2]
    wide, high = min(width, round(height * aspect)), min(height, round(width / aspect))
    left, top = (width - wide) // 2, (height - high) // 3
    return pixels[top : top + high, left : left + wide]
