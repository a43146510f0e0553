"""Machine-readable zones: formats, check digits, what is mended and what is only flagged."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ipse.core.cards.zone.alphabet import check_digit, folded
from ipse.core.cards.zone.days import birth_date, expiry_date
from ipse.core.cards.zone.find import find_zone
from ipse.core.cards.zone.parse import Zone, parse_zone
from ipse.core.cards.zone.read import read_zone
from ipse.core.cards.zone.states import state
from ipse.core.text.lines import TextLine
from ipse.core.text.reader import Reader
from ipse.engine import open_reader
from ipse.infra.settings import read_settings

TODAY = date(2026, 11, 21)
SPECIMENS: dict[str, dict[str, Any]] = tomllib.loads((Path(__file__).parent / "zones.toml").read_text())
TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
TD1 = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")


def parsed(*lines: str) -> Zone:
    """Give what lines say, which must be a zone."""
    zone = parse_zone([[line] for line in lines], TODAY)
    assert zone is not None
    return zone


def text_line(text: str, x: float, y: float, *, letter: float = 20.0, height: float = 30.0) -> TextLine:
    """Give a line as a finder gives it."""
    width = len(text) * letter
    corners = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], np.float32)
    return TextLine(corners, text, 0.9, tuple((place + 0.5) / len(text) for place in range(len(text))))


@pytest.mark.parametrize("name", SPECIMENS)
def test_specimens_as_printed(name: str) -> None:
    """What each specimen prints is parsed in its format, unchanged, and its wrong check digits are named."""
    specimen = SPECIMENS[name]
    zone = parsed(*specimen["lines"])
    wrong = [name for name, is_right in zone.check_digits if not is_right]
    assert (specimen["format"], tuple(specimen["lines"]), specimen["wrong"]) == (zone.format, zone.lines, wrong)


def test_fields_of_a_passport() -> None:
    """ICAO's own example."""
    fields = {name: element.value for name, element in parsed(*TD3).fields.items()}
    assert {
        "document_code": "P",
        "issuing_country": "UTO",
        "last_name": "ERIKSSON",
        "first_name": "ANNA MARIA",
        "full_name": "ANNA MARIA ERIKSSON",
        "document_number": "L898902C3",
        "nationality": "UTO",
        "birth_date": "1974-08-12",
        "sex": "F",
        "expiry_date": "2012-04-15",
        "personal_number": "ZE184226B",
    } == fields


def test_a_long_document_number() -> None:
    """A card's number of more than nine letters goes on in the optional data, its check digit behind it."""
    rest = "34"
    check = check_digit("D23145890<" + rest)
    first = f"I<UTOD23145890<{rest}{check}<<<<<<<<<<<<"
    composite = check_digit(first[5:] + "7408122" + "1204159" + "<" * 11)
    zone = parsed(first, f"7408122F1204159UTO<<<<<<<<<<<{composite}", TD1[2])
    assert zone.is_right
    assert ("D2314589034", None) == (zone.fields["document_number"].value, zone.fields["personal_number"].value)


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ((TD3[0].replace("O", "0"), TD3[1].replace("UTO", "UT0")), TD3),
        ((TD3[0], TD3[1].replace("L898902C3", "L8989O2C3")), TD3),
        ((TD3[0][:-3], TD3[1]), TD3),
        ((TD3[0], TD3[1].replace("<<<<<", "<<<")), TD3),
        ((TD3[0].replace("<<", "\u00ab"), TD3[1]), TD3),
        ((TD3[0].replace("P", "\u03a1"), TD3[1]), TD3),
        (("1" + TD1[0][1:], TD1[1].replace("UTO", "UT0"), TD1[2]), ("1" + TD1[0][1:], *TD1[1:])),
    ],
)
def test_what_readers_get_wrong_is_mended(rows: tuple[str, ...], lines: tuple[str, ...]) -> None:
    """Lookalikes by grammar, or where all check digits then agree; fillers lost or joined; letters of other scripts."""
    assert lines == parsed(*rows).lines


@pytest.mark.parametrize("place", [9, 13, 18, 19, 21, 27, 42, 43])
def test_wrong_digits_are_flagged_and_not_mended(place: int) -> None:
    """Where only digits may stand another digit is left as it is, and some check digit is wrong."""
    wrong = TD3[1][:place] + str((int(TD3[1][place]) + 1) % 10) + TD3[1][place + 1 :]
    zone = parsed(TD3[0], wrong)
    assert (wrong, False) == (zone.lines[1], zone.is_right)


def test_a_wrong_number_is_not_mended_by_chance() -> None:
    """Two lookalikes are not turned at once, nor one of which two are sure, unless the state's shape asks it."""
    twice = TD3[1].replace("L898902C3", "L8989O2C3").replace("184226B", "1B4226B")
    assert twice == parsed(TD3[0], twice).lines[1]
    once = TD3[1].replace("L898902C3", "L8989O2C3")
    zone = parse_zone([[TD3[0]] * 2, [once] * 2], TODAY)
    assert zone is not None
    assert (once, False) == (zone.lines[1], zone.is_right)
    first, second = SPECIMENS["Japan"]["lines"]
    japan = parse_zone([[first] * 2, [second.replace("XS", "X5")] * 2], TODAY)
    assert japan is not None
    assert (second, True) == (japan.lines[1], japan.is_right)


def test_two_readings() -> None:
    """Of two readings each gives what check digits and states confirm."""
    one, other = TD3[1].replace("898902", "B98902"), TD3[1].replace("UTO", "HTO")
    zone = parse_zone([[TD3[0]], [one[:44], other]], TODAY)
    assert zone is not None
    assert (TD3, True) == (zone.lines, zone.is_right)


@pytest.mark.parametrize(
    "rows",
    [
        (["HELLO WORLD"], ["THIS IS NO ZONE"]),
        ([""], [""]),
        ([], []),
        (["A" * 44], ["B" * 44]),
        (["X" * 30], ["Y" * 30], ["Z" * 30]),
        (["<" * 44], ["<" * 44]),
    ],
)
def test_none_invented(rows: tuple[list[str], ...]) -> None:
    """Lines that are no zone are none."""
    assert parse_zone(rows, TODAY) is None


@given(st.lists(st.lists(st.text(st.sampled_from("AB01<OI M"), max_size=46), max_size=3), max_size=4))
def test_garbage(rows: list[list[str]]) -> None:
    """Whatever was read is a zone of known length, or none."""
    zone = parse_zone(rows, TODAY)
    assert zone is None or {len(line) for line in zone.lines} in ({30}, {36}, {44})


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<", min_size=1, max_size=20), st.data())
def test_a_changed_digit_changes_the_check_digit(letters: str, data: st.DataObject) -> None:
    """One digit changed among others: weights 7, 3 and 1 have no factor with 10."""
    places = [place for place, letter in enumerate(letters) if letter.isdigit()]
    assume(places)
    at = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from("0123456789"))
    assume(digit != letters[at])
    assert check_digit(letters) != check_digit(letters[:at] + digit + letters[at + 1 :])


@given(st.text(max_size=60))
def test_folding_is_final(text: str) -> None:
    """What was folded is not changed by folding."""
    assert folded(text) == folded(folded(text))


def test_days() -> None:
    """Centuries by today, and by expiry for a birth; unknown parts; days that do not exist."""
    born = [
        birth_date(letters, None, TODAY) for letters in ("261121", "261122", "74<<<<", "7408<<", "740231", "<<<<<<")
    ]
    assert ["2026-11-21", "1926-11-22", "1974", "1974-08", None, None] == born
    assert "1912-12-12" == birth_date("121212", "2011-06-29", TODAY)
    ends = [expiry_date(letters, TODAY) for letters in ("120415", "561121", "561122", "941101")]
    assert ["2012-04-15", "2056-11-21", "1956-11-22", "1994-11-01"] == ends


def test_states() -> None:
    """Germany's one letter is three; a code that nobody has means nothing."""
    assert ["DEU", "UTO", None] == [state(letters) for letters in ("D<<", "UTO", "BOS")]


def test_a_zone_among_lines() -> None:
    """Two long lines at the foot; what stands above and beside them is left out."""
    lines = [
        text_line("PASSPORT", 40, 40),
        text_line("Anna Maria", 40, 300),
        text_line("12.08.1974", -300, 545),
        *(text_line(text, 40, 540 + 50 * row) for row, text in enumerate(TD3)),
    ]
    assert TD3 == tuple(line.text for line in find_zone(lines, (1011, 711)))


def test_a_broken_line() -> None:
    """What the finder has split is one line again, what it dropped are fillers, a line that it missed has its place."""
    parts = [text_line(TD3[0][:25], 40, 540), text_line(TD3[1][:20], 40, 590), text_line(TD3[1][20:], 440, 590)]
    assert TD3 == tuple(line.text for line in find_zone(parts, (1011, 711)))
    upper, lower = find_zone([text_line(TD3[1], 40, 590)], (1011, 711))
    assert ("", TD3[1]) == (upper.text, lower.text)
    assert upper.corners_px[:, 1].mean() == pytest.approx(605 - 50, abs=2)


def test_no_zone_among_lines() -> None:
    """A card without a zone has none."""
    assert () == find_zone([text_line("KAD PENGENALAN", 40, 40), text_line("900101-14-1234", 40, 90)], (1011, 638))


@pytest.fixture(scope="module")
def reader(weights: Path) -> Reader:
    """The reader of cards."""
    return open_reader(read_settings().model_copy(update={"weights_dir": weights}), warm=False)


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize("name", SPECIMENS)
def test_specimens(name: str, reader: Reader, shared: Path) -> None:
    """Each specimen's zone is read from its picture as a person reads it, and its wrong check digits are named."""
    if not reader.reads_zones:
        pytest.skip("the data for machine-readable zones are absent")
    picture = cv2.imread(str(shared / "cards" / "mrz" / f"{name}.png"))
    assert picture is not None
    factor = max(1.0, 1011 / max(picture.shape[:2]))
    larger = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    pixels = np.ascontiguousarray(larger[..., ::-1], np.uint8)
    found = read_zone(reader, pixels, reader.lines(pixels), TODAY)
    assert found is not None
    specimen = SPECIMENS[name]
    wrong = [name for name, is_right in found.zone.check_digits if not is_right]
    assert (tuple(specimen["lines"]), specimen["wrong"]) == (found.zone.lines, wrong)


def test_a_line_without_height_is_no_zone() -> None:
    """Nothing is asked of lines but that they have four corners."""
    flat = np.array([(10, 10), (900, 10), (900, 10), (10, 10)], np.float32)
    assert () == find_zone([TextLine(flat, "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", 0.9, ())], (1011, 638))


def test_a_piece_of_hardly_any_length_does_not_make_a_line_endless() -> None:
    """What stands in a zone's other row may be a stroke that was read as many letters."""
    main, stroke = (
        np.array([(left, top), (right, top), (right, top + 40), (left, top + 40)], np.float32)
        for left, right, top in ((50, 950, 500), (50, 51, 560))
    )
    lines = (
        TextLine(main, "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", 0.9, ()),
        TextLine(stroke, "<<1" * 9, 0.9, ()),
    )
    assert all(len(line.text) < 200 for line in find_zone(lines, (1011, 638)))
