"""
`CardInfo`: which member a card has, and what its leaves say.

A member is a table from the vendor's leaf to how it is taken from a card. Source: the vendor's Python client 3.1.49.
Dates stand as `YYYY-MM-DD` in `GeneralCard` and in what has no print of its own; where the client's notes show another
form (Hong Kong), or the card prints one (Indonesia, Thailand, …), as that.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from ipse.core.cards.card import CardKind, CardType
from ipse.core.cards.reading import CardReading
from ipse.protocols.tencent.cards import CARD_INFO

Leaf: TypeAlias = Callable[[CardReading], object]
Member: TypeAlias = Mapping[str, Leaf]


def _value(name: str) -> Leaf:
    """Give what takes a field's normalised value; nothing where there is none."""
    return lambda card: card.value(name) or None


def _printed(name: str) -> Leaf:
    """Give what takes a field as it is printed; nothing where it was not read."""
    return lambda card: card.printed(name) or None


def _filled(leaf: Leaf) -> Leaf:
    """Give a leaf that is an empty text where it would be nothing."""
    return lambda card: leaf(card) or ""


def _either(*names: str) -> Leaf:
    """Give what takes the first of several fields that is there."""
    return lambda card: next((card.value(name) for name in names if card.value(name)), None)


def _day_first(name: str) -> Leaf:
    """Give what writes a date as dd-mm-yyyy."""
    return lambda card: "-".join(reversed(card.value(name).split("-"))) or None


def _issued_by(card: CardReading) -> object:
    """Give the three letters of who issued it."""
    return card.value("issuing_country") or (card.kind.nationality if card.kind else "") or None


def _permanent(card: CardReading) -> object:
    """Give whether a Hong Kong card is a permanent resident's; -1 where it was not read."""
    return {"permanent": "1", "non_permanent": "0"}.get(card.value("residence_status"), "-1")


def _place_and_date(card: CardReading) -> object:
    """Give Indonesia's place and date of birth, which stand in one line."""
    return ", ".join(part for part in (card.printed("birth_place"), card.printed("birth_date")) if part) or None


def _age(card: CardReading) -> object:
    """Give the age as a text; 0 where it is not known, as the client's notes say."""
    return str(card.age_years or 0)


MALAYSIAN: Final = MappingProxyType(
    {
        "mykad": "MyKad",
        "mypr": "MyPR",
        "mytentera": "MyTentera",
        "mykas": "MyKAS",
        "polis": "POLIS",
        "ikad": "IKAD",
        "mykid": "MyKid",
    }
)
"""Types of Malaysian cards. Source: the client's notes on `MLIDCard.Type`."""


def _malaysian_type(card: CardReading) -> object:
    """Give the type of a Malaysian card."""
    return MALAYSIAN.get(card.kind.subtype) if card.kind else None


def _birthday_of_two(card: CardReading) -> object:
    """Give the birthday that the notes know of two types of Malaysian card only."""
    return (card.value("birth_date") or None) if card.kind and card.kind.subtype in {"mykad", "ikad"} else None


def _zone_line(number: int) -> Leaf:
    """Give what takes a line of the machine-readable zone."""
    return lambda card: card.zone[number] if number < len(card.zone) else None


def _address(card: CardReading) -> object:
    """Give the object that `GeneralCard` has for an address."""
    return {
        "Country": _issued_by(card) or "",
        "PostalCode": card.value("postal_code"),
        "Subdivision": card.value("address_province"),
        "City": card.value("address_city") or card.value("address_district"),
        "FormattedAddress": card.value("address"),
        **dict.fromkeys(LINES, ""),
        **{line: text.strip() for line, text in zip(LINES, card.printed("address").split("\n"), strict=False)},
    }


LINES: Final = ("LineOne", "LineTwo", "LineThree", "LineFour", "LineFive")

HONG_KONG: Final[Member] = {
    "CnName": _either("full_name_local"),
    "EnName": _value("full_name"),
    "TelexCode": _value("name_codes"),
    "Sex": _value("sex"),
    "Birthday": _day_first("birth_date"),
    "Permanent": _permanent,
    "IdNum": _value("id_number"),
    "Symbol": _value("symbols"),
    "FirstIssueDate": _printed("first_issue_date"),
    "CurrentIssueDate": _printed("issue_date"),
}
MALAYSIA: Final[Member] = {
    "Name": _value("full_name"),
    "ID": _value("id_number"),
    "Sex": _printed("sex"),
    "Address": _value("address"),
    "Type": _malaysian_type,
    "Birthday": _birthday_of_two,
}
INDONESIA: Final[Member] = {
    "NIK": _value("id_number"),
    "Nama": _value("full_name"),
    "TempatTglLahir": _place_and_date,
    "JenisKelamin": _printed("sex"),
    "GolDarah": _value("blood_type"),
    "Alamat": _value("address"),
    "RTRW": _value("address_village"),
    "KelDesa": _value("address_subdistrict"),
    "Kecamatan": _value("address_district"),
    "Agama": _value("religion"),
    "StatusPerkawinan": _value("marital_status"),
    "Perkerjaan": _value("occupation"),
    "KewargaNegaraan": _value("nationality"),
    "BerlakuHingga": _printed("expiry_date"),
    "IssuedDate": _printed("issue_date"),
    "Provinsi": _value("address_province"),
    "Kota": _value("address_city"),
}
INDONESIAN_LICENCE: Final[Member] = {
    "LastName": _value("last_name"),
    "FirstName": _value("first_name"),
    "LicenseNumber": _either("document_number", "id_number"),
    "Birthday": _printed("birth_date"),
    "Address": _value("address"),
    "ExpirationDate": _printed("expiry_date"),
    "IssuedDate": _printed("issue_date"),
    "IssuedCountry": _issued_by,
}
THAILAND: Final[Member] = {
    "LastName": _value("last_name"),
    "FirstName": _value("first_name"),
    "LicenseNumber": _value("id_number"),
    "DateOfBirth": _value("birth_date"),
    "DateOfExpiry": _value("expiry_date"),
    "DateOfIssue": _value("issue_date"),
    "IssuedCountry": _issued_by,
}
SINGAPORE: Final[Member] = {
    "ChName": _value("full_name_local"),
    "ChineseName": _value("full_name_local"),
    "EnName": _value("full_name"),
    "FullName": _value("full_name"),
    "ID": _value("id_number"),
    "LicenseNumber": _value("id_number"),
    "Sex": _value("sex"),
    "CountryOfBirth": _value("birth_place"),
    "Nationality": _value("nationality"),
    "Birthday": _value("birth_date"),
    "Address": _value("address"),
    "Race": _value("ethnicity"),
    "NRICCode": _value("id_number"),
    "PostCode": _value("postal_code"),
    "DateOfExpiration": _value("expiry_date"),
    "DateOfIssue": _value("issue_date"),
}
PHILIPPINE_VOTER: Final[Member] = {
    "VIN": _either("document_number", "id_number"),
    "FirstName": _value("first_name"),
    "LastName": _value("last_name"),
    "Birthday": _value("birth_date"),
    "CivilStatus": _value("marital_status"),
    "Citizenship": _value("nationality"),
    "Address": _value("address"),
    "PrecinctNo": _value("precinct"),
}
PHILIPPINE_LICENCE: Final[Member] = {
    "Name": _value("full_name"),
    "LastName": _value("last_name"),
    "FirstName": _value("first_name"),
    "MiddleName": _value("middle_name"),
    "Nationality": _value("nationality"),
    "Sex": _value("sex"),
    "Address": _value("address"),
    "LicenseNo": _either("document_number", "id_number"),
    "ExpiresDate": _value("expiry_date"),
    "AgencyCode": _value("agency_code"),
    "Birthday": _value("birth_date"),
}
PHILIPPINE_TIN: Final[Member] = {
    "LicenseNumber": _either("id_number", "document_number"),
    "FullName": _value("full_name"),
    "Address": _value("address"),
    "Birthday": _value("birth_date"),
    "IssueDate": _value("issue_date"),
}
PHILIPPINE_SSS: Final[Member] = {
    "LicenseNumber": _either("id_number", "document_number"),
    "FullName": _value("full_name"),
    "Birthday": _value("birth_date"),
}
PHILIPPINE_UMID: Final[Member] = {
    "Surname": _value("last_name"),
    "MiddleName": _value("middle_name"),
    "GivenName": _value("first_name"),
    "Sex": _value("sex"),
    "Birthday": _value("birth_date"),
    "Address": _value("address"),
    "CRN": _either("id_number", "document_number"),
}
PASSPORT: Final[Member] = {
    "LicenseNumber": _value("document_number"),
    "FullName": _value("full_name"),
    "Surname": _value("last_name"),
    "GivenName": _value("first_name"),
    "Birthday": _value("birth_date"),
    "Sex": _value("sex"),
    "DateOfExpiration": _value("expiry_date"),
    "IssuingCountry": _issued_by,
    "NationalityCode": _value("nationality"),
    "PassportCodeFirst": _zone_line(0),
    "PassportCodeSecond": _zone_line(1),
}
TAIWAN: Final[Member] = {
    "FullName": _either("full_name_local", "full_name"),
    "LicenseNumber": _value("id_number"),
    "Sex": _value("sex"),
    "IssuedCountry": _value("issue_place"),
    "RegistrationNumber": _value("serial_number"),
}
JAPAN: Final[Member] = {
    "FullName": _either("full_name_local", "full_name"),
    "LicenseNumber": _either("id_number", "document_number"),
    "Age": _age,
    "Birthday": _value("birth_date"),
    "ExpirationDate": _value("expiry_date"),
    "FormattedAddress": _value("address"),
}
GENERAL: Final[Member] = {
    "LicenseNumber": _filled(_either("document_number", "id_number")),
    "PersonalNumber": _filled(_either("personal_number", "id_number")),
    "PassportCodeFirst": _filled(_zone_line(0)),
    "PassportCodeSecond": _filled(_zone_line(1)),
    "ExpirationDate": _filled(_value("expiry_date")),
    "DueDate": _filled(_value("expiry_date")),
    "IssuedDate": _filled(_value("issue_date")),
    "IssuedAuthority": _filled(_value("issuing_authority")),
    "IssuedCountry": _filled(_issued_by),
    "FullName": _filled(_either("full_name", "full_name_local")),
    "FirstName": _filled(_value("first_name")),
    "LastName": _filled(_value("last_name")),
    "Sex": _filled(_value("sex")),
    "Age": _filled(_age),
    "Birthday": _filled(_value("birth_date")),
    "BirthPlace": _filled(_value("birth_place")),
    "Nationality": _filled(_value("nationality")),
    "RegistrationNumber": _filled(_value("serial_number")),
    "Address": _address,
    "FullNameLocal": _filled(_value("full_name_local")),
    "FirstNameLocal": _filled(_value("first_name_local")),
    "LastNameLocal": _filled(_value("last_name_local")),
}
"""The only member whose leaves are never null. Source: the client's notes."""

MEMBERS: Final[Mapping[str, Member]] = MappingProxyType(
    {
        "HKIDCard": HONG_KONG,
        "MLIDCard": MALAYSIA,
        "IndonesiaIDCard": INDONESIA,
        "IndonesiaDrivingLicense": INDONESIAN_LICENCE,
        "ThailandIDCard": THAILAND,
        "SingaporeIDCard": SINGAPORE,
        "PhilippinesVoteID": PHILIPPINE_VOTER,
        "PhilippinesDrivingLicense": PHILIPPINE_LICENCE,
        "PhilippinesTinID": PHILIPPINE_TIN,
        "PhilippinesSSSID": PHILIPPINE_SSS,
        "PhilippinesUMID": PHILIPPINE_UMID,
        "InternationalIDPassport": PASSPORT,
        "TaiWanIDCard": TAIWAN,
        "JapanIDCard": JAPAN,
        "GeneralCard": GENERAL,
    }
)

OF_KIND: Final[Mapping[CardKind, str]] = MappingProxyType(
    {
        CardKind("HKG", CardType.ID_CARD): "HKIDCard",
        CardKind("MYS", CardType.ID_CARD): "MLIDCard",
        CardKind("IDN", CardType.ID_CARD): "IndonesiaIDCard",
        CardKind("IDN", CardType.DRIVING_LICENSE): "IndonesiaDrivingLicense",
        CardKind("THA", CardType.ID_CARD): "ThailandIDCard",
        CardKind("SGP", CardType.ID_CARD): "SingaporeIDCard",
        CardKind("PHL", CardType.ID_CARD, "voter"): "PhilippinesVoteID",
        CardKind("PHL", CardType.DRIVING_LICENSE): "PhilippinesDrivingLicense",
        CardKind("PHL", CardType.ID_CARD, "tin"): "PhilippinesTinID",
        CardKind("PHL", CardType.ID_CARD, "sss"): "PhilippinesSSSID",
        CardKind("PHL", CardType.ID_CARD, "umid"): "PhilippinesUMID",
        CardKind("TWN", CardType.ID_CARD): "TaiWanIDCard",
        CardKind("JPN", CardType.ID_CARD): "JapanIDCard",
    }
)
"""Which member a kind has; a kind without a subtype here stands for all its subtypes. What is not here: GeneralCard."""


def member_of(kind: CardKind) -> str:
    """Give the member in which a card of this kind is told."""
    if kind.type is CardType.PASSPORT:
        return "InternationalIDPassport"
    plain = CardKind(kind.nationality, kind.type)
    return OF_KIND.get(kind) or OF_KIND.get(plain) or "GeneralCard"


def card_info(card: CardReading) -> dict[str, object]:
    """Give all members, null but for the one that the card has."""
    info: dict[str, object] = {**dict.fromkeys(CARD_INFO)}
    if card.kind is not None:
        name = member_of(card.kind)
        info[name] = {leaf: take(card) for leaf, take in MEMBERS[name].items()}
    return info
