"""Days in a zone: six digits, no century, fillers for what is not known."""

from datetime import date
from typing import Final

_VALID_AT_MOST: Final = 30
"""Years. Source: `documents.md`, section 5: expiry lies within 20 years before and 30 years after today; what was older
than that, and that alone, is left for the hundred years before the last day of that window."""


def birth_date(letters: str, expires: str | None, today: date) -> str | None:
    """Give `YYYY-MM-DD` (or less, where the rest is fillers): the last such day not after today, or after expiry."""
    last = min(today.isoformat(), expires or "9999")
    return _last_before(letters, int(last[:4]), last)


def expiry_date(letters: str, today: date) -> str | None:
    """Give the last such day that is not more than thirty years away."""
    last = today.year + _VALID_AT_MOST
    return _last_before(letters, last, f"{last:04}{today.isoformat()[4:]}")


def _last_before(letters: str, year: int, last: str) -> str | None:
    """Give the last day with these letters, at most of this year and not after `last`."""
    if not letters[:2].isdigit():
        return None
    this = year - year % 100 + int(letters[:2])
    days = (_day(century, letters[2:4], letters[4:6]) for century in (this, this - 100))
    return next((day for day in days if day is not None and int(day[:4]) <= year and day <= last), None)


def _day(year: int, month: str, of_month: str) -> str | None:
    """Give a day as far as it is known."""
    if month == "<<" and of_month == "<<":
        return f"{year:04}"
    if not month.isdigit() or not (of_month.isdigit() or of_month == "<<"):
        return None
    try:
        day = date(year, int(month), 1 if of_month == "<<" else int(of_month)).isoformat()
    except ValueError:
        return None
    return day[:7] if of_month == "<<" else day
