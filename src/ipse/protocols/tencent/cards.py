"""Which cards there are: nationalities, kinds, whether the back is needed, and the members of `CardInfo`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

AUTO: Final = "AUTO"
ID_CARD: Final = "ID_CARD"
PASSPORT: Final = "PASSPORT"
DRIVING_LICENSE: Final = "DRIVING_LICENSE"

KINDS: Final = frozenset({ID_CARD, PASSPORT, DRIVING_LICENSE, AUTO})
"""Source: the page, parameter CardType."""

NATIONALITIES: Final = frozenset({"IDN", "HKG", "THA", "MYS", "SGP", "JPN", "TWN", "PHL", "BGD", "NGA", "PAK", AUTO})
"""
Source: the page, parameter Nationality; PHL is in the page's table of cards; BGD, NGA and PAK are those of the vendor's
Python client 3.1.49.
"""

NEEDS_BACK: Final[Mapping[tuple[str, str], bool]] = MappingProxyType(
    {
        ("IDN", ID_CARD): False,
        ("IDN", DRIVING_LICENSE): False,
        ("HKG", ID_CARD): True,
        ("THA", ID_CARD): False,
        ("THA", DRIVING_LICENSE): True,
        ("MYS", ID_CARD): True,
        ("MYS", DRIVING_LICENSE): True,
        ("SGP", ID_CARD): True,
        ("SGP", DRIVING_LICENSE): True,
        ("PHL", ID_CARD): True,
        ("PHL", DRIVING_LICENSE): False,
        ("JPN", ID_CARD): True,
        ("JPN", DRIVING_LICENSE): False,
        ("TWN", ID_CARD): True,
        ("BGD", ID_CARD): True,
        ("NGA", ID_CARD): True,
        ("NGA", DRIVING_LICENSE): True,
        ("PAK", ID_CARD): True,
        ("PAK", DRIVING_LICENSE): True,
    }
)
"""Source: the page's table of cards; the last five rows are those of the vendor's Python client 3.1.49."""

CARD_INFO: Final = (
    "HKIDCard",
    "MLIDCard",
    "PhilippinesVoteID",
    "IndonesiaIDCard",
    "PhilippinesDrivingLicense",
    "PhilippinesTinID",
    "PhilippinesSSSID",
    "PhilippinesUMID",
    "InternationalIDPassport",
    "GeneralCard",
    "IndonesiaDrivingLicense",
    "ThailandIDCard",
    "SingaporeIDCard",
    "MacaoIDCard",
    "TaiWanIDCard",
    "JapanIDCard",
    "BangladeshIDCard",
    "NigeriaIDCard",
    "NigeriaDrivingLicense",
    "PakistanIDCard",
    "PakistanDrivingLicense",
)
"""Source: the vendor's Python client 3.1.49, `CardInfo`, in its order."""


def needs_back(nationality: str, kind: str) -> bool | None:
    """Give whether the back of a card is asked for beforehand; `None` where there is no such card."""
    if AUTO in {nationality, kind} or kind == PASSPORT:
        return False
    return NEEDS_BACK.get((nationality, kind))
