"""How `ipse document` shows a card."""

from datetime import date

import numpy as np
import pytest

from ipse.cli.document import _show
from ipse.core.cards.card import CardKind, CardType, Field, Side
from ipse.core.cards.reading import CardReading

CORNERS = np.array([(0, 0), (100, 0), (100, 20), (0, 20)], np.float32)


@pytest.mark.parametrize("print_", ["[/bold]", "[red]ALI[/]", "[link=http://example.org]ALI[/link]"])
def test_what_stands_on_a_card_is_no_markup(print_: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Brackets on a card neither end the command nor colour its answer."""
    fields = {
        "full_name": Field("full_name", print_, print_, 0.99, Side.FRONT, CORNERS),
        "birth_date": Field("birth_date", None, print_, 0.5, Side.FRONT, CORNERS),
    }
    _show(CardReading(CardKind("IDN", CardType.ID_CARD), fields, (), (), date(2026, 11, 21)))
    assert 2 == capsys.readouterr().out.count(print_)
