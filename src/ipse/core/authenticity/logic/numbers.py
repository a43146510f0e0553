"""Numbers against their own rules, and against birth and sex as they are printed."""

from collections.abc import Iterator
from typing import Final

from ipse.core.authenticity.check import Check, CheckStatus, Concern
from ipse.core.authenticity.logic.facts import Facts, judged, not_assessed
from ipse.core.cards.card import Field
from ipse.core.cards.numbers.number import Number
from ipse.core.cards.numbers.rules import RULES

IMPLIED: Final = ("birth_date", "sex")
"""What a number may say besides itself."""


def checks(facts: Facts) -> Iterator[Check]:
    """Give the checks of every number that has a rule; one that was not read is not assessed."""
    for name, rule in facts.rules().items():
        if rule.rule not in RULES:
            continue
        field = facts.fields.get(name)
        if field is None:
            yield not_assessed(f"{name}_rule", "not read", name)
            continue
        number = RULES[rule.rule].repair(field.printed, facts.today)
        if number is None:
            # A letter among digits is the reader's error as likely as the card's.
            why = {"why": "not surely read"}
            yield Check(f"{name}_shape", CheckStatus.SUSPECTED, Concern.CONTRADICTORY, fields=(name,), detail=why)
            continue
        yield from _of_itself(number, field)
        yield from _of_others(number, field, facts)


def _of_itself(number: Number, field: Field) -> Iterator[Check]:
    """Give whether a number keeps its rule."""
    if number.is_valid is not None:
        yield judged(f"{field.name}_check_digit", (field,), is_right=number.is_valid)
    yield judged(f"{field.name}_parts", (field,), is_right=not set(number.faults) - {"check_digit"})


def _of_others(number: Number, field: Field, facts: Facts) -> Iterator[Check]:
    """Give whether a number agrees with what else the card prints."""
    birth, sex = (facts.fields.get(name) for name in IMPLIED)
    born = facts.date("birth_date")
    if birth and born and not _is_implied(birth, field):
        agrees = number.agrees_on_birth(born)
        if agrees is not None:
            yield judged(f"{field.name}_birth_date", (field, birth), is_right=agrees)
    if sex and sex.value and number.sex and not _is_implied(sex, field):
        yield judged(f"{field.name}_sex", (field, sex), is_right=sex.value == number.sex)


def _is_implied(field: Field, number: Field) -> bool:
    """Tell whether a field was taken from the number itself: it then stands where the number does."""
    return field.printed == number.printed
