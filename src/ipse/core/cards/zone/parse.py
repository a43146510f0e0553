"""What a zone says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise, product
from typing import Final

from ipse.core.cards.zone.alphabet import FILLER, folded
from ipse.core.cards.zone.days import birth_date, expiry_date
from ipse.core.cards.zone.fit import fits
from ipse.core.cards.zone.formats import FORMATS, Format, Span
from ipse.core.cards.zone.mend import Lines, by_check_digits, by_grammar, overflow, verdicts
from ipse.core.cards.zone.states import state

_MOST_GUESSES: Final = 2_000
"""Combinations of lines that are looked at. Source: ours; a tenth of a second of one core."""


@dataclass(frozen=True, slots=True)
class Element:
    """
    One thing that a zone says.

    Attributes:
        value: Normalised as `Field.value`; `None` where it means nothing.
        printed: The letters as they stand, after repair.
        span: Where they stand.
    """

    value: str | None = field(repr=False)
    printed: str = field(repr=False)
    span: Span


@dataclass(frozen=True, slots=True)
class Zone:
    """
    A zone.

    Attributes:
        format: `"TD1"`, `"TD2"`, `"TD3"`, `"MRVA"` or `"MRVB"`.
        fields: By the names of `core/cards/vocabulary.py`.
        check_digits: The name of each element that has one (and `"composite"`), and whether it is right.
        lines: Its lines after repair.
        as_read: The first reading of each line.
    """

    format: str
    fields: Mapping[str, Element]
    check_digits: tuple[tuple[str, bool], ...]
    lines: tuple[str, ...] = field(repr=False)
    as_read: tuple[str, ...] = field(repr=False)

    @property
    def is_right(self) -> bool:
        """Whether all check digits are right."""
        return all(right for _, right in self.check_digits)


def parse_zone(rows: Sequence[Sequence[str]], today: date) -> Zone | None:
    """
    Give what a zone says, or nothing where the lines are none.

    Args:
        rows: For each line its readings, the most trusted first.
        today: The day that tells in which century a day lies.
    """
    readings = tuple(tuple(map(folded, row)) for row in rows)
    guesses = [
        (_worth(lines, form, readings), -place, lines, form)
        for form in FORMATS
        if form.rows == len(readings)
        for place, lines in enumerate(_guesses(readings, form))
    ]
    if not guesses:
        return None
    worth, _, lines, form = max(guesses, key=lambda guess: guess[:2])
    if worth < _LEAST * form.rows:
        return None
    lines = by_check_digits(lines, form, _agreed(readings, lines))
    return Zone(form.name, _fields(lines, form, today), verdicts(lines, form), lines, tuple(row[0] for row in rows))


_LEAST: Final = 1.0
"""Worth of a line below which lines are no zone. Source: ours; each specimen has twice that, see `tests/unit/cards`."""


def _guesses(readings: tuple[tuple[str, ...], ...], form: Format) -> Iterator[Lines]:
    """Give what the lines may have been, all of the right length and folded by the grammar, likeliest first."""
    options = [fits(row, form.length) for row in readings]
    most = int(_MOST_GUESSES ** (1 / form.rows))
    for lines in product(*(option[:most] for option in options)):
        if lines[0].startswith("V") is (form.begins == "V"):
            yield by_grammar(lines, form)


def _worth(lines: Lines, form: Format, readings: tuple[tuple[str, ...], ...]) -> float:
    """
    Give how well lines fit a format: right check digits and known codes count, letters out of place weigh against.

    The composite check digit counts where all others are right: beside wrong ones it is right by chance.
    Source: weights by hand; only their order matters, and `_LEAST`.
    """
    checks = dict(verdicts(lines, form))
    is_whole = checks.pop("composite", False) and all(checks.values())
    right = sum(checks.values()) + is_whole
    states = sum(state(form.elements[name][0].of(lines)) is not None for name in ("issuing_country", "nationality"))
    wrong = 0
    for span, grammar in form.elements.values():
        letters = span.of(lines).replace(FILLER, "")
        wrong += grammar == "digits" and not letters.isdigit()
        wrong += grammar == "sex" and letters not in {"M", "F", "X", ""}
        wrong += grammar == "letters" and any(letter.isdigit() for letter in letters)
    turns = sum(_turns(span.of(lines)) for span, grammar in form.elements.values() if grammar == "mixed")
    begins = lines[0][0] in form.begins
    changed = sum(
        sum(_distance(line, reading) for reading in row) / len(row) for line, row in zip(lines, readings, strict=True)
    )
    has_names = "<<" in form.elements["names"][0].of(lines)
    return 2 * right + states + has_names + begins - 2 * wrong - 0.05 * changed - 0.01 * turns


def _turns(letters: str) -> int:
    """Give how often letters and digits take turns: `0B5` is less likely than `085`."""
    plain = letters.replace(FILLER, "")
    return sum(one.isdigit() is not other.isdigit() for one, other in pairwise(plain))


def _distance(line: str, reading: str) -> int:
    """Give how much a line differs from a reading: letters at the same place, and length; what slipped is just far."""
    other = sum(a != b for a, b in zip(line, reading, strict=False)) + abs(len(line) - len(reading))
    return min(other, _FAR)


_FAR: Final = 5
"""Source: ours; a letter lost in the middle moves all others, and says no more than five that differ."""


def _agreed(readings: tuple[tuple[str, ...], ...], lines: Lines) -> frozenset[tuple[int, int]]:
    """Give the places where two readings of the right length, or more, all have the letter that stands there."""
    agreed = set()
    for row, (line, texts) in enumerate(zip(lines, readings, strict=True)):
        exact = [text for text in texts if len(text) == len(line)]
        if len(exact) > 1:
            agreed |= {(row, at) for at, letter in enumerate(line) if all(text[at] == letter for text in exact)}
    return frozenset(agreed)


def _fields(lines: Lines, form: Format, today: date) -> dict[str, Element]:
    """Give the elements by name; names in parts, a long number whole."""
    fields = dict[str, Element]()
    for name, (span, _) in form.elements.items():
        letters = span.of(lines)
        if name == "names":
            fields.update(_names(letters, span))
        else:
            fields[name] = Element(_value(name, letters, today), letters, span)
    born, expires = fields["birth_date"], fields["expiry_date"]
    fields["birth_date"] = replace(born, value=birth_date(born.printed, expires.value, today))
    goes_on = overflow(lines, form)
    if goes_on is not None:
        fields |= _long_number(lines, form, goes_on)
    return fields


def _value(name: str, letters: str, today: date) -> str | None:
    """Give an element's value."""
    if name == "expiry_date":
        return expiry_date(letters, today)
    if name == "sex":
        return {"M": "M", "F": "F", "X": "X", FILLER: "X"}.get(letters)
    if name in {"issuing_country", "nationality"}:
        return state(letters)
    return letters.strip(FILLER).replace(FILLER, " ") or None


def _names(letters: str, span: Span) -> dict[str, Element]:
    """
    Give last and first names, and both as they are spoken: given names go first.

    Two fillers part them, one stands for a blank, hyphen or apostrophe.
    """
    last, _, first = letters.rstrip(FILLER).partition("<<")
    parts = {"last_name": last, "first_name": first}
    fields = {
        name: Element(" ".join(part.split(FILLER)).strip(), part, span)
        for name, part in parts.items()
        if part.strip(FILLER)
    }
    whole = " ".join(
        " ".join(part.split()) for name in reversed(parts) if name in fields and (part := fields[name].value)
    )
    return fields | {"full_name": Element(whole or None, letters.rstrip(FILLER), span)}


def _long_number(lines: Lines, form: Format, goes_on: Span) -> dict[str, Element]:
    """Give a number that goes on in the optional data, without its check digit, and what is left of these."""
    begins, optional = form.elements["document_number"][0], form.elements["personal_number"][0]
    number = begins.of(lines) + goes_on.of(lines)[:-1]
    rest = Span(0, goes_on.end, optional.end)
    left = rest.of(lines).strip(FILLER).replace(FILLER, " ") or None
    return {
        "document_number": Element(number, number, Span(0, begins.start, goes_on.end - 1)),
        "personal_number": Element(left, rest.of(lines), rest),
    }
