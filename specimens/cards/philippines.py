"""The Philippines: PhilID, UMID, SSS, TIN, voter's card and driving licence."""

import random

from specimens import dates
from specimens.codes import symbol
from specimens.paper import chip, paper
from specimens.people import Names
from specimens.people import digits as some
from specimens.plan import Plan
from specimens.sheet import Colour, Sheet, of
from specimens.signing import SECRET, signed
from specimens.words import Person, Pixels

GREY: Colour = (80, 84, 110)


def _somebody(dice: random.Random, rendering: str) -> tuple[Person, dates.date]:
    """Give names, sex, birth and address."""
    names = Names("phl", rendering, dice)
    sex = dice.choice("MF")
    first, middle, last = names.one("men" if sex == "M" else "women"), names.one("last"), names.one("last")
    street, barangay, city, province, code = names.parts("places")
    born = dates.born(dice)
    values = {
        "last_name": last,
        "first_name": first,
        "middle_name": middle,
        "full_name": f"{first} {middle} {last}",
        "sex": sex,
        "birth_date": born.isoformat(),
        "birth_place": f"{city}, {province}",
        "address": f"{street} {barangay} {city} {province} {code}",
        "address_city": city,
        "address_province": province,
        "postal_code": code,
    }
    return Person(values, {"street": f"{street}, {barangay}"}), born


def _with(person: Person, keep: tuple[str, ...], values: dict[str, str], printed: dict[str, str]) -> Person:
    """Give a person with some of the values and more."""
    kept = {name: person.values[name] for name in keep}
    return Person({**kept, **values}, {**person.printed, **printed})


NAMES = ("last_name", "first_name", "middle_name", "full_name")
HOME = ("address", "address_city", "address_province", "postal_code")


def spoken(day: dates.date) -> str:
    """Give `JANUARY 01, 1990`."""
    return f"{dates.FULL_MONTHS[day.month - 1].upper()} {day:%d}, {day.year}"


def _address(sheet: Sheet, person: Person, x: float, y: float, size: float, width: float = 600) -> None:
    """Print an address in two lines."""
    sheet.put(x, y, of("address", person["street"]), ",", size=size, width=width)
    sheet.put(
        x, y + size * 1.25, of("address address_city", person["address_city"]), of("address", ", "),
        of("address address_province", person["address_province"]), of("address", " "),
        of("address postal_code", person["postal_code"]), size=size, width=width,
    )  # fmt: skip


def _stack(
    sheet: Sheet, person: Person, rows: tuple[tuple[str, str], ...], x: float, y: float, step: float, size: float = 29
) -> None:
    """Print small labels with values under them."""
    for number, (label, name) in enumerate(rows):
        sheet.put(x, y + step * number, label, size=18, ink=GREY)
        sheet.put(x, y + step * number + size * 1.08, of(name, person[name]), size=size, width=600)


def philid(dice: random.Random, rendering: str) -> Person:
    """Give what a PhilID says."""
    somebody, born = _somebody(dice, rendering)
    issued = dates.issued(dice)
    keep = (*NAMES, *HOME, "sex", "birth_date", "birth_place")
    values = {
        "id_number": "-".join(some(dice, 4) for _ in range(4)),
        "issue_date": issued.isoformat(),
        "blood_type": dice.choice(("A+", "B+", "O+", "AB+", "O-")),
        "marital_status": dice.choice(("SINGLE", "MARRIED", "WIDOWED")),
    }
    days = {
        "birth_date": spoken(born),
        "issue_date": spoken(issued)
        if rendering == "a"
        else f"{issued:%d} {dates.FULL_MONTHS[issued.month - 1].upper()} {issued.year}",
    }
    return _with(somebody, keep, values, {**days, "sex": "MALE" if somebody.values["sex"] == "M" else "FEMALE"})


def philid_front(sheet: Sheet, person: Person, face: Pixels) -> None:
    """Print a PhilID's front."""
    paper(sheet, (206, 220, 240), (240, 226, 214)) if not sheet.is_b else paper(sheet, (236, 230, 220), (210, 216, 240))
    sheet.put(505, 52, "REPUBLIKA NG PILIPINAS|Republika ng Pilipinas", size=30, bold=True, align="m")
    sheet.put(505, 80, "Republic of the Philippines", size=20, align="m")
    sheet.put(505, 116, "PAMBANSANG PAGKAKAKILANLAN", size=32, bold=True, align="m", ink=(30, 50, 130))
    sheet.put(505, 142, "Philippine Identification Card", size=20, align="m")
    sheet.put(50, 204, of("id_number", person["id_number"]), size=33, bold=True, width=310)
    rows = (("Apelyido/Last Name|Apelyido / Last Name", "last_name"), ("Mga Pangalan/Given Names|Mga Pangalan / Given Names", "first_name"),
            ("Gitnang Apelyido/Middle Name|Gitnang Apelyido / Middle Name", "middle_name"), ("Petsa ng Kapanganakan/Date of Birth|Petsa ng Kapanganakan / Date of Birth", "birth_date"))  # fmt: skip
    _stack(sheet, person, rows, 390, 200, 74)
    sheet.put(390, 496, "Tirahan/Address|Tirahan / Address", size=18, ink=GREY)
    _address(sheet, person, 390, 526, 25)
    sheet.field("full_name", "last_name", "first_name", "middle_name")
    sheet.picture(face, 50, 230, 280, 350)
    sheet.picture(face, 830, 180, 120, 150, ghost=0.3)


def philid_code(person: Person) -> str:
    """Give the content of a PhilID's QR; `signer` and `qr_*` of the person say where it is to be wrong."""
    value = person.values
    subject = {
        "Suffix": "",
        "lName": value["last_name"],
        "fName": value["first_name"],
        "mName": value["middle_name"],
        "sex": "Male" if value["sex"] == "M" else "Female",
        "BF": "[1,6]",
        "DOB": spoken(dates.date.fromisoformat(value["birth_date"])).title(),
        "POB": value["birth_place"],
        "PCN": value["id_number"],
    }
    code = signed(subject, value["issue_date"], secret=person.printed.get("signer", SECRET.decode()).encode())
    altered = person.printed.get("qr_first_name")
    return code.replace(value["first_name"], altered) if altered else code


def philid_back(sheet: Sheet, person: Person, _: Pixels) -> None:
    """Print a PhilID's back, with its signed QR."""
    paper(sheet, (240, 226, 214), (206, 220, 240))
    rows = (("Araw ng pagkakaloob/Date of issue|Araw ng Pagkakaloob / Date of Issue", "issue_date"), ("Kasarian/Sex|Kasarian / Sex", "sex"), ("Uri ng Dugo/Blood Type|Uri ng Dugo / Blood Type", "blood_type"),
            ("Kalagayang Sibil/Marital Status|Kalagayang Sibil / Marital Status", "marital_status"), ("Lugar ng Kapanganakan/Place of Birth|Lugar ng Kapanganakan / Place of Birth", "birth_place"))  # fmt: skip
    _stack(sheet, person, rows, 50 if not sheet.is_b else 520, 80, 84, 27)
    content = philid_code(person)
    sheet.code(symbol(content, "QRCode"), "QRCode", content.encode(), 520 if not sheet.is_b else 50, 60, 440)
    sheet.put(50 if not sheet.is_b else 520, 590, "If found, please return to PSA", size=20)


def umid(dice: random.Random, rendering: str) -> Person:
    """Give what a UMID says."""
    somebody, born = _somebody(dice, rendering)
    values = {"id_number": f"{some(dice, 4)}-{some(dice, 7)}-{some(dice, 1)}"}
    return _with(somebody, (*NAMES, *HOME, "sex", "birth_date"), values, {"birth_date": f"{born:%Y/%m/%d}"})


def umid_front(sheet: Sheet, person: Person, face: Pixels) -> None:
    """Print a UMID's front."""
    paper(sheet, (222, 230, 240), (244, 236, 210)) if not sheet.is_b else paper(sheet, (240, 238, 226), (218, 230, 244))
    sheet.put(505, 54, "REPUBLIC OF THE PHILIPPINES|Republic of the Philippines", size=28, bold=True, align="m")
    sheet.put(505, 92, "Unified Multi-Purpose ID|UNIFIED MULTI-PURPOSE ID", size=32, bold=True, align="m")
    sheet.put(380, 150, "CRN-|CRN ", of("id_number", person["id_number"]), size=38, bold=True)
    rows = (
        ("SURNAME|Surname", "last_name"),
        ("GIVEN NAME|Given Name", "first_name"),
        ("MIDDLE NAME|Middle Name", "middle_name"),
    )
    _stack(sheet, person, rows, 380, 192, 72, 30)
    for x, label, name in ((380, "SEX|Sex", "sex"), (520, "DATE OF BIRTH|Date of Birth", "birth_date")):
        sheet.put(x, 412, label, size=18, ink=GREY)
        sheet.put(x, 444, of(name, person[name]), size=28)
    sheet.put(380, 484, "ADDRESS|Address", size=18, ink=GREY)
    _address(sheet, person, 380, 514, 24)
    sheet.field("full_name", "last_name", "first_name", "middle_name")
    sheet.picture(face, 50, 130, 270, 350)


def umid_back(sheet: Sheet, _: Person, __: Pixels) -> None:
    """Print a UMID's back."""
    paper(sheet, (244, 236, 210), (222, 230, 240))
    chip(sheet, 80, 240)
    sheet.put(505, 110, "THIS CARD IS NON-TRANSFERABLE|This card is non-transferable", size=28, align="m")


def sss(dice: random.Random, rendering: str) -> Person:
    """Give what an SSS card says."""
    somebody, born = _somebody(dice, rendering)
    values = {"id_number": f"{some(dice, 2)}-{some(dice, 7)}-{some(dice, 1)}"}
    values["full_name"] = _one_line(somebody, comma=rendering == "b")
    return _with(somebody, (*NAMES, "sex", "birth_date"), values, {"birth_date": spoken(born)})


def _one_line(person: Person, *, comma: bool) -> str:
    """Give a name as `_full_name` prints it."""
    first, middle, last = (person.values[name] for name in ("first_name", "middle_name", "last_name"))
    return f"{last}, {first} {middle}" if comma else f"{first} {middle} {last}"


def _full_name(sheet: Sheet, person: Person, x: float, y: float, size: float, *, comma: bool) -> None:
    """Print a name on one line: last name first with a comma, or given names first."""
    first, middle, last = (of(f"full_name {name}", person[name]) for name in ("first_name", "middle_name", "last_name"))
    blank = of("full_name", " ")
    runs = (last, of("full_name", ", "), first, blank, middle) if comma else (first, blank, middle, blank, last)
    sheet.put(x, y, *runs, size=size, bold=True, width=940 - x)


def sss_front(sheet: Sheet, person: Person, face: Pixels) -> None:
    """Print an SSS card's front."""
    paper(sheet, (206, 224, 244), (236, 240, 246)) if not sheet.is_b else paper(sheet, (234, 236, 246), (200, 218, 240))
    sheet.put(505, 54, "Republic of the Philippines", size=24, align="m")
    sheet.put(
        505, 100, "SOCIAL SECURITY SYSTEM|Social Security System", size=42, bold=True, align="m", ink=(20, 50, 130)
    )
    sheet.put(360, 180, "SS NO.|SS Number", size=20, ink=GREY)
    sheet.put(360, 224, of("id_number", person["id_number"]), size=42, bold=True)
    sheet.put(360, 280, "NAME|Name", size=20, ink=GREY)
    _full_name(sheet, person, 360, 318, 32, comma=sheet.is_b)
    sheet.put(360, 380, "DATE OF BIRTH|Date of Birth", size=20, ink=GREY)
    sheet.put(360, 416, of("birth_date", person["birth_date"]), size=30)
    sheet.put(360, 470, "SEX|Sex", size=20, ink=GREY)
    sheet.put(360, 506, of("sex", person["sex"]), size=30)
    sheet.picture(face, 50, 150, 260, 340)


def sss_back(sheet: Sheet, person: Person, _: Pixels) -> None:
    """Print an SSS card's back."""
    paper(sheet, (236, 240, 246), (206, 224, 244))
    sheet.put(505, 120, "Please present this card in all transactions with the SSS", size=26, align="m")
    number = person["id_number"]
    sheet.code(symbol(number, "Code128"), "Code128", number.encode(), 300, 440, 420, 90)


def tin(dice: random.Random, rendering: str) -> Person:
    """Give what a TIN card says."""
    somebody, born = _somebody(dice, rendering)
    issued = dates.issued(dice, 8)
    values = {"id_number": "-".join([*(some(dice, 3) for _ in range(3)), "000"]), "issue_date": issued.isoformat()}
    values["full_name"] = _one_line(somebody, comma=True)
    days = {"birth_date": f"{born:%m/%d/%Y}", "issue_date": f"{issued:%m/%d/%Y}"}
    return _with(somebody, (*NAMES, *HOME, "birth_date"), values, days)


def tin_front(sheet: Sheet, person: Person, face: Pixels) -> None:
    """Print a TIN card's front."""
    paper(sheet, (246, 240, 204), (240, 236, 224)) if not sheet.is_b else paper(sheet, (238, 238, 230), (248, 236, 196))
    sheet.put(505, 50, "REPUBLIC OF THE PHILIPPINES|Republic of the Philippines", size=24, align="m")
    sheet.put(505, 80, "DEPARTMENT OF FINANCE|Department of Finance", size=24, align="m")
    sheet.put(505, 118, "BUREAU OF INTERNAL REVENUE", size=34, bold=True, align="m")
    x = 50
    _full_name(sheet, person, x, 196, 33, comma=True)
    _address(sheet, person, x, 250, 25, 580)
    sheet.put(x, 350, "TIN: |TIN ", of("id_number", person["id_number"], bold=True), size=36)
    sheet.put(x, 420, "BIRTH DATE: |Birth Date ", of("birth_date", person["birth_date"]), size=27)
    sheet.put(x, 470, "ISSUE DATE: |Issue Date ", of("issue_date", person["issue_date"]), size=27)
    sheet.put(x, 560, "SIGNATURE|Signature", size=20, ink=GREY)
    sheet.picture(face, 700, 230, 250, 320)


def tin_back(sheet: Sheet, _: Person, __: Pixels) -> None:
    """Print a TIN card's back."""
    paper(sheet, (240, 236, 224), (246, 240, 204))
    sheet.put(60, 120, "This card is issued free of charge and must be presented", size=26)
    sheet.put(60, 160, "in all dealings with the Bureau of Internal Revenue", size=26)


def voter(dice: random.Random, rendering: str) -> Person:
    """Give what a voter's card says."""
    somebody, born = _somebody(dice, rendering)
    values = {
        "id_number": f"{some(dice, 4)}-{some(dice, 4)}{dice.choice('ABC')}-{dice.choice('ABCDEF')}{born:%d%m%y}{dice.choice('ABCDEF')}-{some(dice, 1)}",
        "precinct": f"{some(dice, 4)}{dice.choice('ABC')}",
        "marital_status": dice.choice(("SINGLE", "MARRIED")),
        "nationality": "FILIPINO",
    }
    return _with(somebody, (*NAMES, *HOME, "birth_date"), values, {"birth_date": spoken(born)})


def voter_front(sheet: Sheet, person: Person, face: Pixels) -> None:
    """Print a voter's card's front."""
    paper(sheet, (236, 240, 246), (240, 222, 222)) if not sheet.is_b else paper(sheet, (244, 228, 228), (226, 234, 246))
    sheet.put(505, 50, "REPUBLIC OF THE PHILIPPINES|Republic of the Philippines", size=26, bold=True, align="m")
    sheet.put(505, 86, "COMMISSION ON ELECTIONS|Commission on Elections", size=32, bold=True, align="m")
    sheet.put(360, 140, "VIN: |VIN ", of("id_number", person["id_number"], bold=True), size=30, width=600)
    rows = (
        ("LAST NAME|Last Name", "last_name"),
        ("FIRST NAME|First Name", "first_name"),
        ("MIDDLE NAME|Middle Name", "middle_name"),
        ("DATE OF BIRTH|Date of Birth", "birth_date"),
    )
    _stack(sheet, person, rows, 360, 178, 68, 27)
    for x, label, name in (
        (720, "CIVIL STATUS|Civil Status", "marital_status"),
        (720, "CITIZENSHIP|Citizenship", "nationality"),
        (720, "PRECINCT NO.|Precinct No.", "precinct"),
    ):
        y = {"marital_status": 178, "nationality": 246, "precinct": 382}[name]
        sheet.put(x, y, label, size=18, ink=GREY)
        sheet.put(x, y + 29, of(name, person[name]), size=27)
    sheet.put(360, 456, "ADDRESS|Address", size=18, ink=GREY)
    _address(sheet, person, 360, 486, 25)
    sheet.field("full_name", "last_name", "first_name", "middle_name")
    sheet.picture(face, 50, 130, 260, 330)


def licence(dice: random.Random, rendering: str) -> Person:
    """Give what a licence says."""
    somebody, born = _somebody(dice, rendering)
    issued = dates.issued(dice, 3)
    expiry = dates.later(issued, 5)
    values = {
        "document_number": f"{dice.choice('ABCDEGN')}{some(dice, 2)}-{some(dice, 2)}-{some(dice, 6)}",
        "nationality": "PHL",
        "weight": str(dice.randint(45, 95)),
        "height": f"1.{dice.randint(50, 85)}",
        "expiry_date": expiry.isoformat(),
        "agency_code": f"{dice.choice('ABCDGN')}{some(dice, 2)}",
        "blood_type": dice.choice(("A+", "B+", "O+", "AB+")),
        "eye_colour": dice.choice(("BLACK", "BROWN")),
        "classes": dice.choice(("A", "B", "A,B", "A,A1,B")),
        "conditions": dice.choice(("NONE", "1", "A")),
        "serial_number": some(dice, 9),
    }
    values["full_name"] = ", ".join(somebody.values[name] for name in ("last_name", "first_name", "middle_name"))
    days = {"birth_date": f"{born:%Y/%m/%d}", "expiry_date": f"{expiry:%Y/%m/%d}"}
    return _with(somebody, (*NAMES, *HOME, "sex", "birth_date"), values, days)


def licence_front(sheet: Sheet, person: Person, face: Pixels) -> None:
    """Print the licence's front."""
    paper(sheet, (222, 236, 226), (240, 230, 226)) if not sheet.is_b else paper(sheet, (240, 228, 232), (220, 236, 236))
    sheet.put(505, 44, "REPUBLIC OF THE PHILIPPINES|Republic of the Philippines", size=24, align="m")
    sheet.put(505, 72, "DEPARTMENT OF TRANSPORTATION|Department of Transportation", size=20, align="m")
    sheet.put(505, 98, "LAND TRANSPORTATION OFFICE|Land Transportation Office", size=20, align="m")
    sheet.put(505, 138, "DRIVER'S LICENSE", size=36, bold=True, align="m")
    x = 340
    sheet.put(x, 176, "Last Name, First Name, Middle Name|Last Name. First Name. Middle Name", size=17, ink=GREY)
    comma = of("full_name", ", ")
    sheet.put(
        x, 206, of("full_name last_name", person["last_name"]), comma, of("full_name first_name", person["first_name"]),
        comma, of("full_name middle_name", person["middle_name"]), size=27, bold=True, width=610,
    )  # fmt: skip
    _grid(
        sheet,
        person,
        242,
        (
            (x, "Nationality", "nationality"),
            (x + 130, "Sex", "sex"),
            (x + 210, "Date of Birth", "birth_date"),
            (x + 400, "Weight (kg)", "weight"),
            (x + 530, "Height(m)|Height (m)", "height"),
        ),
    )
    sheet.put(x, 312, "Address", size=17, ink=GREY)
    _address(sheet, person, x, 340, 24)
    _grid(
        sheet,
        person,
        404,
        (
            (x, "License No.|Licence No.", "document_number"),
            (x + 270, "Expiration Date", "expiry_date"),
            (x + 470, "Agency Code", "agency_code"),
        ),
    )
    _grid(sheet, person, 474, ((x, "Blood Type", "blood_type"), (x + 180, "Eyes Color|Eye Color", "eye_colour")))
    _grid(sheet, person, 544, ((x, "DL Codes", "classes"), (x + 180, "Conditions", "conditions")))
    sheet.picture(face, 50, 160, 240, 310)


def _grid(sheet: Sheet, person: Person, y: float, cells: tuple[tuple[float, str, str], ...]) -> None:
    """Print a row of small labels with values under them."""
    for x, label, name in cells:
        sheet.put(x, y, label, size=17, ink=GREY)
        sheet.put(x, y + 30, of(name, person[name]), size=26)


def licence_back(sheet: Sheet, person: Person, _: Pixels) -> None:
    """Print the licence's back."""
    paper(sheet, (240, 230, 226), (222, 236, 226))
    for number, text in enumerate(
        ("A  Motorcycle", "A1  Tricycle", "B  Up to 5000 kg GVW / 8 seats", "1  Wear corrective lenses")
    ):
        sheet.put(60, 110 + 48 * number, text, size=26)
    serial = person["serial_number"]
    sheet.put(60, 430, "Serial Number: |Serial No. ", of("serial_number", serial), size=28)
    sheet.code(symbol(serial, "QRCode"), "QRCode", serial.encode(), 740, 350, 200)


PLANS = {
    "phl-id_card-philid": Plan(philid, philid_front, philid_back),
    "phl-id_card-umid": Plan(umid, umid_front, umid_back),
    "phl-id_card-sss": Plan(sss, sss_front, sss_back),
    "phl-id_card-tin": Plan(tin, tin_front, tin_back),
    "phl-id_card-voter": Plan(voter, voter_front),
    "phl-driving_license": Plan(licence, licence_front, licence_back),
}
