"""A line of text, and the ports of whoever reads one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ipse.core.vocabulary import Floats, Pixels


@dataclass(frozen=True, slots=True)
class Reading:
    """
    What a strip of one line says.

    Attributes:
        text: In Unicode's composed form (NFC).
        at: Where the middle of each character stands, as a share of the strip's length.
        confidences: Each character's confidence, 0 to 1.
        alternatives: For each character the one that was second, with its confidence; empty where nobody knows.
    """

    text: str = field(repr=False)
    at: tuple[float, ...] = field(repr=False)
    confidences: tuple[float, ...] = field(repr=False)
    alternatives: tuple[tuple[str, float], ...] = field(default=(), repr=False)

    @property
    def confidence(self) -> float:
        """Mean of the characters' confidences; 0 if there are none."""
        return sum(self.confidences) / len(self.confidences) if self.confidences else 0.0


@dataclass(frozen=True, slots=True)
class TextLine:
    """
    A line of text as it was read.

    Attributes:
        corners_px: (4, 2) float32 in pixels of the picture that was read, clockwise from the start of the line's upper
            edge (for a line that stands upright: its top left).
        text: What it says, in Unicode's composed form (NFC), nothing normalised beyond that.
        confidence: Mean of the characters' confidences, 0 to 1.
        at: Where the middle of each character stands, as a share of the line's length from its start; as many as
            `text` has characters.
        confidences: Each character's confidence; empty where only the mean is known.
        alternatives: For each character the one that was second, with its confidence; empty where nobody knows.
    """

    corners_px: Floats = field(repr=False)
    text: str = field(repr=False)
    confidence: float
    at: tuple[float, ...] = field(repr=False)
    confidences: tuple[float, ...] = field(default=(), repr=False)
    alternatives: tuple[tuple[str, float], ...] = field(default=(), repr=False)

    @property
    def height_px(self) -> float:
        """Mean length of its two short sides."""
        down = self.corners_px[[3, 2]] - self.corners_px[[0, 1]]
        return float((down**2).sum(1).mean() ** 0.5)


def line_of(corners_px: Floats, reading: Reading) -> TextLine:
    """The line that stands there and says that."""
    return TextLine(
        corners_px=corners_px,
        text=reading.text,
        confidence=reading.confidence,
        at=reading.at,
        confidences=reading.confidences,
        alternatives=reading.alternatives,
    )


class LineReader(Protocol):
    """Reads one line of one script. Safe to call from several threads at once."""

    @property
    def name(self) -> str:
        """The name of its weight in the manifest."""
        ...

    @property
    def digest(self) -> str:
        """Hex SHA-256 of its weight."""
        ...

    def read(self, strip: Pixels) -> Reading:
        """
        What a strip says.

        Shape: strip (H, W) uint8 grey, one line upright in it.
        """
        ...


class TextReader(Protocol):
    """
    Finds and reads lines: Latin letters, kana and Chinese characters, and, where their data are there, Thai and the
    letters of machine-readable zones. Safe to call from several threads at once.
    """

    @property
    def digests(self) -> Mapping[str, str]:
        """Hex SHA-256 of each weight in use, by its name in the manifest; a weight that is absent is not named."""
        ...

    @property
    def reads_thai(self) -> bool:
        """Whether Thai can be read here."""
        ...

    @property
    def reads_zones(self) -> bool:
        """Whether the data for machine-readable zones are there; without them `zone_lines` gives the lines as read."""
        ...

    def lines(self, pixels: Pixels) -> tuple[TextLine, ...]:
        """
        Give the lines of a picture, from top to bottom; what it took for Thai is there too, read as rubbish.

        Shape: pixels (H, W, 3) uint8 RGB.
        """
        ...

    def thai_lines(self, pixels: Pixels, lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
        """Give the same lines, in their order, those that hold Thai letters read anew; as they are where it cannot."""
        ...

    def zone_lines(self, pixels: Pixels, lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
        """Give lines of a machine-readable zone (A to Z, 0 to 9 and <) read anew, as many as were given."""
        ...
