"""Addresses in their parts."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from ipse.core.cards.choices import nearest

MALAYSIAN_STATES: Final[Mapping[str, tuple[str, ...]]] = {
    "JOHOR": ("JOHOR", "JOHOR DARUL TAKZIM"),
    "KEDAH": ("KEDAH", "KEDAH DARUL AMAN"),
    "KELANTAN": ("KELANTAN", "KELANTAN DARUL NAIM"),
    "MELAKA": ("MELAKA",),
    "NEGERI SEMBILAN": ("NEGERI SEMBILAN", "N. SEMBILAN"),
    "PAHANG": ("PAHANG",),
    "PULAU PINANG": ("PULAU PINANG", "P. PINANG"),
    "PERAK": ("PERAK",),
    "PERLIS": ("PERLIS",),
    "SABAH": ("SABAH",),
    "SARAWAK": ("SARAWAK",),
    "SELANGOR": ("SELANGOR", "SELANGOR DARUL EHSAN"),
    "TERENGGANU": ("TERENGGANU",),
    "W. PERSEKUTUAN KUALA LUMPUR": ("W. PERSEKUTUAN(KL)", "WILAYAH PERSEKUTUAN KUALA LUMPUR", "W. PERSEKUTUAN KL"),
    "W. PERSEKUTUAN LABUAN": ("W. PERSEKUTUAN(LABUAN)", "WILAYAH PERSEKUTUAN LABUAN"),
    "W. PERSEKUTUAN PUTRAJAYA": ("W. PERSEKUTUAN(PUTRAJAYA)", "WILAYAH PERSEKUTUAN PUTRAJAYA"),
}
"""Malaysia's states and federal territories. Source: the Federal Constitution, article 1."""


def malaysian(address: str) -> dict[str, str]:
    """Give postal code, town and state: `"... 43000 KAJANG SELANGOR"`."""
    match = re.search(r"(?<!\d)(\d{5})(?!\d)\s*(.*)$", address)
    if match is None:
        return {}
    parts = {"postal_code": match.group(1)}
    rest = match.group(2).strip(" ,")
    state = nearest(rest, MALAYSIAN_STATES)
    if state:
        parts["address_province"] = state[0]
        rest = rest[: state[1]].strip(" ,")
    return {**parts, "address_city": rest} if rest else parts


def singaporean(address: str) -> dict[str, str]:
    """Give the postal code: `"... SINGAPORE 123456"`."""
    match = re.search(r"S[I1L]NGAP[O0]RE\D{0,3}(\d{6})(?!\d)", address, re.IGNORECASE) or re.search(
        r"(?<!\d)(\d{6})(?!\d)\W*$", address
    )
    return {"postal_code": match.group(1)} if match else {}


def philippine(address: str) -> dict[str, str]:
    """Give the postal code and what stands behind the last comma as the province: `"..., CITY, PROVINCE, 1234"`."""
    match = re.search(r"(?<!\d)(\d{4})\W*$", address)
    parts = {"postal_code": match.group(1)} if match else {}
    rest = address[: match.start()] if match else address
    named = [part.strip() for part in rest.split(",") if part.strip()]
    if len(named) > len(("street", "city")):
        parts |= {"address_city": named[-2], "address_province": named[-1]}
    return parts


SPLITS: Final[Mapping[str, Callable[[str], dict[str, str]]]] = {
    "malaysian": malaysian,
    "singaporean": singaporean,
    "philippine": philippine,
}
"""Ways to split an address, by the word that layouts use."""
