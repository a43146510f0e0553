"""Addresses in their parts."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from ipse.core.cards import thai_addresses
from ipse.core.cards.choices import nearest

MALAYSIAN_STATES: Final[Mapping[str, tuple[str, ...]]] = {
    state: (state,)
    for state in (
        *("JOHOR", "KEDAH", "KELANTAN", "MELAKA", "NEGERI SEMBILAN", "PAHANG", "PULAU PINANG", "PERAK", "PERLIS"),
        *("SABAH", "SARAWAK", "SELANGOR", "TERENGGANU", "LABUAN", "PUTRAJAYA", "JOHOR DARUL TAKZIM"),
        *("KEDAH DARUL AMAN", "KELANTAN DARUL NAIM", "SELANGOR DARUL EHSAN", "WILAYAH PERSEKUTUAN"),
        *("W. PERSEKUTUAN(KL)", "W. PERSEKUTUAN(LABUAN)", "W. PERSEKUTUAN(PUTRAJAYA)"),
        *("WILAYAH PERSEKUTUAN KUALA LUMPUR", "WILAYAH PERSEKUTUAN LABUAN", "WILAYAH PERSEKUTUAN PUTRAJAYA"),
        *("WP KUALA LUMPUR", "WP LABUAN", "WP PUTRAJAYA", "N. SEMBILAN", "P. PINANG"),
    )
}
"""Malaysia's states and federal territories. Source: the Federal Constitution, article 1."""


RUN_ON: Final = re.compile(r"(?<=[^\W\d_])\.(?=[^\W_]{2})")
"""A full stop behind an abbreviation whose blank the reader lost: `"JL.SUDIRMAN NO.190"`."""


HOUSE: Final = re.compile(r"(?<=[^\W\d_\u2e80-\u9fff]{3})(?=\d)")
"""Where a number follows a word whose blank the reader lost: `"JALAN SUTERA2"`."""


def spaced(address: str) -> str:
    """Give an address with the blanks behind abbreviations and before house numbers that the reader loses."""
    return HOUSE.sub(" ", RUN_ON.sub(". ", address))


def malaysian(address: str) -> dict[str, str]:
    """Give postal code, town and state: `"... 43000 KAJANG SELANGOR"`."""
    address = address.replace("\n", " ")
    match = re.search(r"(?<!\d)(\d{5})(?!\d)\s*(.*)$", address)
    if match is None:
        return {}
    parts = {"postal_code": match.group(1)}
    rest = match.group(2).strip(" ,")
    words = rest.split(" ")
    for at in range(1, len(words)):
        state = nearest(" ".join(words[at:]), MALAYSIAN_STATES)
        if state and state[1] == 0:
            town = " ".join(words[:at]).strip(" ,")
            return {**parts, "address_city": town, "address_province": state[0]}
    return {**parts, "address_city": rest} if rest else parts


CITY: Final = re.compile(r"[.,\s]*\b(KOTA|KABUPATEN)\s*(?!GEDE|WARINGIN|BARU|MOBAGU|AGUNG|BUMI|PINANG)(?=[A-Z]{3})")
"""What a city's or a regency's name begins with, blank or not, but for places whose own names begin so."""


def indonesian(address: str) -> dict[str, str]:
    """Give street, RT/RW, village and city of one text: `"JL. MAWAR NO. 1 003/010 DAGO, KOTA BANDUNG"`."""
    address = address.replace("\n", " ")
    match = re.search(r"(?:RT\.?\s*/?\s*RW\.?\s*)?(?<!\d)(\d{2,3}\s?[/|\\]\s?\d{2,3})(?!\d)", address)
    if match is None:
        return {}
    parts = {"address_road": address[: match.start()].strip(" ,"), "address_village": match.group(1)}
    rest = CITY.sub(r", \1 ", address[match.end() :])
    named = [part.strip() for part in rest.strip(" ,").split(",") if part.strip()]
    return parts | dict(zip(("address_subdistrict", "address_city"), named, strict=False))


def singaporean(address: str) -> dict[str, str]:
    """Give the postal code: `"... SINGAPORE 123456"`."""
    address = address.replace("\n", " ")
    match = re.search(r"S[I1L]NGAP[O0]RE\D{0,3}(\d{6})(?!\d)", address, re.IGNORECASE) or re.search(
        r"(?<!\d)(\d{6})(?!\d)\W*$", address
    )
    return {"postal_code": match.group(1)} if match else {}


def philippine(address: str) -> dict[str, str]:
    """Give the postal code and what stands behind the last comma as the province: `"..., CITY, PROVINCE, 1234"`."""
    address = re.sub(r"(?<=[A-Z]{4})\.\s*", ", ", address.replace("\n", ", "))
    match = re.search(r"(?<!\d)(\d{4})\W*$", address)
    parts = {"postal_code": match.group(1)} if match else {}
    rest = address[: match.start()] if match else address
    named = [part.strip() for part in rest.split(",") if part.strip()]
    if len(named) > len(("street", "city")):
        parts |= {"address_city": named[-2], "address_province": named[-1]}
    return parts


_JAPANESE: Final = re.compile(
    r"(?P<province>東京都|北海道|京都府|大阪府|[^\d\s]{2,3}?県)?"
    r"(?P<city>(?:四日市|廿日市|野々市|市川|市原)市|[^\d\s]{1,6}?郡[^\d\s]{1,6}?[町村]|[^\d\s]{1,6}?市(?:[^\d\s市町]{1,4}?区)?"
    r"|[^\d\s]{1,5}?[区町村])?"
)
"""Prefecture, and city with its ward, or county and town. Source: the local autonomy act; the 47 prefectures."""

_MAINLAND: Final = re.compile(
    r"(?P<province>(?:北京|上海|天津|重庆)市|[^\d\s]{2,3}?省|(?:内蒙古|广西壮族|宁夏回族|新疆维吾尔|西藏)自治区)?"
    r"(?P<city>[^\d\s]{2,8}?(?:市|自治州|地区|盟)(?=[^\d\s]{1,10}?[区县市旗]))?"
    r"(?P<district>[^\d\s]{1,10}?(?:区|县|市|旗))?"
)
"""Province or municipality, city, district or county. Source: GB/T 2260."""

_TAIWANESE: Final = re.compile(
    r"(?P<province>[^\d\s]{2}[市縣县])?(?P<district>[^\d\s]{1,3}?[區区鄉乡鎮镇市])?"
    r"(?P<village>[^\d\s]{1,4}?[里村](?:\d+[鄰邻])?)?(?P<road>.*)"
)
"""County or city, township or district, village with its neighbourhood, the rest. Source: the household register."""


def japanese(address: str) -> dict[str, str]:
    """Give prefecture and city: `"大阪府大阪市中央区大手前2丁目1番22号"`."""
    return _matched(_JAPANESE, address)


def mainland(address: str) -> dict[str, str]:
    """Give province, city and district: `"四川省成都市武侯区人民南路四段9号"`; a municipality is its own city."""
    parts = _matched(_MAINLAND, address)
    if parts.get("address_province", "").endswith("市"):
        parts.setdefault("address_city", parts["address_province"])
    return parts


def taiwanese(address: str) -> dict[str, str]:
    """Give county or city, district, village and road: `"臺中市西屯區何安里021鄰臺灣大道三段99號"`."""
    parts = _matched(_TAIWANESE, address)
    if parts.get("address_province", "").endswith("市"):
        parts["address_city"] = parts["address_province"]
    return parts


def _matched(form: re.Pattern[str], address: str) -> dict[str, str]:
    """Give the parts of an address that has no blanks."""
    match = form.match("".join(address.split()))
    return {f"address_{name}": text for name, text in match.groupdict().items() if text} if match else {}


SPLITS: Final[Mapping[str, Callable[[str], dict[str, str]]]] = {
    "indonesian": indonesian,
    "japanese_address": japanese,
    "mainland": mainland,
    "taiwanese": taiwanese,
    "malaysian": malaysian,
    "singaporean": singaporean,
    "philippine": philippine,
    "thai_address": thai_addresses.thai,
    "thai_province": thai_addresses.issue_place,
}
"""Ways to split an address, by the word that layouts use."""
