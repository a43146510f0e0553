"""What a candidate says, read as the field's kind asks."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from ipse.core.cards.addresses import spaced
from ipse.core.cards.choices import SEX, nearest
from ipse.core.cards.dates import find_dates
from ipse.core.cards.layout import FieldRule, Reading
from ipse.core.cards.numbers.rules import RULES
from ipse.core.cards.page import DASH
from ipse.core.cards.shapes import find_shape

PARTICLES: Final = re.compile(r"\s*(A/[LP]|[SD]/O)(?=\s)\s*")
"""Son and daughter of, in Indian names of Malaysia and Singapore; the reader loses the blank before them."""

FAULTY: Final = 0.7
"""By how much less a number is believed that breaks its own rule: it may be another number, or printed wrong."""

PARTLY: Final = 0.8
"""By how much less a date is believed that lacks its day."""

_EDGE: Final = " :：;,.-–—=|_/*\"'`·"


@dataclass(frozen=True, slots=True)
class Value:
    """A value, where it stood in the candidate's text, and how well it fits its kind, 0 to 1."""

    value: str | None = field(repr=False)
    start: int
    end: int
    quality: float


def read_value(rule: FieldRule, text: str, today: date) -> Value | None:
    """Give what a text says as a field, or `None` if it cannot be it."""
    if rule.reject and re.search(rule.reject, text):
        return None
    found = _READERS[rule.kind](rule, text, today)
    if found is None or found.end <= found.start:
        return None
    return found if rule.glue or found.value is None else replace(found, value="".join(found.value.split()))


def tidy(text: str) -> str:
    """Give a text in NFC with single blanks."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _text(rule: FieldRule, text: str, _: date) -> Value | None:
    """Give a text, or the part of it that the pattern picks."""
    start, end = 0, len(text)
    if rule.pattern:
        match = re.search(rule.pattern, text)
        if match is None:
            return None
        start, end = match.span(match.lastindex or 0)
    if text[start:end] == DASH:
        return Value(DASH, start, end, 1.0) if rule.pattern else None
    edge = " " if rule.pattern else _EDGE
    while start < end and text[start] in edge:
        start += 1
    while end > start and text[end - 1] in edge:
        end -= 1
    if start >= end:
        return None
    return Value(tidy(text[start:end]), start, end, 1.0 if rule.pattern else 0.9)


def _name(rule: FieldRule, text: str, today: date) -> Value | None:
    """Give a name: digits do not belong there."""
    found = _text(rule, text, today)
    if found is None or not any(letter.isalpha() for letter in text):
        return None
    digits = sum(letter.isdigit() for letter in text[found.start : found.end])
    if 2 * digits > found.end - found.start:
        return None
    parted = tidy(PARTICLES.sub(r" \1 ", found.value or ""))
    return Value(parted, found.start, found.end, found.quality if digits == 0 else 0.5)


def _number(rule: FieldRule, text: str, today: date) -> Value | None:
    """Give a number of one of the shapes; one that keeps its rule first, then one that needed no repair."""
    best: Value | None = None
    seen = 0
    for value in _shaped(rule, text, today):
        if rule.nth and seen != rule.nth:
            seen += 1
            continue
        if best is None or value.quality > best.quality:
            best = value
    return best


def _shaped(rule: FieldRule, text: str, today: date) -> Iterator[Value]:
    """Give each number in a text that has one of the shapes."""
    check = RULES.get(rule.rule)
    for shape in rule.shapes:
        for one in find_shape(text, shape):
            ruled = check.repair(one.text, today) if check else None
            doubt = 1.0 - one.repaired / max(1, len(one.text))
            sure = 1.0 if check is None or (ruled and not ruled.faults) else FAULTY
            yield Value(ruled.value if ruled else one.text, one.start, one.end, sure * doubt)


def _date(rule: FieldRule, text: str, _: date) -> Value | None:
    """Give a date."""
    dates = find_dates(text, rule.order, rule.calendar)
    if not -len(dates) <= rule.nth < len(dates):
        return None
    one = dates[rule.nth]
    is_whole = len(one.value) == len("2001-01-31") or rule.order == "MY"
    return Value(one.value, one.start, one.end, 1.0 if is_whole else PARTLY)


def _choice(rule: FieldRule, text: str, _: date) -> Value | None:
    """Give the nearest of a closed set of values, in a text that looks as the pattern says."""
    if rule.pattern and not re.search(rule.pattern, text):
        return None
    found = nearest(text, SEX if rule.kind is Reading.SEX and not rule.choices else rule.choices)
    return Value(*found) if found else None


def _address(rule: FieldRule, text: str, today: date) -> Value | None:
    """Give an address, its parts joined by blanks."""
    found = _text(rule, text, today)
    if found is None or found.value is None:
        return found
    joined = tidy(re.sub(r"\s*[,，]\s*", " ", spaced(found.value)))
    return Value(joined, found.start, found.end, found.quality)


_READERS: Final[Mapping[Reading, Callable[[FieldRule, str, date], Value | None]]] = {
    Reading.TEXT: _text,
    Reading.NAME: _name,
    Reading.ADDRESS: _address,
    Reading.NUMBER: _number,
    Reading.DATE: _date,
    Reading.CHOICE: _choice,
    Reading.SEX: _choice,
}
