"""What grammar and check digits say about letters that look alike."""

from itertools import combinations
from typing import Final

from ipse.core.cards.numbers.spelling import LOOKALIKES
from ipse.core.cards.zone.alphabet import FILLER, as_digits, as_letters, check_digit
from ipse.core.cards.zone.formats import CheckDigit, Format, Span

Lines = tuple[str, ...]

_MOST_FLIPS: Final = 2
"""Source: ours. Two flips agree with two check digits by chance once in a hundred; more would mend what is forged."""


def by_grammar(lines: Lines, form: Format) -> Lines:
    """Give the lines, lookalikes turned where only digits or only letters may stand."""
    for span, grammar in form.elements.values():
        if grammar == "digits":
            lines = _put(lines, span, as_digits(span.of(lines)))
        elif grammar == "letters":
            lines = _put(lines, span, as_letters(span.of(lines)))
    for check in form.check_digits:
        lines = _put(lines, check.at, as_digits(check.at.of(lines)))
    return lines


def is_right(lines: Lines, check: CheckDigit, overflow: Span | None = None) -> bool:
    """Give whether a check digit is right; a long number's stands at the end of where it goes on."""
    if overflow is not None and check.name == "document_number":
        rest = overflow.of(lines)
        return bool(rest) and check_digit(check.covers[0].of(lines) + FILLER + rest[:-1]) == rest[-1]
    covered, stands = "".join(span.of(lines) for span in check.covers), check.at.of(lines)
    if stands == FILLER:
        return check.may_be_filler and not covered.strip(FILLER)
    return stands == check_digit(covered)


def overflow(lines: Lines, form: Format) -> Span | None:
    """Give where a number of more than nine letters goes on: cards put a filler for its check digit then."""
    number = form.elements["document_number"][0]
    if form.name != "TD1" or FILLER in number.of(lines) or lines[0][number.end] != FILLER:
        return None
    rest = lines[0][number.end + 1 :].split(FILLER)[0]
    return Span(0, number.end + 1, number.end + 1 + len(rest)) if rest else None


def verdicts(lines: Lines, form: Format) -> tuple[tuple[str, bool], ...]:
    """Give each check digit's name, and whether it is right."""
    goes_on = overflow(lines, form)
    return tuple((check.name, is_right(lines, check, goes_on)) for check in form.check_digits)


def by_check_digits(lines: Lines, form: Format, sure: frozenset[tuple[int, int]]) -> Lines:
    """
    Give the lines, lookalikes turned where letters and digits may both stand, if that is the one way to make all right.

    Wrong digits among digits stay: days and check digits are never touched. A format without a composite check digit
    has but one witness for each element: only one letter may be turned there, and none of which two readers were sure.

    Args:
        lines: After `by_grammar`.
        form: Their format.
        sure: Places (line, letter) on which two readers agree; elsewhere one of them may be turned at a time.
    """
    if all(right for _, right in verdicts(lines, form)):
        return lines
    mixed = [
        (span.row, at)
        for span, grammar in form.elements.values()
        if grammar == "mixed"
        for at in range(span.start, span.end)
        if lines[span.row][at] in LOOKALIKES
    ]
    has_composite = any(check.name == "composite" for check in form.check_digits)
    for count in range(1, _MOST_FLIPS + 1 if has_composite else 2):
        some = (places for places in combinations(mixed, count) if len(sure & set(places)) <= has_composite)
        turned = [_turned(lines, places) for places in some]
        right = [guess for guess in turned if all(good for _, good in verdicts(guess, form))]
        if right:
            return right[0] if len(right) == 1 else lines
    return lines


def _turned(lines: Lines, places: tuple[tuple[int, int], ...]) -> Lines:
    """Give the lines with the lookalikes at these places turned."""
    for row, at in places:
        lines = _put(lines, Span(row, at, at + 1), LOOKALIKES[lines[row][at]])
    return lines


def _put(lines: Lines, span: Span, letters: str) -> Lines:
    """Give the lines with other letters in one place."""
    line = lines[span.row]
    return (*lines[: span.row], line[: span.start] + letters + line[span.end :], *lines[span.row + 1 :])
