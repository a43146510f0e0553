"""Numbers on cards: what each says, what is wrong with it, what may be mended."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipse.core.cards.numbers.number import Number, Rule
from ipse.core.cards.numbers.rules import RULES
from ipse.core.cards.numbers.spelling import LOOKALIKES, plain

TODAY = date(2026, 11, 21)

CATCHES_EVERY_DIGIT = ("chn-id_number", "hkg-id_number", "sgp-id_number")
"""Rules modulo 11 with eleven different check characters: each change of one digit changes the check."""


def parsed(name: str, text: str) -> Number:
    """Give what a number says, which must have the shape."""
    number = RULES[name].parse(text, TODAY)
    assert number is not None
    return number


def a_number(rule: Rule) -> st.SearchStrategy[str]:
    """Give letters and digits that have one of the rule's shapes."""
    return st.one_of(*(st.tuples(*map(st.sampled_from, shape)).map("".join) for shape in rule.shapes))


ANY = st.sampled_from(sorted(RULES.values(), key=lambda rule: rule.name)).flatmap(
    lambda rule: st.tuples(st.just(rule), a_number(rule))
)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("chn-id_number", "11010519491231002x", "11010519491231002X"),
        ("chn-id_number", "440524188001010014", "440524188001010014"),
        ("tha-id_number", "1 2345 45678 78 1", "1-2345-45678-78-1"),
        ("jpn-id_number", "6214 9832 0257", "6214 9832 0257"),
        ("jpn-document_number", "第 309012345620 号", "309012345620"),
        ("hkg-id_number", "A123456(3)", "A123456(3)"),
        ("hkg-id_number", "C123456 (9)", "C123456(9)"),
        ("hkg-id_number", "AB987654(3)", "AB987654(3)"),
        ("sgp-id_number", "S1234567D", "S1234567D"),
        ("sgp-id_number", "F1234567N", "F1234567N"),
        ("sgp-id_number", "G5872776N", "G5872776N"),
        ("twn-id_number", "A123456789", "A123456789"),
        ("twn-id_number", "A234567893", "A234567893"),
    ],
)
def test_right_check_digits(name: str, text: str, value: str) -> None:
    """Published examples hold, and are given as their standard prints them."""
    number = parsed(name, text)
    assert (value, True, ()) == (number.value, number.is_valid, number.faults)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("chn-id_number", "110105194912310021"),
        ("tha-id_number", "1 2345 45678 78 2"),
        ("jpn-id_number", "6214 9832 0258"),
        ("jpn-document_number", "309012345630"),
        ("hkg-id_number", "Z683365(5)"),
        ("sgp-id_number", "S1234567A"),
        ("sgp-id_number", "M1234567D"),
        ("twn-id_number", "A123456788"),
    ],
)
def test_wrong_check_digits_are_flagged_and_not_mended(name: str, text: str) -> None:
    """A number that has its shape stays as it is printed; Hong Kong's own specimen breaks its rule."""
    number = parsed(name, text)
    assert (False, ("check_digit",)) == (number.is_valid, number.faults)
    assert number == RULES[name].repair(text, TODAY)


@pytest.mark.parametrize(
    ("name", "text", "value", "faults"),
    [
        ("mys-id_number", "770305-02-1234", "770305-02-1234", ()),
        ("mys-id_number", "771305021234", "771305-02-1234", ("birth_date",)),
        ("mys-id_number", "770305-17-1234", "770305-17-1234", ("place",)),
        ("mys-id_number-extended", "770305-02-1234-01-02", "770305-02-1234-01-02", ()),
        ("idn-id_number", "3171011708450001", "3171011708450001", ()),
        ("idn-id_number", "3171013002001234", "3171013002001234", ("birth_date",)),
        ("idn-id_number", "9971011708450001", "9971011708450001", ("place",)),
        ("idn-document_number", "950714340123", "950714340123", ()),
        ("idn-document_number", "3171011708450001", "3171011708450001", ()),
        ("tha-document_number", "58000123", "58000123", ()),
        ("tha-laser_number", "JT9999999999", "JT9-9999999-99", ()),
        ("phl-id_number", "1234567890123456", "1234-5678-9012-3456", ()),
        ("phl-id_number-psn", "123456789012", "1234-5678-9012", ()),
        ("phl-id_number-umid", "001112345679", "0011-1234567-9", ()),
        ("phl-id_number-sss", "3412345678", "34-1234567-8", ()),
        ("phl-id_number-tin", "123456789", "123-456-789", ()),
        ("phl-id_number-tin", "123456789000", "123-456-789-000", ()),
        ("phl-document_number", "N0112345678", "N01-12-345678", ()),
        ("phl-passport", "P1234567A", "P1234567A", ()),
    ],
)
def test_numbers_without_a_check_digit(name: str, text: str, value: str, faults: tuple[str, ...]) -> None:
    """There is nothing to be valid or not; dates and places that do not exist are faults."""
    number = parsed(name, text)
    assert (value, None, faults) == (number.value, number.is_valid, number.faults)


@pytest.mark.parametrize(
    ("name", "text", "born", "sex", "place"),
    [
        ("chn-id_number", "11010519491231002X", date(1949, 12, 31), "F", "北京市"),
        ("mys-id_number", "770305-02-1235", date(1977, 3, 5), "M", "Kedah"),
        ("mys-id_number", "150305-71-1234", date(2015, 3, 5), "F", "LUAR NEGARA"),
        ("idn-id_number", "3171015708450001", date(1945, 8, 17), "F", "Daerah Khusus Ibukota Jakarta"),
        ("idn-id_number", "9301012902001234", date(2000, 2, 29), "M", "Papua Selatan"),
        ("twn-id_number", "A123456789", None, "M", "臺北市"),
        ("twn-id_number", "A800000014", None, "M", "臺北市"),
        ("twn-id_number", "ZD00000001", None, "F", "連江縣"),
        ("jpn-document_number", "309012345620", None, None, "東京都"),
    ],
)
def test_what_numbers_say(name: str, text: str, born: date | None, sex: str | None, place: str) -> None:
    """Day of birth, sex and place."""
    number = parsed(name, text)
    assert (born, sex, place) == (number.birth_date, number.sex, number.place)


def test_birth_against_print() -> None:
    """A number without century agrees with either; Singapore's says the year alone; Thailand's says nothing."""
    mykad, nric = parsed("mys-id_number", "260305-02-1235"), parsed("sgp-id_number", "T0512345A")
    assert [True, True, False] == [
        mykad.agrees_on_birth(date(*day)) for day in ((2026, 3, 5), (1926, 3, 5), (1926, 3, 6))
    ]
    assert [True, False] == [nric.agrees_on_birth(date(year, 1, 1)) for year in (2005, 1905)]
    assert parsed("sgp-id_number", "S0123456A").agrees_on_birth(TODAY) is None
    assert parsed("tha-id_number", "1234545678781").agrees_on_birth(TODAY) is None


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("tha-id_number", "l 2345 4S678 7B 1", "1-2345-45678-78-1"),
        ("chn-id_number", "11O1O519491231OO2×", "11010519491231002X"),
        ("hkg-id_number", "A1Z3456(3)", "A123456(3)"),
        ("hkg-id_number", "4123456(3)", None),
        ("sgp-id_number", "5I234567D", "S1234567D"),
        ("twn-id_number", "A12345678S", None),
        ("idn-id_number", "3I71O117O845OOO1", "3171011708450001"),
        ("idn-id_number", "3I71O147O945OOO1", "3171014709450001"),
        ("mys-id_number", "77I305-02-1234", None),
        ("phl-document_number", "N0I-12-3456T8", None),
    ],
)
def test_lookalikes(name: str, text: str, value: str | None) -> None:
    """Letters in places of digits are read as digits where the rule then holds; otherwise nothing is given."""
    number = RULES[name].repair(text, TODAY)
    assert value == (number and number.value)


@pytest.mark.parametrize(
    ("name", "line", "values"),
    [
        ("idn-id_number", "NIK : 3171011708450001", ["3171011708450001"]),
        ("idn-id_number", "NIK3171011708450001", ["3171011708450001"]),
        ("idn-id_number", "31710117084500012", []),
        ("tha-id_number", "Identification Number 1 2345 45678 78 1", ["1-2345-45678-78-1"]),
        ("tha-id_number", "เลข 1-2345-45678-78-1", ["1-2345-45678-78-1"]),
        ("tha-document_number", "21/11/2026", []),
        ("hkg-id_number", "(11-79) A123456(3)", ["A123456(3)"]),
        ("jpn-document_number", "番号第309012345620号", ["309012345620"]),
        ("sgp-id_number", "IDENTITY CARD NO. S1234567D", ["S1234567D"]),
        ("sgp-id_number", "XS1234567D", []),
        ("twn-id_number", "A123456789 A234567893", ["A123456789", "A234567893"]),
    ],
)
def test_numbers_within_lines(name: str, line: str, values: list[str]) -> None:
    """They are found behind their labels, and not within longer numbers or words."""
    assert values == [number.value for number in RULES[name].find(line, TODAY)]


@given(ANY)
def test_a_printed_number_reads_as_itself(drawn: tuple[Rule, str]) -> None:
    """What is printed by the standard is parsed to the same; repair never changes what has its shape."""
    rule, letters = drawn
    number = rule.parse(letters, TODAY)
    assert number is not None
    assert number == rule.parse(number.value, TODAY)
    assert number == rule.repair(letters, TODAY)
    assert letters == plain(number.value)


@pytest.mark.parametrize("name", CATCHES_EVERY_DIGIT)
@given(data=st.data())
def test_one_wrong_digit_is_caught(name: str, data: st.DataObject) -> None:
    """Of two numbers that differ in one digit, at most one has a right check digit."""
    rule = RULES[name]
    letters = data.draw(a_number(rule))
    at = data.draw(st.sampled_from([place for place, letter in enumerate(letters[:-1]) if letter.isdigit()]))
    other = letters[:at] + data.draw(st.sampled_from([digit for digit in "0123456789" if digit != letters[at]]))
    assert [parsed(name, letters).is_valid, parsed(name, other + letters[at + 1 :]).is_valid] != [True, True]


@given(ANY, st.data())
def test_what_is_mended_has_no_fault(drawn: tuple[Rule, str], data: st.DataObject) -> None:
    """A number in which lookalikes stand is mended to one that its rule accepts, or not at all."""
    rule, letters = drawn
    at = data.draw(st.integers(0, len(letters) - 1))
    wrong = letters[:at] + LOOKALIKES.get(letters[at], letters[at]) + letters[at + 1 :]
    mended = rule.repair(wrong, TODAY)
    assert mended is None or not mended.faults or mended == rule.parse(wrong, TODAY)


@given(st.text(max_size=40))
def test_garbage_is_no_number(text: str) -> None:
    """Any text is parsed, mended and searched without an exception."""
    for rule in RULES.values():
        assert rule.parse(text, TODAY) is None or rule.parse(text, TODAY) == rule.repair(text, TODAY)
        assert len(rule.find(text, TODAY)) <= len(text)
