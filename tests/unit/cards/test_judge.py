"""From what both sides show to what is told of a card."""

from datetime import date

import numpy as np
import pytest

from ipse.core.authenticity.check import Concern
from ipse.core.authenticity.policy import CardStatus
from ipse.core.cards.card import CardKind, CardType, Field, Said, Side, SideReading
from ipse.core.cards.judge import judged
from ipse.core.cards.sight import SideSight
from ipse.core.documents.rectify import rectify
from ipse.core.vocabulary import Image

TODAY = date(2026, 11, 21)
MYKAD = CardKind("MYS", CardType.ID_CARD, "mykad")
JAPAN = CardKind("JPN", CardType.ID_CARD)
PIXELS = np.full((400, 700, 3), 200, np.uint8)
CARD = np.array([(50, 50), (550, 50), (550, 365), (50, 365)], np.float32)
CORNERS = np.array([(0, 0), (100, 0), (100, 20), (0, 20)], np.float32)


def sight(
    kind: CardKind | None, side: Side, *fields: tuple[str, str], cards: int = 1, cut: bool = False, reduction: int = 1
) -> SideSight:
    """A side as it was seen, with fields in its upper left corner."""
    said = {name: Field(name, value, value, 0.99, side, CORNERS) for name, value in fields}
    image = Image(PIXELS, 700 * reduction, 400 * reduction, reduction, "jpeg", "0" * 64)
    reading = SideReading(side, kind, 0.9 if kind else 0.0, said)
    return SideSight(b"", image, cards, is_cut_off=cut, view=rectify(PIXELS, CARD), reading=reading)


def test_a_number_that_nobody_may_be_told_is_masked() -> None:
    """A My Number has twelve stars; what else stands on the card is told."""
    card = judged(
        {
            Side.FRONT: sight(JAPAN, Side.FRONT, ("full_name", "山田 太郎")),
            Side.BACK: sight(JAPAN, Side.BACK, ("id_number", "123456789018")),
        },
        Said(),
        (),
        TODAY,
    )
    assert ("*" * 12, "*" * 12) == (card.value("id_number"), card.printed("id_number"))
    assert "山田 太郎" == card.value("full_name")


def test_a_my_number_is_masked_on_whatever_card_it_is_sent_with_and_in_whatever_field() -> None:
    """The back of a My Number card behind another card's front, and a number that was taken for part of an address."""
    card = judged(
        {
            Side.FRONT: sight(MYKAD, Side.FRONT, ("full_name", "ALI")),
            Side.BACK: sight(JAPAN, Side.BACK, ("id_number", "123456789018")),
        },
        Said(),
        (),
        TODAY,
    )
    assert ("*" * 12, "*" * 12) == (card.value("id_number"), card.printed("id_number"))
    alone = judged({Side.BACK: sight(JAPAN, Side.BACK, ("address", "東京 1234 5678 9018"))}, Said(), (), TODAY)
    assert ("東京 " + "*" * 12,) * 2 == (alone.value("address"), alone.printed("address"))


def test_fields_stand_where_they_are_in_the_picture_as_sent() -> None:
    """The decoder had halved it, and the card lies 50 pixels from its upper left corner."""
    card = judged({Side.FRONT: sight(MYKAD, Side.FRONT, ("full_name", "ALI"), reduction=2)}, Said(), (), TODAY)
    box = card.fields["full_name"].box
    assert (100, 100) == pytest.approx((box.x1, box.y1), abs=1)
    assert 100 + 2 * 500 * 100 / 1011 == pytest.approx(box.x2, abs=2)


def test_the_front_speaks_first() -> None:
    """What both sides say stands once, as the front says it."""
    sides = {side: sight(MYKAD, side, ("id_number", f"90010114555{number}")) for number, side in enumerate(Side)}
    card = judged(sides, Said(), (), TODAY)
    assert ("900101145550", Side.FRONT) == (card.value("id_number"), card.fields["id_number"].side)
    assert CardStatus.REJECTED is card.status


@pytest.mark.parametrize(
    ("seen", "said", "concern", "status"),
    [
        (SideSight(b"", Image(PIXELS, 700, 400, 1, "jpeg", "")), Said(), Concern.NO_CARD, CardStatus.REJECTED),
        (sight(None, Side.FRONT), Said(), Concern.UNSUPPORTED, CardStatus.REJECTED),
        (sight(MYKAD, Side.FRONT), Said("THA"), Concern.WRONG_KIND, CardStatus.REJECTED),
        (sight(MYKAD, Side.BACK), Said("MYS"), Concern.WRONG_SIDE, CardStatus.REJECTED),
        (sight(MYKAD, Side.FRONT, cards=2), Said(), Concern.SEVERAL_CARDS, CardStatus.WARNING),
        (sight(MYKAD, Side.FRONT, cut=True), Said(), Concern.INCOMPLETE, CardStatus.WARNING),
    ],
)
def test_what_is_no_such_card_rejects_and_what_is_not_all_there_warns(
    seen: SideSight, said: Said, concern: Concern, status: CardStatus
) -> None:
    """Each by itself, sent as a front."""
    card = judged({Side.FRONT: seen}, said, (), TODAY)
    assert concern in card.concerns
    assert status is card.status


def test_sides_of_two_cards_reject() -> None:
    """The back is another country's."""
    card = judged({Side.FRONT: sight(MYKAD, Side.FRONT), Side.BACK: sight(JAPAN, Side.BACK)}, Said(), (), TODAY)
    assert Concern.WRONG_KIND in card.concerns


def test_a_passport_may_be_of_another_country_than_its_holder_is_said_to_be() -> None:
    """Whoever lives in Thailand may hold any passport."""
    passport = CardKind("FRA", CardType.PASSPORT)
    card = judged({Side.FRONT: sight(passport, Side.FRONT)}, Said("THA", CardType.PASSPORT), (), TODAY)
    assert Concern.WRONG_KIND not in card.concerns


def test_age_counts_whole_years() -> None:
    """The birthday itself counts."""
    for born, age in (("2000-11-21", 26), ("2000-11-22", 25), ("2000", None)):
        card = judged({Side.FRONT: sight(MYKAD, Side.FRONT, ("birth_date", born))}, Said(), (), TODAY)
        assert age == card.age_years
