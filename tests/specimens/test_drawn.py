"""Cards are printed whole, readable, the same each time, and say what they promise."""

from itertools import combinations

import numpy as np
import pytest
import zxingcpp
from specimens.words import Corners, Drawn, Specimen

import specimens
from ipse.core.cards.vocabulary import NAMES

BOTH = [(kind, rendering) for kind in specimens.KINDS for rendering in "ab"]


@pytest.fixture(scope="module", params=BOTH, ids="-".join)
def card(request: pytest.FixtureRequest) -> Specimen:
    """A card of each kind in each rendering."""
    kind, rendering = request.param
    return specimens.draw(kind, 7, rendering)


def sides(card: Specimen) -> list[Drawn]:
    """The sides that a card has."""
    return [side for side in (card.front, card.back) if side]


def things(side: Drawn) -> list[tuple[str, Corners]]:
    """Everything that stands on a side, by what it says."""
    portraits = [("portrait", side.portrait), ("ghost", side.ghost)]
    codes = [(code.symbology, code.corners) for code in side.codes]
    return [
        *((line.text, line.corners) for line in side.lines),
        *codes,
        *((name, corners) for name, corners in portraits if corners is not None),
    ]


def overlap(one: Corners, other: Corners) -> float:
    """The share of the lower one's height that two things share, 0 where they stand beside each other."""
    start, end = np.maximum(one.min(0), other.min(0)), np.minimum(one.max(0), other.max(0))
    if end[0] - start[0] <= 1:
        return 0.0
    return float(max(0.0, end[1] - start[1]) / min(np.ptp(one[:, 1]), np.ptp(other[:, 1])))


def test_nothing_is_printed_over_anything_else(card: Specimen) -> None:
    """No line, portrait or code reaches more than a fifth into another, and none leaves the card."""
    for side in sides(card):
        height, width = side.pixels.shape[:2]
        over = [(one, other) for (one, a), (other, b) in combinations(things(side), 2) if overlap(a, b) > 0.2]
        assert over == []
        for text, corners in things(side):
            assert 0 <= corners.min(), text
            assert (corners.max(0) <= (width, height)).all(), text


def test_fields_have_the_words_of_the_vocabulary(card: Specimen) -> None:
    """Every field is named as the product names it, and has a value."""
    for side in sides(card):
        assert set() == set(side.fields) - NAMES
        assert all(field.value and field.printed for field in side.fields.values())


def test_everything_that_the_person_is_stands_on_the_card(card: Specimen) -> None:
    """What a card knows of its holder is printed on one of its sides, with that value."""
    printed = {name: field.value for side in sides(card) for name, field in side.fields.items()}
    unprinted = {
        "birth_date",
        "sex",
        "residence_status",
        "issuing_authority",
        "classes",
        "address_province",
        "nationality",
    }
    expected = dict(card.person.values)
    assert {} == {
        name: value for name, value in expected.items() if name not in unprinted and printed.get(name) != value
    }


def test_codes_can_be_read(card: Specimen) -> None:
    """A barcode reader finds every code with the bytes that it was given."""
    for side in sides(card):
        found = {bytes(code.bytes) for code in zxingcpp.read_barcodes(side.pixels)}
        assert {code.content for code in side.codes} == found


def test_a_seed_gives_the_same_card_again() -> None:
    """Two drawings with the same arguments are the same; another seed gives another person."""
    one, again, other = (specimens.draw("tha-id_card", seed) for seed in (3, 3, 4))
    assert (one.front.pixels == again.front.pixels).all()
    assert one.person == again.person
    assert one.person != other.person


def test_the_renderings_differ_in_people_and_type() -> None:
    """No name of one rendering appears in the other, for cards of one kind."""
    names = [
        {specimens.draw("hkg-id_card", seed, rendering).person["last_name"] for seed in range(6)} for rendering in "ab"
    ]
    assert set() == names[0] & names[1]


def test_a_given_picture_is_the_portrait() -> None:
    """The portrait on the card is the picture given to it."""
    red = np.zeros((300, 240, 3), np.uint8)
    red[..., 0] = 250
    front = specimens.draw("idn-id_card", 1, portrait=red).front
    assert front.portrait is not None
    (left, top), (right, bottom) = front.portrait.min(0).astype(int), front.portrait.max(0).astype(int)
    middle = front.pixels[top + 20 : bottom - 20, left + 20 : right - 20]
    assert middle[..., 0].min() > 150
    assert middle[..., 1].max() < 90
