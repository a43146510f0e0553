"""A side as pieces: lines cut at what is printed on every such card, so that only values are left between."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from ipse.core.cards.matching import Hit, find, fold, likeness, settle
from ipse.core.text.lines import TextLine
from ipse.core.vocabulary import Floats

FIXED: Final = ""
"""Whose label print is that is neither label nor value."""

NUMBERING: Final = re.compile(r"\W*(?:\d{1,2}[a-d]?|[a-d])?\W*")
"""What stands before a label where a card numbers its fields: `"4b. "`. Source: ISO/IEC 18013-1."""

TWIN: Final = re.compile(r"[^\d/]{2,40}/\s*")
"""A label in another language before one that is known: `"Fecha de nacimiento / Date of birth"`."""

DASH: Final = "-"
"""What cards print where there is nothing to say."""

BLURRED: Final = 0.92
"""
Mean confidence below which a line that resembles a label as a whole is taken for it.

Source: generated cards at L3, whose labels of 12 px read at 0.65 to 0.9 and whose values, printed larger, above 0.95.
"""

_LONG: Final = 5
"""Characters from which on a line's slope says anything."""

STARS: Final = re.compile(r"\*{1,3}[A-Z]{1,4}(?![A-Za-z])")
"""Hong Kong's symbols, which start with stars: `"***AZ"`. Source: the Registration of Persons Regulations."""

_EDGE: Final = " :：;,.-–—=|_/*\"'`"
"""What is left of a colon or a rule at the ends of a value."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """
    A part of a line.

    Attributes:
        line: Which line.
        start: First character.
        end: Past the last.
        text: Its characters, as they were read.
        corners_px: (4, 2) float32, clockwise from its top left.
        confidence: Of its line.
        label: The folded spelling of the label it is; `""` for fixed print; `None` if it is free, a value perhaps.
        quality: How well the label was matched.
    """

    line: int
    start: int
    end: int
    text: str = field(repr=False)
    corners_px: Floats = field(repr=False)
    confidence: float
    label: str | None = None
    quality: float = 1.0

    @property
    def left(self) -> float:
        """Left edge in pixels."""
        return float(self.corners_px[[0, 3], 0].min())

    @property
    def right(self) -> float:
        """Right edge in pixels."""
        return float(self.corners_px[[1, 2], 0].max())

    @property
    def middle(self) -> float:
        """Height of its middle in pixels from the top."""
        return float(self.corners_px[:, 1].mean())

    @property
    def height(self) -> float:
        """Its height in pixels."""
        down = self.corners_px[[3, 2]] - self.corners_px[[0, 1]]
        return float((down**2).sum(1).mean() ** 0.5)


@dataclass(frozen=True, slots=True)
class Page:
    """A side's lines, their pieces from top to bottom and left to right, and its size in pixels."""

    lines: tuple[TextLine, ...] = field(repr=False)
    pieces: tuple[Piece, ...] = field(repr=False)
    width_px: int
    height_px: int

    def free(self) -> Iterator[Piece]:
        """Give the pieces that are no label and no fixed print."""
        return (piece for piece in self.pieces if piece.label is None)

    def left_over(self, taken: Iterable[Piece]) -> list[Piece]:
        """Give the free pieces without the parts that are taken."""
        spans = sorted((one.line, one.start, one.end) for one in taken)
        rest: list[Piece] = []
        for piece in self.free():
            start = piece.start
            for _, first, end in (span for span in spans if span[0] == piece.line):
                if first < piece.end and end > start:
                    rest.extend(_free(self.lines[piece.line], piece.line, start, first))
                    start = max(start, end)
            if start == piece.start:
                rest.append(piece)
            else:
                rest.extend(_free(self.lines[piece.line], piece.line, start, piece.end))
        return rest

    def labels(self, spellings: Iterable[str]) -> list[Piece]:
        """Give the pieces that are one of these labels, the weightiest first."""
        wanted = frozenset(spellings)
        hits = [piece for piece in self.pieces if piece.label and piece.label in wanted]
        return sorted(hits, key=lambda one: -len(one.label or "") * one.quality)


def cut(lines: Sequence[TextLine], size_px: tuple[int, int], printed: Iterable[str], fixed: Iterable[str]) -> Page:
    """Give a side cut at labels (`printed`) and at fixed print, both folded; size is width and height."""
    lines = straightened(lines)
    whose = {**dict.fromkeys(fixed, FIXED), **{label: label for label in printed}}
    pieces = [piece for at, line in enumerate(lines) for piece in _cut_line(at, line, whose)]
    return Page(tuple(lines), tuple(sorted(pieces, key=lambda one: (one.middle, one.left))), *size_px)


def straightened(lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """Give lines turned so that the middle one of their slopes is level: rows are told by heights."""
    along = np.asarray([line.corners_px[1] - line.corners_px[0] for line in lines if len(line.text) >= _LONG])
    if not len(along):
        return tuple(lines)
    slope = float(np.median(along[:, 1] / np.maximum(along[:, 0], 1.0)))
    turn = np.asarray([[1.0, -slope], [slope, 1.0]], np.float32) / np.hypot(1.0, slope)
    return tuple(replace(line, corners_px=(line.corners_px @ turn).astype(np.float32)) for line in lines)


def part(line: TextLine, at: int, start: int, end: int) -> Piece:
    """Give a part of a line as a free piece, without what is left of colons at its ends."""
    text = line.text
    while start < end and text[start] in _EDGE and not STARS.match(text, start, end):
        start += 1
    while end > start and text[end - 1] in _EDGE and not _is_sign(text, end - 1):
        end -= 1
    return Piece(at, start, end, text[start:end], corners_of(line, start, end), line.confidence)


def _is_sign(text: str, at: int) -> bool:
    """Give whether a character is the minus of a blood type."""
    return text[at] == DASH and at > 0 and text[at - 1] in "ABO0"


def corners_of(line: TextLine, start: int, end: int) -> Floats:
    """
    Give the corners of a part of a line.

    Shape: (4, 2) float32.
    """
    if start <= 0 and end >= len(line.text):
        return line.corners_px
    first, last = _border(line, start), _border(line, end)
    top, bottom = line.corners_px[[0, 1]], line.corners_px[[3, 2]]
    cuts = [edge[0] + share * (edge[1] - edge[0]) for edge in (top, bottom) for share in (first, last)]
    return np.asarray([cuts[0], cuts[1], cuts[3], cuts[2]], np.float32)


def _border(line: TextLine, index: int) -> float:
    """Give where a line is cut before a character, as a share of its length."""
    if index <= 0:
        return 0.0
    if index >= len(line.text):
        return 1.0
    if len(line.at) != len(line.text):
        return index / len(line.text)
    return (line.at[index - 1] + line.at[index]) / 2


def _cut_line(at: int, line: TextLine, whose: Mapping[str, str]) -> Iterator[Piece]:
    """Give the pieces of a line."""
    folded = fold(line.text)
    hits = settle([hit for label in whose for hit in find(label, folded)])
    if hits and whose[hits[0].label] and TWIN.fullmatch(line.text[: hits[0].start]):
        hits[0] = replace(hits[0], start=0)
    blurred = likeness(folded, whose) if line.confidence < BLURRED else None
    if blurred:
        hits = [blurred]
    done = 0
    for hit in hits:
        if not NUMBERING.fullmatch(line.text[done : hit.start]):
            yield from _free(line, at, done, hit.start)
        yield _label(line, at, hit, whose[hit.label])
        done = hit.end
    yield from _free(line, at, done, len(line.text))


def _free(line: TextLine, at: int, start: int, end: int) -> Iterator[Piece]:
    """Give what stands free between two places of a line, if it is more than punctuation."""
    piece = part(line, at, start, end)
    dash = line.text.find(DASH, start, end)
    if any(letter.isalnum() or letter == "*" for letter in piece.text):
        yield piece
    elif dash >= 0:
        yield Piece(at, dash, dash + 1, DASH, corners_of(line, dash, dash + 1), line.confidence)


def _label(line: TextLine, at: int, hit: Hit, label: str) -> Piece:
    """Give a label as a piece."""
    text = line.text[hit.start : hit.end]
    corners = corners_of(line, hit.start, hit.end)
    return Piece(at, hit.start, hit.end, text, corners, line.confidence, label, hit.quality)
