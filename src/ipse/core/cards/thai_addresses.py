"""Thai addresses in their parts, out of text that was read with letters, marks and blanks lost."""

import re
from typing import Final

from rapidfuzz.distance import Levenshtein

CAPITAL: Final = "กรุงเทพมหานคร"

PROVINCES: Final = (
    *(CAPITAL, "กระบี่", "กาญจนบุรี", "กาฬสินธุ์", "กำแพงเพชร", "ขอนแก่น", "จันทบุรี", "ฉะเชิงเทรา", "ชลบุรี", "ชัยนาท"),
    *("ชัยภูมิ", "ชุมพร", "เชียงราย", "เชียงใหม่", "ตรัง", "ตราด", "ตาก", "นครนายก", "นครปฐม", "นครพนม"),
    *("นครราชสีมา", "นครศรีธรรมราช", "นครสวรรค์", "นนทบุรี", "นราธิวาส", "น่าน", "บึงกาฬ", "บุรีรัมย์", "ปทุมธานี"),
    *("ประจวบคีรีขันธ์", "ปราจีนบุรี", "ปัตตานี", "พระนครศรีอยุธยา", "พะเยา", "พังงา", "พัทลุง", "พิจิตร", "พิษณุโลก"),
    *("เพชรบุรี", "เพชรบูรณ์", "แพร่", "ภูเก็ต", "มหาสารคาม", "มุกดาหาร", "แม่ฮ่องสอน", "ยโสธร", "ยะลา", "ร้อยเอ็ด"),
    *("ระนอง", "ระยอง", "ราชบุรี", "ลพบุรี", "ลำปาง", "ลำพูน", "เลย", "ศรีสะเกษ", "สกลนคร", "สงขลา", "สตูล"),
    *("สมุทรปราการ", "สมุทรสงคราม", "สมุทรสาคร", "สระแก้ว", "สระบุรี", "สิงห์บุรี", "สุโขทัย", "สุพรรณบุรี"),
    *("สุราษฎร์ธานี", "สุรินทร์", "หนองคาย", "หนองบัวลำภู", "อ่างทอง", "อำนาจเจริญ", "อุดรธานี", "อุตรดิตถ์"),
    *("อุทัยธานี", "อุบลราชธานี"),
)
"""Thailand's provinces and its capital. Source: Royal Institute's list of 77."""

_WRONG: Final = 0.34
"""Share of a province's letters that may be wrong. Source: no two are nearer than that but Phetchaburi and -bun."""

_MARKERS: Final = {
    "address_village": r"หม[ู]?[่]?\s*ท[ี]?[่]?(?=\s*\d)|ม\.(?=\s*\d)|หม[ู]?[่]?(?=\s*\d)",
    "address_place": r"หม[ู]?[่]?บ[้]?าน|มบ\.",
    "address_alley": r"ตรอก",
    "address_lane": r"ซอย|ซ\.",
    "address_road": r"ถนน|ถ\.",
    "address_subdistrict": r"ต[ำ\u0e4d]?[า]?บล|แขวง|(?<![ก-ฮ])ต\.|ต\.",
    "address_district": r"อ[ำ\u0e4d]?[า]?เภอ|เขต|อ\.",
    "address_province": r"จ[ั]?งหว[ั]?ด|จ\.",
}
"""What stands before a part, in the order of an address. Source: documents.md, section 5; Thailand Post."""

_PRINTED: Final = {
    "address_village": "หมู่ที่ ",
    "address_place": "หมู่บ้าน",
    "address_alley": "ตรอก",
    "address_lane": "ซอย",
    "address_road": "ถนน",
    "address_subdistrict": "ตำบล",
    "address_district": "อำเภอ",
    "address_province": "จังหวัด",
}
_CAPITALS: Final = re.compile(r"กร[ุ]?งเทพ(?:มหานคร|ฯ)?\S*|กทม\.?")
_HOUSE: Final = re.compile(r"^\D{0,12}?(\d+(?:\s*[/\-]\s*\d+)*)")
_BLANK: Final = re.compile(r"(?<=[\u0e01-\u0e4e]) (?=[\u0e01-\u0e4e])")
"""A blank between Thai letters says nothing: readers put them between any two."""

_POSTAL_CODE: Final = re.compile(r"(?<!\d)(\d{5})\s*$")


def nearest_province(text: str) -> str | None:
    """Give the province that a text is, letters wrong or lost or not."""
    bare = "".join(text.split()).strip(".,-")
    if not bare:
        return None
    wrong, name = min((Levenshtein.distance(bare, one), one) for one in PROVINCES)
    return name if wrong <= max(1, int(_WRONG * len(name))) else None


def thai(address: str) -> dict[str, str]:
    """
    Give the parts of an address, and the address as cards print it: one blank between parts.

    `"94/65หมู่ที่ 5ต . ในเมืองอ . เมืองขอนแก่น จ . ขอนแก่น"` is
    `"94/65 หมู่ที่ 5 ต.ในเมือง อ.เมืองขอนแก่น จ.ขอนแก่น"`.
    """
    text = _BLANK.sub("", re.sub(r"\s*\.\s*", ".", " ".join(address.split())))
    parts = dict[str, str]()
    if code := _POSTAL_CODE.search(text):
        parts["postal_code"], text = code.group(1), text[: code.start()].strip()
    found = _found(text)
    first = found[0][1] if found else len(text)
    said = [text[:first].strip(" ,.")]
    if house := _HOUSE.match(said[0]):
        parts["address_house"] = "".join(house.group(1).split())
    ends = [start for _, start, _ in found[1:]] + [len(text)] if found else []
    for (name, start, end), until in zip(found, ends, strict=True):
        value = text[end:until].strip(" ,.")
        if not value:
            continue
        parts[name] = _spelt(name, value)
        said.append(_marker(name, text[start:end]) + parts[name])
    _settle_district(parts, said)
    if "postal_code" in parts:
        said.append(parts["postal_code"])
    return {**parts, "address": " ".join(one for one in said if one)}


def _found(text: str) -> list[tuple[str, int, int]]:
    """Give the parts' names and where their markers stand, in their order; each once, none before the one above it."""
    found: list[tuple[str, int, int]] = []
    at = 0
    for name, marker in _MARKERS.items():
        match = re.compile(marker).search(text, at)
        if match:
            found.append((name, *match.span()))
            at = match.end()
    capital = _CAPITALS.search(text, at)
    if capital and (not found or found[-1][0] != "address_province"):
        found.append(("address_province", capital.start(), capital.start()))
    return found if not found or found[-1][0] == "address_province" else _with_province(text, found)


def _with_province(text: str, found: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Give the parts together with a province at the end whose marker was not read."""
    begins = found[-1][2] + 1
    best: tuple[float, int, int] | None = None
    for start in range(begins, len(text) - 1):
        name = nearest_province(text[start:])
        if name is None or text[:start].endswith("เมือง"):
            continue
        wrong = Levenshtein.distance("".join(text[start:].split()), name) / len(name)
        if wrong <= 0.2 and (best is None or wrong < best[0]):  # noqa: PLR2004 (half of `_WRONG`: no marker speaks for it)
            best = (wrong, start, start)
    if best is None:
        return found
    start = best[1] - 1 if text[best[1] - 1] == "จ" and best[1] - 1 >= begins else best[1]
    return [*found, ("address_province", start, best[2])]


def _spelt(name: str, value: str) -> str:
    """Give a part as it is spelt: a number without what was read around it, a province by the list."""
    if name == "address_village":
        digits = re.match(r"\d+", value)
        return digits.group() if digits else value
    if name == "address_province":
        return CAPITAL if _CAPITALS.fullmatch(value) else nearest_province(value) or value
    return value


def _marker(name: str, printed: str) -> str:
    """Give a marker as cards print it, abbreviated if it was."""
    if name == "address_village":
        return "หมู่ที่ "
    if printed.endswith(".") or printed in ("แขวง", "เขต", ""):
        return printed
    return "จ." if printed == "จ" else _PRINTED[name]


def _settle_district(parts: dict[str, str], said: list[str]) -> None:
    """Spell the district of a province's chief town by the province, in both; `said` is changed too."""
    district, province = parts.get("address_district", ""), parts.get("address_province", "")
    chief = "เมือง" + province
    if province not in PROVINCES or Levenshtein.distance(district, chief) > _WRONG * len(chief):
        return
    parts["address_district"] = chief
    for at, one in enumerate(said):
        if district and one.endswith(district):
            said[at] = one.removesuffix(district) + chief


def issue_place(text: str) -> dict[str, str]:
    """Give the province of a licence's registrar: `"จังหวัดขอนแก่น"`."""
    bare = re.sub(_MARKERS["address_province"], "", text, count=1).strip()
    name = CAPITAL if _CAPITALS.fullmatch(bare) else nearest_province(bare)
    return {"issue_place": name} if name else {}
