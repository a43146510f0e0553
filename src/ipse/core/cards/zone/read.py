"""A zone, found among a picture's lines and read as often as it takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from ipse.core.cards.zone.alphabet import as_digits, folded
from ipse.core.cards.zone.find import find_zone
from ipse.core.cards.zone.parse import Zone, parse_zone
from ipse.core.text.lines import TextLine, TextReader
from ipse.core.vocabulary import Pixels

_INSET: Final = 0.3
"""
How much narrower the third look is at either end, in heights of a line: a third of a letter.

Source: on the specimen of Liechtenstein a word that stands upright at the edge is taken for letters of the zone; with
0.2 to 0.4 heights less the line is read right there.
"""


@dataclass(frozen=True, slots=True)
class FoundZone:
    """A zone and its lines as they stand in the picture, from top to bottom."""

    zone: Zone
    lines: tuple[TextLine, ...]


def read_zone(reader: TextReader, pixels: Pixels, lines: Sequence[TextLine], today: date) -> FoundZone | None:
    """
    Give the zone that stands among lines, or nothing where none does.

    It is read in red light first: zones are printed in carbon black that is still black in infrared, where stamps and
    patterns vanish (ICAO 9303, part 3, section 4.4: B900 ink), and red is the nearest that a picture has. Where that
    leaves a doubt it is read as it is too, then without its ends.

    Args:
        reader: Reads lines of zones, where it can.
        pixels: The picture; shape (H, W, 3) uint8 RGB.
        lines: All its lines.
        today: Tells in which century a day lies.
    """
    found = find_zone(lines, (pixels.shape[1], pixels.shape[0]))
    if not found:
        return None
    readings = [[line.text] if folded(line.text) else [] for line in found]
    zone = None
    for looks, look in enumerate((_in_red, _as_it_is, _without_ends) if reader.reads_zones else (_as_it_is,)):
        seen, where = look(pixels, found)
        for row, line in zip(readings, reader.zone_lines(seen, where), strict=True):
            row.insert(looks, line.text)
        if all(readings):
            zone = parse_zone(readings, today)
        if zone is not None and zone.is_right and not _differ(readings, zone):
            break
    return None if zone is None else FoundZone(zone, found)


def _in_red(pixels: Pixels, lines: tuple[TextLine, ...]) -> tuple[Pixels, tuple[TextLine, ...]]:
    """Give the picture in its red light alone."""
    return np.repeat(pixels[..., :1], 3, axis=2), lines


def _as_it_is(pixels: Pixels, lines: tuple[TextLine, ...]) -> tuple[Pixels, tuple[TextLine, ...]]:
    """Give both as they are."""
    return pixels, lines


def _without_ends(pixels: Pixels, lines: tuple[TextLine, ...]) -> tuple[Pixels, tuple[TextLine, ...]]:
    """Give the picture as it is, and narrower lines."""
    return pixels, tuple(map(_narrower, lines))


def _narrower(line: TextLine) -> TextLine:
    """Give a line without half a letter at each end."""
    along = line.corners_px[1] - line.corners_px[0]
    inset = along / max(float(np.linalg.norm(along)), 1.0) * line.height_px * _INSET
    corners = line.corners_px + np.stack([inset, -inset, -inset, inset]).astype(np.float32)
    return TextLine(corners, line.text, line.confidence, line.at)


def _differ(readings: list[list[str]], zone: Zone) -> bool:
    """Give whether readings of a line that no check digit covers differ by more than lookalikes: names, states."""
    names = 2 if zone.format == "TD1" else 0
    doubted = {0, names}
    return any(as_digits(folded(text)) != as_digits(zone.lines[row]) for row in doubted for text in readings[row])
