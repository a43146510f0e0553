"""Who reads lines of text: networks for Chinese, kana and Latin, and readers of one script where there are any."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ipse.core.text.find import find_lines
from ipse.core.text.lines import LineReader, TextLine, line_of
from ipse.core.text.recognise import recognise
from ipse.core.text.thai import thai_lines
from ipse.core.text.zone import read_zone
from ipse.core.vocabulary import Floats, Network, Pixels


@dataclass(frozen=True, slots=True)
class Reader:
    """
    The text reader of the core; holds nothing about any picture.

    Attributes:
        finder: Finds lines.
        recogniser: Reads them.
        letters: What the recogniser's chances stand for, as `alphabet` gives them.
        names: The weights of both in the manifest.
        thai: Reads Thai; `None` where its data are absent.
        zone: Reads machine-readable zones; likewise.
    """

    finder: Network
    recogniser: Network
    letters: tuple[str, ...]
    names: tuple[str, str]
    thai: LineReader | None = None
    zone: LineReader | None = None

    @property
    def digests(self) -> Mapping[str, str]:
        """Hex SHA-256 of each weight in use, by its name in the manifest."""
        networks = dict(zip(self.names, (self.finder.digest, self.recogniser.digest), strict=True))
        return networks | {one.name: one.digest for one in (self.thai, self.zone) if one is not None}

    @property
    def reads_thai(self) -> bool:
        """Whether Thai can be read here."""
        return self.thai is not None

    @property
    def reads_zones(self) -> bool:
        """Whether the data for machine-readable zones are there."""
        return self.zone is not None

    def lines(self, pixels: Pixels) -> tuple[TextLine, ...]:
        """
        The lines of a picture, from top to bottom. None is left out for being read unsurely.

        Shape: pixels (H, W, 3) uint8 RGB.
        """
        return self._read(pixels, find_lines(self.finder, pixels))

    def thai_lines(self, pixels: Pixels, lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
        """The same lines, in their order, those that may hold Thai letters read anew."""
        return tuple(lines) if self.thai is None else thai_lines(self.thai, pixels, lines)

    def zone_lines(self, pixels: Pixels, lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
        """The same lines, read as lines of a machine-readable zone."""
        zone = self.zone
        return tuple(lines) if zone is None else tuple(read_zone(zone, pixels, line) for line in lines)

    def without(self, *, thai: bool = False, zone: bool = False) -> "Reader":
        """The same reader without some of its data."""
        return replace(self, thai=None if thai else self.thai, zone=None if zone else self.zone)

    def _read(self, pixels: Pixels, quads: Sequence[Floats]) -> tuple[TextLine, ...]:
        """The lines that stand there, in that order."""
        return tuple(line_of(quad, recognise(self.recogniser, self.letters, pixels, quad)) for quad in quads)
