"""
The signed QR code on the back of the Philippine identity card.

It holds JSON: when and by whom the card was issued, who holds it, and an Ed25519 signature of the authority over all of
that, laid out in lines. Source: advisory of the Philippine Statistics Authority of April 2021; the order and layout of
what is signed after bettergovph/openverify (`src/lib/philsys`), which verifies real cards. The electronic card's code
(four letters, base45, COSE) is recognised and not read.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ipse.core.cards.numbers.philippines import PCN

_MOST_BYTES: Final = 4096
"""Source: a QR code holds 2,953 bytes."""

_HOLDER: Final = ("Suffix", "lName", "fName", "mName", "sex", "BF", "DOB", "POB", "PCN")
"""What is said of the holder, in the order in which it is signed."""

_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {"lName": "last_name", "fName": "first_name", "mName": "middle_name", "POB": "birth_place"}
)

_ELECTRONIC: Final = re.compile(rb"PH[A-Z0-9][0-9:][0-9A-Z $%*+\-./:]{200,}")
"""What an electronic card's code looks like: a prefix of four letters, then letters of base45 (RFC 9285)."""


class Signature(StrEnum):
    """What became of a signature."""

    RIGHT = "right"
    WRONG = "wrong"
    NOT_CHECKED = "not_checked"
    """No key was given, or nobody here reads the code."""


@dataclass(frozen=True, slots=True)
class PhilId:
    """
    What a code says.

    Attributes:
        fields: By the names of `core/cards/vocabulary.py`, normalised; empty for an electronic card.
        signature: Whether the authority signed it.
    """

    fields: Mapping[str, str] = field(repr=False)
    signature: Signature


def read_philid(content: bytes, public_key: bytes | None) -> PhilId | None:
    """
    Give what a card's code says and whether the authority signed it; nothing where it is no such code.

    Args:
        content: The code's bytes.
        public_key: The authority's, 32 bytes.
    """
    if len(content) > _MOST_BYTES:
        return None
    if _ELECTRONIC.fullmatch(content):
        return PhilId({}, Signature.NOT_CHECKED)
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return None
    holder = said.get("subject") if isinstance(said, dict) else None
    if not isinstance(holder, dict) or not {"PCN", "lName", "DOB"} <= holder.keys():
        return None
    return PhilId(_fields(said, holder), _signature(said, holder, public_key))


def signed_text(said: Mapping[str, Any], holder: Mapping[str, Any]) -> bytes:
    """Give what is signed: lines of two blanks' indent, values as they are, an n with a tilde as a question mark."""
    lines = ",\n".join(f'    "{name}": "{holder.get(name, "")}"' for name in _HOLDER)
    text = (
        f'{{\n  "DateIssued": "{said.get("DateIssued", "")}",\n  "Issuer": "{said.get("Issuer", "")}",\n'
        f'  "subject": {{\n{lines}\n  }},\n  "alg": "{said.get("alg", "")}"\n}}'
    )
    return text.replace("\u00f1", "?").replace("\u00d1", "?").encode("latin-1", "replace")


def _signature(said: Mapping[str, Any], holder: Mapping[str, Any], public_key: bytes | None) -> Signature:
    """Give whether the signature is the authority's; one that is missing or no signature is wrong."""
    if public_key is None:
        return Signature.NOT_CHECKED
    try:
        signature = base64.b64decode(str(said.get("signature", "")), validate=True)
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, signed_text(said, holder))
    except (binascii.Error, ValueError, InvalidSignature):
        return Signature.WRONG
    return Signature.RIGHT


def _fields(said: Mapping[str, Any], holder: Mapping[str, Any]) -> dict[str, str]:
    """Give the holder's fields, those that are empty left out."""
    number = PCN.parse(str(holder["PCN"]), date.max)
    fields = {ours: " ".join(str(holder.get(theirs, "")).split()) for theirs, ours in _NAMES.items()}
    fields |= {
        "id_number": number.value if number else "",
        "birth_date": _day(str(holder["DOB"])),
        "issue_date": _day(str(said.get("DateIssued", ""))),
        "sex": {"M": "M", "F": "F"}.get(str(holder.get("sex", ""))[:1].upper(), ""),
    }
    names = [fields["first_name"], fields["middle_name"], fields["last_name"], str(holder.get("Suffix", "")).strip()]
    fields["full_name"] = " ".join(name for name in names if name)
    return {name: value for name, value in fields.items() if value}


def _day(text: str) -> str:
    """Give a day as `YYYY-MM-DD`, whichever of the ways it is written in; nothing where it is none."""
    for form in ("%Y-%m-%d", "%B %d, %Y", "%d %B %Y", "%m/%d/%Y"):
        try:
            return datetime.strptime(text.strip(), form).date().isoformat()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    return ""
