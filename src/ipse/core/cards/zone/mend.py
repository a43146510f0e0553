"""What grammar and check digits say about letters that look alike."""

from datetime import date

from ipse.core.cards.numbers.passports import PASSPORTS
from ipse.core.cards.numbers.spelling import LOOKALIKES
from ipse.core.cards.zone.alphabet import FILLER, as_digits, as_letters, check_digit
from ipse.core.cards.zone.formats import CheckDigit, Format, Span

Lines = tuple[str, ...]


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
    Give the lines with one lookalike turned, if that and nothing else makes all check digits right.

    Only where letters and digits may both stand: wrong days and check digits stay wrong. More than one letter is never
    turned, because one wrong number in ten could be mended by chance then, and so for each further letter; the
    composite check digit gives its letters the same weights, so it is no second witness.

    Args:
        lines: After `by_grammar`.
        form: Their format.
        sure: Places (line, letter) on which readers agree: one is turned only if the issuing state's numbers demand it.
    """
    if all(right for _, right in verdicts(lines, form)):
        return lines
    places = [
        (span.row, at)
        for span, grammar in form.elements.values()
        if grammar == "mixed"
        for at in range(span.start, span.end)
        if lines[span.row][at] in LOOKALIKES
    ]
    turned = [(place, _turned(lines, place)) for place in places]
    right = [
        guess
        for place, guess in turned
        if all(good for _, good in verdicts(guess, form)) and (place not in sure or _is_demanded(lines, guess, form))
    ]
    return right[0] if len(right) == 1 else lines


def _is_demanded(lines: Lines, guess: Lines, form: Format) -> bool:
    """Give whether a passport's number has the shape of its state's numbers only in the guess."""
    rule = PASSPORTS.get(form.elements["issuing_country"][0].of(lines))
    if form.name != "TD3" or rule is None:
        return False
    before, after = (form.elements["document_number"][0].of(some) for some in (lines, guess))
    return rule.parse(before, date.max) is None and rule.parse(after, date.max) is not None


def _turned(lines: Lines, place: tuple[int, int]) -> Lines:
    """Give the lines with the lookalike at a place turned."""
    row, at = place
    return _put(lines, Span(row, at, at + 1), LOOKALIKES[lines[row][at]])


def _put(lines: Lines, span: Span, letters: str) -> Lines:
    """Give the lines with other letters in one place."""
    line = lines[span.row]
    return (*lines[: span.row], line[: span.start] + letters + line[span.end :], *lines[span.row + 1 :])
