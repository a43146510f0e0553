"""Specimens and the product agree on numbers: two implementations, written apart."""

from datetime import date

import pytest
from specimens.dates import TODAY

import specimens
from ipse.core.cards.numbers.rules import RULES

RULE = {
    "tha-id_card": {"id_number": "tha-id_number", "laser_number": "tha-laser_number"},
    "tha-driving_license": {"id_number": "tha-id_number", "document_number": "tha-document_number"},
    "idn-id_card": {"id_number": "idn-id_number"},
    "idn-driving_license": {"document_number": "idn-document_number"},
    "hkg-id_card": {"id_number": "hkg-id_number"},
    "mys-id_card-mykad": {"id_number": "mys-id_number"},
    "mys-id_card-mykid": {"id_number": "mys-id_number"},
    "sgp-id_card-nric": {"id_number": "sgp-id_number"},
    "sgp-id_card-fin": {"id_number": "sgp-id_number"},
    "sgp-driving_license": {"document_number": "sgp-id_number"},
    "phl-id_card-philid": {"id_number": "phl-id_number"},
    "phl-id_card-umid": {"id_number": "phl-id_number-umid"},
    "phl-id_card-sss": {"id_number": "phl-id_number-sss"},
    "phl-id_card-tin": {"id_number": "phl-id_number-tin"},
    "phl-driving_license": {"document_number": "phl-document_number"},
    "jpn-id_card": {"id_number": "jpn-id_number"},
    "jpn-driving_license": {"document_number": "jpn-document_number"},
    "twn-id_card": {"id_number": "twn-id_number"},
    "chn-id_card": {"id_number": "chn-id_number"},
}


@pytest.mark.parametrize("kind", RULE)
def test_numbers_are_right_by_the_product(kind: str) -> None:
    """Each number parses to the value that the specimen gives, without a fault, and fits birth and sex."""
    for seed in range(6):
        for rendering in "ab":
            values = specimens.person_of(kind, seed, rendering).values
            for name, rule in RULE[kind].items():
                number = RULES[rule].parse(values[name], TODAY)
                assert number is not None
                assert number.value == values[name]
                assert number.faults == ()
                assert number.is_valid is not False
                if "birth_date" in values:
                    assert number.agrees_on_birth(date.fromisoformat(values["birth_date"])) is not False
                if "sex" in values:
                    assert number.sex in (None, values["sex"])


@pytest.mark.parametrize("kind", [kind for kind in RULE if "wrong_check_digit" in specimens.faults_of(kind)])
def test_a_wrong_check_digit_is_wrong_by_the_product(kind: str) -> None:
    """With that fault, the product calls the number invalid."""
    name = "document_number" if kind == "jpn-driving_license" else "id_number"
    wrong = specimens.draw_faulty(kind, 1, "wrong_check_digit").person.values[name]
    number = RULES[RULE[kind][name]].parse(wrong, TODAY)
    assert number is not None
    assert number.is_valid is False
