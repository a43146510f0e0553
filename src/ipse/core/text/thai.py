"""
Thai: a line that the recogniser cannot read is read by one who knows Thai, and the two are put together.

The recogniser knows no Thai letter but reads digits and Latin letters better; who reads Thai knows both scripts.
"""

import unicodedata
from dataclasses import replace
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

_SURE: Final = 0.9
"""Lines that the recogniser reads more surely than that hold no Thai."""

_LEAST_LETTERS: Final = 2
"""A line with fewer Thai letters is none."""


def may_be_thai(line: TextLine) -> bool:
    """Whether a line as the recogniser read it may hold Thai letters, which it takes for others, unsurely."""
    return line.confidence < _SURE


def read_thai(reader: LineReader, pixels: Pixels, line: TextLine) -> TextLine:
    """
    The line with its Thai letters; as it was where there are none.

    Shape: pixels (H, W, 3) uint8 RGB.
    """
    reading = joined(reader.read(flattened(cut_out(pixels, line.corners_px))))
    if sum(map(is_thai, reading.text)) < _LEAST_LETTERS:
        return line
    return line_of(line.corners_px, with_digits(reading, line))


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


def joined(reading: Reading) -> Reading:
    """The reading without blanks between Thai letters, without strokes at its ends, and with sara am in one piece."""
    text = reading.text
    kept = [
        index
        for index, letter in enumerate(text)
        if not (
            letter == " " and is_thai(text[index - 1 : index] or " ") and is_thai(text[index + 1 : index + 2] or " ")
        )
    ]
    while kept and text[kept[0]] in " |_":
        del kept[0]
    while kept and text[kept[-1]] in " |_":
        del kept[-1]
    return _composed(_chosen(reading, kept))


def with_digits(reading: Reading, line: TextLine) -> Reading:
    """The reading with the recogniser's digits, where both see as many."""
    here = [index for index, letter in enumerate(reading.text) if letter.isascii() and letter.isdigit()]
    there = [index for index, letter in enumerate(line.text) if letter.isascii() and letter.isdigit()]
    if len(here) != len(there):
        return reading
    text, confidences = list(reading.text), list(reading.confidences)
    for mine, theirs in zip(here, there, strict=True):
        text[mine] = line.text[theirs]
        if line.confidences:
            confidences[mine] = line.confidences[theirs]
    return replace(reading, text="".join(text), confidences=tuple(confidences))


def _composed(reading: Reading) -> Reading:
    """Nikhahit and sara aa, with or without a tone mark between them, as sara am after the tone mark."""
    kept, text = list[int](), list(reading.text)
    for index, letter in enumerate(reading.text):
        if letter == "\u0e32" and kept:
            back = 2 if text[kept[-1]] in "\u0e48\u0e49\u0e4a\u0e4b" else 1
            if len(kept) >= back and text[kept[-back]] == "\u0e4d":
                text[index] = "\u0e33"
                del kept[-back]
        kept.append(index)
    return _chosen(replace(reading, text=unicodedata.normalize("NFC", "".join(text))), kept)


def _chosen(reading: Reading, kept: list[int]) -> Reading:
    """The reading with these of its characters."""
    return Reading(
        text="".join(reading.text[index] for index in kept),
        at=tuple(reading.at[index] for index in kept),
        confidences=tuple(reading.confidences[index] for index in kept),
    )
