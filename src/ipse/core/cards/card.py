"""The words for a card: what kind it is, its fields, its sides, and what was read off it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ipse.core.text.lines import TextLine
from ipse.core.vocabulary import Box, Floats


class CardType(StrEnum):
    """What a card is for."""

    ID_CARD = "id_card"
    DRIVING_LICENSE = "driving_license"
    PASSPORT = "passport"
    VISA = "visa"
    """Only its machine-readable zone is read."""


class Side(StrEnum):
    """Which side of a card."""

    FRONT = "front"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class CardKind:
    """
    A kind of card.

    Attributes:
        nationality: Who issues it, three letters as ICAO 9303 has them: `"THA"`. A passport that was read has its own
            issuer's; as a row of the table it has `""`.
        type: What it is for.
        subtype: Which of several cards of this type: `"mykad"`, `"umid"`, `"td1"`; `""` where there is only one.
    """

    nationality: str
    type: CardType
    subtype: str = ""

    @property
    def name(self) -> str:
        """Its name in file names and tables: `"tha-id_card"`, `"mys-id_card-mypr"`."""
        return "-".join(part for part in (self.nationality.lower() or "any", self.type.value, self.subtype) if part)


@dataclass(frozen=True, slots=True)
class Said:
    """
    What a card is said to be by whoever sends it; `None` where the card itself should tell.

    Attributes:
        nationality: Three letters.
        type: What it is for.
    """

    nationality: str | None = None
    type: CardType | None = None

    def allows(self, kind: CardKind) -> bool:
        """Tell whether a kind of card agrees; whose passport it is need not be who is said to hold it."""
        same_type = self.type in {None, kind.type}
        return same_type and (
            kind.type in {CardType.PASSPORT, CardType.VISA} or self.nationality in {None, kind.nationality}
        )


@dataclass(frozen=True, slots=True)
class Field:
    """
    One thing that a card says.

    Attributes:
        name: Its name in our vocabulary (`core/cards/vocabulary.py`): `"id_number"`, `"birth_date"`.
        value: Normalised: dates as `YYYY-MM-DD` in the Gregorian calendar (`YYYY-MM` or `YYYY` where the card says no
            more), sex as `M`, `F` or `X`, numbers as their standard prints them, text in NFC with single blanks. `None`
            where what is printed means nothing.
        printed: As it is printed.
        confidence: 0 to 1: the least of what the reader gave its characters, lowered by doubts about its place.
        side: On which side it stands.
        corners_px: (4, 2) float32 in pixels of the card as it was read (upright and rectified), clockwise from its top
            left.
        legibility: The least that the reader gave any of its characters, whatever the doubts about its place and its
            rule; `None` where only `confidence` is known.
    """

    name: str
    value: str | None = field(repr=False)
    printed: str = field(repr=False)
    confidence: float
    side: Side
    corners_px: Floats = field(repr=False)
    legibility: float | None = None

    @property
    def box(self) -> Box:
        """The rectangle around it, in pixels of the rectified card."""
        (x1, y1), (x2, y2) = self.corners_px.min(0), self.corners_px.max(0)
        return Box(float(x1), float(y1), float(x2), float(y2))


@dataclass(frozen=True, slots=True)
class Barcode:
    """
    A barcode.

    Attributes:
        symbology: `"QRCode"`, `"PDF417"`, `"Code128"` …, as zxing-cpp names it.
        content: Its bytes.
        corners_px: (4, 2) float32 in pixels of the rectified card, clockwise from the code's own top left.
    """

    symbology: str
    content: bytes = field(repr=False)
    corners_px: Floats = field(repr=False)


@dataclass(frozen=True, slots=True)
class SideReading:
    """
    What one side says.

    Attributes:
        side: Which one it was taken for.
        kind: Which card it was taken for; `None` if it could not be told.
        certainty: How sure that is, 0 to 1; what a second kind would have had is taken off.
        fields: By name.
        lines: All lines, as they were read.
        zone: The lines of its machine-readable zone after repair; empty if there is none.
        barcodes: Its barcodes.
        not_assessed: What could not be read here, by name: `"thai"` where the data are missing.
        in_print: The fields as they stand in print where a zone was read beside them; empty if there is none.
    """

    side: Side
    kind: CardKind | None
    certainty: float
    fields: Mapping[str, Field]
    lines: tuple[TextLine, ...] = field(default=(), repr=False)
    zone: tuple[str, ...] = field(default=(), repr=False)
    barcodes: tuple[Barcode, ...] = ()
    not_assessed: tuple[str, ...] = ()
    in_print: Mapping[str, Field] = field(default_factory=dict, repr=False)
