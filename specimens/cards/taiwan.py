"""Taiwan: national identity card."""

import random

from specimens import dates, digits
from specimens.codes import symbol
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
    last = names.parts("last")[0]
    letter, city, street, ward = names.parts("taiwan")
    born, issued = dates.born(dice, 18), dates.issued(dice, 12)
    values = {
        "full_name": last + names.parts("men" if sex == "M" else "women")[0],
        "birth_date": born.isoformat(),
        "sex": sex,
        "issue_date": issued.isoformat(),
        "issue_place": names.one("issuers"),
        "issue_reason": dice.choice(("初發", "換發", "補發")),
        "id_number": number(dice, letter, sex),
        "father_name": last + names.parts("men")[0],
        "mother_name": names.parts("last")[0] + names.parts("women")[0],
        "birth_place": city,
        "address": f"{city}{street[:3]}{ward}{dice.randint(1, 30):03d}鄰{street[3:]}",
        "serial_number": some(dice, 10),
    }
    if dice.random() < 0.5:
        values["spouse_name"] = names.parts("last")[0] + names.parts("women" if sex == "M" else "men")[0]
    if sex == "M":
        values["military_service"] = dice.choice(("常備役", "替代役", "國民兵"))
    printed = {"birth_date": dates.roc(born), "issue_date": dates.roc(issued), "sex": "男" if sex == "M" else "女"}
    return Person(values, printed)


def number(dice: random.Random, letter: str, sex: str) -> str:
    """Give a number with its check digit."""
    eight = ("1" if sex == "M" else "2") + some(dice, 7)
    return letter + eight + digits.taiwan(letter, eight)


def front(sheet: Sheet, person: Person, face: Pixels) -> None:
    """Print the front."""
    paper(sheet, (244, 222, 230), (236, 236, 216)) if not sheet.is_b else paper(sheet, (240, 228, 222), (238, 216, 228))
    sheet.put(360 if sheet.is_b else 330, 80, "中華民國國民身分證", font="tc", size=46, bold=True)
    left = 330
    sheet.put(left, 190, "姓名", size=28, font="tc")
    sheet.put(left + 110, 194, of("full_name", person["full_name"]), size=50, bold=True, font="tc")
    sheet.put(left, 300, "出生", size=28, font="tc")
    sheet.put(left, 332, "年月日", size=28, font="tc")
    sheet.put(left + 110, 320, of("birth_date", person["birth_date"]), size=38, font="tc")
    sheet.put(left + 500, 320, "性別 |性別  ", of("sex", person["sex"], size=38), size=28, font="tc")
    sheet.put(left, 440, "發證日期", size=28, font="tc")
    sheet.put(
        left + 140, 440, of("issue_date", person["issue_date"]), of("", "(" if not sheet.is_b else " ("),
        of("issue_place", person["issue_place"]), of("", ")"), of("issue_reason", person["issue_reason"]),
        size=31, font="tc", width=520,
    )  # fmt: skip
    sheet.put(left + 140, 560, "統一編號", size=28, font="tc")
    sheet.put(left + 270, 562, of("id_number", person["id_number"]), size=46, bold=True, ink=(170, 30, 40))
    sheet.picture(face, 50, 150, 240, 320)


def back(sheet: Sheet, person: Person, _: Pixels) -> None:
    """Print the back."""
    paper(sheet, (242, 226, 230), (238, 234, 220))
    sheet.box(40, 60, 930, 400, None, (180, 120, 130))
    rows = (("father_name", "父", 70, 120), ("mother_name", "母", 420, 120), ("spouse_name", "配偶", 70, 200))
    for name, label, x, y in (*rows, ("military_service", "役別", 420, 200), ("birth_place", "出生地", 70, 280)):
        sheet.put(x, y, label, size=28, font="tc")
        sheet.put(x + 120, y, of(name, person.values.get(name, "")), size=34, font="tc")
    sheet.put(70, 370, "住址", size=28, font="tc")
    whole = person.values["address"]
    for row, start in enumerate(range(0, len(whole), 20)):
        sheet.put(190, 370 + 44 * row, of("address", whole[start : start + 20]), size=34, font="tc")
    sheet.values = {**sheet.values, "address": whole}
    serial = person.values["serial_number"]
    sheet.code(symbol(serial, "Code128"), "Code128", serial.encode(), 560 if not sheet.is_b else 70, 490, 380, 70)
    sheet.put(560 if sheet.is_b else 70, 570, of("serial_number", serial), size=34)


PLANS = {"twn-id_card": Plan(identity, front, back)}
