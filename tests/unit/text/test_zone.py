"""Lines of machine-readable zones are read anew."""

import numpy as np

from ipse.core.text.lines import Reading, TextLine
from ipse.core.text.zone import read_zone
from ipse.core.vocabulary import Pixels


class Scripted:
    """A reader that says what it was told to."""

    name, digest = "scripted", ""

    def __init__(self, says: str) -> None:
        self._says = says

    def read(self, strip: Pixels) -> Reading:
        """What was scripted, of a grey strip."""
        assert 2 == strip.ndim
        return Reading(self._says, (0.5,) * len(self._says), (0.9,) * len(self._says))


LINE = TextLine(np.array([[0, 0], [90, 0], [90, 20], [0, 20]], np.float32), "P<UT0", 0.9, (0.1, 0.3, 0.5, 0.7, 0.9))
PICTURE = np.zeros((20, 90, 3), np.uint8)


def test_a_zone_is_what_its_reader_says() -> None:
    """In the same place."""
    read = read_zone(Scripted("P<UTO"), PICTURE, LINE)
    assert "P<UTO" == read.text
    assert LINE.corners_px is read.corners_px


def test_a_zone_in_which_nothing_was_read_stays() -> None:
    """An empty reading says nothing against the first one."""
    assert read_zone(Scripted(""), PICTURE, LINE) is LINE
