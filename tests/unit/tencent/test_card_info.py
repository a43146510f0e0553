"""What Tencent's answers say of a card: the 21 members of `CardInfo`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pytest

from ipse.core.cards.card import CardKind, CardType, Field, Side
from ipse.core.cards.reading import CardReading
from ipse.protocols.tencent.card_info import MEMBERS, card_info, member_of
from ipse.protocols.tencent.cards import CARD_INFO

TODAY = date(2026, 11, 21)
CORNERS = np.array([(0, 0), (9, 0), (9, 4), (0, 4)], np.float32)
ZONE = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
NEVER_FILLED = frozenset(CARD_INFO) - frozenset(MEMBERS)

PRINTS: Mapping[str, str] = {
    "birth_date": "7 MAR 1990",
    "expiry_date": "SEUMUR HIDUP",
    "issue_date": "12-09-18",
    "first_issue_date": "(06-79)",
    "sex": "LELAKI",
    "birth_place": "BANDUNG",
    "address": "JL. MELATI 5\nBANDUNG",
}
"""What is printed otherwise than it is meant."""

VALUES: Mapping[str, str] = {
    "id_number": "ID-1",
    "document_number": "DOC-2",
    "serial_number": "SER-3",
    "personal_number": "PER-4",
    "full_name": "ANNA MARIA EXAMPLE",
    "last_name": "EXAMPLE",
    "first_name": "ANNA",
    "middle_name": "MARIA",
    "full_name_local": "例安娜",
    "first_name_local": "安娜",
    "last_name_local": "例",
    "name_codes": "7115 1129",
    "sex": "F",
    "birth_date": "1990-03-07",
    "birth_place": "Bandung",
    "nationality": "UTO",
    "ethnicity": "CHINESE",
    "religion": "ISLAM",
    "blood_type": "O",
    "marital_status": "KAWIN",
    "occupation": "GURU",
    "address": "JL. MELATI 5 BANDUNG",
    "address_village": "001/002",
    "address_subdistrict": "SUKA",
    "address_district": "COBLONG",
    "address_city": "KOTA BANDUNG",
    "address_province": "JAWA BARAT",
    "postal_code": "40132",
    "issue_date": "2018-09-12",
    "first_issue_date": "1979-06",
    "expiry_date": "2031-04-05",
    "issue_place": "北市",
    "issuing_authority": "MOI",
    "symbols": "***AZ",
    "residence_status": "permanent",
    "agency_code": "N01",
    "precinct": "0012A",
}
"""A field for every leaf of every member, no two alike."""


def field(name: str, value: str, printed: str | None = None, side: Side = Side.FRONT) -> Field:
    """One field."""
    return Field(name, value, printed or value, 0.9, side, CORNERS)


def read(kind: CardKind | None, **values: str) -> CardReading:
    """A card on which this is read; all there is, if nothing is said."""
    said = values or VALUES
    fields = {name: field(name, value, PRINTS.get(name)) for name, value in said.items()}
    return CardReading(kind, fields, ZONE if kind and kind.type is CardType.PASSPORT else (), (), TODAY, 0.9)


def told(kind: CardKind, **values: str) -> dict[str, Any]:
    """The only member that such a card has."""
    filled = {name: leaves for name, leaves in card_info(read(kind, **values)).items() if leaves is not None}
    assert [member_of(kind)] == list(filled)
    leaves = filled[member_of(kind)]
    assert isinstance(leaves, dict)
    return leaves


def identity(nationality: str, subtype: str = "") -> CardKind:
    """An identity card."""
    return CardKind(nationality, CardType.ID_CARD, subtype)


def licence(nationality: str) -> CardKind:
    """A driving licence."""
    return CardKind(nationality, CardType.DRIVING_LICENSE)


EXPECTED: Mapping[CardKind, Mapping[str, str]] = {
    identity("HKG"): {
        "CnName": "例安娜",
        "EnName": "ANNA MARIA EXAMPLE",
        "TelexCode": "7115 1129",
        "Sex": "F",
        "Birthday": "07-03-1990",
        "Permanent": "1",
        "IdNum": "ID-1",
        "Symbol": "***AZ",
        "FirstIssueDate": "(06-79)",
        "CurrentIssueDate": "12-09-18",
    },
    identity("MYS", "mykad"): {
        "Name": "ANNA MARIA EXAMPLE",
        "ID": "ID-1",
        "Sex": "LELAKI",
        "Address": "JL. MELATI 5 BANDUNG",
        "Type": "MyKad",
        "Birthday": "1990-03-07",
    },
    identity("IDN"): {
        "NIK": "ID-1",
        "Nama": "ANNA MARIA EXAMPLE",
        "TempatTglLahir": "BANDUNG, 7 MAR 1990",
        "JenisKelamin": "LELAKI",
        "GolDarah": "O",
        "Alamat": "JL. MELATI 5 BANDUNG",
        "RTRW": "001/002",
        "KelDesa": "SUKA",
        "Kecamatan": "COBLONG",
        "Agama": "ISLAM",
        "StatusPerkawinan": "KAWIN",
        "Perkerjaan": "GURU",
        "KewargaNegaraan": "UTO",
        "BerlakuHingga": "SEUMUR HIDUP",
        "IssuedDate": "12-09-18",
        "Provinsi": "JAWA BARAT",
        "Kota": "KOTA BANDUNG",
    },
    licence("IDN"): {
        "LastName": "EXAMPLE",
        "FirstName": "ANNA",
        "LicenseNumber": "DOC-2",
        "Birthday": "7 MAR 1990",
        "Address": "JL. MELATI 5 BANDUNG",
        "ExpirationDate": "SEUMUR HIDUP",
        "IssuedDate": "12-09-18",
        "IssuedCountry": "IDN",
    },
    identity("THA"): {
        "LastName": "EXAMPLE",
        "FirstName": "ANNA",
        "LicenseNumber": "ID-1",
        "DateOfBirth": "1990-03-07",
        "DateOfExpiry": "2031-04-05",
        "DateOfIssue": "2018-09-12",
        "IssuedCountry": "THA",
    },
    identity("SGP", "nric"): {
        "ChName": "例安娜",
        "ChineseName": "例安娜",
        "EnName": "ANNA MARIA EXAMPLE",
        "FullName": "ANNA MARIA EXAMPLE",
        "ID": "ID-1",
        "LicenseNumber": "ID-1",
        "Sex": "F",
        "CountryOfBirth": "Bandung",
        "Nationality": "UTO",
        "Birthday": "1990-03-07",
        "Address": "JL. MELATI 5 BANDUNG",
        "Race": "CHINESE",
        "NRICCode": "ID-1",
        "PostCode": "40132",
        "DateOfExpiration": "2031-04-05",
        "DateOfIssue": "2018-09-12",
    },
    identity("PHL", "voter"): {
        "VIN": "DOC-2",
        "FirstName": "ANNA",
        "LastName": "EXAMPLE",
        "Birthday": "1990-03-07",
        "CivilStatus": "KAWIN",
        "Citizenship": "UTO",
        "Address": "JL. MELATI 5 BANDUNG",
        "PrecinctNo": "0012A",
    },
    licence("PHL"): {
        "Name": "ANNA MARIA EXAMPLE",
        "LastName": "EXAMPLE",
        "FirstName": "ANNA",
        "MiddleName": "MARIA",
        "Nationality": "UTO",
        "Sex": "F",
        "Address": "JL. MELATI 5 BANDUNG",
        "LicenseNo": "DOC-2",
        "ExpiresDate": "2031-04-05",
        "AgencyCode": "N01",
        "Birthday": "1990-03-07",
    },
    identity("PHL", "tin"): {
        "LicenseNumber": "ID-1",
        "FullName": "ANNA MARIA EXAMPLE",
        "Address": "JL. MELATI 5 BANDUNG",
        "Birthday": "1990-03-07",
        "IssueDate": "2018-09-12",
    },
    identity("PHL", "sss"): {
        "LicenseNumber": "ID-1",
        "FullName": "ANNA MARIA EXAMPLE",
        "Birthday": "1990-03-07",
    },
    identity("PHL", "umid"): {
        "Surname": "EXAMPLE",
        "MiddleName": "MARIA",
        "GivenName": "ANNA",
        "Sex": "F",
        "Birthday": "1990-03-07",
        "Address": "JL. MELATI 5 BANDUNG",
        "CRN": "ID-1",
    },
    CardKind("UTO", CardType.PASSPORT): {
        "LicenseNumber": "DOC-2",
        "FullName": "ANNA MARIA EXAMPLE",
        "Surname": "EXAMPLE",
        "GivenName": "ANNA",
        "Birthday": "1990-03-07",
        "Sex": "F",
        "DateOfExpiration": "2031-04-05",
        "IssuingCountry": "UTO",
        "NationalityCode": "UTO",
        "PassportCodeFirst": ZONE[0],
        "PassportCodeSecond": ZONE[1],
    },
    identity("TWN"): {
        "FullName": "例安娜",
        "LicenseNumber": "ID-1",
        "Sex": "F",
        "IssuedCountry": "北市",
        "RegistrationNumber": "SER-3",
    },
    identity("JPN"): {
        "FullName": "例安娜",
        "LicenseNumber": "ID-1",
        "Age": "36",
        "Birthday": "1990-03-07",
        "ExpirationDate": "2031-04-05",
        "FormattedAddress": "JL. MELATI 5 BANDUNG",
    },
}
"""Source: the vendor's Python client 3.1.49 and the print of each card."""

ADDRESS = {
    "Country": "CHN",
    "PostalCode": "40132",
    "Subdivision": "JAWA BARAT",
    "City": "KOTA BANDUNG",
    "FormattedAddress": "JL. MELATI 5 BANDUNG",
    "LineOne": "JL. MELATI 5",
    "LineTwo": "BANDUNG",
    "LineThree": "",
    "LineFour": "",
    "LineFive": "",
}
GENERAL = {
    "LicenseNumber": "DOC-2",
    "PersonalNumber": "PER-4",
    "PassportCodeFirst": "",
    "PassportCodeSecond": "",
    "ExpirationDate": "2031-04-05",
    "DueDate": "2031-04-05",
    "IssuedDate": "2018-09-12",
    "IssuedAuthority": "MOI",
    "IssuedCountry": "CHN",
    "FullName": "ANNA MARIA EXAMPLE",
    "FirstName": "ANNA",
    "LastName": "EXAMPLE",
    "Sex": "F",
    "Age": "36",
    "Birthday": "1990-03-07",
    "BirthPlace": "Bandung",
    "Nationality": "UTO",
    "RegistrationNumber": "SER-3",
    "Address": ADDRESS,
    "FullNameLocal": "例安娜",
    "FirstNameLocal": "安娜",
    "LastNameLocal": "例",
}


@pytest.mark.parametrize("kind", EXPECTED, ids=lambda kind: kind.name)
def test_a_member_has_its_leaves_in_the_clients_order(kind: CardKind) -> None:
    """Each leaf is taken from its field, and stands as the client's notes or the card's print have it."""
    assert list(EXPECTED[kind].items()) == list(told(kind).items())


@pytest.mark.parametrize("kind", [identity("CHN"), licence("THA"), licence("JPN"), identity("PHL", "philid")])
def test_other_cards_are_told_in_general(kind: CardKind) -> None:
    """A card without a member of its own is a `GeneralCard`, whose issuer is its own."""
    general = GENERAL | {"IssuedCountry": kind.nationality, "Address": ADDRESS | {"Country": kind.nationality}}
    assert list(general.items()) == list(told(kind).items())


def test_every_member_is_covered() -> None:
    """The expectations above, the general card and what is never filled are the 21 members."""
    assert {*map(member_of, EXPECTED), "GeneralCard", *NEVER_FILLED} == set(CARD_INFO)
    assert 21 == len(CARD_INFO)


@pytest.mark.parametrize("kind", [None, *EXPECTED, identity("BGD"), identity("NGA"), licence("NGA"), identity("PAK")])
def test_all_members_are_there_and_unsupported_ones_null(kind: CardKind | None) -> None:
    """Macao, Bangladesh, Nigeria and Pakistan have no layout, whatever a card is."""
    info = card_info(read(kind))
    assert list(CARD_INFO) == list(info)
    assert {"MacaoIDCard", "BangladeshIDCard", "NigeriaIDCard", "NigeriaDrivingLicense", "PakistanIDCard",
            "PakistanDrivingLicense"} == NEVER_FILLED  # fmt: skip
    assert {None} == {info[name] for name in NEVER_FILLED}


def test_nothing_of_the_general_card_is_null() -> None:
    """Where nothing was read there are empty texts, an age of 0, and an address of empty texts."""
    leaves = told(identity("CHN"), religion="unasked")
    address = leaves.pop("Address")
    assert {"Country": "CHN"} == {name: text for name, text in address.items() if text}
    assert {"IssuedCountry": "CHN", "Age": "0"} == {name: text for name, text in leaves.items() if text}
    assert {str} == {type(text) for text in (*address.values(), *leaves.values())}


@pytest.mark.parametrize(
    "kind", [kind for kind in EXPECTED if kind.type is not CardType.PASSPORT], ids=lambda k: k.name
)
def test_what_was_not_read_is_null(kind: CardKind) -> None:
    """Leaves of other members are null, but for what is known without the print."""
    issuer = None if kind.nationality == "TWN" else kind.nationality
    known = {"IssuedCountry": issuer, "Permanent": "-1", "Age": "0", "Type": "MyKad"}
    for leaf, text in told(kind, military_service="unasked").items():
        assert known.get(leaf) == text


@pytest.mark.parametrize(
    ("residence", "word"), [("permanent", "1"), ("non_permanent", "0"), ("", "-1"), ("other", "-1")]
)
def test_hong_kong_tells_residence_as_a_text(residence: str, word: str) -> None:
    """1, 0, and -1 for what was not read."""
    assert word == told(identity("HKG"), residence_status=residence)["Permanent"]


@pytest.mark.parametrize(("born", "wire"), [("1980-03-02", "02-03-1980"), ("1980-03", "03-1980"), ("1980", "1980")])
def test_hong_kong_writes_the_day_first(born: str, wire: str) -> None:
    """Day, month and year with hyphens, as far as they were read."""
    assert wire == told(identity("HKG"), birth_date=born)["Birthday"]


def test_hong_kong_numbers_keep_their_brackets() -> None:
    """The number stands as the card prints it."""
    assert "C123456(9)" == told(identity("HKG"), id_number="C123456(9)")["IdNum"]


@pytest.mark.parametrize(
    ("subtype", "word", "has_birthday"),
    [
        ("mykad", "MyKad", True),
        ("ikad", "IKAD", True),
        ("mypr", "MyPR", False),
        ("mytentera", "MyTentera", False),
        ("mykas", "MyKAS", False),
        ("polis", "POLIS", False),
        ("mykid", "MyKid", False),
    ],
)
def test_types_of_malaysian_cards(subtype: str, word: str, *, has_birthday: bool) -> None:
    """Seven words; the notes know a birthday of two of them."""
    leaves = told(identity("MYS", subtype))
    assert word == leaves["Type"]
    assert ("1990-03-07" if has_birthday else None) == leaves["Birthday"]


def test_a_licence_that_repeats_the_persons_number() -> None:
    """Where a licence has no number of its own the person's stands for it."""
    assert "ID-1" == told(licence("IDN"), id_number="ID-1")["LicenseNumber"]
