"""
Thai: a line that the recogniser cannot read is read by one who knows Thai, and the two are put together.

The recogniser knows no Thai letter but reads digits and Latin words better; who reads Thai knows both scripts.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import cv2
import numpy as np

from ipse.core.text.lines import LineReader, Reading, TextLine, line_of
from ipse.core.text.strips import cut_out, of_height
from ipse.core.vocabulary import Pixels

_HEIGHT_PX: Final = 64
_PAD_PX: Final = 6
_WINDOW_PX: Final = 25
_LONGEST_PX: Final = 2400

_BLANK_PX: Final = 10
"""Columns without ink, in a strip of `_HEIGHT_PX`, that part words: between letters are 9 at most, between words 10."""

_WIDEST: Final = 0.45
"""Of the widest gap of a line, too: large letters are farther apart. Source: 27 between words, 11 between letters."""

_ABOVE: Final = frozenset("\u0e31\u0e34\u0e35\u0e36\u0e37")
"""Vowels that stand above a consonant: it has one of them at most."""

_BEFORE_LETTERS: Final = frozenset("เแโใไ")
"""Vowels that are written before their consonant: no word ends with them."""

_RUBBISH: Final = 0.8
"""Lines that the recogniser reads less surely than that are rubbish: 73 of 100 Thai ones, 4 in 1000 of other cards."""

_SURE: Final = 0.9
"""On a Thai card a line is Thai with one character less sure than that: 99 of 100 Thai ones, 14 of 100 Latin ones."""

_APART: Final = 1.5
"""Or with a gap of so many heights, where the recogniser has left Thai letters out."""

_PROVES: Final = 4
"""So many Thai letters in one line of rubbish make a card Thai."""

_LEAST_LETTERS: Final = 2
"""A line with fewer Thai letters is none."""

_WORD: Final = 4
"""Latin words of so many letters are the recogniser's; what it takes Thai letters for is shorter or less sure."""


def thai_lines(reader: LineReader, pixels: Pixels, lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """
    The same lines, in their order, with their Thai letters where they have any.

    Lines that were read as rubbish are looked at first; unless Thai stands there, the others cost nothing.

    Shape: pixels (H, W, 3) uint8 RGB.
    """
    read = {index: read_thai(reader, pixels, line) for index, line in enumerate(lines) if line.confidence < _RUBBISH}
    if not any(_thai_letters(line.text) >= _PROVES for line in read.values()):
        return tuple(lines)
    return tuple(
        read[index] if index in read else read_thai(reader, pixels, line) if may_be_thai(line) else line
        for index, line in enumerate(lines)
    )


def may_be_thai(line: TextLine) -> bool:
    """Whether a line of a Thai card, as the recogniser read it, may hold Thai letters."""
    length = float(np.linalg.norm(line.corners_px[1] - line.corners_px[0])) / max(line.height_px, 1.0)
    apart = np.diff([0.0, *line.at, 1.0]).max() * length
    return min(line.confidences, default=line.confidence) < _SURE or bool(apart > _APART)


def read_thai(reader: LineReader, pixels: Pixels, line: TextLine) -> TextLine:
    """
    The line with its Thai letters; as it was where there are none.

    Shape: pixels (H, W, 3) uint8 RGB.
    """
    strip = flattened(cut_out(pixels, line.corners_px))
    reading = reader.read(strip)
    whole, inner = strip.shape[1], strip.shape[1] - 2 * _PAD_PX
    placed, parted = (
        tuple(min(max((at * whole - _PAD_PX) / inner, 0.0), 1.0) for at in places)
        for places in (reading.at, gaps(strip))
    )
    reading = joined(fused(replace(reading, at=placed), line), parted, _HEIGHT_PX / 2 / inner)
    return line_of(line.corners_px, reading) if _thai_letters(reading.text) >= _LEAST_LETTERS else line


def flattened(strip: Pixels) -> Pixels:
    """
    The strip in grey, of one height, with its background made even.

    Shape: (H, W, 3) uint8 RGB -> (H, W) uint8.
    """
    grey = cv2.cvtColor(of_height(strip, _HEIGHT_PX, _LONGEST_PX), cv2.COLOR_RGB2GRAY)
    padded = cv2.copyMakeBorder(grey, _PAD_PX, _PAD_PX, _PAD_PX, _PAD_PX, cv2.BORDER_REPLICATE)
    window = np.ones((_WINDOW_PX, _WINDOW_PX), np.uint8)
    background = cv2.GaussianBlur(cv2.morphologyEx(padded, cv2.MORPH_CLOSE, window), (0, 0), _WINDOW_PX / 4)
    return np.asarray(cv2.divide(padded, background, scale=255.0), np.uint8)


def is_thai(letter: str) -> bool:
    """Whether it is of the Thai block."""
    return "\u0e00" <= letter <= "\u0e7f"


def fused(reading: Reading, line: TextLine) -> Reading:
    """The reading with the recogniser's digits and Latin words in the places where they stand."""
    for start, end in _spans(line):
        text = line.text[start:end]
        half = (line.at[end - 1] - line.at[start]) / max(end - start - 1, 1) / 2 or line.height_px / 4 / _length_px(
            line
        )
        first, last = line.at[start] - half, line.at[end - 1] + half
        inside = [index for index, at in enumerate(reading.at) if first <= at <= last]
        if _kind(text[0]) == "digit" and inside:
            inside = _whole_number(reading.text, inside)
        thai = sum(is_thai(reading.text[index]) for index in inside)
        if thai > (0 if _kind(text[0]) == "digit" else len(inside) / 2):
            continue
        here = inside[0] if inside else sum(at < first for at in reading.at)
        kept_until, goes_on = here, inside[-1] + 1 if inside else here
        reading = Reading(
            text=reading.text[:kept_until] + text + reading.text[goes_on:],
            at=(*reading.at[:kept_until], *line.at[start:end], *reading.at[goes_on:]),
            confidences=(
                *reading.confidences[:kept_until],
                *line.confidences[start:end],
                *reading.confidences[goes_on:],
            ),
        )
    return reading


def gaps(strip: Pixels) -> tuple[float, ...]:
    """
    Where its words begin that have a gap before them, as shares of its length.

    Shape: strip (H, W) uint8.
    """
    _, ink = cv2.threshold(strip, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    inked = np.flatnonzero((ink > 0).sum(0) > 1)
    found = [(right - left, right) for left, right in pairwise(inked.tolist())]
    least = max(_BLANK_PX, _WIDEST * max((width for width, _ in found), default=0))
    return tuple(right / strip.shape[1] for width, right in found if width > least)


def joined(reading: Reading, parted: Sequence[float] = (), reach: float = 0.0) -> Reading:
    """
    The reading without blanks between Thai letters, without strokes at its ends, and with sara am in one piece.

    Args:
        reading: It has blanks between most letters.
        parted: Where words begin: the blank that is nearest to each stays, as it stands where the next letter begins.
        reach: No blank is farther from its gap.
    """
    text = reading.text
    real = _blanks(reading, parted, reach)
    kept = [
        index
        for index, letter in enumerate(text)
        if letter != " "
        or index in real
        or not all(
            is_thai(beside) or beside == "." for beside in (text[index - 1 : index], text[index + 1 : index + 2])
        )
    ]
    while kept and text[kept[0]] in " |_":
        del kept[0]
    while kept and text[kept[-1]] in " |_":
        del kept[-1]
    return _composed(_chosen(reading, kept))


def _blanks(reading: Reading, parted: Sequence[float], reach: float) -> frozenset[int]:
    """The blanks where words begin: each between the two letters that meet nearest to there, if there is one."""
    letters = [index for index, letter in enumerate(reading.text) if letter != " "]
    meet = {
        right: (reading.at[left] + reading.at[right]) / 2
        for left, right in pairwise(letters)
        if reading.text[left] not in _BEFORE_LETTERS and not _hangs_on(reading.text[right])
    }
    nearest = ((min(meet, key=lambda index: abs(meet[index] - begin), default=0), begin) for begin in parted)
    return frozenset(
        index - 1
        for index, begin in nearest
        if index and reading.text[index - 1] == " " and abs(meet[index] - begin) <= reach
    )


def _hangs_on(letter: str) -> bool:
    """Whether it is a vowel or a mark that no word begins with, or a full stop."""
    return "\u0e30" <= letter <= "\u0e3a" or "\u0e45" <= letter <= "\u0e4e" or letter == "."


def _spans(line: TextLine) -> Iterator[tuple[int, int]]:
    """Where the recogniser's digits and Latin words stand in a line that it read, without those that it doubts."""
    start = 0
    while start < len(line.text):
        kind = _kind(line.text[start])
        end = start + 1
        while end < len(line.text) and _kind(line.text[end]) == kind:
            end += 1
        sure = min(line.confidences[start:end], default=0.0) >= _SURE
        if sure and (kind == "digit" or (kind == "letter" and end - start >= _WORD)):
            yield start, end
        start = end


def _whole_number(text: str, inside: list[int]) -> list[int]:
    """The places of a number of which some are known, without the blanks beside it."""
    known = [index for index in inside if text[index] != " "]
    if not known:
        return inside
    start, end = known[0], known[-1] + 1
    while start > 0 and _kind(text[start - 1]) == "digit":
        start -= 1
    while end < len(text) and _kind(text[end]) == "digit":
        end += 1
    return list(range(start, end))


def _kind(letter: str) -> str:
    """Part of a number, Latin letter, or neither."""
    if not letter.isascii():
        return "other"
    return "digit" if letter.isdigit() or letter in "/-" else "letter" if letter.isalpha() else "other"


def _length_px(line: TextLine) -> float:
    """Length of a line."""
    return max(float(np.linalg.norm(line.corners_px[1] - line.corners_px[0])), 1.0)


def _thai_letters(text: str) -> int:
    """How many Thai letters are in it."""
    return sum(map(is_thai, text))


def _composed(reading: Reading) -> Reading:
    """Nikhahit and sara aa, with or without a tone mark between them, as sara am after it; one vowel above a letter."""
    kept, text = list[int](), list(reading.text)
    for index, letter in enumerate(reading.text):
        if letter == "\u0e32" and kept:
            back = 2 if text[kept[-1]] in "\u0e48\u0e49\u0e4a\u0e4b" else 1
            if len(kept) >= back and text[kept[-back]] == "\u0e4d":
                text[index] = "\u0e33"
                del kept[-back]
        if letter in _ABOVE and kept and text[kept[-1]] in _ABOVE:
            continue
        kept.append(index)
    return _chosen(replace(reading, text=unicodedata.normalize("NFC", "".join(text))), kept)


def _chosen(reading: Reading, kept: list[int]) -> Reading:
    """The reading with these of its characters."""
    return Reading(
        text="".join(reading.text[index] for index in kept),
        at=tuple(reading.at[index] for index in kept),
        confidences=tuple(reading.confidences[index] for index in kept),
    )
