"""How what two readers saw becomes one line of Thai."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from ipse.core.text.lines import Reading, TextLine
from ipse.core.text.thai import flattened, fused, joined, may_be_thai, thai_lines
from ipse.core.vocabulary import Pixels

CORNERS = np.array([[0, 0], [200, 0], [200, 20], [0, 20]], np.float32)
PICTURE = np.full((40, 220, 3), 200, np.uint8)


def reading(text: str, sure: float = 0.9) -> Reading:
    """A reading whose characters stand evenly."""
    return Reading(text, tuple((index + 0.5) / len(text) for index in range(len(text))), (sure,) * len(text))


def line(text: str, sure: float = 0.99) -> TextLine:
    """A line whose characters stand evenly."""
    read = reading(text, sure)
    return TextLine(CORNERS, text, sure, read.at, read.confidences)


@dataclass
class Scripted:
    """A reader that says what it was told to, and counts."""

    says: str
    name: str = "scripted"
    digest: str = ""
    seen: list[tuple[int, ...]] = field(default_factory=list)

    def read(self, strip: Pixels) -> Reading:
        """What was scripted."""
        self.seen.append(strip.shape)
        return reading(self.says)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ("นาย สม ชาย", "นายสมชาย"),
        ("| ชื่อ Name _", "ชื่อ Name"),
        ("\u0e19\u0e4d\u0e32", "\u0e19\u0e33"),
        ("\u0e19\u0e4d\u0e49\u0e32", "\u0e19\u0e49\u0e33"),
    ],
)
def test_thai_letters_are_joined(seen: str, expected: str) -> None:
    """Blanks between Thai letters and strokes at the ends go; sara am is one letter, after its tone mark."""
    read = joined(reading(seen))
    assert expected == read.text
    assert len(expected) == len(read.at) == len(read.confidences)


def test_digits_are_the_recognisers() -> None:
    """What it saw as digits stands where it stands."""
    assert "วันที่ 15" == fused(reading("วันที่ 1S"), line("xxxxxxx15", 0.95)).text


def test_a_digit_never_replaces_a_thai_letter() -> None:
    """A month that the recogniser took for an 8 stays a month."""
    assert "15 ม 2564" == fused(reading("15 ม 2564"), line("15 8 2564")).text


def test_a_latin_word_is_the_recognisers() -> None:
    """Also where the other one saw Thai letters in it."""
    assert "บัตร Thai" == fused(reading("บัตร Tถai"), line("xxxx Thai")).text


def test_what_the_recogniser_doubts_is_not_taken() -> None:
    """Words that it made of Thai letters are unsure."""
    assert "บัตรประชา" == fused(reading("บัตรประชา"), line("Uasus5na8", 0.4)).text


def test_cards_without_thai_do_not_pay() -> None:
    """Where no line is rubbish nothing is read anew, however unsure its characters are."""
    reader = Scripted("ชื่อตัว")
    lines = [line("HONG KONG"), line("unsure", 0.85)]
    assert tuple(lines) == thai_lines(reader, PICTURE, lines)
    assert [] == reader.seen


def test_rubbish_that_is_thai_makes_a_card_thai() -> None:
    """Then lines with one unsure character are read anew too, and sure ones are not."""
    reader = Scripted("ชื่อตัว")
    lines = [line("Uasuar", 0.5), line("25n.W.2571", 0.85), line("Identification Number")]
    first, second, third = thai_lines(reader, PICTURE, lines)
    assert "ชื่อตัว" == first.text
    assert second.text != lines[1].text
    assert third is lines[2]
    assert 2 == len(reader.seen)


def test_rubbish_that_is_not_thai_stays() -> None:
    """A line in which nobody finds Thai letters is as it was."""
    lines = [line("#?!x", 0.3), line("unsure", 0.85)]
    assert tuple(lines) == thai_lines(Scripted("Tx 12"), PICTURE, lines)


def test_a_gap_speaks_for_thai_letters_that_were_left_out() -> None:
    """`14    2564` without its month."""
    gapped = TextLine(CORNERS, "14 2564", 0.99, (0.05, 0.1, 0.5, 0.8, 0.85, 0.9, 0.95), (0.99,) * 7)
    assert may_be_thai(gapped)
    assert not may_be_thai(line("Date of Birth"))


def test_flattening_takes_shadows_away() -> None:
    """A strip half of which lies in shadow has one background afterwards, and its ink stays dark."""
    strip = np.full((32, 300, 3), 220, np.uint8)
    strip[:, 150:] = 110
    strip[12:18, 40:140] = strip[12:18, 160:260] = 20
    even = flattened(strip)
    assert (76,) == even.shape[:1]
    assert np.median(even[:8, :150]) == pytest.approx(np.median(even[:8, -150:]), abs=10)
    assert even.min() < 60
