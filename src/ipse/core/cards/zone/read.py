"""A zone, found among a picture's lines and read as often as it takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from ipse.core.cards.zone.alphabet import as_digits, folded
from ipse.core.cards.zone.find import find_zone
from ipse.core.cards.zone.formats import FORMATS
from ipse.core.cards.zone.parse import Zone, parse_zone
from ipse.core.text.lines import TextLine, TextReader
from ipse.core.vocabulary import Pixels

_LOOKS: Final = (
    (True, (0.0, 0.0)),
    (True, (-0.15, -0.06)),
    (True, (0.0, 0.06)),
    (False, (0.0, -0.06)),
    (False, (0.3, 0.06)),
)
"""
Whether in red light, and how much less of a line at its ends and at its sides, in its heights.

Source: the specimens, on which these were chosen. Readers err otherwise on another cut of the same few pixels, so that
most are right together; on Liechtenstein's a word that stands upright at the edge is read as a letter of the zone
unless a third of one is left out. Twenty-five of 31 need one look.
"""


_BEGIN: Final = frozenset("".join(form.begins for form in FORMATS))


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
    leaves a doubt it is read as it is too, and in other cuts.

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
    for looks, (is_red, inset) in enumerate(_LOOKS if reader.reads_zones else _LOOKS[:1]):
        where = [_inset(line, *inset) for line in found]
        for row, line in zip(readings, reader.zone_lines(_in_red(pixels) if is_red else pixels, where), strict=True):
            row.insert(looks, line.text)
        if all(readings):
            zone = parse_zone(readings, today)
        if zone is not None and zone.is_right and _is_settled(readings, zone):
            break
    return None if zone is None else FoundZone(zone, found)


def _in_red(pixels: Pixels) -> Pixels:
    """Give the picture in its red light alone."""
    return np.repeat(pixels[..., :1], 3, axis=2)


def _inset(line: TextLine, ends: float, sides: float) -> TextLine:
    """Give a line with less at its ends and at its sides, in its heights."""
    along, down = (line.corners_px[place] - line.corners_px[0] for place in (1, 3))
    ends_px = along / max(float(np.linalg.norm(along)), 1.0) * line.height_px * ends
    sides_px = down * sides
    moved = np.stack([ends_px + sides_px, sides_px - ends_px, -ends_px - sides_px, ends_px - sides_px])
    return TextLine(line.corners_px + moved.astype(np.float32), line.text, line.confidence, line.at)


def _is_settled(readings: list[list[str]], zone: Zone) -> bool:
    """Give whether it begins as zones do, and most readings of the lines without check digits (states, names) agree."""
    if zone.lines[0][0] not in _BEGIN:
        return False
    names = len(zone.lines) - 1 if zone.format == "TD1" else 0
    votes = [
        sum(as_digits(folded(text)) == as_digits(zone.lines[row]) for text in readings[row]) / len(readings[row])
        for row in {0, names}
    ]
    return min(votes) > 0.5  # noqa: PLR2004  # more than half
