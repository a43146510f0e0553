"""Indonesian cards, by their layouts, on drawn lines."""

from datetime import date

import pytest

import specimens
from ipse.core.cards.card import Side
from ipse.core.cards.layout import Layout
from ipse.core.cards.side import read_side
from tests.unit.cards.layouts.conftest import as_read

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize("seed", range(3))
def test_an_identity_card_is_read(layouts: tuple[Layout, ...], seed: int) -> None:
    """Every printed field of a drawn card is read, and the card is known without being told."""
    drawn = specimens.draw("idn-id_card", seed, "a").front
    read = read_side(as_read(drawn), drawn.pixels.shape[1::-1], layouts, TODAY)
    assert read.kind is not None
    assert ("idn-id_card", Side.FRONT) == (read.kind.name, read.side)
    assert {name: one.value for name, one in drawn.fields.items()} == {
        name: read.fields[name].value for name in drawn.fields if name in read.fields
    }
