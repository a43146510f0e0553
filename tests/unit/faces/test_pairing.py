"""Who is the holder, by hand-made cards and faces."""

import numpy as np
import pytest

from ipse.core.documents.locate import CardFinding
from ipse.core.documents.reduced import Reduced, reduce
from ipse.core.faces.pairing import pair
from ipse.core.reasons import Reason
from ipse.core.vocabulary import Box, Face

LIKELY, UNLIKELY = 3.0, -5.0


@pytest.fixture(scope="module")
def plain() -> Reduced:
    """A picture in which nothing can be found."""
    return reduce(np.full((960, 1280, 3), 128, np.uint8))


def face(x: float, y: float, width: float, score: float = 0.9) -> Face:
    """A face with its middle here."""
    height = 1.3 * width
    box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    return Face(box, np.zeros((5, 2), np.float32), score)


def card(x1: float, y1: float, x2: float, y2: float, odds: float) -> CardFinding:
    """An upright card."""
    corners = np.array([[x1, y1], [x2, y1], [x2, y2], [x1, y2]], np.float32)
    return CardFinding(corners, odds, (x2 - x1) / (y2 - y1), is_cut_off=False)


def test_a_holder_and_a_card(plain: Reduced) -> None:
    """The face on the card is the portrait, the other the holder."""
    pairing = pair((face(600, 300, 250), face(350, 700, 60)), (None, card(300, 620, 620, 820, LIKELY)), plain)
    assert (0, 1, None) == (pairing.holder, pairing.printed, pairing.trouble)
    assert ("holder", "portrait") == pairing.roles


def test_a_card_closer_than_the_face(plain: Reduced) -> None:
    """A portrait larger than its holder's face is still the portrait."""
    pairing = pair((face(300, 500, 300), face(900, 300, 160)), (card(50, 100, 1200, 900, LIKELY), None), plain)
    assert pairing.printed == 0
    pairing = pair((face(300, 500, 300), face(1100, 100, 160)), (card(50, 220, 1200, 940, LIKELY), None), plain)
    assert (1, 0, None) == (pairing.holder, pairing.printed, pairing.trouble)


def test_a_card_alone_with_a_ghost(plain: Reduced) -> None:
    """Two faces on one card are a portrait and its ghost, and nobody holds it."""
    cards = (card(300, 300, 900, 680, 2.0), card(310, 300, 900, 680, LIKELY))
    pairing = pair((face(430, 480, 120), face(780, 560, 50)), cards, plain)
    assert ("portrait", "ghost") == pairing.roles
    assert Reason.HOLDER_MISSING is pairing.trouble
    assert 1 == pairing.counted


def test_a_ghost_whose_own_card_is_too_small(plain: Reduced) -> None:
    """The larger card that holds both faces wins, though the ghost is the likelier print."""
    cards = (card(300, 300, 900, 680, 2.0), card(640, 440, 900, 680, LIKELY))
    pairing = pair((face(430, 480, 120), face(780, 560, 50)), cards, plain)
    assert ("portrait", "ghost") == pairing.roles


def test_a_holder_whose_face_borrows_the_cards_sides(plain: Reduced) -> None:
    """The portrait is likelier by far, so that the larger face behind its card is the holder's."""
    cards = (card(200, 100, 900, 700, 1.0), card(300, 450, 800, 760, LIKELY))
    pairing = pair((face(550, 280, 200), face(400, 600, 100)), cards, plain)
    assert (0, 1, None) == (pairing.holder, pairing.printed, pairing.trouble)


def test_a_ghost_whose_card_leaves_the_portrait_out(plain: Reduced) -> None:
    """Both are about as likely printed, so the larger is the portrait and holds no card."""
    cards = (card(100, 100, 900, 600, -0.4), card(600, 650, 1000, 900, 0.2))
    pairing = pair((face(300, 350, 220), face(900, 750, 60)), cards, plain)
    assert ("portrait", "poster") == pairing.roles
    assert Reason.HOLDER_MISSING is pairing.trouble


def test_a_ghost_almost_as_large_as_its_portrait(plain: Reduced) -> None:
    """The frame around both is no card by itself, but its face holds none either."""
    cards = (card(100, 100, 900, 600, 1.8), card(450, 100, 900, 400, 1.4))
    pairing = pair((face(250, 300, 120), face(650, 280, 90)), cards, plain)
    assert ("poster", "portrait") == pairing.roles
    assert Reason.HOLDER_MISSING is pairing.trouble


def test_two_faces_without_a_card(plain: Reduced) -> None:
    """Both count, the larger is the holder for want of better, and the reason says what is missing."""
    pairing = pair((face(300, 500, 250), face(900, 500, 240)), (card(0, 0, 700, 900, UNLIKELY), None), plain)
    assert Reason.FACES_NOT_ON_CARD is pairing.trouble
    assert (0, None, None) == (pairing.holder, pairing.printed, pairing.card)


def test_twins_on_one_rectangle_are_no_card(plain: Reduced) -> None:
    """Two portraits edge to edge have a common frame; a card has no second face of that size."""
    both = card(100, 200, 1180, 800, LIKELY)
    pairing = pair((face(350, 500, 250), face(900, 500, 240)), (both, both), plain)
    assert Reason.FACES_NOT_ON_CARD is pairing.trouble


def test_specks_do_not_count(plain: Reduced) -> None:
    """Too small, too faint, or far behind the holder."""
    faces = (face(600, 300, 250), face(350, 700, 60), face(50, 50, 12), face(1200, 300, 70), face(100, 500, 120, 0.4))
    cards = (None, card(300, 620, 620, 820, LIKELY), None, None, None)
    pairing = pair(faces, cards, plain)
    assert ("holder", "portrait", "speck", "speck", "speck") == pairing.roles
    assert pairing.trouble is None


def test_a_second_person_counts(plain: Reduced) -> None:
    """A face half as large as the holder's is somebody."""
    faces = (face(600, 300, 250), face(350, 700, 60), face(1100, 300, 130))
    pairing = pair(faces, (None, card(300, 620, 620, 820, LIKELY), None), plain)
    assert Reason.FACES_MANY is pairing.trouble
    assert 3 == pairing.counted


def test_no_face_and_one_face(plain: Reduced) -> None:
    """Each has its own reason."""
    assert Reason.FACE_MISSING is pair((), (), plain).trouble
    assert Reason.FACES_FEW is pair((face(600, 300, 250),), (None,), plain).trouble
    assert Reason.FACE_MISSING is pair((face(600, 300, 10),), (None,), plain).trouble
