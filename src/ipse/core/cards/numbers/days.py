"""Days of birth inside numbers that leave out the century."""

from datetime import date


def day(year: int, month: int, of_month: int) -> date | None:
    """Give a day of the calendar, or nothing where there is none."""
    try:
        return date(year, month, of_month)
    except ValueError:
        return None


def birth(two_digits: int, month: int, of_month: int, today: date) -> date | None:
    """Give the last such day that is not after today."""
    this = today.year - today.year % 100 + two_digits
    days = (day(year, month, of_month) for year in (this, this - 100))
    return next((born for born in days if born is not None and born <= today), None)
