"""Blanks as wide as a character, which cards print between a Japanese surname and the given name."""

from dataclasses import replace
from typing import Final

import numpy as np

from ipse.core.text.lines import TextLine

WIDE: Final = 1.1
"""
Times a line's height between the middles of two Han characters from which on a blank was between them.

Source: on rendered cards at L3 neighbours are 0.49 to 0.83 apart, those on both sides of a lost blank 1.32 to 1.63.
"""

HAN: Final = "\u2e80"
"""From here on characters are as wide as they are high."""


def with_blanks(line: TextLine) -> TextLine:
    """Give a line with the blanks that the reader lost between Han characters."""
    if len(line.at) != len(line.text) or not line.text or max(line.text) < HAN:
        return line
    across, down = line.corners_px[1] - line.corners_px[0], line.corners_px[3] - line.corners_px[0]
    pitch = float(np.hypot(*across)) / max(1.0, float(np.hypot(*down)))
    text, at = line.text[0], [line.at[0]]
    for before, after, letter in zip(line.at, line.at[1:], line.text[1:], strict=False):
        if min(text[-1], letter) > HAN and (after - before) * pitch > WIDE:
            text += " "
            at.append((before + after) / 2)
        text += letter
        at.append(after)
    return line if len(text) == len(line.text) else replace(line, text=text, at=tuple(at))
