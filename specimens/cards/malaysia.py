"""Malaysia: the MyKad family and the driving licence."""

import random
from collections.abc import Callable
from typing import Final

from specimens import dates
from specimens.codes import symbol
from specimens.paper import chip, paper
from specimens.people import Names
from specimens.people import digits as some
from specimens.plan import Plan
from specimens.sheet import Colour, Sheet, of
from specimens.words import Person, Pixels

STATUS: Final = {
    "mykad": "WARGANEGARA",
    "mypr": "PEMASTAUTIN TETAP",
    "mykas": "PEMASTAUTIN SEMENTARA",
    "mytentera": "WARGANEGARA",
    "mykid": "WARGANEGARA",
}
TITLE: Final = {"mykad": "MyKad", "mypr": "MyPR", "mykas": "MyKAS", "mytentera": "MyTentera", "mykid": "MyKid"}
TINTS: Final[dict[str, tuple[Colour, Colour]]] = {
    "mykad": ((186, 214, 240), (226, 234, 240)),
    "mypr": ((240, 190, 186), (244, 226, 220)),
    "mykas": ((186, 226, 190), (226, 240, 224)),
    "mytentera": ((206, 210, 176), (230, 230, 214)),
    "mykid": ((250, 214, 226), (250, 236, 226)),
}
SEX: Final = {"M": "LELAKI", "F": "PEREMPUAN"}


def _somebody(dice: random.Random, rendering: str, *, child: bool = False) -> tuple[Person, dates.date]:
    """Give a person with name, number, address and faith, and their birthday."""
    names = Names("mys", rendering, dice)
    sex = dice.choice("MF")
    name, faith = names.one("men" if sex == "M" else "women").split("=")
    road, quarter, town, state, code = _place(names)
    born = dates.born(dice, 1, 11) if child else dates.born(dice, 18)
    last = str(2 * dice.randint(0, 4) + (sex == "M"))
    values = {
        "id_number": f"{born:%y%m%d}-{code}-{some(dice, 3)}{last}",
        "full_name": name,
        "sex": sex,
        "birth_date": born.isoformat(),
        "address": f"{road} {quarter} {town} {state}",
        "postal_code": town.split()[0],
        "address_city": town.split(maxsplit=1)[1],
        "address_province": state,
    }
    if faith:
        values["religion"] = faith
    return Person(values, {"road": road, "quarter": quarter, "town": town, "sex": SEX[sex]}), born


def _place(names: Names) -> tuple[str, str, str, str, str]:
    """Give road, quarter, town with its postal code, state, and the code of the place of birth."""
    *road, quarter, town, state, code = names.one("places").split("/")
    return "/".join(road), quarter, town, state, code


def identity(subtype: str) -> Callable[[random.Random, str], Person]:
    """Give who makes the person of one of the family."""

    def person(dice: random.Random, rendering: str) -> Person:
        somebody, _ = _somebody(dice, rendering, child=subtype == "mykid")
        values = {**somebody.values, "residence_status": STATUS[subtype]}
        if subtype == "mytentera":
            values["document_number"] = f"T{some(dice, 7)}"
        if subtype == "mykid":
            values["document_number"] = f"{dice.choice('ABC')}{dice.choice('ABKM')}{some(dice, 5)}"
            values["birth_place"] = values["address_province"]
            values.pop("religion", None)
        if subtype in ("mypr", "mykas"):
            values["nationality"] = Names("mys", rendering, dice).one("foreign")
        if subtype == "mykas":
            values["expiry_date"] = dates.later(dates.issued(dice, 3), 5).isoformat()
        printed = {**somebody.printed, "suffix": f"-{some(dice, 2)}-{some(dice, 2)}"}
        if int(values["birth_date"][:4]) < 1978:
            values["old_number"] = f"A{some(dice, 7)}"
        return Person(values, printed)

    return person


def _address(sheet: Sheet, person: Person, x: float, y: float, step: float, size: float = 24) -> None:
    """Print an address in four lines."""
    sheet.put(x, y, of("address", person["road"]), size=size)
    sheet.put(x, y + step, of("address", person["quarter"]), size=size)
    code, town = person["postal_code"], person["address_city"]
    sheet.put(
        x,
        y + 2 * step,
        of("address postal_code", code),
        of("address", " "),
        of("address address_city", town),
        size=size,
    )
    sheet.put(x, y + 3 * step, of("address address_province", person["address_province"]), size=size)


def front(subtype: str) -> Callable[[Sheet, Person, Pixels], None]:
    """Give what prints the front of one of the family."""

    def prints(sheet: Sheet, person: Person, face: Pixels) -> None:
        top, bottom = TINTS[subtype]
        paper(sheet, bottom, top) if sheet.is_b else paper(sheet, top, bottom)
        sheet.put(50, 64, "KAD PENGENALAN", size=40, bold=True)
        sheet.put(50, 104, "MALAYSIA|MALAYSIA  IDENTITY CARD", size=34, bold=True)
        sheet.put(960, 70, of("card_subtype", TITLE[subtype]), size=44, bold=True, align="r", ink=(30, 60, 140))
        sheet.field("card_subtype", value=subtype)
        sheet.put(50, 176, of("id_number", person["id_number"]), size=44, bold=not sheet.is_b)
        if subtype == "mytentera":
            service = of("document_number", person["document_number"], size=28)
            sheet.put(50, 362, "No. Tentera |No Tentera: ", service, size=22)
        chip(sheet, 60, 230)
        left = 50
        sheet.put(left, 400, of("full_name", person["full_name"]), size=31, bold=sheet.is_b, width=560)
        _address(sheet, person, left, 446, 36, 27)
        right = 810
        sheet.picture(face, 700, 130, 225, 290)
        sheet.picture(face, 440, 250, 100, 125, ghost=0.32)
        sheet.put(right, 470, of("residence_status", person["residence_status"]), size=27, align="m", width=360)
        order = ["religion", "sex"] if not sheet.is_b else ["sex", "religion"]
        present = [name for name in order if name in person.values]
        for number, name in enumerate(present):
            sheet.put(right, 512 + 40 * number, of(name, person[name]), size=27, align="m")
        if "expiry_date" in person.values and "nationality" in person.values:
            when = dates.date.fromisoformat(person["expiry_date"])
            sheet.put(50, 600, "Tarikh Luput: |TARIKH TAMAT ", of("expiry_date", dates.dmy(when, "/")), size=24)
        if "nationality" in person.values:
            sheet.put(right, 512 + 40 * len(present), of("nationality", person["nationality"]), size=25, align="m")

    return prints


def back(subtype: str) -> Callable[[Sheet, Person, Pixels], None]:
    """Give what prints the back of one of the family."""

    def prints(sheet: Sheet, person: Person, _: Pixels) -> None:
        top, bottom = TINTS[subtype]
        paper(sheet, bottom, top)
        sheet.put(505, 90, "PENDAFTARAN NEGARA|Jabatan Pendaftaran Negara", size=34, bold=True, align="m")
        sheet.put(505, 132, "MALAYSIA", size=30, bold=True, align="m")
        sheet.put(60, 560, of("id_number", person["id_number"]), of("", person["suffix"]), size=38, bold=True)
        if "old_number" in person.values:
            sheet.put(60, 500, "No. K/P Lama: |K/P LAMA ", of("old_number", person["old_number"]), size=26)
        sheet.put(960, 440, "Pendaftar Besar Kebangsaan|Ketua Pengarah Pendaftaran Negara", size=22, align="r")

    return prints


def mykid_front(sheet: Sheet, person: Person, _: Pixels) -> None:
    """Print a MyKid's front, which has no portrait."""
    paper(sheet, *TINTS["mykid"])
    sheet.put(50, 64, "SIJIL KELAHIRAN|KAD PENGENALAN KANAK-KANAK", size=38, bold=True)
    sheet.put(50, 106, "MALAYSIA", size=32, bold=True)
    sheet.put(960, 70, of("card_subtype", "MyKid"), size=44, bold=True, align="r", ink=(180, 40, 110))
    sheet.field("card_subtype", value="mykid")
    sheet.put(50, 180, of("id_number", person["id_number"]), size=46, bold=True)
    chip(sheet, 60, 220)
    born = dates.date.fromisoformat(person["birth_date"])
    rows = (
        ("No. Sijil Kelahiran|No Sijil Lahir", "document_number", person["document_number"]),
        ("Tarikh Lahir|TARIKH LAHIR", "birth_date", dates.dmy(born, "/")),
        ("Tempat Lahir|TEMPAT LAHIR", "birth_place", person["birth_place"]),
        ("Jantina|JANTINA", "sex", person["sex"]),
    )
    sheet.put(50, 370, of("full_name", person["full_name"]), size=32, bold=True, width=600)
    for number, (label, name, text) in enumerate(rows):
        sheet.put(560, 220 + 36 * number, label, size=23, width=170)
        sheet.put(740, 220 + 36 * number, ": |:", of(name, text), size=23, width=240)
    _address(sheet, person, 50, 416, 38, 28)
    sheet.put(700, 530, of("residence_status", person["residence_status"]), size=28)


def ikad(dice: random.Random, rendering: str) -> Person:
    """Give what an iKad says: the card of foreign workers."""
    names = Names("mys", rendering, dice)
    born, issued = dates.born(dice, 20, 45), dates.issued(dice, 0.6)
    expiry = dates.later(issued, 1)
    values = {
        "full_name": names.one("workers"),
        "document_number": f"{dice.choice('ABEX')}{some(dice, 7)}",
        "nationality": names.one("foreign"),
        "sex": dice.choice("MF"),
        "birth_date": born.isoformat(),
        "expiry_date": expiry.isoformat(),
        "occupation": dice.choice(("PERKILANGAN", "PEMBINAAN", "PERLADANGAN", "PERKHIDMATAN")),
        "serial_number": f"PE{some(dice, 7)}",
    }
    days = {"birth_date": dates.dmy(born, "/"), "expiry_date": dates.dmy(expiry, "/")}
    return Person(values, {**days, "sex": SEX[values["sex"]]})


def ikad_front(sheet: Sheet, person: Person, face: Pixels) -> None:
    """Print an iKad's front."""
    paper(sheet, (224, 214, 240), (236, 236, 224))
    sheet.put(50, 62, "JABATAN IMIGRESEN MALAYSIA", size=36, bold=True)
    sheet.put(50, 104, "PAS LAWATAN (KERJA SEMENTARA)|Pas Lawatan Kerja Sementara", size=27)
    sheet.put(960, 66, of("card_subtype", ["i-Kad", "iKad"][sheet.is_b]), size=42, bold=True, align="r")
    sheet.field("card_subtype", value="ikad")
    rows = [
        ("Nama / Name|NAMA", "full_name"), ("No. Pasport / Passport No.|NO. PASPORT", "document_number"),
        ("Warganegara / Nationality|WARGANEGARA", "nationality"), ("Jantina / Sex|JANTINA", "sex"),
        ("Tarikh Lahir / Date of Birth|TARIKH LAHIR", "birth_date"), ("Sektor / Sector|SEKTOR", "occupation"),
        ("Tarikh Tamat / Valid Until|SAH SEHINGGA", "expiry_date"), ("No. Pas / Pass No.|NO. PAS", "serial_number"),
    ]  # fmt: skip
    for number, (label, name) in enumerate(rows):
        sheet.put(330, 160 + 58 * number, label, size=18, ink=(80, 70, 110))
        sheet.put(330, 189 + 58 * number, of(name, person[name]), size=27, bold=number == 0)
    sheet.picture(face, 50, 150, 230, 300)
    sheet.picture(face, 830, 380, 95, 120, ghost=0.3)


def ikad_back(sheet: Sheet, person: Person, _: Pixels) -> None:
    """Print an iKad's back."""
    paper(sheet, (236, 236, 224), (224, 214, 240))
    sheet.put(60, 120, "Kad ini hak milik Kerajaan Malaysia", size=28)
    content = f"SPECIMEN {person['serial_number']}"
    sheet.code(symbol(content, "QRCode"), "QRCode", content.encode(), 720, 320, 220)


def licence(dice: random.Random, rendering: str) -> Person:
    """Give what a licence says."""
    somebody, _ = _somebody(dice, rendering)
    keep = ("id_number", "full_name", "address", "postal_code", "address_city", "address_province")
    issued = dates.issued(dice, 2)
    expiry = dates.later(issued, 5)
    values = {name: somebody.values[name] for name in keep} | {
        "nationality": "WARGANEGARA" if rendering == "a" else "MALAYSIA",
        "classes": dice.choice(("D", "B2 D", "DA", "B2 DA")),
        "issue_date": issued.isoformat(),
        "expiry_date": expiry.isoformat(),
        "serial_number": f"{some(dice, 8)} {dice.choice('ABCDEFGH')}{dice.choice('KLMNP')}{some(dice, 2)}",
    }
    days = {"issue_date": dates.dmy(issued, "/"), "expiry_date": dates.dmy(expiry, "/")}
    return Person(values, {**somebody.printed, **days})


def licence_front(sheet: Sheet, person: Person, face: Pixels) -> None:
    """Print the licence's front."""
    paper(sheet, (244, 236, 190), (232, 236, 224)) if not sheet.is_b else paper(sheet, (236, 238, 214), (246, 226, 190))
    sheet.put(50, 62, "LESEN MEMANDU", size=42, bold=True)
    sheet.put(50, 102, "DRIVING LICENCE", size=30, bold=True)
    sheet.put(960, 66, "MALAYSIA", size=36, bold=True, align="r")
    x = 320
    sheet.put(x, 168, of("full_name", person["full_name"]), size=31, bold=True, width=640)
    rows = [
        ("Warganegara / Nationality|Warganegara/Nationality", "nationality"),
        ("No. Pengenalan / Identity No.|No Pengenalan/Identity No", "id_number"),
        ("Kelas / Class|Kelas/Class", "classes"),
    ]
    for number, (label, name) in enumerate(rows):
        sheet.put(x, 212 + 68 * number, label, size=19)
        sheet.put(x, 242 + 68 * number, of(name, person[name]), size=29)
    sheet.put(x, 416, "Tempoh / Validity|Tempoh/Validity", size=19)
    sheet.put(x, 446, of("issue_date", person["issue_date"]), " - ", of("expiry_date", person["expiry_date"]), size=29)
    sheet.put(x, 484, "Alamat / Address|Alamat/Address", size=19)
    _address(sheet, person, x, 512, 30, 24)
    sheet.picture(face, 50, 150, 230, 300)


def licence_back(sheet: Sheet, person: Person, _: Pixels) -> None:
    """Print the licence's back."""
    paper(sheet, (240, 236, 214), (236, 236, 236))
    legend = (
        "B2  Motosikal tidak melebihi 250 c.c.",
        "D  Motokar|D   Motokar",
        "DA  Motokar (tanpa klac)|DA  Motokar tanpa pedal klac",
    )
    for number, text in enumerate(legend):
        sheet.put(60, 110 + 50 * number, text, size=28)
    sheet.put(60, 420, "Ketua Pengarah Pengangkutan Jalan Malaysia", size=24)
    sheet.put(60, 560, of("serial_number", person["serial_number"]), size=32)
    content = f"SPECIMEN {person['serial_number']}"
    sheet.code(symbol(content, "QRCode"), "QRCode", content.encode(), 740, 360, 200)


PLANS = {
    **{f"mys-id_card-{kind}": Plan(identity(kind), front(kind), back(kind)) for kind in STATUS if kind != "mykid"},
    "mys-id_card-mykid": Plan(identity("mykid"), mykid_front, back("mykid")),
    "mys-id_card-ikad": Plan(ikad, ikad_front, ikad_back),
    "mys-driving_license": Plan(licence, licence_front, licence_back),
}
