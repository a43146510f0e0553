"""Hong Kong: identity card."""

import random

from specimens import dates, digits
from specimens.paper import paper
from specimens.people import Names
from specimens.people import digits as some
from specimens.plan import Plan
from specimens.sheet import Sheet, of
from specimens.words import Person, Pixels


def identity(dice: random.Random, rendering: str) -> Person:
    """Give what the card says."""
    names = Names("chinese", rendering, dice)
    sex = dice.choice("MF")
    family, given = names.parts("last"), names.parts("men" if sex == "M" else "women")
    born, issued = dates.born(dice, 18), dates.issued(dice, 7)
    letters = dice.choice(("A", "C", "K", "R", "Z", "Y", "WX"))
    six = some(dice, 6)
    permanent = dice.random() < 0.75
    # From age 18 three stars; then right of abode or conditional stay, first registration, place of birth.
    symbols = "***" + ("A" if permanent else "C") + dice.choice("ZXO")
    first = dates.later(born, 11) if born.year + 11 < issued.year else issued
    first = min(first.replace(year=max(first.year, 1970)), issued)
    last, own = family[2].upper(), given[2]
    values = {
        "full_name_local": family[0] + given[0],
        "full_name": f"{last}, {own}",
        "last_name": last,
        "first_name": own,
        "name_codes": f"{family[4]} {given[4]}",
        "birth_date": born.isoformat(),
        "sex": sex,
        "symbols": symbols,
        "first_issue_date": first.isoformat()[:7],
        "issue_date": issued.isoformat(),
        "id_number": f"{letters}{six}({digits.hong_kong(letters, six)})",
        "residence_status": "permanent" if permanent else "non_permanent",
    }
    printed = {
        "birth_date": dates.dmy(born),
        "first_issue_date": f"({first:%m-%y})",
        "issue_date": dates.dmy(issued) if rendering == "b" else dates.dmy(issued)[:6] + dates.dmy(issued)[-2:],
        "sex": "男 M" if sex == "M" else "女 F",
    }
    return Person(values, printed)


def front(sheet: Sheet, person: Person, face: Pixels) -> None:
    """Print the front."""
    paper(sheet, (214, 232, 230), (236, 226, 214)) if not sheet.is_b else paper(sheet, (224, 222, 238), (220, 238, 232))
    permanent = person.values["residence_status"] == "permanent"
    sheet.put(
        505,
        62,
        of("residence_status", "香港永久性居民身份證" if permanent else "香港居民身份證"),
        size=44,
        bold=True,
        font="hk",
        align="m",
    )
    english = "PERMANENT IDENTITY CARD" if permanent else "IDENTITY CARD"
    sheet.put(505, 102, f"HONG KONG {english}", size=28, bold=True, align="m")
    x = 370
    sheet.put(x, 172, of("full_name_local", person["full_name_local"]), size=44, bold=True, font="hk")
    sheet.put(
        x, 226, of("full_name last_name", person["last_name"]), of("full_name", ", "),
        of("full_name first_name", person["first_name"]), size=34, width=600,
    )  # fmt: skip
    sheet.put(x, 272, of("name_codes", person["name_codes"]), size=28)
    sheet.put(x, 322, "出生日期 Date of Birth", size=22, font="hk")
    sheet.put(x, 360, of("birth_date", person["birth_date"]), size=32)
    sheet.put(x + 290, 360, of("sex", person["sex"]), size=32, font="hk")
    sheet.put(x + 420, 360, of("symbols", person["symbols"]), size=32) if not sheet.is_b else None
    if sheet.is_b:
        sheet.put(x, 406, of("symbols", person["symbols"]), size=32)
    sheet.put(x, 446, "首次登記日期 First Registration|首次登記日期", size=20, font="hk")
    sheet.put(x, 480, of("first_issue_date", person["first_issue_date"]), size=30)
    sheet.put(x, 524, "簽發日期 Date of Issue", size=20, font="hk")
    sheet.put(x, 562, of("issue_date", person["issue_date"]), size=32)
    sheet.put(960, 592, of("id_number", person["id_number"]), size=44, bold=True, align="r")
    sheet.picture(face, 50, 180, 280, 370)
    sheet.picture(face, 800, 420, 100, 120, ghost=0.34)


def back(sheet: Sheet, _: Person, __: Pixels) -> None:
    """Print the back: a chip's words, nothing about the holder."""
    paper(sheet, (230, 234, 226), (216, 228, 236))
    sheet.put(505, 120, "香港特別行政區政府", size=34, font="hk", align="m")
    sheet.put(505, 164, "Government of the HKSAR", size=26, align="m")
    sheet.put(505, 500, "如拾獲此證，請交往就近警署", size=26, font="hk", align="m")
    sheet.put(505, 540, "If found, please return this card to the nearest police station", size=22, align="m")


PLANS = {"hkg-id_card": Plan(identity, front, back)}
