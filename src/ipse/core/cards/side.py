"""A side from its lines: which card it is of, and what it says."""

from collections.abc import Sequence
from datetime import date

from ipse.core.cards.card import Barcode, Side, SideReading
from ipse.core.cards.classify import ANYTHING, Expected, classify
from ipse.core.cards.layout import Layout
from ipse.core.cards.read import read_fields
from ipse.core.text.lines import TextLine


def read_side(
    lines: Sequence[TextLine],
    size_px: tuple[int, int],
    layouts: Sequence[Layout],
    today: date,
    *,
    expected: Expected = ANYTHING,
    zone: Sequence[str] = (),
    barcodes: Sequence[Barcode] = (),
) -> SideReading:
    """
    Give what a side says.

    Args:
        lines: As they were read on the upright, rectified side; Thai ones already by Tesseract.
        size_px: Its width and height.
        layouts: All there are.
        today: The day on which it is read.
        expected: What the caller says of the card; another card is told only where it is well ahead.
        zone: The lines of the machine-readable zone after repair.
        barcodes: Those found on it.
    """
    state = zone[0][2:5].replace("<", "") if zone and len(zone[0]) > len("P<UTO") else ""
    found = classify(lines, layouts, today, expected, state)
    side = found.layout.side if found else (expected.side or Side.FRONT)
    return SideReading(
        side,
        found.layout.kind if found else None,
        found.certainty if found else 0.0,
        read_fields(lines, size_px, found.layout, today) if found else {},
        tuple(lines),
        tuple(zone),
        tuple(barcodes),
    )
