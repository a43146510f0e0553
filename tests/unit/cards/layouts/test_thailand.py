"""Thai names, addresses and days out of lines that were read with errors; passports' labels in two languages."""

from datetime import date

import numpy as np
import pytest

from ipse.core.cards.card import CardType, Side
from ipse.core.cards.classify import Expected
from ipse.core.cards.dates import find_dates
from ipse.core.cards.layout import Layout
from ipse.core.cards.names import english, english_first, thai
from ipse.core.cards.side import read_side
from ipse.core.cards.thai_addresses import PROVINCES, nearest_province
from ipse.core.cards.thai_addresses import thai as address
from tests.unit.cards.layouts.conftest import line_of

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("15 มิ . ย . 2564", "2021-06-15"),
        ("15 มย. 2564", "2021-06-15"),
        ("3 ส.ด. 2530", "1987-08-03"),
        ("25 กนยายน 2573", "2030-09-25"),
        ("14 August 2564", "2021-08-14"),
        ("- ม.ค. 2510", "1967-01"),
        ("- - 2510", "1967"),
    ],
)
def test_days_are_read_through_lost_marks_and_blanks(printed: str, day: str) -> None:
    """Buddhist years, abbreviations with letters lost, and days that nobody knows."""
    assert [day] == [one.value for one in find_dates(printed, "DMY", "buddhist")]


@pytest.mark.parametrize(
    ("printed", "title", "whole"),
    [
        ("นาย สมชาย ใจดี", "นาย", "สมชาย ใจดี"),
        ("นายสมชาย ใจดี", "นาย", "สมชาย ใจดี"),
        ("น . ส . มาลี ณ อยุธยา", "น.ส.", "มาลี ณ อยุธยา"),
        ("๒.ฝี.จิราพร ศรีสุข", "น.ส.", "จิราพร ศรีสุข"),
        ("นายกิ ตติ พูลทรัพย์", "นาย", "กิตติ พูลทรัพย์"),
        ("สมชาย ใจดี", None, "สมชาย ใจดี"),
    ],
)
def test_a_thai_name_falls_into_its_parts(printed: str, title: str | None, whole: str) -> None:
    """With its title, or where the title's blank or letters were not read."""
    first, _, last = whole.partition(" ")
    expected = {"title": title, "first_name": first, "last_name": last, "full_name": whole}
    assert {name: value for name, value in expected.items() if value} == thai(printed)


def test_an_english_name_gives_title_and_sex() -> None:
    """A title is no part of the name."""
    assert {"title": "Mr.", "first_name": "Somchai", "sex": "M"} == english_first("Mr.Somchai")
    assert {"title": "Miss", "full_name": "Mali Jaidee", "first_name": "Mali", "last_name": "Jaidee", "sex": "F"} == (
        english("MISS Mali Jaidee")
    )


def test_a_thai_address_falls_into_its_parts() -> None:
    """Blanks and dots where the reader puts them, marks lost, the province from the list."""
    assert {
        "address": "94/65 หมู่ที่ 5 ต.ในเมือง อ.เมืองขอนแก่น จ.ขอนแก่น",
        "address_house": "94/65",
        "address_village": "5",
        "address_subdistrict": "ในเมือง",
        "address_district": "เมืองขอนแก่น",
        "address_province": "ขอนแก่น",
    } == address("94/65ห มู่ที่ 5ต . ในเมือง\nอ . เมองขอนแกนจ . ขอนแกน")


def test_an_address_of_the_capital_has_its_own_words() -> None:
    """And lanes and roads."""
    assert {
        "address": "1 ซ.สุขใจ ถ.สุขุมวิท แขวงคลองตันเหนือ เขตวัฒนา กรุงเทพมหานคร 10110",
        "address_house": "1",
        "address_lane": "สุขใจ",
        "address_road": "สุขุมวิท",
        "address_subdistrict": "คลองตันเหนือ",
        "address_district": "วัฒนา",
        "address_province": "กรุงเทพมหานคร",
        "postal_code": "10110",
    } == address("1 ซ.สุขใจ ถ.สุขุมวิท แขวงคลองตันเหนือ เขตวัฒนา กรุงเทพมหานคร 10110")


def test_provinces_are_77_and_found_through_errors() -> None:
    """Marks and letters may be lost; what is none is none."""
    assert 77 == len(set(PROVINCES))
    assert ("เชียงใหม่", None) == (nearest_province("เชยงไหม"), nearest_province("ไม่มีจริงเลยสักแห่ง"))


def test_a_label_in_two_languages_starts_where_the_first_does(layouts: tuple[Layout, ...]) -> None:
    """The value stands under the language that nobody knows."""

    def at(text: str, top: float) -> np.ndarray:
        right = 100 + 16 * len(text)
        return np.asarray([(100, top), (right, top), (right, top + 20), (100, top + 20)], np.float32)

    texts = ("PASSPORT", "Passport No.", "X1234567", "Sukunimi ja etunimi / Surname", "VIRTANEN")
    lines = tuple(line_of(text, at(text, 40 * place)) for place, text in enumerate(texts, 1))
    read = read_side(lines, (1420, 1000), layouts, TODAY, expected=Expected("FIN", CardType.PASSPORT, Side.FRONT))
    assert ("X1234567", "VIRTANEN") == (read.fields["document_number"].value, read.fields["last_name"].value)
