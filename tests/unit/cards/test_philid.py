"""The signed code of the Philippine identity card."""

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ipse.core.cards.philid import Signature, read_philid, signed_text

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()

HOLDER = {
    "Suffix": "",
    "lName": "PE\u00d1A",
    "fName": "JUAN MARIA",
    "mName": "REYES",
    "sex": "Male",
    "BF": "[1,8]",
    "DOB": "January 02, 1990",
    "POB": "City of Manila, NCR",
    "PCN": "1234-5678-9012-3456",
}


def code(**changed: str) -> dict[str, Any]:
    """Give a signed code, of which the holder was changed afterwards."""
    said: dict[str, Any] = {"DateIssued": "05 March 2022", "Issuer": "PSA", "subject": HOLDER, "alg": "EDDSA"}
    signature = base64.b64encode(KEY.sign(signed_text(said, HOLDER))).decode()
    return said | {"subject": HOLDER | changed, "signature": signature}


def test_a_signed_code() -> None:
    """What the authority signed is right; days and sex are normalised."""
    read = read_philid(json.dumps(code()).encode(), PUBLIC)
    assert read is not None
    assert Signature.RIGHT == read.signature
    assert {
        "last_name": "PE\u00d1A",
        "first_name": "JUAN MARIA",
        "middle_name": "REYES",
        "full_name": "JUAN MARIA REYES PE\u00d1A",
        "birth_place": "City of Manila, NCR",
        "birth_date": "1990-01-02",
        "issue_date": "2022-03-05",
        "sex": "M",
        "id_number": "1234-5678-9012-3456",
    } == read.fields


def test_what_is_signed() -> None:
    """Lines with two blanks' indent, a question mark for the n with a tilde."""
    text = signed_text(code(), HOLDER).decode()
    assert text.startswith(
        '{\n  "DateIssued": "05 March 2022",\n  "Issuer": "PSA",\n  "subject": {\n    "Suffix": "",\n'
    )
    assert '    "lName": "PE?A",\n' in text
    assert text.endswith('    "PCN": "1234-5678-9012-3456"\n  },\n  "alg": "EDDSA"\n}')


@pytest.mark.parametrize("name", sorted(HOLDER))
def test_any_change_is_seen(name: str) -> None:
    """A code of which one field was changed is not signed."""
    read = read_philid(json.dumps(code(**{name: "X"})).encode(), PUBLIC)
    assert read is not None
    assert Signature.WRONG == read.signature


def test_without_key_or_signature() -> None:
    """Without the authority's key nothing is checked; a code without a signature is wrong."""
    unsigned = {name: value for name, value in code().items() if name != "signature"}
    read = [read_philid(json.dumps(said).encode(), key) for said, key in ((code(), None), (unsigned, PUBLIC))]
    assert [Signature.NOT_CHECKED, Signature.WRONG] == [one and one.signature for one in read]


def test_an_electronic_card() -> None:
    """Its code is recognised, and said not to be checked."""
    read = read_philid(b"PH1:" + b"6BF+70790T9WJWG.FKY*4GO0.O1" * 10, PUBLIC)
    assert read is not None
    assert (Signature.NOT_CHECKED, {}) == (read.signature, read.fields)


@given(
    st.binary(max_size=300)
    | st.recursive(
        st.text() | st.integers(),
        lambda kid: st.dictionaries(st.sampled_from(["subject", "PCN", "lName", "DOB", "signature", "alg"]), kid),
    ).map(lambda said: json.dumps(said).encode())
)
def test_garbage_is_no_code(content: bytes) -> None:
    """Any bytes are refused or read, never right."""
    read = read_philid(content, PUBLIC)
    assert read is None or read.signature is not Signature.RIGHT
