"""Labels in misread lines, dates, numbers, names and addresses by themselves."""

from typing import Any

import pytest

from ipse.core.cards.addresses import indonesian, malaysian, philippine, singaporean
from ipse.core.cards.choices import SEX, nearest
from ipse.core.cards.dates import find_dates
from ipse.core.cards.layout import layouts_from
from ipse.core.cards.matching import find, fold, plain
from ipse.core.cards.names import chinese, filipino
from ipse.core.cards.shapes import find_shape
from ipse.core.cards.thai_addresses import thai


@pytest.mark.parametrize(
    ("label", "line", "rest"),
    [
        ("Tempat/Tgl Lahir", "TempatTgl Lahir:BANDUNG", ":BANDUNG"),
        ("Tempat/Tgl Lahir", "Ternpat/Tgi Lahir : BANDUNG", " : BANDUNG"),
        ("Jenis Kelamin", "Jenls Kelamln LAKI-LAKI", " LAKI-LAKI"),
        ("NIK", "NIK3174014912040027", "3174014912040027"),
        ("Name", "Name: ANIK", ": ANIK"),
    ],
)
def test_a_misread_label_is_found(label: str, line: str, rest: str) -> None:
    """Blanks, marks and a few wrong letters do not matter; the value begins where the label ends."""
    hits = list(find(plain(label), fold(line)))
    assert [rest] == [line[hit.end :] for hit in hits]


@pytest.mark.parametrize(
    ("label", "line"), [("NIK", "ANIKA"), ("Sex", "ESSEX"), ("Name", "Names of all"), ("Nama", "Nana")]
)
def test_a_short_label_is_a_whole_word(label: str, line: str) -> None:
    """Short labels are not found inside words, nor with a wrong letter."""
    assert [] == list(find(plain(label), fold(line)))


@pytest.mark.parametrize(
    ("text", "order", "calendar", "value"),
    [
        ("BANDUNG, 18-02-1986", "DMY", "gregorian", "1986-02-18"),
        ("18 02 1986", "DMY", "gregorian", "1986-02-18"),
        ("l8-O2-1986", "DMY", "gregorian", "1986-02-18"),
        ("1802-1986", "DMY", "gregorian", "1986-02-18"),
        ("MARCH 21, 2002", "MDY", "gregorian", "2002-03-21"),
        ("MARCH21,2002", "MDY", "gregorian", "2002-03-21"),
        ("07 SEP 2026", "DMY", "gregorian", "2026-09-07"),
        ("1990/11/16", "YMD", "gregorian", "1990-11-16"),
        ("18 ก.พ. 2529", "DMY", "buddhist", "1986-02-18"),
        ("民國75年2月18日", "YMD", "roc", "1986-02-18"),
        ("昭和61年2月18日生", "YMD", "japanese", "1986-02-18"),
        ("令和元年5月1日", "YMD", "japanese", "2019-05-01"),
        ("(02-86)", "MY", "gregorian", "1986-02"),
    ],
)
def test_a_date_is_read(text: str, order: str, calendar: str, value: str) -> None:
    """Each calendar's dates are those of ours, misread digits mended."""
    assert [value] == [one.value for one in find_dates(text, order, calendar)]


@pytest.mark.parametrize("text", ["31-02-2020", "00/00/0000", "3174014912040027", "JL. MAWAR NO. 12"])
def test_what_is_no_day_is_no_date(text: str) -> None:
    """Days that no calendar has, and numbers that are none, are left alone."""
    assert [] == find_dates(text)


@pytest.mark.parametrize(
    ("text", "shape", "number"),
    [
        ("NIK 3174O149I2040027", "9999999999999999", "3174014912040027"),
        ("050204 07 9301", "999999-99-9999", "050204-07-9301"),
        ("T0I82344I", "A9999999A", "T0182344I"),
        ("A123456(7)", "A999999(9)", "A123456(7)"),
    ],
)
def test_a_number_is_read_in_its_shape(text: str, shape: str, number: str) -> None:
    """Look-alikes are mended by what must stand there, separators come from the shape."""
    assert [number] == [one.text for one in find_shape(text, shape)]


def test_a_longer_number_holds_no_shorter_one() -> None:
    """Twelve digits of a number of sixteen are no number of twelve."""
    assert [] == list(find_shape("3174014912040027", "999999999999"))


@pytest.mark.parametrize(
    "name", ["DELA CRUZ, ANA MARIE SAN JOSE", "DELA CRUZ, ANA MARIE, SAN JOSE", "ANA MARIE SAN JOSE DELA CRUZ"]
)
def test_a_philippine_name_has_three_parts(name: str) -> None:
    """However it is printed, particles stay with their names."""
    parts = {"last_name": "DELA CRUZ", "first_name": "ANA MARIE", "middle_name": "SAN JOSE"}
    assert parts == filipino(name)


@pytest.mark.parametrize(("name", "last"), [("王小明", "王"), ("歐陽小明", "歐陽"), ("歐陽", "歐")])
def test_a_chinese_name_has_two_parts(name: str, last: str) -> None:
    """A surname is one character but for the double ones."""
    assert last == chinese(name)["last_name"]


def test_addresses_have_parts() -> None:
    """Postal codes, towns and states where each country prints them."""
    assert {"postal_code": "80150", "address_city": "JOHOR BAHRU", "address_province": "JOHOR"} == malaysian(
        "17 JALAN SUTERA 2\nTAMAN SENTOSA\n80150 JOHOR BAHRU\nJOHOR"
    )
    assert {"postal_code": "560123"} == singaporean("APT BLK 123 ANG MO KIO AVE 6\n#08-1234\nSINGAPORE 560123")
    assert {"postal_code": "1210", "address_city": "CITY OF MAKATI", "address_province": "METRO MANILA"} == philippine(
        "45 RIZAL AVE, BRGY POBLACION\nCITY OF MAKATI, METRO MANILA 1210"
    )
    assert "003/010" == indonesian("JL. MAWAR NO. 1 003/010\nDAGO, KOTA BANDUNG")["address_village"]
    assert {"address": "99/1 ชิบะ", "address_house": "99/1"} == thai("99/1 ชิบะ")


@pytest.mark.parametrize(
    ("text", "sex"), [("FEMALE", "F"), ("LAKI-LAK1", "M"), ("PEREMPUAN", "F"), ("女", "F"), ("M", "M")]
)
def test_a_sex_is_the_nearest_word(text: str, sex: str) -> None:
    """The longest word that fits wins: FEMALE is no MALE."""
    found = nearest(text, SEX)
    assert found is not None
    assert sex == found[0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"colour": "blue"},
        {"fields": [{"name": "shoe_size"}]},
        {"fields": [{"name": "full_name", "label": ["Nama"]}]},
        {"fields": [{"name": "full_name", "labels": "Nama"}]},
        {"fields": [{"name": "id_number", "rule": "xxx"}]},
        {"fields": [{"name": "full_name", "pattern": "("}]},
        {"side": "edge"},
        {"extends": "idn-passport.front"},
    ],
)
def test_a_layout_that_says_nonsense_is_refused(wrong: dict[str, Any]) -> None:
    """A misspelt key or name is an error when it is loaded, not a field that is never found."""
    told = {"nationality": "IDN", "type": "id_card", "side": "front", **wrong}
    with pytest.raises(ValueError, match=r"."):
        layouts_from({"idn-id_card.front": told})
