"""Tencent: its operations and limits. What the vendor documents is kept in `docs/protocols/tencent.md`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.messages import Dialect, Head, Operation, WireRequest
from ipse.protocols.tencent.auth import authenticate
from ipse.protocols.tencent.errors import family
from ipse.protocols.tencent.parameters import (
    LIMITS,
    OFFERED_REGIONS,
    Language,
    action,
    check_region,
    common,
    language,
)
from ipse.protocols.tencent.wire import Decoder, Polling, asked_token, encode_applied, encode_standing, made_token
from ipse.service.artefacts import artefacts
from ipse.service.check_card import ApplyForCard, AskForCard

__all__ = ["Conduct", "Polling", "dialect"]

APPLY: Final = "ApplyCardVerification"
ASK: Final = "GetCardVerificationResult"
ACTIONS: Final = frozenset({APPLY, ASK})

PATH: Final = "/"
METHODS: Final = frozenset({"GET", "POST"})
"""Source: the vendor's guide to calls."""


@dataclass(frozen=True, slots=True)
class Conduct:
    """
    What the settings decide.

    Attributes:
        strict: Whether parameters that an action does not have are refused.
        regions: The regions that are offered.
        polling: How often and how fast a caller is told to ask.
    """

    strict: bool = True
    regions: frozenset[str] = frozenset(OFFERED_REGIONS)
    polling: Polling = field(default_factory=Polling)


def dialect(apply_for_card: ApplyForCard, ask_for_card: AskForCard, conduct: Conduct) -> Dialect:
    """Give the dialect, with the use cases behind its operations; each operation is there once in each language."""
    decoder = Decoder(conduct.strict)

    def spoken(spoken_language: Language) -> Iterable[Operation[Any, Any]]:
        yield Operation(
            name="apply_card",
            match=_is_ours,
            select=partial(_is_meant, APPLY, spoken_language),
            decode=decoder.apply,
            prepare=apply_for_card.fetch,
            use_case=apply_for_card,
            encode=partial(encode_applied, polling=conduct.polling),
            errors=family(spoken_language),
            makes=made_token,
            keeps=artefacts,
        )
        yield Operation(
            name="card_result",
            match=_is_ours,
            select=partial(_is_meant, ASK, spoken_language),
            decode=decoder.ask,
            use_case=ask_for_card,
            encode=encode_standing,
            errors=family(spoken_language),
            seated=False,
            free=True,
            bills=_nothing,
            marks=asked_token,
        )

    return Dialect(
        name="tencent",
        owns=_owns,
        operations=tuple(operation for one in Language for operation in spoken(one)),
        authenticate=authenticate,
        ask=partial(check_region, offered=conduct.regions),
        errors=family(Language.ENGLISH),
        errors_at=lambda head: family(language(WireRequest(head))),
        unmatched=_unmatched,
        limits=LIMITS,
    )


def _owns(head: Head) -> bool:
    """Give whether a head is ours: all of `/`, but for people who look at it with a browser."""
    is_browser = head.method == "GET" and "text/html" in (head.header("accept") or "")
    return head.path == PATH and not (is_browser and common(WireRequest(head), "Action") is None)


def _is_ours(head: Head) -> bool:
    """Give whether a head may belong to an action: the rest of the request decides which."""
    return head.path == PATH and head.method in METHODS


def _is_meant(name: str, spoken: Language, request: WireRequest) -> bool:
    """Give whether a request names this action and this language; one that names no action is refused."""
    return action(request, ACTIONS) == name and language(request) is spoken


def _unmatched(head: Head) -> Refusal:
    """Give why a head belongs to no action: first its method, then its path."""
    return Refusal(Reason.OPERATION_UNKNOWN if head.method in METHODS else Reason.METHOD_DENIED)


def _nothing(_reason: Reason | None) -> int:
    """Give no units: asking for a result is not billed."""
    return 0
