"""Cards in Han characters: their dates, names, addresses, labels in other forms, and what a card breaks."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

import specimens
from ipse.core.cards.addresses import japanese, mainland, taiwanese
from ipse.core.cards.blanks import with_blanks
from ipse.core.cards.card import Field
from ipse.core.cards.dates import find_dates
from ipse.core.cards.layout import Layout
from ipse.core.cards.matching import plain
from ipse.core.cards.names import hong_kong
from ipse.core.cards.names import japanese as japanese_name
from ipse.core.cards.side import read_side
from ipse.core.text.lines import TextLine
from tests.unit.cards.layouts.conftest import as_read

TODAY = date(2026, 11, 21)


def fields_of(
    layouts: tuple[Layout, ...], kind: str, side: str = "front", seed: int = 1, misread: dict[str, str] | None = None
) -> dict[str, Field]:
    """Give the fields of a drawn side, some of its lines read as something else."""
    drawn = getattr(specimens.draw(kind, seed, "a"), side)
    lines = []
    for line in as_read(drawn):
        text = line.text
        for right, wrong in (misread or {}).items():
            text = text.replace(right, wrong)
        lines.append(replace(line, text=text, at=tuple((at + 0.5) / len(text) for at in range(len(text)))))
    return dict(read_side(tuple(lines), drawn.pixels.shape[1::-1], layouts, TODAY).fields)


@pytest.mark.parametrize(
    ("text", "calendar", "value"),
    [
        ("令和元年5月1日", "japanese", "2019-05-01"),
        ("今和01年05月07日", "japanese", "2019-05-07"),
        ("昭和64年1月7日生", "japanese", "1989-01-07"),
        ("2031年(令和13年)06月21日まで有効", "japanese", "2031-06-21"),
        ("2031年令和13年)06月21日まで有効", "japanese", "2031-06-21"),
        ("民國104年12月11日(新北市)補發", "roc", "2015-12-11"),
        ("中華民國 74 年 1 月 1 日", "roc", "1985-01-01"),
        ("1960 年 10 月 11 日", "gregorian", "1960-10-11"),
    ],
)
def test_a_date_in_an_era_is_a_day(text: str, calendar: str, value: str) -> None:
    """Eras count from their first year, which may be called 元; a misread era is still one."""
    assert [value] == [one.value for one in find_dates(text, "YMD", calendar)]


def test_a_japanese_year_without_its_era_is_none() -> None:
    """Which 13th year it is cannot be told."""
    assert [] == find_dates("13年06月21日", "YMD", "japanese")


@pytest.mark.parametrize(
    ("one", "other"), [("性別", "性别"), ("簽發日期", "签发日期"), ("運転免許証", "運転免许证"), ("カード", "力ード")]
)
def test_forms_of_a_character_are_one(one: str, other: str) -> None:
    """Traditional, simplified and Japanese forms, and kana that look like Han, count as the same in labels."""
    assert plain(one) == plain(other)


@pytest.mark.parametrize(
    ("split", "address", "parts"),
    [
        (japanese, "大阪府大阪市中央区大手前2丁目", {"province": "大阪府", "city": "大阪市中央区"}),
        (japanese, "東京都千代田区霞が関2丁目1番2号", {"province": "東京都", "city": "千代田区"}),
        (japanese, "三重県四日市市諏訪町1番5号", {"province": "三重県", "city": "四日市市"}),
        (japanese, "神奈川県足柄下郡箱根町湯本256", {"province": "神奈川県", "city": "足柄下郡箱根町"}),
        (
            mainland,
            "四川省成都市武侯区人民\n南路四段9号",
            {"province": "四川省", "city": "成都市", "district": "武侯区"},
        ),
        (mainland, "上海市徐汇区漕溪北路45号", {"province": "上海市", "city": "上海市", "district": "徐汇区"}),
        (
            taiwanese,
            "臺中市西屯區何安里021鄰臺灣大道三段9\n9號",
            {
                "province": "臺中市",
                "city": "臺中市",
                "district": "西屯區",
                "village": "何安里021鄰",
                "road": "臺灣大道三段99號",
            },
        ),
    ],
)
def test_an_address_falls_into_its_parts(split: object, address: str, parts: dict[str, str]) -> None:
    """Province, city and what is below, however it was broken into lines."""
    assert callable(split)
    assert {f"address_{name}": text for name, text in parts.items()} == split(address)


def test_names_are_spelt_as_the_card_does() -> None:
    """Hong Kong's names get back the blanks that were lost; Japanese names fall apart at theirs."""
    assert {"last_name": "CHAN", "first_name": "Tai Man", "full_name": "CHAN, Tai Man"} == hong_kong("CHAN,TaiMan")
    assert {"last_name": "田中", "first_name": "陽子"} == japanese_name("田中　陽子")
    assert {} == japanese_name("田中陽子")


@pytest.mark.parametrize(
    ("at", "text"),
    [((0.13, 0.34, 0.81), "鈴木 誠"), ((0.2, 0.5, 0.8), "鈴木誠")],
)
def test_a_lost_blank_is_seen(at: tuple[float, ...], text: str) -> None:
    """Where two characters stand as far apart as if a third were between them, there is a blank."""
    corners = np.asarray([(0, 0), (167, 0), (167, 50), (0, 50)], np.float32)
    assert text == with_blanks(TextLine(corners, "鈴木誠", 0.99, at)).text


def test_a_wrong_number_of_hong_kong_is_kept(layouts: tuple[Layout, ...]) -> None:
    """The government's specimen breaks its check digit: it is given as it is printed, and believed less."""
    right = fields_of(layouts, "hkg-id_card")["id_number"]
    wrong = fields_of(layouts, "hkg-id_card", misread={"Z592613(1)": "Z683365(5)"})["id_number"]
    letter = fields_of(layouts, "hkg-id_card", misread={"Z592613(1)": "C668668(E)"})["id_number"]
    assert ("Z592613(1)", "Z683365(5)", "C668668(E)") == (right.value, wrong.value, letter.value)
    assert wrong.confidence < right.confidence
    assert letter.confidence < right.confidence


def test_the_card_of_2003_has_one_label_for_two_dates(layouts: tuple[Layout, ...]) -> None:
    """Its first registration stands without a label between that of the date of issue and the date."""
    read = fields_of(layouts, "hkg-id_card", misread={"首次登記日期 First Registration": "?"})
    assert ("1971-12", "2025-07-02") == (read["first_issue_date"].value, read["issue_date"].value)


def test_labels_in_other_forms_are_found(layouts: tuple[Layout, ...]) -> None:
    """A reader of all Han writing mixes its forms up."""
    misread = {
        "中華民國國民身分證": "中華民国國民身分证",
        "性別": "性别",
        "發證日期": "发證日期",
        "統一編號": "統一編号",
    }
    drawn = specimens.draw("twn-id_card", 1, "a").front
    read = fields_of(layouts, "twn-id_card", misread=misread)
    assert {name: one.value for name, one in drawn.fields.items()} == {
        name: read[name].value for name in drawn.fields if name in read
    }


def test_a_lifelong_card_has_no_last_day(layouts: tuple[Layout, ...]) -> None:
    """长期 stands where the last day would."""
    read = fields_of(layouts, "chn-id_card", "back", misread={"-2031.08.09": "-长期"})
    assert "expiry_date" not in read
    assert ("true", "2021-08-09") == (read["is_lifelong"].value, read["issue_date"].value)
