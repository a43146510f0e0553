"""Cards that contradict themselves: what logic and signatures must find."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from specimens import dates
from specimens.cards.japan import licence_day
from specimens.cards.philippines import spoken as american_day
from specimens.cards.singapore import spoken as capital_day
from specimens.cards.thailand import long_thai
from specimens.drawing import person_of, printed_for
from specimens.words import Person, Pixels, Specimen
from specimens.zone import td1, td2, td3

Change = Callable[[str, Person], Person | None]
"""Takes a kind and a person, gives the person with a contradiction; `None` where that card cannot have it."""

FORMATS: Final[tuple[Callable[[dates.date], str], ...]] = (
    dates.dmy,
    lambda day: dates.dmy(day, "/"),
    lambda day: f"{day:%d-%m-%y}",
    dates.thai,
    long_thai,
    dates.english,
    dates.full,
    dates.roc,
    dates.era,
    lambda day: f"{dates.era(day)}生",
    licence_day,
    american_day,
    capital_day,
    lambda day: f"{day:%Y/%m/%d}",
    lambda day: f"{day:%m/%d/%Y}",
    lambda day: f"{day:%Y.%m.%d}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day.year}年({dates.era_year(day)}){day:%m}月{day:%d}日",
    lambda day: f"{day:%d} {dates.FULL_MONTHS[day.month - 1].upper()} {day.year}",
)
"""All ways in which the cards print a day."""

CHECKED: Final = {
    "tha-id_card": "id_number",
    "tha-driving_license": "id_number",
    "hkg-id_card": "id_number",
    "sgp-id_card-nric": "id_number",
    "sgp-id_card-fin": "id_number",
    "twn-id_card": "id_number",
    "chn-id_card": "id_number",
    "jpn-id_card": "id_number",
    "jpn-driving_license": "document_number",
}
"""Which number of a card carries a check digit."""


def draw_faulty(
    kind: str,
    seed: int,
    fault: str,
    rendering: str = "a",
    portrait: Pixels | None = None,
    other: Pixels | None = None,
) -> Specimen:
    """
    Give a card with one of `FAULTS`; its fields say what is printed, contradiction and all.

    Args:
        kind: One of `specimens.KINDS` that `faults_of` says can have it.
        seed: As of `draw`.
        fault: One of `FAULTS`.
        rendering: As of `draw`.
        portrait: The main portrait.
        other: For `"ghost_of_another"`: whose the faint portrait is.
    """
    whose = person_of(kind, seed, rendering)
    if fault == "ghost_of_another":
        return printed_for(kind, seed, rendering, whose, portrait, ghost=other)
    changed = FAULTS[fault](kind, whose)
    if changed is None:
        raise ValueError(f"{kind} cannot have {fault}")
    card = printed_for(kind, seed, rendering, changed, portrait)
    if fault != "front_against_back":
        return card
    return replace(card, front=printed_for(kind, seed, rendering, whose, portrait).front)


def faults_of(kind: str, seed: int = 0, rendering: str = "a") -> tuple[str, ...]:
    """Give the faults that a card can have; `"ghost_of_another"` where it bears a second portrait."""
    whose = person_of(kind, seed, rendering)
    found = [name for name, change in FAULTS.items() if change(kind, whose) is not None]
    return (*found, *(["ghost_of_another"] if kind in GHOSTS else []))


GHOSTS: Final = frozenset(
    {
        "hkg-id_card",
        "mys-id_card-mykad",
        "mys-id_card-mypr",
        "mys-id_card-mykas",
        "mys-id_card-mytentera",
        "mys-id_card-ikad",
        "sgp-id_card-nric",
        "phl-id_card-philid",
        "any-passport-td3",
    }
)
"""Cards with a second, faint portrait."""


def _with(person: Person, values: Mapping[str, str], printed: Mapping[str, str] | None = None) -> Person:
    """Give a person with other values and prints."""
    return Person({**person.values, **values}, {**person.printed, **(printed or {})})


def _day(person: Person, name: str, day: dates.date) -> Person:
    """Give a person with another day in a field, printed as the old one was."""
    return _with(person, {name: day.isoformat()}, _reprinted(person, name, day))


def _reprinted(person: Person, name: str, day: dates.date) -> dict[str, str]:
    """Give another day in the format in which a field's is printed; nothing where the card prints the value."""
    old = dates.date.fromisoformat(person.values[name])
    if name not in person.printed:
        return {}
    written = next(form for form in FORMATS if form(old) == person.printed[name])
    return {name: written(day)}


def _date(person: Person, name: str) -> dates.date:
    """Give a day of a person's."""
    return dates.date.fromisoformat(person.values[name])


def wrong_check_digit(kind: str, person: Person) -> Person | None:
    """Give a number whose check digit is another."""
    name = CHECKED.get(kind)
    if name is None:
        return None
    number = person.values[name]
    back = 2 if kind == "jpn-driving_license" else 1
    place = [at for at, sign in enumerate(number) if sign.isalnum()][-back]
    sign = number[place]
    other = (
        str((int(sign) + 3) % 10) if sign.isdigit() else "5" if kind in ("chn-id_card", "hkg-id_card") else _next(sign)
    )
    values = {name: number[:place] + other + number[place + 1 :]}
    printed = {}
    if name in person.printed:
        text = person.printed[name]
        at = [at for at, one in enumerate(text) if one.isalnum()][-back]
        printed[name] = text[:at] + other + text[at + 1 :]
    if kind == "sgp-driving_license":
        values["document_number"] = values[name]
    return _with(person, values, printed)


def _next(letter: str) -> str:
    """Give another letter of Singapore's table."""
    table = "ABCDEFGHIZJ" if letter in "ABCDEFGHIZJ" else "KLMNPQRTUWX"
    return table[(table.index(letter) + 1) % len(table)]


def birth_against_number(kind: str, person: Person) -> Person | None:
    """Give a birth date that the number contradicts."""
    if kind not in ("idn-id_card", "chn-id_card", "mys-id_card-mykid"):
        return None
    born = _date(person, "birth_date")
    return _day(person, "birth_date", born.replace(year=born.year - 3, day=min(born.day, 28)))


def sex_against_number(kind: str, person: Person) -> Person | None:
    """Give a sex that the number contradicts."""
    family = tuple(f"mys-id_card-{one}" for one in ("mykad", "mypr", "mykas", "mytentera", "mykid"))
    words = {"chn-id_card": "男女", "twn-id_card": "男女", "idn-id_card": "", **dict.fromkeys(family, "")}
    if kind not in words:
        return None
    sex = {"M": "F", "F": "M"}[person.values["sex"]]
    malay = {"M": "LELAKI", "F": "PEREMPUAN"}[sex]
    printed = words[kind]["MF".index(sex)] if words[kind] else malay
    return _with(person, {"sex": sex}, {"sex": printed} if kind != "idn-id_card" else {})


def expiry_before_issue(_: str, person: Person) -> Person | None:
    """Give a card that ended before it was issued."""
    if not {"issue_date", "expiry_date"} <= set(person.values):
        return None
    day = _date(person, "issue_date") - timedelta(days=400)
    changed = _day(person, "expiry_date", day)
    if "expiry_date_local" in person.values:
        changed = _day(changed, "expiry_date_local", day)
    return _zoned(changed)


def _zoned(person: Person) -> Person:
    """Give a person whose zone says what their values say."""
    if "mrz" not in person.values:
        return person
    rows = person.values["mrz"].split("\n")
    maker = {44: td3, 36: td2, 30: td1}[len(rows[0])]
    return _with(person, {"mrz": "\n".join(maker(person.values))})


def local_against_english(kind: str, person: Person) -> Person | None:
    """Give a Thai date of birth a year away from the English one."""
    if not kind.startswith("tha-"):
        return None
    born = _date(person, "birth_date_local")
    return _day(person, "birth_date_local", born.replace(year=born.year + 1, day=min(born.day, 28)))


def zone_against_print(_: str, person: Person) -> Person | None:
    """Give a zone, right in itself, that says another birth date than the print."""
    if "mrz" not in person.values:
        return None
    born = _date(person, "birth_date")
    other = _zoned(_with(person, {"birth_date": born.replace(year=born.year - 5, day=min(born.day, 28)).isoformat()}))
    return _with(person, {"mrz": other.values["mrz"]})


def zone_check_digit(_: str, person: Person) -> Person | None:
    """Give a zone whose check digit of the birth date is another."""
    if "mrz" not in person.values:
        return None
    rows = person.values["mrz"].split("\n")
    at = 6 if len(rows) == 3 else 19
    rows[1] = rows[1][:at] + str((int(rows[1][at]) + 4) % 10) + rows[1][at + 1 :]
    return _with(person, {"mrz": "\n".join(rows)})


def qr_signature(kind: str, person: Person) -> Person | None:
    """Give a PhilID whose QR somebody else signed."""
    return _with(person, {}, {"signer": "nobody's key"}) if kind == "phl-id_card-philid" else None


def qr_altered(kind: str, person: Person) -> Person | None:
    """Give a PhilID whose QR was altered after it was signed, and then disagrees with the print as well."""
    return _with(person, {}, {"qr_first_name": "SOMEONE ELSE"}) if kind == "phl-id_card-philid" else None


def front_against_back(kind: str, person: Person) -> Person | None:
    """Give the back of somebody else's card: another number."""
    if kind == "sgp-id_card-nric":
        return _with(person, {"id_number": "S1234567D"})
    if kind.startswith("mys-id_card-") and kind != "mys-id_card-ikad":
        return _with(person, {"id_number": "850312-14-5679"})
    return None


FAULTS: Final[Mapping[str, Change]] = {
    "wrong_check_digit": wrong_check_digit,
    "birth_against_number": birth_against_number,
    "sex_against_number": sex_against_number,
    "expiry_before_issue": expiry_before_issue,
    "local_against_english": local_against_english,
    "zone_against_print": zone_against_print,
    "zone_check_digit": zone_check_digit,
    "qr_signature": qr_signature,
    "qr_altered": qr_altered,
    "front_against_back": front_against_back,
}
"""Contradictions, by name; `"ghost_of_another"` needs a second picture and no other person."""
