"""Days as the cards print them."""

import random
from datetime import date as date  # noqa: PLC0414 (the cards take it from here)
from datetime import timedelta
from typing import Final

TODAY: Final = date(2026, 11, 1)
"""The day on which all specimens are valid: issued before it, ending after it."""

THAI_MONTHS: Final = ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."]
ENGLISH_MONTHS: Final = ["Jan.", "Feb.", "Mar.", "Apr.", "May", "Jun.", "Jul.", "Aug.", "Sep.", "Oct.", "Nov.", "Dec."]
FULL_MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
ERAS: Final = ((date(2019, 5, 1), "令和"), (date(1989, 1, 8), "平成"), (date(1926, 12, 25), "昭和"))


def born(dice: random.Random, youngest: int = 20, oldest: int = 72) -> date:
    """Give a birth date."""
    return TODAY - timedelta(days=dice.randint(youngest * 366, oldest * 365))


def issued(dice: random.Random, years: float = 4) -> date:
    """Give a day in the last years."""
    return TODAY - timedelta(days=dice.randint(40, round(years * 365)))


def later(day: date, years: int) -> date:
    """Give the same day years later; for a leap day, the day before."""
    return day.replace(year=day.year + years, day=min(day.day, 28) if day.month == 2 else day.day)


def dmy(day: date, between: str = "-") -> str:
    """Give `31-12-1990`."""
    return day.strftime(f"%d{between}%m{between}%Y")


def thai(day: date) -> str:
    """Give `31 ธ.ค. 2533`."""
    return f"{day.day} {THAI_MONTHS[day.month - 1]} {day.year + 543}"


def english(day: date) -> str:
    """Give `31 Dec. 1990`."""
    return f"{day.day} {ENGLISH_MONTHS[day.month - 1]} {day.year}"


def full(day: date) -> str:
    """Give `31 December 1990`."""
    return f"{day.day} {FULL_MONTHS[day.month - 1]} {day.year}"


def roc(day: date) -> str:
    """Give `民國79年12月31日`."""
    return f"民國{day.year - 1911}年{day.month}月{day.day}日"


def era_year(day: date) -> str:
    """Give `平成2年`, the first year as 元年."""
    start, name = next((start, name) for start, name in ERAS if day >= start)
    year = day.year - start.year + 1
    return f"{name}{'元' if year == 1 else year}年"


def era(day: date) -> str:
    """Give `平成2年12月31日`."""
    return f"{era_year(day)}{day.month}月{day.day}日"
