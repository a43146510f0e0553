"""How the pages write times, days and numbers: the same in every language, so that they can be compared and copied."""

from datetime import UTC, date, datetime, time, timedelta


def moment(seconds: float | None) -> str:
    """Give Unix seconds as a time in UTC, to the second; empty for none."""
    return "" if seconds is None else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}"


def day_of(seconds: float) -> date:
    """Give the day of Unix seconds, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).date()


def begin_of(day: date) -> float:
    """Give the Unix seconds at which a day begins in UTC."""
    return datetime.combine(day, time(), UTC).timestamp()


def end_of(day: date) -> float:
    """Give the Unix seconds at which a day is over in UTC."""
    return begin_of(day + timedelta(days=1))


def read_day(word: str) -> date | None:
    """Give the day that a form or an address names (`2026-01-31`); `None` if it is none."""
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


def rarity(rate: float) -> str:
    """Give a rate as `1 : 12 000`: so many strangers are asked until one looks as alike."""
    if rate >= 1:
        return "1 : 1"
    count = 1 / rate
    shown = f"{count:,.0f}" if count < 1e6 else f"{count:.1e}"  # noqa: PLR2004  # Beyond a million digits say nothing.
    return f"1 : {shown.replace(',', ' ')}"
