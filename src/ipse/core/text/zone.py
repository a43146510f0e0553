"""Lines of machine-readable zones (ICAO 9303, OCR-B), read by whoever knows only their 37 letters."""

from typing import Final

import cv2

from ipse.core.text.lines import LineReader, TextLine, line_of
from ipse.core.text.strips import cut_out, of_height
from ipse.core.vocabulary import Pixels

_HEIGHT_PX: Final = 48
_MARGIN_PX: Final = 8
_LONGEST_PX: Final = 2400


def read_zone(reader: LineReader, pixels: Pixels, line: TextLine) -> TextLine:
    """
    The line read as one of a zone; as it was where nothing was read.

    Shape: pixels (H, W, 3) uint8 RGB.
    """
    strip = of_height(cut_out(pixels, line.corners_px), _HEIGHT_PX, _LONGEST_PX)
    grey = cv2.cvtColor(strip, cv2.COLOR_RGB2GRAY)
    margin = (_MARGIN_PX,) * 4
    reading = reader.read(cv2.copyMakeBorder(grey, *margin, cv2.BORDER_REPLICATE))  # type: ignore[arg-type]  # OpenCV's own array type.
    return line_of(line.corners_px, reading) if reading.text else line
