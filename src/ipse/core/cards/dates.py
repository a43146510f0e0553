"""Dates as cards print them, in their calendars, out of text that was read with errors."""

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz.distance import Levenshtein

from ipse.core.cards.months import MONTHS, thai_month

_DIGITS: Final = str.maketrans("OoQDIl|SBZz", "00001115822")
_SEPARATOR: Final = r"[\s.,/\-–—·•]*"
_WORD: Final = r"[A-Za-z\u00c0-\u024f]{3,14}\.?|[\u0e00-\u0e4f](?:\s?[\u0e00-\u0e4f.]){1,13}"
_NUMBERS: Final = {
    "DMY": re.compile(rf"(?<!\d)(?P<d>\d{{1,2}}){_SEPARATOR}(?P<m>\d{{2}}|(?<=\W)\d){_SEPARATOR}(?P<y>\d{{4}})(?!\d)"),
    "MDY": re.compile(rf"(?<!\d)(?P<m>\d{{1,2}}){_SEPARATOR}(?P<d>\d{{2}}|(?<=\W)\d){_SEPARATOR}(?P<y>\d{{4}})(?!\d)"),
    "YMD": re.compile(rf"(?<!\d)(?P<y>\d{{4}}){_SEPARATOR}(?P<m>\d{{1,2}}){_SEPARATOR}(?P<d>\d{{1,2}})(?!\d)"),
    "dmy": re.compile(r"(?<!\d)(?P<d>\d{2})[\s./\-–]+(?P<m>\d{2})[\s./\-–]+(?P<y>\d{2})(?!\d)"),
    "MY": re.compile(r"(?<!\d)(?P<m>\d{2})\s*[./\-–]\s*(?P<y>\d{4}|\d{2})(?!\d)"),
}
_ISO: Final = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d{2})[./\-–](?P<m>\d{2})[./\-–](?P<d>\d{2})(?!\d)")
"""A year first is one whatever order the card has else. Source: ISO 8601."""

_WORDS: Final = {
    "DMY": re.compile(rf"(?<!\d)(?P<d>\d{{1,2}}){_SEPARATOR}(?P<w>{_WORD}){_SEPARATOR}(?P<y>\d{{4}})(?!\d)"),
    "MDY": re.compile(rf"(?P<w>{_WORD}){_SEPARATOR}(?P<d>\d{{1,2}}){_SEPARATOR}(?P<y>\d{{4}})(?!\d)"),
    "YMD": re.compile(rf"(?<!\d)(?P<y>\d{{4}}){_SEPARATOR}(?P<w>{_WORD}){_SEPARATOR}(?P<d>\d{{1,2}})(?!\d)"),
}
ERAS: Final = {
    "明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018,
    "M": 1867, "T": 1911, "S": 1925, "H": 1988, "R": 2018,
    "民國": 1911, "民国": 1911, "中華民國": 1911,
    "今和": 2018, "合和": 2018, "招和": 1925, "乎成": 1988, "太正": 1911,
}  # fmt: skip
"""
The year before the first of an era. Source: Japan's era law (1979), Taiwan's calendar; the last row is what the reader
makes of their first characters.
"""

_CHINESE: Final = (
    re.compile(  # A licence has both: `"2031年(令和13年)06月21日"`.
        r"(?P<y>\d{4})\s*年\s*[(\uff08\[][^月)\uff09]*?年\s*[)\uff09\]]?\s*(?P<m>\d{1,2})\s*月(?:\s*(?P<d>\d{1,2})\s*日?)?"
    ),
    re.compile(
        rf"(?P<e>{'|'.join(sorted(ERAS, key=len, reverse=True))})?\s*(?P<y>\d{{1,4}}|元)\s*年\s*[)\uff09\]]?\s*"
        r"(?P<m>\d{1,2})\s*月(?:\s*(?P<d>\d{1,2})\s*日?)?"
    ),
)

_NO_DAY: Final = re.compile(rf"(?<![^\W_])(?P<w>{_WORD}){_SEPARATOR}(?P<y>\d{{4}})(?!\d)")
_NO_MONTH: Final = re.compile(r"^[\s.\-–—]*(?P<y>(?:19|20|24|25)\d{2})\W*$")
"""A day of birth that is not known in full. Source: documents.md, section 5: the day may be missing on old records."""

BUDDHIST: Final = 543
"""Years by which Thailand's calendar is ahead. Source: the calendar of 1941."""

_BUDDHIST_FROM: Final = 2400
"""A year from here on is a Buddhist one: Gregorian 1857."""

NO_YEAR: Final = 0
"""No year of the calendar: what an era's year is without its era."""

_PIVOT: Final = 40
"""A year of two digits up to here lies in this century. Source: no card with such years is valid past 2040."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in ISO form, as exact as it is printed, and where it stood in the text."""

    value: str = field(repr=False)
    start: int
    end: int


def find_dates(text: str, order: str = "DMY", calendar: str = "gregorian") -> list[Dated]:
    """Give the dates in a text, in its order; what is no day of the calendar is left out."""
    clear = _with_digits(text)
    found: list[Dated] = []
    for match in _matches(text, clear, order):
        value = _value(match, calendar)
        if value and not any(match.start() < one.end and one.start < match.end() for one in found):
            found.append(Dated(value, match.start(), match.end()))
    return sorted(found, key=lambda one: one.start)


def _matches(text: str, clear: str, order: str) -> list[re.Match[str]]:
    """Give all that looks like a date, the surest forms first."""
    asked = [match for form in _CHINESE for match in form.finditer(clear)]
    if order == "MY":
        return [*asked, *_NUMBERS["MY"].finditer(clear)]
    asked += _NUMBERS[order].finditer(clear)
    asked += _ISO.finditer(clear)
    for words in (order, *(one for one in _WORDS if one != order)):
        asked += _WORDS[words].finditer(clear)
        asked += _WORDS[words].finditer(text)
    if order == "DMY":
        asked += _NUMBERS["dmy"].finditer(clear)
        asked += [*_NO_DAY.finditer(text), *_NO_MONTH.finditer(clear)]
    return asked


def month_of(word: str) -> int | None:
    """Give the month that a word means, in any of the cards' languages; a letter may be wrong in four."""
    spelt = word.casefold().rstrip(".").strip()
    if spelt in MONTHS:
        return MONTHS[spelt]
    bare = "".join(spelt.replace(".", "").split())
    if bare in MONTHS:
        return MONTHS[bare]
    if "\u0e00" <= bare[:1] <= "\u0e7f" and (short := thai_month(bare)):
        return short
    near = [(Levenshtein.distance(bare, name), name) for name in MONTHS if len(name) >= len("juni") or name > "\u0e00"]
    wrong, name = min(near)
    return MONTHS[name] if wrong <= max(1, len(name) // 4) and len(bare) > len("may") else None


def _value(match: re.Match[str], calendar: str) -> str | None:
    """Give the ISO form of what looks like a date, if it is one."""
    parts = match.groupdict()
    if match.re is _NO_MONTH:
        return f"{_year(parts['y'], None, calendar):04}"
    month = int(parts["m"]) if parts.get("m") else month_of(parts.get("w") or "")
    if month is None:
        return None
    year = _year(parts["y"], parts.get("e"), calendar)
    try:
        if not parts.get("d"):
            return dt.date(year, month, 1).isoformat()[:7]
        return dt.date(year, month, int(parts["d"])).isoformat()
    except ValueError:
        return None


def _year(printed: str, era: str | None, calendar: str) -> int:
    """Give the Gregorian year."""
    if era:
        return ERAS[era] + (1 if printed == "元" else int(printed))
    if printed == "元" or (calendar == "japanese" and len(printed) < len("1986")):
        return NO_YEAR
    year = int(printed)
    if calendar == "roc" and year < 1000:  # noqa: PLR2004 (a year of three digits is the Republic's)
        return year + ERAS["民國"]
    if year >= _BUDDHIST_FROM:
        return year - BUDDHIST
    if len(printed) == len("86"):
        return year + (2000 if year <= _PIVOT else 1900)
    return year


def _with_digits(text: str) -> str:
    """Give the text with letters that stand among digits as the digits they were taken for; no longer, no shorter."""
    return re.sub(r"\S+", lambda run: _repaired(run.group()), text)


def _repaired(run: str) -> str:
    """Give a run of characters with its look-alikes as digits where most of it is digits."""
    parts = re.split(r"([^0-9A-Za-z|]+)", run)
    return "".join(one.translate(_DIGITS) if _is_number(one) else one for one in parts)


def _is_number(part: str) -> bool:
    """Give whether a part is a number with look-alikes in it: all could be digits, and at least half are."""
    digits = sum(letter.isdigit() for letter in part)
    could = sum(letter in "OoQDIl|SBZz" for letter in part)
    return digits + could == len(part) and 2 * digits >= len(part) and digits > 0
