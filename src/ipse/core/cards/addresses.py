"""Addresses in their parts."""

import re
from collections.abc import Callable, Mapping
from typing import Final

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


def spaced(address: str) -> str:
    """Give an address with the blanks behind abbreviations that the reader loses."""
    return RUN_ON.sub(". ", address)


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


def indonesian(address: str) -> dict[str, str]:
    """Give street, RT/RW, village and city of one text: `"JL. MAWAR NO. 1 003/010 DAGO, KOTA BANDUNG"`."""
    address = address.replace("\n", " ")
    match = re.search(r"(?:RT\.?\s*/?\s*RW\.?\s*)?(?<!\d)(\d{2,3}\s?[/|\\]\s?\d{2,3})(?!\d)", address)
    if match is None:
        return {}
    parts = {"address_road": address[: match.start()].strip(" ,"), "address_village": match.group(1)}
    named = [part.strip() for part in address[match.end() :].strip(" ,").split(",") if part.strip()]
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
    address = address.replace("\n", ", ")
    match = re.search(r"(?<!\d)(\d{4})\W*$", address)
    parts = {"postal_code": match.group(1)} if match else {}
    rest = address[: match.start()] if match else address
    named = [part.strip() for part in rest.split(",") if part.strip()]
    if len(named) > len(("street", "city")):
        parts |= {"address_city": named[-2], "address_province": named[-1]}
    return parts


SPLITS: Final[Mapping[str, Callable[[str], dict[str, str]]]] = {
    "indonesian": indonesian,
    "malaysian": malaysian,
    "singaporean": singaporean,
    "philippine": philippine,
}
"""Ways to split an address, by the word that layouts use."""
