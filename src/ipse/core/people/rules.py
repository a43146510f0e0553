"""What a person's number and name must be before they can be registered."""

from typing import Final, Literal, TypeAlias

from ipse.core.cards.numbers.spelling import one_spelling
from ipse.core.people.names import is_name
from ipse.core.people.numbers import MOST_LETTERS, NumberForm

MOST_NAME_LETTERS: Final = 200
"""Longest name. Source: ours; Megvii's callers can ask for 32 (error INVALID_NAME_FORMAT), our own for this many."""

Fault: TypeAlias = Literal["number_missing", "number_form", "name_missing", "name_long"]
"""Why somebody cannot be registered, in the order in which it is looked at."""


def fault(id_number: str, name: str, form: NumberForm) -> Fault | None:
    """Give why somebody of this number and name cannot be registered."""
    number = one_spelling(id_number)
    if not number:
        return "number_missing"
    if len(number) > MOST_LETTERS or not form.fits(number):
        return "number_form"
    if not is_name(name):
        return "name_missing"
    if len(name) > MOST_NAME_LETTERS:
        return "name_long"
    return None
