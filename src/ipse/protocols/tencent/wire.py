"""
Tencent's wire: parameters -> command, outcome -> the JSON envelope. All of the vendor's spelling begins and ends here.

The content type is exactly `application/json`: the vendor's Python client looks for errors only then.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pybase64

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.messages import Context, Headers, WireRequest, WireResponse
from ipse.protocols.tencent.card_info import card_info
from ipse.protocols.tencent.cards import KINDS, NATIONALITIES, needs_back
from ipse.protocols.tencent.parameters import own
from ipse.protocols.tencent.verdict import card_subtype, status, warn_info
from ipse.service.access import Caller
from ipse.service.check_card import (
    ApplyForCardCommand,
    AskForCardCommand,
    CardApplied,
    CardStanding,
    PictureAt,
    Side,
)
from ipse.service.ports import Mark
from ipse.service.verify_faces import Picture

JSON: Headers = (("content-type", "application/json"),)
"""Source: the vendor's Python client, which compares the whole header."""

MOST_BASE64: Final = 5 * 1_048_576
"""Most characters of a picture in base64. Source: the page, 5M after encoding; 1M is read as 1,048,576."""

MOST_BYTES: Final = MOST_BASE64 // 4 * 3
"""Most bytes of a picture: what that many characters hold."""

MAX_SIDE_PX: Final = 8000
"""Source: the page, supported resolution."""

FETCH_S: Final = 3.0
"""Source: the page: the download takes no more than 3 seconds."""

FORMATS: Final = frozenset({"png", "jpeg"})
"""Source: the page, supported formats."""

PREFIX: Final = "data:"
"""What a picture in base64 may begin with, up to its comma. Source: RFC 2397; the vendor's next API has a sample."""

APPLY: Final = (
    "Nationality",
    "CardType",
    "ImageBase64Front",
    "ImageBase64Back",
    "ImageUrlFront",
    "ImageUrlBack",
)
"""Source: the page, request parameters."""

ASK: Final = ("CardVerificationToken",)
"""Source: the vendor's Python client."""


@dataclass(frozen=True, slots=True)
class Polling:
    """How often and how fast a caller is told to ask. Source: ours; the vendor's sample has no figures."""

    times: int = 10
    wait_s: int = 3


@dataclass(frozen=True, slots=True)
class Decoder:
    """
    Parameters to commands.

    Attributes:
        strict: Whether a parameter that the action does not have is refused.
    """

    strict: bool

    def apply(self, request: WireRequest, caller: Caller) -> ApplyForCardCommand:
        """
        Give the command of ApplyCardVerification.

        Raises:
            Refusal: The first fault, in the order of `docs/protocols/tencent.md`.
        """
        given = self._given(request, APPLY)
        nationality, kind = (_required(given, name) for name in ("Nationality", "CardType"))
        if nationality not in NATIONALITIES:
            raise Refusal(Reason.ARGUMENT_INVALID, "Nationality")
        if kind not in KINDS:
            raise Refusal(Reason.ARGUMENT_INVALID, "CardType")
        back_needed = needs_back(nationality, kind)
        if back_needed is None:
            raise Refusal(Reason.ARGUMENT_INVALID, "CardType")
        has_front, has_back = (any(_side_names(given, side)) for side in ("Front", "Back"))
        if not has_front:
            raise Refusal(Reason.ARGUMENT_MISSING, "ImageBase64Front")
        if back_needed and not has_back:
            raise Refusal(Reason.ARGUMENT_MISSING, "ImageBase64Back")
        return ApplyForCardCommand(
            owner=caller.record.key,
            nationality=nationality,
            kind=kind,
            front=_side(given, "Front"),
            back=_side(given, "Back") if has_back else None,
            formats=FORMATS,
            max_bytes=MOST_BYTES,
            max_side_px=MAX_SIDE_PX,
            fetch_s=FETCH_S,
            webhook=caller.record.webhook,
        )

    def ask(self, request: WireRequest, caller: Caller) -> AskForCardCommand:
        """
        Give the command of GetCardVerificationResult.

        Raises:
            Refusal: The first fault.
        """
        return AskForCardCommand(caller.record.key, _required(self._given(request, ASK), *ASK))

    def _given(self, request: WireRequest, names: tuple[str, ...]) -> Mapping[str, str]:
        """Give the parameters as texts, once it is clear that all of them are; `null` is as good as none."""
        given = own(request)
        unknown = next((name for name in given if name not in names), None)
        if unknown is not None and self.strict:
            raise Refusal(Reason.ARGUMENT_UNKNOWN, unknown)
        texts: dict[str, str] = {}
        for name in names:
            value = given.get(name)
            if isinstance(value, str):
                texts[name] = value
            elif value is not None:
                raise Refusal(Reason.ARGUMENT_TYPE, name)
        return texts


def asked_token(request: WireRequest) -> tuple[Mark, ...]:
    """Give the token that GetCardVerificationResult asks by, for whoever looks the call up."""
    try:
        token = own(request).get(*ASK)
    except Refusal:
        return ()
    return (Mark("token", token),) if isinstance(token, str) and token else ()


def made_token(outcome: CardApplied) -> tuple[Mark, ...]:
    """Give the token that ApplyCardVerification made."""
    return (Mark("token", outcome.token),)


def encode_applied(outcome: CardApplied, context: Context, polling: Polling) -> WireResponse:
    """Give the answer of ApplyCardVerification."""
    return envelope(
        {
            "CardVerificationToken": outcome.token,
            "AsyncCardVerificationMaxPollingTimes": polling.times,
            "AsyncCardVerificationPollingWaitTime": polling.wait_s,
        },
        context,
    )


def encode_standing(outcome: CardStanding, context: Context) -> WireResponse:
    """Give the answer of GetCardVerificationResult; every field is there, whether or not there is anything in it."""
    card = outcome.card
    kind = None if card is None else card.kind
    return envelope(
        {
            "Status": "PROCESSING" if card is None else status(card),
            "WarnInfo": None if card is None else warn_info(card),
            "Nationality": None if kind is None else kind.nationality,
            "CardType": None if kind is None else kind.type.value.upper(),
            "CardSubType": None if kind is None else card_subtype(kind),
            "CardInfo": None if card is None else card_info(card),
            "IDVerificationToken": outcome.token,
        },
        context,
    )


def envelope(content: Mapping[str, object], context: Context) -> WireResponse:
    """Give what every answer is wrapped in; the status is always 200."""
    answer = {"Response": {**content, "RequestId": str(context.correlation)}}
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    return WireResponse(200, JSON, text.encode("utf-8", "replace"))


def _required(given: Mapping[str, str], name: str) -> str:
    """Give a parameter that must be there."""
    if name not in given:
        raise Refusal(Reason.ARGUMENT_MISSING, name)
    return given[name]


def _side_names(given: Mapping[str, str], side: str) -> tuple[bool, bool]:
    """Give whether a side was sent as an address, and as base64; an empty address is none."""
    return bool(given.get(f"ImageUrl{side}")), f"ImageBase64{side}" in given


def _side(given: Mapping[str, str], side: str) -> Side:
    """Give a side that was sent; of address and base64 the address counts, and the other is not looked at."""
    url = given.get(f"ImageUrl{side}")
    return PictureAt(f"ImageUrl{side}", url) if url else _picture(f"ImageBase64{side}", given[f"ImageBase64{side}"])


def _picture(name: str, text: str) -> Picture:
    """Give a picture from base64; what a sender's library puts before it, or breaks its lines with, is taken away."""
    if text[: len(PREFIX)].lower() == PREFIX:
        text = text.partition(",")[2]
    if not text or text.isspace():
        raise Refusal(Reason.FILE_EMPTY, name)
    if len(text) > MOST_BASE64:
        raise Refusal(Reason.FILE_TOO_LARGE, name)
    try:
        return Picture(name, _decoded(text))
    except ValueError:
        raise Refusal(Reason.IMAGE_UNRECOGNISED, name) from None


def _decoded(text: str) -> bytes:
    """Give the bytes behind base64; white space is looked for only where something is wrong."""
    try:
        return pybase64.b64decode(text, validate=True)
    except ValueError:
        return pybase64.b64decode("".join(text.split()), validate=True)
