"""Thailand: identity card and driving licence."""

import random

from specimens import dates, digits
from specimens.codes import symbol
from specimens.paper import chip, paper
from specimens.people import Names
from specimens.people import digits as some
from specimens.plan import Plan
from specimens.sheet import Sheet, of
from specimens.words import Person, Pixels

TITLES = {"M": (("นาย", "Mr."),), "F": (("นาง", "Mrs."), ("น.ส.", "Miss"))}
RELIGIONS = ("พุทธ", "พุทธ", "พุทธ", "อิสลาม", "คริสต์")
PROVINCES = {"เชียงใหม่": "Chiang Mai", "กรุงเทพมหานคร": "Bangkok"}


def identity(dice: random.Random, rendering: str) -> Person:
    """Give what an identity card says."""
    names = Names("tha", rendering, dice)
    sex = dice.choice("MF")
    title, latin_title = dice.choice(TITLES[sex])
    first, latin_first = names.parts("men" if sex == "M" else "women")
    last, latin_last = names.parts("last")
    born, issued = dates.born(dice), dates.issued(dice, 7)
    expiry = dates.later(issued, 8 if issued.month < 11 else 9).replace(month=born.month, day=min(born.day, 28))
    number = _number(dice)
    values = {
        "id_number": f"{number[0]}-{number[1:5]}-{number[5:10]}-{number[10:12]}-{number[12]}",
        "title_local": title,
        "first_name_local": first,
        "last_name_local": last,
        "full_name_local": f"{first} {last}",
        "title": latin_title,
        "first_name": latin_first,
        "last_name": latin_last,
        "full_name": f"{latin_first} {latin_last}",
        "birth_date": born.isoformat(),
        "birth_date_local": born.isoformat(),
        "religion": dice.choice(RELIGIONS),
        "issue_date": issued.isoformat(),
        "issue_date_local": issued.isoformat(),
        "expiry_date": expiry.isoformat(),
        "expiry_date_local": expiry.isoformat(),
        "serial_number": f"{some(dice, 4)}-{some(dice, 2)}-{some(dice, 8)}",
        "laser_number": f"{dice.choice('JM')}{dice.choice('CET')}{some(dice, 1)}-{some(dice, 7)}-{some(dice, 2)}",
    }
    printed = {
        "id_number": f"{number[0]} {number[1:5]} {number[5:10]} {number[10:12]} {number[12]}",
        **{f"{day}_local": dates.thai(when) for day, when in _days(born, issued, expiry).items()},
        **{day: dates.english(when) for day, when in _days(born, issued, expiry).items()},
        "officer": names.one("officers"),
    }
    return Person({**values, **_address(names, dice)}, printed)


def _days(born: dates.date, issued: dates.date, expiry: dates.date) -> dict[str, dates.date]:
    """Give the three days by field."""
    return {"birth_date": born, "issue_date": issued, "expiry_date": expiry}


def _number(dice: random.Random) -> str:
    """Give a number with its check digit."""
    twelve = dice.choice("1357") + some(dice, 11)
    return twelve + digits.thai(twelve)


def _address(names: Names, dice: random.Random) -> dict[str, str]:
    """Give the parts of an address, and the address as the card joins them."""
    house = f"{dice.randint(1, 399)}/{dice.randint(1, 99)}" if dice.random() < 0.6 else str(dice.randint(1, 999))
    if dice.random() < 0.3:
        subdistrict, district = names.parts("bangkok")
        province, marks, road = "กรุงเทพมหานคร", ("แขวง", "เขต", ""), names.one("roads")
        start, extra = f"{house} ถ.{road}", {"address_road": road}
    else:
        subdistrict, district, province = names.parts("places")
        village, marks = str(dice.randint(1, 14)), ("ต.", "อ.", "จ.")
        start, extra = f"{house} หมู่ที่ {village}", {"address_village": village}
    whole = f"{start} {marks[0]}{subdistrict} {marks[1]}{district} {marks[2]}{province}"
    parts = {"address_subdistrict": subdistrict, "address_district": district, "address_province": province}
    return {"address": whole, "address_house": house, **extra, **parts}


def address(sheet: Sheet, person: Person, x: float, y: float, step: float, size: float) -> None:
    """Print the address in two lines; Bangkok has its own words for subdistrict and district."""
    values = person.values
    capital = "address_road" in values
    marks = ("แขวง", "เขต", "") if capital else ("ต.", "อ.", "จ.")
    second = (
        of("address address_road", values["address_road"])
        if capital
        else of("address address_village", values["address_village"])
    )
    sheet.put(
        x, y, "ที่อยู่ | ที่อยู่  ", of("address address_house", values["address_house"]),
        of("address", " ถ." if capital else " หมู่ที่ "), second, of("address", f" {marks[0]}"),
        of("address address_subdistrict", values["address_subdistrict"]), font="thai", size=size, width=560,
    )  # fmt: skip
    sheet.put(
        x, y + step, of("address", marks[1]), of("address address_district", values["address_district"]),
        of("address", f" {marks[2]}"), of("address address_province", values["address_province"]),
        font="thai", size=size, width=560,
    )  # fmt: skip


def identity_front(sheet: Sheet, person: Person, face: Pixels) -> None:
    """Print the identity card's front."""
    paper(sheet, (206, 226, 240), (226, 236, 246)) if not sheet.is_b else paper(sheet, (222, 232, 236), (196, 218, 238))
    chip(sheet, 60, 210)
    sheet.put(210, 62, "บัตรประจำตัวประชาชน", font="thai", size=42, bold=True, width=400)
    sheet.put(640, 60, "Thai National ID Card", size=30, bold=True, ink=(30, 50, 130), width=340)
    sheet.put(300, 104, "เลขประจำตัวประชาชน", font="thai", size=28, width=250)
    sheet.put(300, 131, "Identification Number", size=20, ink=(30, 50, 130))
    sheet.put(560, 124, of("id_number", person["id_number"]), size=40, bold=sheet.is_b)
    name_rows(sheet, person, 210, 184, 44)
    blue = (30, 50, 130)
    sheet.put(300, 322, "เกิดวันที่ ", of("birth_date_local", person["birth_date_local"]), font="thai", size=32)
    sheet.put(300, 358, "Date of Birth |Date of Birth  ", of("birth_date", person["birth_date"]), size=26, ink=blue)
    sheet.put(300, 395, "ศาสนา |ศาสนา  ", of("religion", person["religion"]), font="thai", size=30)
    address(sheet, person, 60, 443, 39, 29)
    for x, day, label, latin in (
        (60, "issue_date", "วันออกบัตร", "Date of Issue"),
        (540, "expiry_date", "วันบัตรหมดอายุ", "Date of Expiry"),
    ):
        sheet.put(x, 520, of(f"{day}_local", person[f"{day}_local"]), font="thai", size=28)
        sheet.put(x, 550, label, font="thai", size=22)
        sheet.put(x, 580, of(day, person[day]), size=24, ink=blue)
        sheet.put(x, 606, latin, size=18, ink=blue)
    sheet.put(400, 560, f"({person['officer']})", font="thai", size=22, align="m")
    sheet.put(400, 590, "เจ้าพนักงานออกบัตร", font="thai", size=22, align="m")
    sheet.picture(face, 760, 300, 200, 250)
    sheet.put(860, 590, of("serial_number", person["serial_number"]), size=22, align="m")


def name_rows(sheet: Sheet, person: Person, x: float, y: float, step: float) -> None:
    """Print the names: Thai on one line, Latin on two."""
    blue = (30, 50, 130)
    sheet.put(
        x, y, "ชื่อตัวและชื่อสกุล ", of("title_local", person["title_local"], size=40, bold=True),
        of("", " "), of("full_name_local first_name_local", person["first_name_local"], size=40, bold=True),
        of("full_name_local", " ", size=40), of("full_name_local last_name_local", person["last_name_local"], size=40, bold=True),
        font="thai", size=26, width=770,
    )  # fmt: skip
    sheet.put(
        x + 90, y + step, "Name  |Name ", of("title", person["title"], bold=True), of("", " "),
        of("first_name", person["first_name"], bold=True), size=30, ink=blue,
    )  # fmt: skip
    sheet.put(
        x + 90,
        y + 2 * step - 4,
        "Last name  |Last name ",
        of("last_name", person["last_name"], bold=True),
        size=30,
        ink=blue,
    )
    sheet.field("full_name", "first_name", "last_name")


def identity_back(sheet: Sheet, person: Person, _: Pixels) -> None:
    """Print the identity card's back."""
    paper(sheet, (228, 232, 236), (214, 226, 238))
    sheet.box(0, 60, 1011, 110, (46, 40, 38)) if not sheet.is_b else None
    sheet.put(505, 290, "กรมการปกครอง กระทรวงมหาดไทย|กระทรวงมหาดไทย", font="thai", size=40, bold=True, align="m")
    sheet.put(505, 340, "บัตรประจำตัวประชาชน", font="thai", size=34, align="m")
    sheet.put(
        940 if not sheet.is_b else 70,
        600,
        of("laser_number", person["laser_number"]),
        size=34,
        align="r" if not sheet.is_b else "l",
    )


def licence(dice: random.Random, rendering: str) -> Person:
    """Give what a licence says."""
    holder = identity(dice, rendering)
    issued = dates.issued(dice)
    born = dates.date.fromisoformat(holder.values["birth_date"])
    expiry = dates.later(issued, 5).replace(month=born.month, day=min(born.day, 28))
    keep = ("title", "first_name", "last_name", "full_name", "birth_date", "id_number")
    values = {name: value for name, value in holder.values.items() if name.removesuffix("_local") in keep}
    values |= {
        "document_number": some(dice, 8),
        "issue_date": issued.isoformat(),
        "issue_date_local": issued.isoformat(),
        "expiry_date": expiry.isoformat(),
        "expiry_date_local": expiry.isoformat(),
        "issue_place": Names("tha", rendering, dice).parts("places")[2],
    }
    days = _days(born, issued, expiry).items()
    printed = {
        "id_number": holder["id_number"],
        **{f"{day}_local": long_thai(when) for day, when in days},
        **{day: dates.full(when) for day, when in days},
        "officer": holder["officer"],
        "class_local": dice.choice(("รถยนต์ส่วนบุคคล", "รถจักรยานยนต์ส่วนบุคคล")),
    }
    values["classes"] = "PRIVATE CAR" if printed["class_local"] == "รถยนต์ส่วนบุคคล" else "PRIVATE MOTORCYCLE"
    return Person(values, printed)


LONG_MONTHS = [
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
]


def long_thai(day: dates.date) -> str:
    """Give `31 ธันวาคม 2533`."""
    return f"{day.day} {LONG_MONTHS[day.month - 1]} {day.year + 543}"


def licence_front(sheet: Sheet, person: Person, face: Pixels) -> None:
    """Print the licence's front."""
    paper(sheet, (236, 228, 206), (226, 236, 220)) if not sheet.is_b else paper(sheet, (238, 236, 216), (232, 222, 196))
    sheet.put(505, 62, "ใบอนุญาตขับ" + person["class_local"], font="thai", size=38, bold=True, align="m")
    sheet.put(
        505,
        100,
        f"{person.values['classes'].title()} Driving Licence|{person.values['classes']} DRIVING LICENCE",
        size=26,
        align="m",
    )
    x = 330
    sheet.put(
        60,
        148,
        "ฉบับที่ |ฉบับที่  ",
        of("document_number", person["document_number"], size=36, bold=True),
        font="thai",
        size=28,
    )
    sheet.put(60, 176, "No.", size=20)
    rows = (
        ("issue_date", "วันอนุญาต", "Issue Date"),
        ("expiry_date", "วันสิ้นอายุ", "Expiry Date"),
        ("birth_date", "เกิดวันที่", "Birth Date"),
    )
    for (day, label, latin), (px, y) in zip(rows, ((x, 186), (x + 335, 186), (x, 384)), strict=True):
        sheet.put(px, y, f"{label} ", of(f"{day}_local", person[f"{day}_local"]), font="thai", size=27, width=320)
        sheet.put(px, y + 32, f"{latin} |{latin}  ", of(day, person[day]), size=21, width=320)
    sheet.put(
        x, 274, "ชื่อ ", of("title_local", person["title_local"]), of("", " "),
        of("full_name_local first_name_local", person["first_name_local"]), of("full_name_local", " "),
        of("full_name_local last_name_local", person["last_name_local"]), font="thai", size=34, width=640,
    )  # fmt: skip
    sheet.put(
        x, 320, "Name ", of("title", person["title"]), of("", " "), of("full_name first_name", person["first_name"]),
        of("full_name", " "), of("full_name last_name", person["last_name"]), size=27, width=640,
    )  # fmt: skip
    sheet.put(x, 468, "เลขประจำตัวประชาชน ", of("id_number", person["id_number"]), font="thai", size=28)
    sheet.put(x, 500, "ID No.", size=20)
    sheet.put(x, 548, "นายทะเบียน จังหวัด", of("issue_place", person["issue_place"]), font="thai", size=27)
    sheet.put(x, 584, "Registrar", size=20)
    sheet.picture(face, 60, 200, 220, 280)
    sheet.put(170, 520, person["officer"], font="thai", size=22, align="m")


def licence_back(sheet: Sheet, person: Person, _: Pixels) -> None:
    """Print the licence's back, with its QR."""
    paper(sheet, (240, 236, 226), (236, 238, 228))
    content = f"SPECIMEN;{person.values['document_number']};{person.values['id_number'].replace('-', '')};{person.values['expiry_date']}"
    sheet.code(symbol(content, "QRCode"), "QRCode", content.encode(), 720 if not sheet.is_b else 60, 330, 220)
    sheet.box(0, 50, 1011, 100, (50, 44, 42))
    left = 60 if not sheet.is_b else 330
    sheet.put(left, 240, "ชนิดรถ " + person["class_local"], font="thai", size=34)
    sheet.put(left, 286, "Type of vehicle: ", of("classes", person.values["classes"]), size=26)
    sheet.put(left, 400, "ผู้ขับรถต้องมีใบอนุญาตขับรถ", font="thai", size=28)
    sheet.put(left, 440, "กรมการขนส่งทางบก กระทรวงคมนาคม", font="thai", size=28)
    sheet.put(left, 480, "Department of Land Transport", size=24)


PLANS = {
    "tha-id_card": Plan(identity, identity_front, identity_back),
    "tha-driving_license": Plan(licence, licence_front, licence_back),
}
