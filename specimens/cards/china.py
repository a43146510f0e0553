"""Mainland China: resident identity card."""

import random

from specimens import dates, digits
from specimens.paper import paper
from specimens.people import Names
from specimens.plan import Plan
from specimens.sheet import Run, Sheet, of
from specimens.words import Person, Pixels


def identity(dice: random.Random, rendering: str) -> Person:
    """Give what the card says."""
    names = Names("chinese", rendering, dice)
    sex = dice.choice("MF")
    name = names.parts("last")[1] + names.parts("men" if sex == "M" else "women")[1]
    region, area, street, room, office = names.parts("china")
    born, issued = dates.born(dice, 18), dates.issued(dice, 8)
    seventeen = f"{region}{born:%Y%m%d}{dice.randint(0, 49):02d}{2 * dice.randint(0, 4) + (sex == 'M')}"
    lifelong = dates.TODAY.year - born.year > 55
    expiry = dates.later(issued, 20 if issued.year - born.year >= 26 else 10)
    values = {
        "full_name": name,
        "sex": sex,
        "ethnicity": names.one("ethnic"),
        "birth_date": born.isoformat(),
        "address": area + street + room,
        "id_number": seventeen + digits.china(seventeen),
        "issuing_authority": office,
        "issue_date": issued.isoformat(),
    }
    values |= {"is_lifelong": "true"} if lifelong else {"expiry_date": expiry.isoformat()}
    printed = {
        "sex": "男" if sex == "M" else "女",
        "area": area,
        "street": street + room,
        "issue_date": f"{issued:%Y.%m.%d}",
        "expiry_date": f"{expiry:%Y.%m.%d}",
    }
    return Person(values, printed)


def front(sheet: Sheet, person: Person, face: Pixels) -> None:
    """Print the side with the portrait."""
    paper(sheet, (226, 236, 240), (238, 228, 224)) if not sheet.is_b else paper(sheet, (236, 232, 238), (220, 234, 236))
    blue = (40, 90, 150)

    def row(y: float, label: str, *runs: Run, x: float = 70) -> None:
        sheet.put(x, y, label, size=26, ink=blue, font="sc")
        sheet.put(x + (len(label) * 28 + 24), y, *runs, size=33, font="sc")

    row(96, "姓名", of("full_name", person["full_name"]))
    row(172, "性别", of("sex", person["sex"]))
    row(172, "民族", of("ethnicity", person["ethnicity"]), x=270)
    year, month, day = person.values["birth_date"].split("-")
    sheet.put(
        70, 248, "出生", of("", "  ", size=30), of("birth_date", year, size=33), of("birth_date", " 年 ", size=26),
        of("birth_date", str(int(month)), size=33), of("birth_date", " 月 ", size=26), of("birth_date", str(int(day)), size=33),
        of("birth_date", " 日", size=26), size=26, font="sc",
    )  # fmt: skip
    sheet.put(70, 324, "住址", size=26, ink=blue, font="sc")
    whole = person.values["address"]
    cut = 11 if not sheet.is_b else 12
    for number, start in enumerate(range(0, len(whole), cut)):
        sheet.put(150, 324 + 46 * number, of("address", whole[start : start + cut]), size=32, font="sc")
    sheet.values = {**sheet.values, "address": whole}
    sheet.put(70, 560, "公民身份号码", size=26, ink=blue, font="sc")
    sheet.put(340, 562, of("id_number", person["id_number"]), size=44, bold=True, font="sans" if sheet.is_b else "ocrb")
    sheet.picture(face, 650, 90, 280, 360)


def back(sheet: Sheet, person: Person, _: Pixels) -> None:
    """Print the side with the issuing office."""
    paper(sheet, (236, 228, 226), (226, 236, 238))
    sheet.box(70, 70, 140, 140, (214, 150, 140), (170, 60, 60), r=70)
    sheet.put(580, 140, "中华人民共和国", size=58, bold=True, font="sc", align="m")
    sheet.put(580, 230, "居民身份证|居 民 身 份 证", size=66, bold=True, font="sc", align="m")
    sheet.put(250, 480, "签发机关", size=28, bold=True, font="sc")
    sheet.put(400, 480, of("issuing_authority", person["issuing_authority"]), size=30, font="sc")
    sheet.put(250, 550, "有效期限", size=28, bold=True, font="sc")
    end = of("is_lifelong", "长期") if "is_lifelong" in person.values else of("expiry_date", person["expiry_date"])
    sheet.put(400, 550, of("issue_date", person["issue_date"]), "-|—", end, size=30, font="sc")


PLANS = {"chn-id_card": Plan(identity, front, back)}
