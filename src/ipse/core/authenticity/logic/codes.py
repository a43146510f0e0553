"""Barcodes: against what is printed, and, where a code is signed, against its signature."""

from collections.abc import Iterator
from typing import Final

from ipse.core.authenticity.check import Check, CheckStatus, Concern
from ipse.core.authenticity.logic.facts import Facts, judged, not_assessed
from ipse.core.authenticity.logic.same import same
from ipse.core.cards.barcodes import numbers_in
from ipse.core.cards.card import Barcode, CardKind, CardType, Side
from ipse.core.cards.numbers.rules import RULES
from ipse.core.cards.philid import Signature, read_philid

SIGNED: Final = "code_signature"
"""What the check of a signature is called."""

STATUSES: Final = {Signature.RIGHT: CheckStatus.PASSED, Signature.WRONG: CheckStatus.FAILED}

PHILID: Final = CardKind("PHL", CardType.ID_CARD, "philid")
"""The card whose back has a signed code; without it nothing of the card is proved."""

COMPARED: Final = ("id_number", "birth_date", "sex", "last_name", "first_name", "middle_name")
"""What a signed code says that the card prints as well."""


def checks(facts: Facts) -> Iterator[Check]:
    """Give the checks of every barcode of the card; of a signed one that was not read, that there is none."""
    found = [
        list(_signed(barcode, facts)) or list(_numbers(barcode, facts))
        for reading in facts.sides.values()
        for barcode in reading.barcodes
    ]
    told = [check for some in found for check in some]
    yield from told
    back = facts.sides.get(Side.BACK)
    if back is not None and back.kind == PHILID and all(check.name != SIGNED for check in told):
        yield Check(SIGNED, CheckStatus.SUSPECTED, Concern.UNREADABLE, detail={"why": "no signed code was read"})


def _signed(barcode: Barcode, facts: Facts) -> Iterator[Check]:
    """Give whether a signed code is the authority's, and says what is printed; nothing of other codes."""
    code = read_philid(barcode.content, facts.philid_key)
    if code is None:
        return
    if code.signature is Signature.NOT_CHECKED:
        why = "no public key is set" if facts.philid_key is None else "the electronic card's code is not read"
        yield not_assessed(SIGNED, why, concern=Concern.SIGNATURE_FALSE)
    else:
        yield Check(SIGNED, STATUSES[code.signature], Concern.SIGNATURE_FALSE)
    for name in COMPARED:
        field, said = facts.fields.get(name), code.fields.get(name)
        if field is not None and field.value and said:
            yield judged(f"{name}_in_print_and_code", (field,), is_right=same(field.value, said))


def _numbers(barcode: Barcode, facts: Facts) -> Iterator[Check]:
    """Give whether a code that holds one of the card's numbers holds the one that is printed."""
    for name, rule in facts.rules().items():
        field = facts.fields.get(name)
        if rule.rule not in RULES or field is None or not field.value:
            continue
        held = numbers_in(barcode, RULES[rule.rule], facts.today)
        if held:
            is_there = any(same(number.value, field.value) for number in held)
            yield judged(f"{name}_in_print_and_code", (field,), is_right=is_there)
