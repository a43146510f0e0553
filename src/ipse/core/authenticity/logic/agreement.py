"""What a card says twice: on both sides, in two scripts, in print and in its machine-readable zone or barcodes."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from ipse.core.authenticity.check import Check, CheckStatus, Concern
from ipse.core.authenticity.logic.facts import Facts, judged, not_assessed
from ipse.core.authenticity.logic.same import letters, same
from ipse.core.cards.card import Side
from ipse.core.cards.zone.alphabet import folded

TWICE: Final = ("id_number", "document_number", "full_name", "birth_date", "sex", "expiry_date")
"""Fields that some cards print on both sides."""

LOCAL: Final = ("birth_date", "issue_date", "expiry_date")
"""Dates that some cards print in two calendars."""

SEX_OF_TITLE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "MR": "M",
        "MASTER": "M",
        "MRS": "F",
        "MS": "F",
        "MISS": "F",
        "นาย": "M",
        "ดช": "M",
        "นาง": "F",
        "นส": "F",
        "ดญ": "F",
    }
)
"""What a title says of the sex, dots and case left out. Source: Thai cards print no sex; these are their titles."""

IN_ZONE: Final = ("document_number", "nationality", "birth_date", "sex", "expiry_date", "last_name")
"""Fields of a machine-readable zone that stand in print as well."""

SPELT_ANEW: Final = frozenset({"last_name"})
"""What a zone may spell otherwise, or cut short, so that it only warns. Source: ICAO 9303, part 3, section 6."""


def checks(facts: Facts) -> Iterator[Check]:
    """Give the checks of what is said twice."""
    yield from _sides(facts)
    yield from _calendars(facts)
    yield from _titles(facts)
    yield from _zone(facts)


def _sides(facts: Facts) -> Iterator[Check]:
    """Give whether both sides say the same."""
    if len(facts.sides) < len(Side):
        return
    for name in TWICE:
        front, back = (facts.sides[side].fields.get(name) for side in Side)
        if front and back and front.value and back.value:
            yield judged(f"{name}_on_both_sides", (front, back), is_right=same(front.value, back.value))


def _calendars(facts: Facts) -> Iterator[Check]:
    """Give whether a date is the same in both calendars, as far as both say."""
    for name in LOCAL:
        pair = facts.fields.get(name), facts.fields.get(f"{name}_local")
        if pair[0] and pair[1] and pair[0].value and pair[1].value:
            shorter = min(len(pair[0].value), len(pair[1].value))
            is_same = pair[0].value[:shorter] == pair[1].value[:shorter]
            yield judged(f"{name}_in_both_calendars", (pair[0], pair[1]), is_right=is_same)


def _titles(facts: Facts) -> Iterator[Check]:
    """Give whether both titles are of one sex, and of the sex that is printed."""
    told = [
        (field, SEX_OF_TITLE[word])
        for name in ("title", "title_local")
        if (field := facts.fields.get(name)) and (word := letters(field.value or "")) in SEX_OF_TITLE
    ]
    sex = facts.fields.get("sex")
    if sex is not None and sex.value and sex.printed not in {field.printed for field, _ in told}:
        told.append((sex, sex.value))
    if len(told) > 1:
        is_same = len({value for _, value in told}) == 1
        yield judged("titles_and_sex", tuple(field for field, _ in told), is_right=is_same)


def _zone(facts: Facts) -> Iterator[Check]:
    """Give whether the zone keeps its check digits, and says what is printed."""
    if facts.zone is None:
        return
    # Lines that had to be mended may have been read wrong, and not be wrong; fillers are often lost, and mean nothing.
    read, kept = ([letters(folded(line)) for line in lines] for lines in (facts.zone.as_read, facts.zone.lines))
    is_sure = read == kept
    wrong = CheckStatus.FAILED if is_sure else CheckStatus.SUSPECTED
    for name, is_right in facts.zone.check_digits:
        status = CheckStatus.PASSED if is_right else wrong
        yield Check(f"mrz_{name}_check_digit", status, Concern.CONTRADICTORY, fields=("mrz",))
    if facts.zone.format.startswith("MRV"):
        return  # A visa's number may be its own or the passport's, and no layout knows its print.
    for name in IN_ZONE:
        field, said = facts.printed(name), facts.zone.fields.get(name)
        if field is None or not field.value or said is None or not said.value:
            yield not_assessed(f"{name}_in_print_and_mrz", "not read twice", name)
        else:
            agrees, is_exact = same(field.value, said.value), is_sure and name not in SPELT_ANEW
            yield judged(f"{name}_in_print_and_mrz", (field,), is_right=agrees, surely_read=is_exact)
