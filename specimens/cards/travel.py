"""Passports of several states (TD3), and cards of the sizes TD1 and TD2."""

import random
from dataclasses import dataclass
from typing import Final

from specimens import dates
from specimens.cards import singapore, taiwan, thailand
from specimens.paper import paper
from specimens.people import Names
from specimens.people import digits as some
from specimens.plan import Plan
from specimens.sheet import TD2, TD3, Sheet, of
from specimens.words import Person, Pixels
from specimens.zone import td1, td2, td3


@dataclass(frozen=True, slots=True)
class State:
    """How a state's passport speaks: its name, its adjective, number's letters, authority, its font and labels."""

    name: str
    nation: str
    number: str
    authority: str
    font: str
    words: tuple[str, str, str]


STATES: Final = {
    "THA": State("THAILAND", "THAI", "AA#######", "MINISTRY OF FOREIGN AFFAIRS", "thai", ("หนังสือเดินทาง", "นามสกุล", "ชื่อ")),
    "IDN": State("REPUBLIK INDONESIA", "INDONESIA", "X#######", "JAKARTA SELATAN", "sans", ("PASPOR", "NAMA KELUARGA", "NAMA")),
    "MYS": State("MALAYSIA", "MALAYSIA", "A########", "KUALA LUMPUR", "sans", ("PASPORT", "NAMA KELUARGA", "NAMA")),
    "SGP": State("REPUBLIC OF SINGAPORE", "SINGAPORE CITIZEN", "K#######A", "MINISTRY OF HOME AFFAIRS", "sans", ("PASSPORT", "SURNAME", "NAME")),
    "PHL": State("REPUBLIKA NG PILIPINAS", "FILIPINO", "P#######A", "DFA MANILA", "sans", ("PASAPORTE", "APELYIDO", "PANGALAN")),
    "JPN": State("JAPAN", "JAPAN", "TR#######", "MINISTRY OF FOREIGN AFFAIRS", "jp", ("旅券", "姓", "名")),
    "TWN": State("REPUBLIC OF CHINA", "REPUBLIC OF CHINA", "3########", "MINISTRY OF FOREIGN AFFAIRS", "tc", ("護照", "姓", "名")),
    "CHN": State("PEOPLE'S REPUBLIC OF CHINA", "CHINESE", "E########", "MPS EXIT & ENTRY ADMINISTRATION", "sc", ("护照", "姓", "名")),
}  # fmt: skip
"""
Shapes of numbers as the notes on number rules have them; `X` is any letter, `#` any digit.
"""


JAPANESE: Final = {
    "a": (["SATO", "SUZUKI", "TAKAHASHI"], ["KENICHI", "SHOTA"], ["HANAKO", "MISAKI"]),
    "b": (["NAKAMURA", "KOBAYASHI", "YOSHIDA"], ["TAKUYA", "REN"], ["YUI", "KEIKO"]),
}
SOUTHERN: Final = {
    "a": (["TAN", "LIM", "WONG", "LEE"], ["WEI MING", "JUN HAO"], ["HUI LING", "MEI XIN"]),
    "b": (["GOH", "CHUA", "KOH", "ONG"], ["KOK WAH", "ZHI XUAN"], ["JIA EN", "SIEW FONG"]),
}
"""Surnames, men's and women's names in Latin letters, for Japan and for Malaysia and Singapore."""


def _latin(code: str, dice: random.Random, rendering: str, sex: str) -> tuple[str, str]:
    """Give surname and given names as a passport of this state has them."""
    if code == "THA":
        names = Names("tha", rendering, dice)
        return names.parts("last")[1].upper(), names.parts("men" if sex == "M" else "women")[1].upper()
    if code in ("CHN", "TWN"):
        names = Names("chinese", rendering, dice)
        return names.parts("last")[3].upper(), names.parts("men" if sex == "M" else "women")[3].upper()
    if code == "PHL":
        names = Names("phl", rendering, dice)
        return names.one("last"), names.one("men" if sex == "M" else "women")
    if code == "JPN":
        last, men, women = JAPANESE[rendering]
        return dice.choice(last), dice.choice(men if sex == "M" else women)
    if code == "IDN":
        names = Names("idn", rendering, dice)
        return names.one("last"), names.one("men" if sex == "M" else "women")
    last, men, women = SOUTHERN[rendering]
    return dice.choice(last), dice.choice(men if sex == "M" else women)


def _shaped(shape: str, dice: random.Random) -> str:
    """Give a number of a shape."""
    return "".join(dice.choice("0123456789") if s == "#" else dice.choice("BCDEX") if s == "X" else s for s in shape)


def passport(dice: random.Random, rendering: str) -> Person:
    """Give what a passport says."""
    code = dice.choice(tuple(STATES))
    state = STATES[code]
    sex = dice.choice("MF")
    last, first = _latin(code, dice, rendering, sex)
    born, issued = dates.born(dice), dates.issued(dice, 4)
    values = _travel(
        code,
        state.number,
        (last, first, sex),
        (born, issued, dates.later(issued, 5 if code in ("MYS", "THA") else 10)),
        dice,
    )
    values["issuing_authority"] = state.authority
    values["birth_place"] = {
        "THA": "BANGKOK",
        "IDN": "JAKARTA",
        "MYS": "SELANGOR",
        "SGP": "SINGAPORE",
        "PHL": "MANILA",
        "JPN": "TOKYO",
        "TWN": "TAIPEI CITY",
        "CHN": "BEIJING",
    }[code]
    if code == "THA":
        values["personal_number"] = thailand.identity(dice, rendering).values["id_number"].replace("-", "")
    if code == "TWN":
        values["personal_number"] = taiwan.number(dice, "ABFE"[dice.randrange(4)], sex)
    if code == "SGP":
        values["personal_number"] = singapore.number(dice, ("S", "T"), born)
    values["mrz"] = "\n".join(td3(values))
    return Person(values, {**_printed(born, issued, values), "nation": state.nation})


def _travel(
    code: str,
    shape: str,
    who: tuple[str, str, str],
    days: tuple[dates.date, dates.date, dates.date],
    dice: random.Random,
) -> dict[str, str]:
    """Give what all travel documents say."""
    last, first, sex = who
    born, issued, expiry = days
    return {
        "issuing_country": code,
        "nationality": code,
        "document_number": _shaped(shape, dice),
        "last_name": last,
        "first_name": first,
        "full_name": f"{first} {last}",
        "sex": sex,
        "birth_date": born.isoformat(),
        "issue_date": issued.isoformat(),
        "expiry_date": expiry.isoformat(),
    }


def _printed(born: dates.date, issued: dates.date, values: dict[str, str]) -> dict[str, str]:
    """Give days as passports print them."""
    expiry = dates.date.fromisoformat(values["expiry_date"])
    days = {"birth_date": born, "issue_date": issued, "expiry_date": expiry}
    return {name: f"{day:%d} {dates.FULL_MONTHS[day.month - 1][:3].upper()} {day.year}" for name, day in days.items()}


def _zone(sheet: Sheet, person: Person, x: float, y: float, step: float, size: float, width: float) -> None:
    """Print a machine-readable zone."""
    for number, line in enumerate(person.values["mrz"].split("\n")):
        sheet.put(x, y + step * number, of("mrz", line), size=size, font="ocrb", width=width)


def _cell(
    sheet: Sheet, x: float, y: float, label: str, names: str, text: str, font: str = "sans", size: float = 30
) -> None:
    """Print a small label and a value under it."""
    sheet.put(x, y, label, size=17, font=font, ink=(70, 80, 110))
    sheet.put(x, y + size * 1.15, of(names, text), size=size)


def passport_page(sheet: Sheet, person: Person, face: Pixels) -> None:
    """Print a passport's page."""
    paper(sheet, (236, 226, 232), (214, 230, 240)) if not sheet.is_b else paper(sheet, (222, 236, 226), (240, 232, 216))
    state = STATES[person.values["issuing_country"]]
    word, last, first = state.words
    sheet.put(60, 80, state.name, size=38, bold=True)
    sheet.put(60, 134, word, " / PASSPORT| PASSPORT", size=28, font=state.font)
    _cell(sheet, 480, 110, "Type", "", "P")
    _cell(sheet, 640, 110, "Country code|Code of issuing State", "issuing_country", person["issuing_country"])
    _cell(sheet, 1000, 110, "Passport No.|Passport Number", "document_number", person["document_number"])
    _cell(sheet, 480, 200, f"{last} / Surname|{last} Surname", "last_name", person["last_name"], state.font)
    _cell(sheet, 480, 290, f"{first} / Given names|{first} Given names", "first_name", person["first_name"], state.font)
    _cell(sheet, 480, 380, "Nationality", "nationality", person["nation"])
    sheet.values = {**sheet.values, "nationality": person.values["nationality"]}
    _cell(sheet, 480, 470, "Date of birth", "birth_date", person["birth_date"])
    _cell(sheet, 860, 470, "Sex", "sex", person["sex"])
    _cell(sheet, 1000, 470, "Place of birth", "birth_place", person["birth_place"])
    swap = 90 if sheet.is_b else 0
    _cell(sheet, 480, 560 + swap, "Date of issue", "issue_date", person["issue_date"])
    _cell(
        sheet, 860, 560 + swap, "Authority|Issuing authority", "issuing_authority", person["issuing_authority"], size=25
    )
    _cell(sheet, 480, 650 - swap, "Date of expiry", "expiry_date", person["expiry_date"])
    if "personal_number" in person.values:
        _cell(sheet, 860, 650 - swap, "Personal No.|Personal number", "personal_number", person["personal_number"])
    sheet.field("full_name", "first_name", "last_name")
    sheet.picture(face, 60, 200, 360, 470)
    sheet.picture(face, 1250, 170, 160, 205, ghost=0.3)
    _zone(sheet, person, 60, 890, 75, 46, 1356)


def _card(dice: random.Random, rendering: str) -> tuple[dict[str, str], dict[str, str]]:
    """Give what a card of an invented state says."""
    sex = dice.choice("MF")
    last, first = _latin(dice.choice(("PHL", "IDN", "THA")), dice, rendering, sex)
    born, issued = dates.born(dice), dates.issued(dice, 4)
    values = _travel("UTO", "X#X######", (last, first, sex), (born, issued, dates.later(issued, 10)), dice)
    values["personal_number"] = some(dice, 7)
    return values, _printed(born, issued, values)


def card_td1(dice: random.Random, rendering: str) -> Person:
    """Give what a TD1 card says."""
    values, printed = _card(dice, rendering)
    return Person({**values, "mrz": "\n".join(td1(values))}, printed)


def card_td2(dice: random.Random, rendering: str) -> Person:
    """Give what a TD2 card says."""
    values, printed = _card(dice, rendering)
    return Person({**values, "mrz": "\n".join(td2(values))}, printed)


def _rows(sheet: Sheet, person: Person, x: float, y: float) -> None:
    """Print the visual zone of a card of Utopia, ICAO's own invented state."""
    sheet.put(x, y - 120, of("issuing_country", "UTOPIA"), size=40, bold=True)
    sheet.put(x, y - 76, "IDENTITY CARD|Identity Card", size=26)
    _cell(sheet, x + 330, y - 120, "Document No.|Card No.", "document_number", person["document_number"])
    _cell(sheet, x, y - 20, "Surname|SURNAME", "last_name", person["last_name"])
    _cell(sheet, x, y + 56, "Given names|GIVEN NAMES", "first_name", person["first_name"])
    _cell(sheet, x, y + 132, "Nationality|NATIONALITY", "nationality", person["nationality"])
    _cell(sheet, x + 220, y + 132, "Sex|SEX", "sex", person["sex"])
    _cell(sheet, x + 330, y + 132, "Date of birth|DATE OF BIRTH", "birth_date", person["birth_date"])
    _cell(sheet, x, y + 208, "Date of issue|DATE OF ISSUE", "issue_date", person["issue_date"])
    _cell(sheet, x + 330, y + 208, "Date of expiry|DATE OF EXPIRY", "expiry_date", person["expiry_date"])
    _cell(sheet, x, y + 284, "Personal No.|PERSONAL NO.", "personal_number", person["personal_number"])
    sheet.field("full_name", "first_name", "last_name")


def td1_front(sheet: Sheet, person: Person, face: Pixels) -> None:
    """Print a TD1 card's front."""
    paper(sheet, (224, 232, 214), (236, 226, 240))
    _rows(sheet, person, 350, 180)
    sheet.picture(face, 50, 120, 250, 330)


def td1_back(sheet: Sheet, person: Person, _: Pixels) -> None:
    """Print a TD1 card's back, with the zone."""
    paper(sheet, (236, 226, 240), (224, 232, 214))
    sheet.put(60, 100, "UTOPIA", size=30, bold=True)
    _zone(sheet, person, 50, 440, 66, 46, 911)


def td2_front(sheet: Sheet, person: Person, face: Pixels) -> None:
    """Print a TD2 card's front."""
    paper(sheet, (236, 224, 214), (216, 232, 236))
    _rows(sheet, person, 430, 200)
    sheet.picture(face, 60, 110, 310, 400)
    _zone(sheet, person, 60, 730, 72, 46, 1120)


PLANS = {
    "any-passport-td3": Plan(passport, passport_page, size=TD3),
    "any-passport-td1": Plan(card_td1, td1_front, td1_back),
    "any-passport-td2": Plan(card_td2, td2_front, size=TD2),
}
