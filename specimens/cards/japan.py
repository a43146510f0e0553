"""Japan: My Number card and driving licence."""

import random

from specimens import dates, digits
from specimens.codes import symbol
from specimens.paper import chip, paper
from specimens.people import Names
from specimens.people import digits as some
from specimens.plan import Plan
from specimens.sheet import Sheet, of
from specimens.words import Person, Pixels

SEX = {"M": "男", "F": "女"}


def _somebody(dice: random.Random, rendering: str) -> tuple[Person, dates.date, str]:
    """Give name, birth, sex and address, the birthday, and the authority's code."""
    names = Names("jpn", rendering, dice)
    sex = dice.choice("MF")
    prefecture, rest, code, office = names.parts("places")
    born = dates.born(dice)
    last, first = names.one("last"), names.one("men" if sex == "M" else "women")
    blank = dice.choice(("", "　"))
    values = {
        "full_name": f"{last} {first}" if blank else f"{last}{first}",
        "sex": sex,
        "birth_date": born.isoformat(),
        "address": prefecture + rest,
        "address_province": prefecture,
        "issuing_authority": office,
    }
    return Person(values, {"full_name": last + blank + first, "rest": rest, "sex": SEX[sex]}), born, code


def identity(dice: random.Random, rendering: str) -> Person:
    """Give what a My Number card says."""
    somebody, born, _ = _somebody(dice, rendering)
    issued = dates.issued(dice, 7)
    expiry = dates.later(issued, 10 if issued.year - born.year > 18 else 5).replace(
        month=born.month, day=min(born.day, 28)
    )
    eleven = some(dice, 11)
    number = eleven + digits.my_number(eleven)
    values = {name: value for name, value in somebody.values.items() if name != "issuing_authority"} | {
        "expiry_date": expiry.isoformat(),
        "id_number": f"{number[:4]} {number[4:8]} {number[8:]}",
    }
    printed = {
        "birth_date": f"{dates.era(born)}生" if rendering == "a" else dates.era(born),
        "expiry_date": f"{expiry.year}年{expiry.month}月{expiry.day}日",
        "security": some(dice, 4),
        "certificate": f"{min(expiry.year, issued.year + 5)}年{expiry.month}月{expiry.day}日",
    }
    return Person(values, {**somebody.printed, **printed})


def front(sheet: Sheet, person: Person, face: Pixels) -> None:
    """Print a My Number card's front."""
    paper(sheet, (246, 224, 232), (224, 236, 246)) if not sheet.is_b else paper(sheet, (228, 236, 242), (246, 228, 226))
    sheet.put(50, 70, "氏名|氏 名", size=24, font="jp")
    sheet.put(150, 72, of("full_name", person["full_name"]), size=40, font="jp")
    sheet.put(50, 150, "住所|住 所", size=24, font="jp")
    sheet.put(
        150,
        150,
        of("address address_province", person["address_province"]),
        of("address", person["rest"]),
        size=30,
        font="jp",
        width=800,
    )
    x = 330
    sheet.put(x, 250, of("birth_date", person["birth_date"]), size=30, font="jp") if not sheet.is_b else sheet.put(
        x, 250, "生年月日  ", of("birth_date", person["birth_date"], size=30), size=22, font="jp"
    )
    sheet.put(x + 420, 250, "性別 |性別  ", of("sex", person["sex"], size=30), size=22, font="jp")
    sheet.put(x, 320, of("expiry_date", person["expiry_date"]), "まで有効", size=28, font="jp")
    sheet.put(700, 366, person["security"], size=36, bold=True)
    sheet.put(x, 400, "電子証明書の有効期限|電子証明書有効期限", size=20, font="jp")
    sheet.put(x, 434, person["certificate"], size=24, font="jp")
    sheet.box(x, 470, 630, 110, (250, 250, 250), (180, 180, 190))
    sheet.put(930, 610, "個人番号カード|マイナンバーカード", size=22, font="jp", align="r")
    sheet.picture(face, 50, 220, 230, 300)


def back(sheet: Sheet, person: Person, _: Pixels) -> None:
    """Print a My Number card's back."""
    paper(sheet, (232, 240, 232), (246, 232, 226))
    chip(sheet, 70, 250)
    sheet.put(300, 120, "個人番号", size=28, font="jp")
    sheet.put(450, 124, of("id_number", person["id_number"]), size=46, bold=True)
    sheet.put(300, 480, "氏名 |氏名　", of("full_name", person["full_name"]), size=30, font="jp")
    born = dates.date.fromisoformat(person.values["birth_date"])
    sheet.put(300, 540, "生年月日 |生年月日　", of("birth_date", dates.era(born)), size=28, font="jp")
    number = person.values["id_number"].replace(" ", "")
    sheet.code(symbol(number, "QRCode"), "QRCode", number.encode(), 790, 210, 150)


def licence(dice: random.Random, rendering: str) -> Person:
    """Give what a licence says."""
    somebody, born, code = _somebody(dice, rendering)
    issued = dates.issued(dice, 3)
    expiry = dates.later(issued, 5).replace(month=born.month, day=min(born.day, 28))
    year = min(born.year + 18 + dice.randint(0, 4), issued.year)
    ten = f"{code}{year % 100:02d}{some(dice, 6)}"
    first = dates.date(year, dice.randint(1, 12), dice.randint(1, 28))
    first = min(first, issued)
    values = {name: value for name, value in somebody.values.items() if name != "sex"} | {
        "document_number": ten + digits.japan_licence(ten) + dice.choice("0001"),
        "issue_date": issued.isoformat(),
        "expiry_date": expiry.isoformat(),
        "conditions": dice.choice(("眼鏡等", "準中型で運転できる準中型車は準中型車（５ｔ）に限る", "")),
        "classes": dice.choice(("普通", "中型", "準中型 普自二", "普通 原付")),
    }
    if not values["conditions"]:
        del values["conditions"]
    printed = {
        "birth_date": licence_day(born),
        "issue_date": licence_day(issued),
        "first": licence_day(first),
        "expiry_date": f"{expiry.year}年({dates.era_year(expiry)}){expiry:%m}月{expiry:%d}日"
        if rendering == "a"
        else f"{licence_day(expiry)}",
        "serial": some(dice, 5),
        "colour": dice.choice(("優良", "一般")),
    }
    return Person(values, {**somebody.printed, **printed})


def licence_day(day: dates.date) -> str:
    """Give `平成02年01月31日`, two digits each, as licences have it."""
    year = dates.era_year(day)
    number = year[2:-1]
    return f"{year[:2]}{number if number == '元' else number.zfill(2)}年{day:%m}月{day:%d}日"


def licence_front(sheet: Sheet, person: Person, face: Pixels) -> None:
    """Print the licence's front."""
    paper(sheet, (230, 238, 246), (240, 234, 240)) if not sheet.is_b else paper(sheet, (240, 236, 228), (226, 240, 242))
    sheet.put(40, 64, "氏名|氏 名", size=26, font="jp")
    sheet.put(140, 66, of("full_name", person["full_name"]), size=38, font="jp")
    sheet.put(960, 66, of("birth_date", person["birth_date"]), "生", size=28, font="jp", align="r")
    sheet.put(40, 124, "住所|住 所", size=26, font="jp")
    sheet.put(
        140,
        124,
        of("address address_province", person["address_province"]),
        of("address", person["rest"]),
        size=29,
        font="jp",
        width=820,
    )
    sheet.put(40, 178, "交付", size=26, font="jp")
    sheet.put(140, 178, of("issue_date", person["issue_date"]), "  ", person["serial"], size=28, font="jp")
    gold = person["colour"] == "優良"
    sheet.box(40, 200, 620, 58, (226, 196, 110) if gold else (130, 180, 220))
    sheet.put(60, 240, of("expiry_date", person["expiry_date"]), "まで有効", size=32, font="jp", width=580)
    sheet.put(40, 300, "免許の", size=22, font="jp")
    sheet.put(40, 330, "条件等", size=22, font="jp")
    sheet.put(140, 316, of("conditions", person.values.get("conditions", "")), size=24, font="jp", width=510)
    if gold:
        sheet.put(140, 380, "優良", size=34, font="jp", bold=True)
    sheet.put(40, 436, "番号", size=26, font="jp")
    sheet.put(
        120, 438, "第 |第", of("document_number", person["document_number"], size=34), " 号|号", size=28, font="jp"
    )
    for number, label in enumerate(("二・小・原", "他|その他", "二種")):
        sheet.put(40, 492 + 46 * number, label, size=22, font="jp")
        sheet.put(190, 492 + 46 * number, person["first"] if number < 2 else "平成00年00月00日", size=24, font="jp")
    sheet.put(470, 492, "種類", size=22, font="jp")
    for number, one in enumerate(person["classes"].split()):
        sheet.put(540 + 130 * number if number == 0 else 470, 492 + 40 * number, of("classes", one), size=26, font="jp")
    sheet.put(930, 590, of("issuing_authority", person["issuing_authority"]), size=30, font="jp", align="r")
    sheet.picture(face, 700, 190, 250, 320)


def licence_back(sheet: Sheet, _: Person, __: Pixels) -> None:
    """Print the licence's back: empty rows for changes."""
    paper(sheet, (240, 240, 244), (232, 238, 244))
    sheet.put(505, 80, "備考|備　考", size=34, font="jp", align="m")
    for row in range(5):
        sheet.box(60, 110 + 90 * row, 890, 90, None, (150, 150, 170))


PLANS = {
    "jpn-id_card": Plan(identity, front, back),
    "jpn-driving_license": Plan(licence, licence_front, licence_back),
}
