"""
What a line says: a network gives each column of a strip a chance per letter, and the best letters are read off.

Source: A. Graves et al., Connectionist Temporal Classification, ICML 2006, section 3.2 (best path decoding); strips and
letters as PP-OCR has them (arXiv:2009.09941, section 2.3).
"""

import unicodedata
from typing import Final

import numpy as np

from ipse.core.text.lines import Reading
from ipse.core.text.strips import cut_out, of_height
from ipse.core.vocabulary import Floats, Network, Pixels

HEIGHT_PX: Final = 48
"""Height of a strip. Source: the network."""

WIDTHS_PX: Final = (112, 208, 384, 704, 1280)
"""
Lengths of strips; a line is put into the shortest that holds it.

Each is compiled alone and takes 35 to 70 MB (two threads: 55 to 110): one that took any length would rely on OpenVINO's
dynamic shapes (`models/session.py`).
"""

_GREY: Final = np.float32(127.5)


def alphabet(noted: str) -> tuple[str, ...]:
    """
    The letter of each of the network's chances: none for the first, the noted ones, and the space.

    Args:
        noted: The letters as the network's file notes them, one a line.
    """
    return ("", *(unicodedata.normalize("NFC", letter) for letter in noted.splitlines()), " ")


def recognise(network: Network, letters: tuple[str, ...], pixels: Pixels, corners_px: Floats) -> Reading:
    """
    What a line says.

    Shape: pixels (H, W, 3) uint8 RGB; corners_px (4, 2) float32, clockwise from the start of the upper edge.
    """
    strip = of_height(cut_out(pixels, corners_px), HEIGHT_PX, WIDTHS_PX[-1])
    length = strip.shape[1]
    width = next(width for width in WIDTHS_PX if width >= length)
    tensor = np.zeros((1, 3, HEIGHT_PX, width), np.float32)
    tensor[0, :, :, :length] = (strip[:, :, ::-1].transpose(2, 0, 1) - _GREY) / _GREY
    (chances,) = network.run(tensor).values()
    return decode(chances[0], letters, length / width)


def decode(chances: Floats, letters: tuple[str, ...], filled: float) -> Reading:
    """
    What the columns say: runs of one letter are one letter, and what is no letter parts them.

    Args:
        chances: Of each letter in each column.
        letters: As `alphabet` gives them.
        filled: Share of the columns that show the line; the rest is padding.

    Shape: chances (T, letters) float32.
    """
    best = chances.argmax(1)
    starts = np.flatnonzero(np.diff(best, prepend=-1))
    ends = np.append(starts[1:], len(best))
    runs = [(int(start), int(end)) for start, end in zip(starts, ends, strict=True) if best[start]]
    while runs and letters[best[runs[0][0]]].isspace():
        del runs[0]
    while runs and letters[best[runs[-1][0]]].isspace():
        del runs[-1]
    if not runs:
        # Thai is now and then taken for nothing at all; the likeliest letter keeps the line from being lost.
        likeliest = int(chances[:, 1:-1].max(1).argmax())
        best[likeliest] = chances[likeliest, 1:-1].argmax() + 1
        runs = [(likeliest, likeliest + 1)]
    # Within a run the column that is surest speaks for it.
    columns = [start + int(chances[start:end, best[start]].argmax()) for start, end in runs]
    whole = filled * len(best)
    return Reading(
        text="".join(letters[best[column]] for column in columns),
        at=tuple(float(min((start + end) / 2 / whole, 1.0)) for start, end in runs),
        confidences=tuple(float(chances[column, best[column]]) for column in columns),
        alternatives=tuple(_second(chances[column], best[column], letters) for column in columns),
    )


def _second(chances: Floats, best: int, letters: tuple[str, ...]) -> tuple[str, float]:
    """The letter that was second in a column, and its chance."""
    others = chances.copy()
    others[[0, best]] = 0.0
    second = int(others.argmax())
    return letters[second], float(others[second])
