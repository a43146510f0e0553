"""Numbers and zones are right where others have published what is right."""

import base64
import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from specimens.fonts import ROLES, missing
from stdnum.cn import ric
from stdnum.id import nik
from stdnum.jp import in_
from stdnum.my import nric
from stdnum.th import pin

import specimens
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


def test_philid_is_signed_and_a_false_signature_is_false() -> None:
    """The QR verifies under our key over the members before the signature; with the faults it does not."""
    key = Ed25519PublicKey.from_public_bytes(specimens.public_key())

    def verify(card: specimens.Specimen) -> None:
        assert card.back is not None
        content = json.loads(card.back.codes[0].content)
        signature = base64.b64decode(content.pop("signature"))
        key.verify(signature, json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode())

    verify(specimens.draw("phl-id_card-philid", 1))
    for fault in ("qr_signature", "qr_altered"):
        with pytest.raises(InvalidSignature):
            verify(specimens.draw_faulty("phl-id_card-philid", 1, fault))


def test_no_letter_is_an_empty_box() -> None:
    """A letter that a font lacks is named, and printing it is refused."""
    regular, _ = ROLES["a"]["sans"][0]
    assert missing(regular, "Name ชื่อ") == "ชอื่"
