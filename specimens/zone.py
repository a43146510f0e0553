"""Machine-readable zones of ICAO 9303, parts 4 to 6."""

import unicodedata
from collections.abc import Mapping

from specimens.digits import icao


def _clean(text: str) -> str:
    """Give a text in the zone's letters."""
    plain = unicodedata.normalize("NFKD", text.upper()).encode("ascii", "ignore").decode()
    return "".join(sign if sign.isalnum() else "<" if sign in " -," else "" for sign in plain)


def _names(person: Mapping[str, str], length: int) -> str:
    """Give the names' part."""
    both = _clean(person["last_name"]) + "<<" + _clean(person["first_name"])
    return both[:length].ljust(length, "<")


def _short(day: str) -> str:
    """Give YYMMDD of YYYY-MM-DD, with its check digit."""
    six = day[2:4] + day[5:7] + day[8:10]
    return six + icao(six)


def _number(person: Mapping[str, str]) -> str:
    """Give the nine places of the document number and its check digit."""
    nine = _clean(person["document_number"])[:9].ljust(9, "<")
    return nine + icao(nine)


def td3(person: Mapping[str, str], code: str = "P<") -> tuple[str, str]:
    """Give a passport's two lines of 44."""
    first = f"{code}{person['issuing_country']}{_names(person, 39)}"
    optional = _clean(person.get("personal_number", "")).ljust(14, "<")
    digit = icao(optional) if optional.strip("<") else "<"
    number, birth, expiry = _number(person), _short(person["birth_date"]), _short(person["expiry_date"])
    total = icao(number + birth + expiry + optional + digit)
    second = f"{number}{person['nationality']}{birth}{person['sex']}{expiry}{optional}{digit}{total}"
    return first, second


def td2(person: Mapping[str, str], code: str = "I<") -> tuple[str, str]:
    """Give a TD2 card's two lines of 36."""
    number, birth, expiry = _number(person), _short(person["birth_date"]), _short(person["expiry_date"])
    optional = _clean(person.get("personal_number", ""))[:7].ljust(7, "<")
    total = icao(number + birth + expiry + optional)
    first = f"{code}{person['issuing_country']}{_names(person, 31)}"
    return first, f"{number}{person['nationality']}{birth}{person['sex']}{expiry}{optional}{total}"


def td1(person: Mapping[str, str], code: str = "I<") -> tuple[str, str, str]:
    """Give a TD1 card's three lines of 30."""
    number, birth, expiry = _number(person), _short(person["birth_date"]), _short(person["expiry_date"])
    optional = _clean(person.get("personal_number", ""))[:15].ljust(15, "<")
    first = f"{code}{person['issuing_country']}{number}{optional}"
    total = icao(number + optional + birth + expiry + "<" * 11)
    return first, f"{birth}{person['sex']}{expiry}{person['nationality']}{'<' * 11}{total}", _names(person, 30)
