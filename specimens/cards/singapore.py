"""Singapore: NRIC, FIN card and driving licence."""

import random

from specimens import dates, digits
from specimens.codes import symbol
from specimens.paper import paper
from specimens.people import Names
from specimens.people import digits as some
from specimens.plan import Plan
from specimens.sheet import Sheet, of
from specimens.words import Person, Pixels


def number(dice: random.Random, letters: tuple[str, str], born: dates.date) -> str:
    """Give a number: S or F before 2000, T or G (or M) after; a citizen's starts with the year of birth."""
    letter = letters[born.year >= 2000]
    seven = (f"{born:%y}" if letter in "ST" else some(dice, 2)) + some(dice, 5)
    return letter + seven + digits.singapore(letter, seven)


def identity(dice: random.Random, rendering: str) -> Person:
    """Give what an NRIC says."""
    names = Names("sgp", rendering, dice)
    sex = dice.choice("MF")
    name, local, race = names.one("men" if sex == "M" else "women").split("=")
    born, issued = dates.born(dice, 16), dates.issued(dice, 10)
    road, unit, town = names.parts("places")
    values = {
        "id_number": number(dice, ("S", "T"), born),
        "full_name": name,
        "ethnicity": race,
        "sex": sex,
        "birth_date": born.isoformat(),
        "birth_place": dice.choice(("SINGAPORE", "SINGAPORE", "MALAYSIA")),
        "issue_date": issued.isoformat(),
        "address": f"{road} {unit} {town}",
        "postal_code": town.split()[1],
    }
    if local:
        values["full_name_local"] = local
    if dice.random() < 0.4:
        values["blood_type"] = dice.choice(("A+", "B+", "O+", "AB+"))
    printed = {"birth_date": dates.dmy(born), "issue_date": dates.dmy(issued), "road": road, "unit": unit, "town": town}
    return Person(values, printed)


def front(sheet: Sheet, person: Person, face: Pixels) -> None:
    """Print an NRIC's front."""
    paper(sheet, (240, 206, 204), (236, 230, 228)) if not sheet.is_b else paper(sheet, (238, 220, 222), (244, 200, 196))
    sheet.put(50, 60, "REPUBLIC OF SINGAPORE", size=34, bold=True, ink=(150, 30, 40))
    sheet.put(
        50,
        102,
        "IDENTITY CARD NO. |Identity Card No.  ",
        of("id_number", person["id_number"], size=38, bold=True),
        size=28,
    )
    x = 360
    sheet.put(x, 168, "Name|NAME", size=20)
    sheet.put(x, 204, of("full_name", person["full_name"]), size=32, bold=True, width=600)
    if "full_name_local" in person.values:
        sheet.put(x, 254, of("full_name_local", person["full_name_local"]), size=36, font="sc")
    rows = [
        ("Race|RACE", "ethnicity"),
        ("Date of birth|DATE OF BIRTH", "birth_date"),
        ("Country/Place of birth|COUNTRY OF BIRTH", "birth_place"),
    ]
    for number, (label, name) in enumerate(rows):
        y = 310 + 92 * number
        sheet.put(x, y, label, size=20)
        sheet.put(x, y + 36, of(name, person[name]), size=30)
    sheet.put(x + 330, 402, "Sex|SEX", size=20)
    sheet.put(x + 330, 438, of("sex", person["sex"]), size=30)
    sheet.picture(face, 50, 170, 260, 340)
    sheet.picture(face, 830, 430, 120, 150, ghost=0.3)


def back(sheet: Sheet, person: Person, _: Pixels) -> None:
    """Print an NRIC's back."""
    paper(sheet, (238, 228, 226), (240, 212, 210))
    number = person["id_number"]
    form = "Code39" if not sheet.is_b else "Code128"
    sheet.code(symbol(number, form), form, number.encode(), 480, 60, 470, 80)
    sheet.put(60, 100, "NRIC No. |NRIC NO. ", of("id_number", number, bold=True), size=30)
    sheet.put(60, 230, "Date of issue|DATE OF ISSUE", size=20)
    sheet.put(60, 266, of("issue_date", person["issue_date"]), size=30)
    if "blood_type" in person.values:
        sheet.put(420, 230, "Blood group|BLOOD GROUP", size=20)
        sheet.put(420, 266, of("blood_type", person["blood_type"]), size=30)
    sheet.put(60, 350, "Address|ADDRESS", size=20)
    sheet.put(60, 390, of("address", person["road"]), size=30)
    sheet.put(60, 430, of("address", person["unit"]), size=30)
    sheet.put(60, 470, of("address", "SINGAPORE "), of("address postal_code", person["postal_code"]), size=30)


def foreigner(dice: random.Random, rendering: str) -> Person:
    """Give what a work pass with a FIN says."""
    names = Names("sgp", rendering, dice)
    sex = dice.choice("MF")
    born, issued = dates.born(dice, 21, 55), dates.issued(dice, 1.5)
    letter = dice.choice("GM")
    seven = some(dice, 7)
    nation = names.parts("foreign")
    values = {
        "id_number": letter + seven + digits.singapore(letter, seven),
        "full_name": names.one("men" if sex == "M" else "women").split("=")[0],
        "sex": sex,
        "birth_date": born.isoformat(),
        "nationality": nation[0],
        "issue_date": issued.isoformat(),
        "expiry_date": dates.later(issued, 2).isoformat(),
        "occupation": dice.choice(("ENGINEER", "TECHNICIAN", "CHEF", "ANALYST")),
        "serial_number": f"{dice.randint(0, 9)} {some(dice, 8)}",
    }
    days = {
        "birth_date": dates.dmy(born),
        "issue_date": dates.dmy(issued),
        "expiry_date": dates.dmy(dates.later(issued, 2)),
    }
    return Person(values, {**days, "pass": dice.choice(("EMPLOYMENT PASS", "S PASS", "WORK PERMIT"))})


def foreign_front(sheet: Sheet, person: Person, face: Pixels) -> None:
    """Print a work pass's front."""
    paper(sheet, (206, 232, 216), (232, 238, 226)) if not sheet.is_b else paper(sheet, (222, 236, 240), (204, 230, 214))
    sheet.put(50, 60, "REPUBLIC OF SINGAPORE|Republic of Singapore", size=30, bold=True)
    sheet.put(50, 106, person["pass"], size=38, bold=True, ink=(20, 100, 70))
    x = 340
    for number, (label, name) in enumerate(
        (("Name|NAME", "full_name"), ("Occupation|OCCUPATION", "occupation"), ("FIN|FIN", "id_number"))
    ):
        sheet.put(x, 180 + 96 * number, label, size=20)
        sheet.put(x, 216 + 96 * number, of(name, person[name]), size=32, bold=number != 1, width=620)
    sheet.put(x, 468, "Date of Issue|DATE OF ISSUE", size=20)
    sheet.put(x, 504, of("issue_date", person["issue_date"]), size=29)
    sheet.put(x + 300, 468, "Date of Expiry|DATE OF EXPIRY", size=20)
    sheet.put(x + 300, 504, of("expiry_date", person["expiry_date"]), size=29)
    sheet.picture(face, 50, 160, 240, 310)


def foreign_back(sheet: Sheet, person: Person, _: Pixels) -> None:
    """Print a work pass's back."""
    paper(sheet, (232, 238, 226), (206, 232, 216))
    rows = (
        ("Date of Birth|DATE OF BIRTH", "birth_date", 60, 120),
        ("Sex|SEX", "sex", 360, 120),
        ("Nationality|NATIONALITY", "nationality", 560, 120),
    )
    for label, name, x, y in rows:
        sheet.put(x, y, label, size=20)
        sheet.put(x, y + 38, of(name, person[name]), size=30)
    sheet.put(60, 250, "MULTIPLE JOURNEY VISA ISSUED|Multiple Journey Visa Issued", size=24)
    number = person["id_number"]
    sheet.code(symbol(number, "Code128"), "Code128", number.encode(), 60, 420, 420, 80)
    sheet.put(60, 560, of("serial_number", person["serial_number"]), size=30)


def licence(dice: random.Random, rendering: str) -> Person:
    """Give what a licence says."""
    holder = foreigner(dice, rendering) if dice.random() < 0.3 else identity(dice, rendering)
    born, issued = dates.date.fromisoformat(holder.values["birth_date"]), dates.issued(dice, 8)
    values = {name: holder.values[name] for name in ("id_number", "full_name", "birth_date")} | {
        "document_number": holder.values["id_number"],
        "issue_date": issued.isoformat(),
        "classes": dice.choice(("3", "2B 3", "3A", "2B 2A 3")),
    }
    printed = {"birth_date": spoken(born), "issue_date": spoken(issued)}
    if holder.values["id_number"][0] in "GM":
        expiry = dates.later(issued, 5 if issued.year >= 2022 else 10)
        values["expiry_date"], printed["expiry_date"] = expiry.isoformat(), spoken(expiry)
    return Person(values, printed)


def spoken(day: dates.date) -> str:
    """Give `31 DEC 1990`."""
    return f"{day:%d} {dates.ENGLISH_MONTHS[day.month - 1].strip('.').upper()} {day.year}"


def licence_front(sheet: Sheet, person: Person, face: Pixels) -> None:
    """Print the licence's front."""
    paper(sheet, (206, 222, 242), (240, 226, 230)) if not sheet.is_b else paper(sheet, (236, 230, 240), (206, 226, 236))
    sheet.put(50, 62, "REPUBLIC OF SINGAPORE", size=30, bold=True)
    sheet.put(50, 106, "DRIVING LICENCE|Driving Licence", size=40, bold=True)
    x = 340
    rows = [
        ("Licence Number:|Licence No.", "document_number"),
        ("Name:|Name", "full_name"),
        ("Birth Date:|Birth Date", "birth_date"),
        ("Issue Date:|Issue Date", "issue_date"),
    ]
    if "expiry_date" in person.values:
        rows.append(("Valid Till:|Valid Till", "expiry_date"))
    for number, (label, name) in enumerate(rows):
        y = 180 + 90 * number
        sheet.put(x, y, label, size=21)
        names = f"{name} id_number" if name == "document_number" else name
        sheet.put(x, y + 36, of(names, person[name]), size=32, bold=number < 2, width=620)
    sheet.picture(face, 50, 170, 240, 310)


def licence_back(sheet: Sheet, person: Person, _: Pixels) -> None:
    """Print the licence's back."""
    paper(sheet, (240, 226, 230), (206, 222, 242))
    sheet.put(60, 80, "Class|CLASS", size=24, bold=True)
    sheet.put(220, 80, "Pass Date|PASS DATE", size=24, bold=True)
    for number, one in enumerate(person["classes"].split()):
        sheet.put(60, 130 + 50 * number, of("classes", one), size=30)
        sheet.put(220, 130 + 50 * number, person["issue_date"], size=28)
    sheet.put(60, 560, "Traffic Police Department", size=24)


PLANS = {
    "sgp-id_card-nric": Plan(identity, front, back),
    "sgp-id_card-fin": Plan(foreigner, foreign_front, foreign_back),
    "sgp-driving_license": Plan(licence, licence_front, licence_back),
}
