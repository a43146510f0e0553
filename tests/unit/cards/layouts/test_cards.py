"""Every card that can be drawn is known and read by its layout, as far as a perfect reader gives its lines."""

from datetime import date

import pytest

import specimens
from ipse.core.cards.card import CardType, Side
from ipse.core.cards.classify import Expected
from ipse.core.cards.layout import Layout
from ipse.core.cards.side import read_side
from tests.unit.cards.layouts.conftest import as_read

TODAY = date(2026, 11, 21)
KINDS = sorted(kind for kind in specimens.KINDS if kind[:3] in {"idn", "mys", "sgp", "phl", "hkg", "twn", "chn", "jpn"})
ALIKE = {"mypr", "mykas", "mytentera", "mykid"}  # their backs are the MyKad's


def kind_of(name: str, side: Side) -> str:
    """The name of the layout that a drawn card should get."""
    return "mys-id_card-mykad" if side is Side.BACK and name.rpartition("-")[2] in ALIKE else name


@pytest.mark.parametrize("name", KINDS)
def test_a_card_is_known_and_read(layouts: tuple[Layout, ...], name: str) -> None:
    """Nothing is told of the card; each side is known, and each of its printed fields is read."""
    card = specimens.draw(name, 11, "a")
    for side, drawn in ((Side.FRONT, card.front), (Side.BACK, card.back)):
        if drawn is None:
            continue
        read = read_side(as_read(drawn), drawn.pixels.shape[1::-1], layouts, TODAY)
        assert read.kind is not None
        assert (kind_of(name, side), side) == (read.kind.name, read.side)
        assert {field: one.value for field, one in drawn.fields.items()} == {
            field: read.fields[field].value for field in drawn.fields if field in read.fields
        }


def test_a_back_that_is_sent_as_a_front_is_known(layouts: tuple[Layout, ...]) -> None:
    """The back of a PhilID is a back, whatever the caller calls it."""
    drawn = specimens.draw("phl-id_card-philid", 1, "a").back
    assert drawn is not None
    expected = Expected("PHL", CardType.ID_CARD, Side.FRONT)
    read = read_side(as_read(drawn), drawn.pixels.shape[1::-1], layouts, TODAY, expected=expected)
    assert Side.BACK is read.side


def test_a_card_of_another_country_is_known(layouts: tuple[Layout, ...]) -> None:
    """An Indonesian card sent as a Malaysian one is an Indonesian one."""
    drawn = specimens.draw("idn-id_card", 1, "a").front
    expected = Expected("MYS", CardType.ID_CARD, Side.FRONT)
    read = read_side(as_read(drawn), drawn.pixels.shape[1::-1], layouts, TODAY, expected=expected)
    assert read.kind is not None
    assert "IDN" == read.kind.nationality


def test_no_card_is_no_card(layouts: tuple[Layout, ...]) -> None:
    """A side without a line is of no card, even where the caller says which it is."""
    expected = Expected("IDN", CardType.ID_CARD, Side.FRONT)
    assert read_side((), (1011, 638), layouts, TODAY, expected=expected).kind is None
