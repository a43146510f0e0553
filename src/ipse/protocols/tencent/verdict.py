"""What Tencent's answer says about a card besides its members: status, warnings, subtype."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ipse.core.authenticity.check import Concern
from ipse.core.authenticity.policy import CardStatus
from ipse.core.cards.card import CardKind, CardType, Side
from ipse.core.cards.reading import CardReading
from ipse.protocols.tencent.cards import needs_back

SUBTYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "voter": "ELECTORAL_ID",
        "tin": "TAX_ID",
        "sss": "OTHER_ID",
        "umid": "OTHER_ID",
        "mypr": "RESIDENT_PERMIT_ID",
        "mykas": "RESIDENT_PERMIT_ID",
        "ikad": "RESIDENT_PERMIT_ID",
        "fin": "RESIDENT_PERMIT_ID",
        "mytentera": "MILITARY_ID",
        "polis": "PUBLIC_SAFETY_ID",
    }
)
"""`CardSubType` of cards that are no plain national ID. Source: the vendor's list of words (command-line client)."""


def card_subtype(kind: CardKind) -> str:
    """Give `CardSubType`."""
    if kind.type is CardType.PASSPORT:
        return "E_PASSPORT"
    if kind.type is CardType.VISA:
        return "VISA"
    if kind.type is CardType.DRIVING_LICENSE:
        return "LEARNING_DRIVING_LICENSE" if kind.subtype == "learner" else "REGULAR_DRIVING_LICENSE"
    return SUBTYPES.get(kind.subtype, "NATIONAL_ID")


CONCERNS: Final[Mapping[Concern, str]] = MappingProxyType(
    {
        Concern.INCOMPLETE: "IncompleteCard",
        Concern.SEVERAL_CARDS: "TooManyCards",
        Concern.GREY_COPY: "PaperCopy",
        Concern.SCREEN: "RetakeSuspected",
        Concern.SCREENSHOT: "ScreenshotSuspected",
        Concern.RETYPED: "FakeSuspected",
        Concern.PORTRAIT_REPLACED: "FakeSuspected",
        Concern.PORTRAIT_MISSING: "IncompleteCard",
        Concern.BLURRED: "PoorImageQuality",
        Concern.GLARE: "PoorImageQuality",
        Concern.CONTRADICTORY: "InformationVerificationFailed",
        Concern.SIGNATURE_FALSE: "FakeSuspected",
        Concern.EXPIRED: "InformationVerificationFailed",
        Concern.UNREADABLE: "PoorImageQuality",
        Concern.NO_CARD: "OtherWarning",
        Concern.WRONG_SIDE: "OtherWarning",
        Concern.WRONG_KIND: "OtherWarning",
        Concern.UNSUPPORTED: "OtherWarning",
    }
)
"""What the vendor calls our concerns. Source: its list for the API's successor; which is which: ours."""


def warn_info(card: CardReading) -> list[str]:
    """Give why a card did not simply pass, what rejects it first; empty if it passed."""
    concerns = (*card.concerns, *((Concern.INCOMPLETE,) if lacks_back(card) else ()))
    return list(dict.fromkeys(CONCERNS[concern] for concern in concerns))


def status(card: CardReading) -> str:
    """Give `Status`; a card whose back the vendor wants, and that came without one, does not pass."""
    is_short = lacks_back(card) and card.status is CardStatus.PASSED
    return (CardStatus.WARNING if is_short else card.status).value.upper()


def lacks_back(card: CardReading) -> bool:
    """Tell whether a card that told itself what it is came without the back that the vendor's table wants of it."""
    kind = card.kind
    was_sent = any(check.name.startswith(f"{Side.BACK.value}_") for check in card.checks)
    return kind is not None and not was_sent and bool(needs_back(kind.nationality, kind.type.value.upper()))
