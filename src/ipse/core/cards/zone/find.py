"""The lines of a zone among all lines of a picture, each as one line over the zone's whole width."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ipse.core.cards.zone.alphabet import FILLER, folded
from ipse.core.text.lines import TextLine
from ipse.core.vocabulary import Floats

_LETTERS_MM: Final = 2.54
_ROWS_MM: Final = 6.35
"""From letter to letter and from line to line. Source: ICAO 9303, part 3, section 4.2 (10 letters an inch)."""

_LENGTHS: Final = (44, 36, 30)
_OF_THREE: Final = 30

_SAME_ROW: Final = 0.5
_NEXT_ROW: Final = (0.7, 3.2)
_SAME_HEIGHT: Final = (0.55, 1.7)
_SAME_END: Final = 1.5
"""In heights of a line. Source: the specimens, where boxes as PP-OCR finds them are 27 to 49 px high at 1011 px, lines
31 to 73 px apart and ends within 25 px of one another; a zone's own letters are 0.4 of the distance of its lines."""

_SEED: Final = re.compile(r"<<|[0-9]{6}[0-9OIB][MFX<][0-9OI]{6}|^[PV][A-Z<][A-Z]{3}[A-Z]+<|[A-Z0-9<]{28,}")
"""What only a zone has: two fillers, two days about a sex, a beginning; or a long line without a blank."""

_WIDEST_GAP: Final = 4.0
"""In heights. Source: three on the specimen whose fillers are lost between arrows; cards side by side are ten apart."""

_MARGIN: Final = 0.06
"""Added to a line above and below, and before and after it, in heights."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A line in the zone's own axes, in heights of its main line: from `start` to `end`, its middle at `across`."""

    line: TextLine
    start: float
    end: float
    across: float


@dataclass(frozen=True, slots=True)
class _Axes:
    """Where a zone's main line begins, which way it runs, which way is down; both as long as the line is high."""

    origin: Floats
    along: Floats
    down: Floats

    def piece(self, line: TextLine) -> _Piece:
        """Give a line in these axes."""
        offsets = line.corners_px - self.origin
        along, down = (offsets @ axis / (axis @ axis) for axis in (self.along, self.down))
        return _Piece(line, float(along[[0, 3]].mean()), float(along[[1, 2]].mean()), float(down.mean()))

    def corners(self, start: float, end: float, across: float) -> Floats:
        """Give the corners of a line of usual height."""
        half = 0.5 + _MARGIN
        places = ((start - _MARGIN, -half), (end + _MARGIN, -half), (end + _MARGIN, half), (start - _MARGIN, half))
        return np.array(
            [self.origin + self.along * along + self.down * (across + down) for along, down in places], np.float32
        )


def find_zone(lines: Sequence[TextLine], size: tuple[int, int]) -> tuple[TextLine, ...]:
    """
    Give the two or three lines of a zone, from top to bottom; nothing where there is none.

    What the finder has split is joined (its gaps are fillers), and a line that it missed stands where it must be, its
    text empty: `TextReader.zone_lines` reads them anew.

    Args:
        lines: All lines of the picture.
        size: Width and height of the picture.
    """
    seeds = [
        line for line in lines if _SEED.search(_bare(line.text)) and _length(line) > _LEAST_LENGTH * line.height_px > 0
    ]
    if not seeds:
        return ()
    main = max(seeds, key=_length)
    axes = _axes(main)
    rows = _rows([axes.piece(line) for line in lines if _is_alike(line, main) and not _is_words(line.text)])
    rows = [row for row in map(_unbroken, rows) if row]
    place = next((at for at, row in enumerate(rows) if any(piece.line is main for piece in row)), None)
    if place is None:
        return ()
    block = _block(rows, place)
    start, end = min(row[0].start for row in block), max(row[-1].end for row in block)
    found = [_joined(row, axes, start, end) for row in block]
    return _complete(found, axes, (start, end), [_across(row) for row in block], size)


_LEAST_LENGTH: Final = 8.0
"""In heights: a third of the shortest zone."""


def _bare(text: str) -> str:
    """Give a text folded, or nothing where it has blanks or small letters enough to be words."""
    return "" if _is_words(text) else folded(text)


def _is_words(text: str) -> bool:
    """Give whether a quarter of a text are small letters, which a zone does not have."""
    return sum(letter.islower() for letter in text) > len(text) / 4


def _length(line: TextLine) -> float:
    """Give how long a line is."""
    return float(np.linalg.norm(line.corners_px[1] - line.corners_px[0]))


def _axes(main: TextLine) -> _Axes:
    """Give the axes of a line."""
    corners = main.corners_px.astype(np.float64)
    along = (corners[1] - corners[0] + corners[2] - corners[3]) / 2
    along *= main.height_px / np.linalg.norm(along)
    return _Axes(corners[[0, 3]].mean(0), along, np.array([-along[1], along[0]]))


def _is_alike(line: TextLine, main: TextLine) -> bool:
    """Give whether a line is about as high as the main one."""
    return _SAME_HEIGHT[0] * main.height_px < line.height_px < _SAME_HEIGHT[1] * main.height_px


def _rows(pieces: list[_Piece]) -> list[list[_Piece]]:
    """Give the pieces row by row from top to bottom, each from its start."""
    rows: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.across):
        if rows and piece.across - _across(rows[-1]) < _SAME_ROW:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.start) for row in rows]


def _unbroken(row: list[_Piece]) -> list[_Piece]:
    """Give the pieces of a row that follow one another about the middle of the zone: another card may lie beside it."""
    spans: list[list[_Piece]] = []
    for piece in row:
        if spans and piece.start - spans[-1][-1].end < _WIDEST_GAP:
            spans[-1].append(piece)
        else:
            spans.append([piece])
    return next((span for span in spans if span[-1].end > 0 and span[0].start < _LEAST_LENGTH / 2), [])


def _across(row: list[_Piece]) -> float:
    """Give where the middle of a row is: of its longest piece."""
    return max(row, key=lambda piece: piece.end - piece.start).across


def _block(rows: list[list[_Piece]], place: int) -> list[list[_Piece]]:
    """Give the rows about the main one that begin and end with it, at most three."""
    span = (rows[place][0].start, rows[place][-1].end)
    block = [rows[place]]
    for step in (1, -1):
        at = place + step
        while 0 <= at < len(rows) and len(block) < _MOST_ROWS:
            near = block[-1] if step > 0 else block[0]
            gap = abs(_across(rows[at]) - _across(near))
            if gap > _NEXT_ROW[1] or (gap >= _NEXT_ROW[0] and not _belongs(rows[at], span)):
                break
            if gap >= _NEXT_ROW[0]:
                block.insert(len(block) if step > 0 else 0, rows[at])
            at += step
    return block


_MOST_ROWS: Final = 3


def _belongs(row: list[_Piece], span: tuple[float, float]) -> bool:
    """Give whether a row runs over the whole width, or begins with it and has the letters of a zone."""
    begins = abs(row[0].start - span[0]) < _SAME_END
    ends = abs(row[-1].end - span[1]) < _SAME_END
    letters = "".join(_bare(piece.line.text) for piece in row)
    return begins and (bool(_SEED.search(letters)) or (ends and len(row) == 1 and " " not in row[0].line.text))


def _joined(row: list[_Piece], axes: _Axes, start: float, end: float) -> TextLine:
    """Give a row as one line from start to end of the zone; gaps as wide as letters are fillers."""
    # However narrow a piece, no line has twice the letters of the longest zone.
    letter = max(_letter_width(row), (end - start) / (2 * max(_LENGTHS)))
    text, reached = "", start
    for piece in row:
        text += FILLER * max(round((piece.start - reached) / letter), 0) if text else ""
        text += folded(piece.line.text)
        reached = piece.end
    text += FILLER * max(round((end - reached) / letter), 0)
    sure = min(piece.line.confidence for piece in row)
    corners = axes.corners(start, end, _across(row))
    return TextLine(corners, text, sure, tuple((place + 0.5) / len(text) for place in range(len(text))))


def _letter_width(row: list[_Piece]) -> float:
    """Give the width of a letter: from the piece with most of them."""
    piece = max(row, key=lambda piece: len(folded(piece.line.text)))
    return (piece.end - piece.start) / max(len(folded(piece.line.text)), 1)


def _complete(
    found: list[TextLine], axes: _Axes, span: tuple[float, float], across: list[float], size: tuple[int, int]
) -> tuple[TextLine, ...]:
    """Give the lines with those that were missed, where a zone of this length has them."""
    length = min(_LENGTHS, key=lambda length: min(abs(len(line.text) - length) for line in found))
    wanted = 3 if length == _OF_THREE else 2
    if len(found) >= wanted:
        return tuple(found[-wanted:])
    pitch = (across[-1] - across[0]) / (len(across) - 1) if len(across) > 1 else 0
    pitch = pitch or (span[1] - span[0]) / length * _ROWS_MM / _LETTERS_MM
    above = _missing_above(found, wanted)
    places = (
        [across[0] - pitch * step for step in range(above, 0, -1)],
        [across[-1] + pitch * step for step in range(1, wanted - len(found) - above + 1)],
    )
    before, after = ([_empty(axes.corners(*span, place), size) for place in side] for side in places)
    whole = [*before, *found, *after]
    return tuple(line for line in whole if line is not None) if all(whole) else ()


_DAYS: Final = re.compile(r"[0-9OIB]{6,7}[MFX<]")
_MISREAD: Final = 9
"""Digits that a line of names may hold, misread. Source: ours; a line of numbers has fourteen at least."""


def _missing_above(found: list[TextLine], wanted: int) -> int:
    """Give how many lines are missing above those that were found, by what the first of these holds."""
    first = found[0].text
    digits = sum(map(str.isdigit, first))
    is_dates = bool(_DAYS.match(first)) if wanted == _MOST_ROWS else digits > _MISREAD
    is_names = wanted == _MOST_ROWS and not digits
    return min(2 if is_names else int(is_dates), wanted - len(found))


def _empty(corners_px: Floats, size: tuple[int, int]) -> TextLine | None:
    """Give a line without text, or nothing where it would stand outside the picture."""
    middle = corners_px.mean(0)
    return TextLine(corners_px, "", 0.0, ()) if 0 < middle[0] < size[0] and 0 < middle[1] < size[1] else None
