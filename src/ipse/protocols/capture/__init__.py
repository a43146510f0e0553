"""
The capture page's two calls. Whoever holds a page token may make them, and the key that the token was made with pays.

They are a dialect of their own because their credential is: a token does one capture and nothing else.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from ipse.protocols.capture.auth import PageCredential, authenticate
from ipse.protocols.capture.errors import FAMILY
from ipse.protocols.capture.wire import decode_result, decode_session, encode_result, encode_session
from ipse.protocols.messages import BodyLimits, Context, Dialect, Head, Headers, Operation, one_for_success
from ipse.service.access import Check, Credential
from ipse.service.artefacts import artefacts
from ipse.service.evidence import Decision
from ipse.service.page_calls import PageSession, TakenResult, TakeResultCommand, page_of
from ipse.service.page_tokens import PageTokens
from ipse.service.ports import Seat, Standing, Stopwatch

LIMITS: Final = BodyLimits(body_bytes=10 * 1_048_576, parts=16)
"""Source: ours. Seven frames as 1280 x 960 JPEGs of 230 KB and a flash result of 512 KB are 2.2 MB."""

GATE: Final = (Check.DISABLED, Check.EXPIRED, Check.SUSPENDED, Check.RATE, Check.ROOM)
"""No permission is asked for again: the key that made the token had it."""

ROOT: Final = "/capture/"

GiveSession: TypeAlias = Callable[[str, Seat, Stopwatch], Awaitable[PageSession]]
"""Whoever says what is to be done (`ipse.service.page_calls.GiveSession`)."""

TakeResult: TypeAlias = Callable[[TakeResultCommand, Seat, Stopwatch], Awaitable[TakenResult]]
"""Whoever takes results (`ipse.service.page_calls.TakeResult`)."""

Decide: TypeAlias = Callable[[TakeResultCommand, TakenResult], Decision]
"""Whoever writes down what was decided."""


@dataclass(frozen=True, slots=True)
class UseCases:
    """What stands behind the calls."""

    give_session: GiveSession
    take_result: TakeResult
    tokens: PageTokens
    decide: Decide


def dialect(cases: UseCases) -> Dialect:
    """Give the dialect of the capture page."""

    async def stands_for(credential: Credential) -> tuple[str, str]:
        assert isinstance(credential, PageCredential)
        page = await page_of(cases.tokens, credential.token)
        return page.dialect, page.key

    return Dialect(
        name="capture",
        owns=lambda head: head.path.startswith(ROOT),
        operations=(
            Operation(
                name="capture_session",
                match=_matches("GET", "session"),
                decode=decode_session,
                use_case=cases.give_session,
                encode=encode_session,
                errors=FAMILY,
                seated=False,
                free=True,
                bills=lambda _reason: 0,
            ),
            Operation(
                name="capture_result",
                match=_matches("POST", "result"),
                decode=decode_result,
                use_case=cases.take_result,
                encode=encode_result,
                errors=FAMILY,
                bills=one_for_success,
                decision=cases.decide,
                keeps=artefacts,
            ),
        ),
        authenticate=authenticate,
        errors=FAMILY,
        limits=LIMITS,
        gate=GATE,
        headers=_headers,
        early=True,
        knocks=True,
        stands_for=stands_for,
    )


def _matches(method: str, name: str) -> Callable[[Head], bool]:
    """Give the judgement whether a head is this call's."""
    return lambda head: (head.method, head.path) == (method, ROOT + name)


def _headers(context: Context, _standing: Standing | None) -> Headers:
    """Give the id of the call; what it tells is for one page only."""
    return (("x-request-id", str(context.correlation)), ("cache-control", "no-store"))
