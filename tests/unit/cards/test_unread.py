"""What is told of a card whose script nobody reads here."""

from datetime import date

import numpy as np
import pytest

from ipse.core.authenticity.check import CheckStatus, Concern
from ipse.core.authenticity.policy import CardStatus
from ipse.core.cards.card import CardKind, CardType, Field, Said, Side, SideReading
from ipse.core.cards.judge import judged
from ipse.core.cards.reading import CardReading
from ipse.core.cards.sight import SideSight
from ipse.core.documents.rectify import rectify
from ipse.core.vocabulary import Image
from ipse.engine import card_layouts

TODAY = date(2026, 11, 21)
THAI = CardKind("THA", CardType.ID_CARD)
HONG_KONG = CardKind("HKG", CardType.ID_CARD)
PIXELS = np.full((400, 700, 3), 200, np.uint8)
CARD = np.array([(50, 50), (550, 50), (550, 365), (50, 365)], np.float32)
LATIN = {
    "id_number": "1101700230708",
    "first_name": "Somchai",
    "last_name": "Jaidee",
    "birth_date": "1990-07-26",
    "issue_date": "2021-07-01",
    "expiry_date": "2030-07-25",
}
RUBBISH = {"full_name_local": "uas AUNA", "religion": "wns", "address": "99 HJ 4 10110"}
PARTS = {"first_name_local": "full_name_local", "postal_code": "address"}


def read(kind: CardKind, side: Side, *absent: str, **values: str) -> CardReading:
    """A side on which this is read, each field but parts in its own place, where some scripts are absent."""
    corners = {
        name: np.array([(0, 20 * row), (90, 20 * row), (90, 20 * row + 9), (0, 20 * row + 9)], np.float32)
        for row, name in enumerate(values)
    }
    fields = {
        name: Field(name, text, text, 0.95, side, corners[PARTS.get(name, name)]) for name, text in values.items()
    }
    reading = SideReading(side, kind, 0.9, fields, not_assessed=absent)
    image = Image(PIXELS, 700, 400, 1, "jpeg", "0" * 64)
    sight = SideSight(b"", image, 1, view=rectify(PIXELS, CARD), reading=reading)
    return judged({side: sight}, Said(), card_layouts(), TODAY)


def test_a_thai_card_where_nobody_reads_thai_warns() -> None:
    """What is printed in Thai is not told, nor missed; what is printed in English and the number are told as ever."""
    card = read(THAI, Side.FRONT, "thai", **LATIN, **RUBBISH, first_name_local="uas", postal_code="10110")
    assert set(LATIN) == set(card.fields)
    assert (CardStatus.WARNING, ("thai",)) == (card.status, card.not_assessed)
    assert Concern.UNSUPPORTED in card.concerns
    check = next(one for one in card.checks if one.name == "thai_read")
    assert {"full_name_local", "religion", "address"} <= set(check.fields)


def test_the_same_card_where_thai_is_read_passes() -> None:
    """Then the fields are told, and no check speaks of the script."""
    said = {"full_name_local": "นาย สมชาย ใจดี", "address": "99 หมู่ที่ 4", "title_local": "นาย"}
    card = read(THAI, Side.FRONT, **LATIN, **said)
    assert {*LATIN, *said} == set(card.fields)
    assert "thai_read" not in {one.name for one in card.checks}
    assert Concern.UNSUPPORTED not in card.concerns


@pytest.mark.parametrize(("kind", "side"), [(HONG_KONG, Side.FRONT), (THAI, Side.BACK)])
def test_a_side_without_thai_fields_needs_no_thai(kind: CardKind, side: Side) -> None:
    """It is not told as missing what is not there."""
    card = read(kind, side, "thai", full_name_local="陳大文", laser_number="JT9-1234567-89")
    assert () == card.not_assessed
    assert Concern.UNSUPPORTED not in card.concerns
    assert {"full_name_local", "laser_number"} == set(card.fields)


def test_a_zone_that_nobody_reads_warns() -> None:
    """A zone that was read without its own data is not trusted."""
    card = read(HONG_KONG, Side.FRONT, "mrz", full_name="CHAN")
    told = [one for one in card.checks if one.name == "mrz_read"]
    assert [CheckStatus.SUSPECTED] == [one.status for one in told]
    assert ("mrz",) == card.not_assessed
