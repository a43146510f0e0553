"""Tencent's codecs over anything: a value or a declared refusal, never another exception."""

import json
from contextlib import suppress
from urllib.parse import quote_from_bytes

from hypothesis import given
from hypothesis import strategies as some

from ipse.core.reasons import Refusal
from ipse.infra.telemetry import RequestStopwatch, SystemClock
from ipse.protocols import body
from ipse.protocols.messages import Context, Head, WireRequest
from ipse.protocols.tencent.auth import authenticate
from ipse.protocols.tencent.cards import KINDS, NATIONALITIES, needs_back
from ipse.protocols.tencent.parameters import LIMITS, Language, action, check_region, language
from ipse.protocols.tencent.wire import APPLY, ASK, Decoder, asked_token
from ipse.service.access import Caller
from ipse.service.ports import KeyRecord

CALLER = Caller(KeyRecord("key", "tencent", "s3cret"))
NAMES = some.sampled_from(("Action", "Version", "Region", "Timestamp", "SecretId", "Signature", "Nonce", *APPLY, *ASK))
CONTEXT = Context(bytes(16), 1461740007.25, SystemClock(), 0.0, RequestStopwatch())
KINDS_OF_BODY = some.sampled_from(("application/json", "application/x-www-form-urlencoded", "text/plain", ""))
VALUES = some.none() | some.booleans() | some.floats() | some.text() | some.lists(some.text(max_size=3), max_size=2)
HEADERS = some.dictionaries(
    some.sampled_from(("host", "authorization", "x-tc-action", "x-tc-timestamp", "x-tc-region", "x-tc-content-sha256")),
    some.text(some.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=60),
)


def judged(request: WireRequest) -> None:
    """Let every codec look at a request; the language, which refusals are worded in, must not be refused itself."""
    assert isinstance(language(request), Language)
    for look in (
        lambda: action(request, frozenset({"ApplyCardVerification"})),
        lambda: authenticate(request, CONTEXT).proves("s3cret"),
        lambda: check_region(request, frozenset({"ap-hongkong"})),
        lambda: Decoder(strict=True).apply(request, CALLER),
        lambda: Decoder(strict=False).apply(request, CALLER),
        lambda: Decoder(strict=True).ask(request, CALLER),
        lambda: asked_token(request),
    ):
        with suppress(Refusal):
            look()


@given(some.sampled_from(("GET", "POST")), some.binary(), some.binary(), KINDS_OF_BODY, HEADERS)
def test_any_bytes_are_read_or_refused(
    method: str, query: bytes, content: bytes, kind: str, headers: dict[str, str]
) -> None:
    """Whatever stands in query, body and headers."""
    judged(body.read(Head(method, "/", query, (("content-type", kind), *headers.items())), content, LIMITS))


@given(some.dictionaries(NAMES, VALUES))
def test_any_json_is_read_or_refused(given_values: dict[str, object]) -> None:
    """Whatever values the parameters have."""
    head = Head("POST", "/", b"", (("content-type", "application/json"),))
    judged(body.read(head, json.dumps(given_values).encode(), LIMITS))


@given(some.lists(some.tuples(NAMES, some.binary(max_size=40))))
def test_any_pairs_are_read_or_refused(pairs: list[tuple[str, bytes]]) -> None:
    """The same pairs as a form and as a query, however often a name comes."""
    written = "&".join(f"{name}={quote_from_bytes(value)}" for name, value in pairs).encode()
    kind = (("content-type", "application/x-www-form-urlencoded"),)
    judged(body.read(Head("POST", "/", b"", kind), written, LIMITS))
    judged(body.read(Head("GET", "/", written, kind), b"", LIMITS))


@given(some.sampled_from(sorted(NATIONALITIES)), some.sampled_from(sorted(KINDS)))
def test_every_pair_of_the_lists_has_an_answer(nationality: str, kind: str) -> None:
    """Only driving licences may be missing from the table of cards."""
    assert needs_back(nationality, kind) is not None or kind == "DRIVING_LICENSE"
