"""Indonesia: KTP and SIM."""

import random

from specimens import dates
from specimens.codes import symbol
from specimens.paper import paper
from specimens.people import Names
from specimens.people import digits as some
from specimens.plan import Plan
from specimens.sheet import Run, Sheet, of
from specimens.words import Person, Pixels


def identity(dice: random.Random, rendering: str) -> Person:
    """Give what a KTP says."""
    names = Names("idn", rendering, dice)
    sex = dice.choice("MF")
    name = f"{names.one('men' if sex == 'M' else 'women')} {names.one('last')}"
    province, city, district, village, region = names.parts("places")
    born, issued = dates.born(dice, 18), dates.issued(dice, 9)
    day = born.day + (40 if sex == "F" else 0)
    place = city.removeprefix("KOTA ").removeprefix("KABUPATEN ")
    lifelong = dice.random() < 0.7
    street = f"{names.one('streets')} NO. {dice.randint(1, 199)}"
    rt_rw = f"{dice.randint(1, 20):03d}/{dice.randint(1, 15):03d}"
    values = {
        "id_number": f"{region}{dice.randint(1, 20):02d}{day:02d}{born:%m%y}{dice.randint(1, 60):04d}",
        "full_name": name,
        "birth_place": place,
        "birth_date": born.isoformat(),
        "sex": sex,
        "blood_type": dice.choice(("A", "B", "AB", "O", "-")),
        "address": f"{street} {rt_rw} {village} {district}",
        "address_road": street,
        "address_village": rt_rw,
        "address_subdistrict": village,
        "address_district": district,
        "address_city": city,
        "address_province": province,
        "religion": names.one("religions"),
        "marital_status": names.one("marital"),
        "occupation": names.one("work"),
        "nationality": "WNI",
        "issue_place": city,
        "issue_date": issued.isoformat(),
    }
    ends = {"is_lifelong": "true"} if lifelong else {"expiry_date": dates.later(issued, 10).isoformat()}
    return Person({**values, **ends}, _dates(born, issued, dates.later(issued, 10)))


def _dates(born: dates.date, issued: dates.date, expiry: dates.date) -> dict[str, str]:
    """Give days as they are printed."""
    return {"birth_date": dates.dmy(born), "issue_date": dates.dmy(issued), "expiry_date": dates.dmy(expiry)}


SEXES = {"M": "LAKI-LAKI", "F": "PEREMPUAN"}


def identity_front(sheet: Sheet, person: Person, face: Pixels) -> None:
    """Print the KTP's front."""
    paper(sheet, (168, 210, 236), (190, 224, 240)) if not sheet.is_b else paper(sheet, (186, 216, 232), (164, 204, 228))
    values = person.values
    sheet.put(505, 50, "PROVINSI ", of("address_province", values["address_province"]), size=34, bold=True, align="m")
    city = values["address_city"]
    prefix = "" if city.startswith("K") else "KOTA "
    sheet.put(505, 88, prefix, of("address_city", city), size=34, bold=True, align="m")
    sheet.put(40, 140, "NIK", size=38, bold=True)
    sheet.put(
        200, 140, ": ", of("id_number", values["id_number"], font=None if sheet.is_b else "ocrb"), size=42, bold=True
    )
    y, step = 182, 32
    for label, *runs in _rows(person, sheet):
        indent = label.startswith(" ")
        sheet.put(66 if indent else 40, y, label.strip(), size=25, width=200)
        sheet.put(250, y, ": |:", *runs, size=25, width=450)
        if "Jenis" in label:
            sheet.put(540, y, "Gol. Darah :|Gol Darah : ", of("blood_type", values["blood_type"]), size=25)
        y += step
    sheet.field("address", "address_road", "address_village", "address_subdistrict", "address_district")
    sheet.picture(face, 735, 150, 215, 285)
    sheet.put(842, 476, of("issue_place", values["issue_place"]), size=22, align="m", width=250)
    sheet.put(842, 508, of("issue_date", person["issue_date"]), size=24, align="m")


def _rows(person: Person, sheet: Sheet) -> list[tuple[str, *tuple[Run | str, ...]]]:
    """Give label and value of each row."""
    value = person.values
    until = of("is_lifelong", "SEUMUR HIDUP") if "is_lifelong" in value else of("expiry_date", person["expiry_date"])
    return [
        (sheet.say("Nama|NAMA"), of("full_name", value["full_name"])),
        (sheet.say("Tempat/Tgl Lahir|Tempat/Tgl. Lahir"), of("birth_place", value["birth_place"]), ", ", of("birth_date", person["birth_date"])),
        (sheet.say("Jenis Kelamin|Jenis kelamin"), of("sex", SEXES[value["sex"]])),
        ("Alamat", of("address_road", value["address_road"])),
        ("  RT/RW", of("address_village", value["address_village"])),
        (sheet.say("  Kel/Desa|  Kelurahan/Desa"), of("address_subdistrict", value["address_subdistrict"])),
        ("  Kecamatan", of("address_district", value["address_district"])),
        ("Agama", of("religion", value["religion"])),
        (sheet.say("Status Perkawinan|Status perkawinan"), of("marital_status", value["marital_status"])),
        ("Pekerjaan", of("occupation", value["occupation"])),
        ("Kewarganegaraan", of("nationality", value["nationality"])),
        (sheet.say("Berlaku Hingga|Berlaku hingga"), until),
    ]  # fmt: skip


def identity_back(sheet: Sheet, _: Person, __: Pixels) -> None:
    """Print the KTP's back: a title and nothing about the holder."""
    paper(sheet, (170, 206, 232), (200, 226, 238))
    sheet.put(505, 270, "REPUBLIK INDONESIA", size=46, bold=True, align="m")
    sheet.put(505, 330, "KARTU TANDA PENDUDUK|Kartu Tanda Penduduk", size=40, align="m")
    sheet.put(505, 590, "KTP ELEKTRONIK|e-KTP", size=22, align="m")


def licence(dice: random.Random, rendering: str) -> Person:
    """Give what a SIM says."""
    holder = identity(dice, rendering)
    issued = dates.issued(dice, 4)
    born = dates.date.fromisoformat(holder.values["birth_date"])
    expiry = dates.later(issued, 5)
    keep = (
        "full_name",
        "birth_place",
        "birth_date",
        "blood_type",
        "sex",
        "occupation",
        "address_road",
        "address_village",
    )
    values = {name: holder.values[name] for name in (*keep, "address_subdistrict", "address_province", "address_city")}
    new = issued >= dates.date(2024, 7, 25)
    number = holder.values["id_number"] if new else f"{born:%y%m}{some(dice, 8)}"
    values |= {
        "document_number": number,
        **({"id_number": number} if new else {}),
        "classes": dice.choice(("A", "C", "A", "B1")),
        "issue_date": issued.isoformat(),
        "expiry_date": expiry.isoformat(),
        "address": f"{values['address_road']} {values['address_village']} {values['address_subdistrict']} {values['address_city']}",
        "blood_type": "O" if values["blood_type"] == "-" else values["blood_type"],
    }
    printed = _dates(born, issued, expiry)
    return Person(values, {**printed, "sex": {"M": "PRIA", "F": "WANITA"}[values["sex"]]})


def licence_front(sheet: Sheet, person: Person, face: Pixels) -> None:
    """Print the SIM's front, in the bilingual form of 2024."""
    paper(sheet, (240, 226, 190), (226, 232, 238)) if not sheet.is_b else paper(sheet, (232, 234, 236), (240, 224, 196))
    value = person.values
    sheet.put(60, 52, "INDONESIA", size=34, bold=True, ink=(160, 30, 30))
    sheet.put(300, 46, "SURAT IZIN MENGEMUDI", size=34, bold=True)
    sheet.put(300, 78, "DRIVING LICENSE|Driving License", size=26)
    sheet.put(930, 80, of("classes", value["classes"]), size=76, bold=True, align="r")
    sheet.put(
        345,
        130,
        of("document_number id_number" if "id_number" in value else "document_number", value["document_number"]),
        size=38,
        bold=True,
    )
    rows: list[tuple[str, *tuple[Run | str, ...]]] = [
        ("Nama/Name|Nama / Name", of("full_name", value["full_name"])),
        ("Tempat & Tgl. Lahir/Place & Date of Birth|Tempat, Tgl Lahir / Place, Date of Birth", of("birth_place", value["birth_place"]), ", ", of("birth_date", person["birth_date"])),
        ("Gol. Darah - Jenis Kelamin/Blood Type - Gender|Gol. Darah / Jenis Kelamin", of("blood_type", value["blood_type"]), " - | / ", of("sex", person["sex"])),
        ("Alamat/Address|Alamat / Address", of("address_road", value["address_road"]), " ", of("address_village", value["address_village"])),
        ("Pekerjaan/Occupation|Pekerjaan / Occupation", of("occupation", value["occupation"])),
        ("Provinsi/Province|Provinsi / Province", of("address_province", value["address_province"])),
    ]  # fmt: skip
    y = 176
    for number, (label, *runs) in enumerate(rows, 1):
        sheet.put(345, y, f"{number}. {sheet.say(label)}", size=18, ink=(70, 70, 90))
        sheet.put(368, y + 29, *runs, size=25, width=590)
        y += 62
        if number == 4:
            sheet.put(
                368,
                y - 4,
                of("address_subdistrict", value["address_subdistrict"]),
                ", ",
                of("address_city", value["address_city"]),
                size=25,
                width=590,
            )
            y += 28
    sheet.field("address", "address_road", "address_village", "address_subdistrict", "address_city")
    sheet.put(60, 500, "Berlaku s/d/Valid until|Berlaku sampai", size=18, ink=(70, 70, 90))
    sheet.put(60, 530, of("expiry_date", person["expiry_date"]), size=26, bold=True)
    sheet.put(60, 566, "Diterbitkan/Issued|Dikeluarkan / Issued", size=18, ink=(70, 70, 90))
    sheet.put(60, 596, of("issue_date", person["issue_date"]), size=24)
    sheet.picture(face, 60, 150, 240, 310)


def licence_back(sheet: Sheet, person: Person, _: Pixels) -> None:
    """Print the SIM's back: legal words and a code."""
    paper(sheet, (240, 232, 208), (236, 236, 236))
    sheet.put(60, 90, "KEPOLISIAN NEGARA REPUBLIK INDONESIA", size=32, bold=True)
    sheet.put(60, 150, "UU NO. 22 TAHUN 2009 TENTANG LALU LINTAS|Undang-Undang Nomor 22 Tahun 2009", size=26)
    sheet.put(60, 190, "DAN ANGKUTAN JALAN|tentang Lalu Lintas dan Angkutan Jalan", size=26)
    content = f"SPECIMEN/{person.values['document_number']}"
    sheet.code(symbol(content, "QRCode"), "QRCode", content.encode(), 740, 360, 200)


PLANS = {
    "idn-id_card": Plan(identity, identity_front, identity_back),
    "idn-driving_license": Plan(licence, licence_front, licence_back),
}
