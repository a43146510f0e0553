"""Numbers and zones are right where others have published what is right."""

import pytest
from specimens.fonts import ROLES, missing
from stdnum.cn import ric
from stdnum.id import nik
from stdnum.jp import in_
from stdnum.my import nric
from stdnum.th import pin

import specimens
from ipse.core.cards.philid import Signature, read_philid
from specimens import digits


def test_check_digits_are_those_of_published_examples() -> None:
    """Worked examples from the pages that explain each number."""
    assert digits.hong_kong("A", "123456") == "3"
    assert digits.hong_kong("AB", "987654") == "3"
    assert digits.singapore("S", "1234567") == "D"
    assert digits.singapore("F", "1234567") == "N"
    assert digits.singapore("G", "5872776") == "N"
    assert digits.taiwan("A", "12345678") == "9"
    assert digits.taiwan("A", "23456789") == "3"
    assert digits.japan_licence("3090123456") == "2"
    assert digits.icao("L898902C3") == "6"
    assert digits.icao("740812") == "2"


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("tha-id_card", pin),
        ("chn-id_card", ric),
        ("idn-id_card", nik),
        ("mys-id_card-mykad", nric),
        ("jpn-id_card", in_),
    ],
)
def test_numbers_are_valid_by_another_library(kind: str, rule: object) -> None:
    """python-stdnum accepts the numbers of specimens."""
    for seed in range(3):
        assert rule.is_valid(specimens.draw(kind, seed).person.values["id_number"])  # type: ignore[attr-defined] # a module


@pytest.mark.parametrize(
    ("fault", "signature"),
    [(None, Signature.RIGHT), ("qr_signature", Signature.WRONG), ("qr_altered", Signature.WRONG)],
)
def test_philid_is_signed_and_a_false_signature_is_false(fault: str | None, signature: Signature) -> None:
    """The QR verifies under our key; signed by somebody else or altered it does not."""
    kind = "phl-id_card-philid"
    card = specimens.draw(kind, 1) if fault is None else specimens.draw_faulty(kind, 1, fault)
    assert card.back is not None
    code = read_philid(card.back.codes[0].content, specimens.public_key())
    assert code is not None
    assert signature is code.signature


def test_no_letter_is_an_empty_box() -> None:
    """A letter that a font lacks is named, and printing it is refused."""
    regular, _ = ROLES["a"]["sans"][0]
    assert missing(regular, "Name ชื่อ") == "ชอื่"
