"""Linkface's codecs: decoders raise only declared reasons, the scale keeps the page's points, chunks change nothing."""

import json
from collections.abc import Callable
from itertools import pairwise
from types import SimpleNamespace
from typing import TypeVar
from urllib.parse import urlencode

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipse.core.reasons import Reason, Refusal
from ipse.protocols import body
from ipse.protocols.linkface.auth import authenticate
from ipse.protocols.linkface.errors import ERRORS, FAMILY, NEVER, UPLOAD_ERRORS, UPLOAD_FAMILY
from ipse.protocols.linkface.fields import LIMITS, Fields, read_fields
from ipse.protocols.linkface.scale import THRESHOLDS, printed, verify_score
from ipse.protocols.linkface.wire import decode_handhold, decode_upload, marks_used
from ipse.protocols.messages import Context, Head, Part, WireRequest
from ipse.service.access import Caller, SharedSecret
from ipse.service.match_handheld import HandheldCommand
from ipse.service.ports import KeyRecord

Value = TypeVar("Value")

DECLARED = {
    Reason.BODY_MALFORMED,
    Reason.ARGUMENT_UNREADABLE,
    Reason.ARGUMENT_MISSING,
    Reason.ARGUMENT_TYPE,
    Reason.ARGUMENT_INVALID,
    Reason.FILE_EMPTY,
}
CALLER = Caller(KeyRecord("k", "linkface", "s"))
BOUNDARY = "b0undary"
names = st.sampled_from(["api_id", "api_secret", "file", "file_url", "file_id", "url", "auto_rotate", "x", "\udcff"])
words = st.sampled_from([b"", b" ", b"true", b"0", b"k", b"http://a.test/b"]) | st.binary(max_size=8)
parts = st.builds(Part, name=names, content=words, filename=st.none() | st.sampled_from(["", "a.jpg"]))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)
json_bodies = (
    st.dictionaries(names.filter(str.isascii) | st.text(max_size=4), json_values, max_size=4)
    .map(json.dumps)
    .map(str.encode)
    | st.sampled_from(
        [b"[" * 60_000, b'{"a":' * 10_000, b"9" * 60_000, b"{" + b" " * 70_000 + b"}", b"\xff{}", b"null"]
    )
    | st.binary(max_size=20)
)
queries = st.lists(st.tuples(names.filter(str.isascii), words), max_size=4).map(lambda pairs: urlencode(pairs).encode())
exponents = st.floats(-30, 0)


def request(query: bytes = b"", given_parts: tuple[Part, ...] = (), raw: bytes = b"") -> WireRequest:
    """A request with arguments in these places."""
    return WireRequest(Head("POST", "/identity/handhold_idcard_verification", query), raw, given_parts)


requests = st.builds(request, queries, st.lists(parts, max_size=4).map(tuple)) | st.builds(
    request, queries, st.just(()), json_bodies
)


def context() -> Context:
    """A call that took no time."""
    clock = SimpleNamespace(now=lambda: 0.0, monotonic=lambda: 0.0)
    return Context(bytes(16), 0.0, clock, 0.0, SimpleNamespace())


def value_or_refusal(call: Callable[[], Value]) -> Value | Refusal:
    """What a call gives, or its refusal; anything else that it raises fails the test."""
    try:
        return call()
    except Refusal as refusal:
        return refusal


@given(requests)
def test_any_request_is_a_command_or_a_declared_refusal(sent: WireRequest) -> None:
    """Whatever was sent wherever, both decoders give a command or one of six refusals, each with words of its own."""
    for decode, rows in ((decode_handhold, ERRORS), (decode_upload, UPLOAD_ERRORS)):
        decoded = value_or_refusal(lambda decode=decode: decode(sent, CALLER))  # type: ignore[misc] # mypy loses the default
        assert isinstance(decoded, HandheldCommand) or decoded.reason in DECLARED
        if isinstance(decoded, Refusal):
            assert rows[decoded.reason].source != NEVER


@given(requests)
def test_any_request_has_credentials_or_misses_one(sent: WireRequest) -> None:
    """A key and a secret are taken wherever they stand, or the first that is absent is named; marks never fail."""
    taken = value_or_refusal(lambda: authenticate(sent, context()))
    texts = read_fields(sent).texts
    missing = [name for name in ("api_id", "api_secret") if not texts.get(name)]
    assert missing[:1] == ([taken.field] if isinstance(taken, Refusal) else [])
    assert isinstance(taken, SharedSecret | Refusal)
    used = texts.get("file_id", b"").decode("utf-8", "replace")
    assert ([used] if used else []) == [mark.text for mark in marks_used(sent)]


@given(st.sampled_from(Reason), st.none() | st.text(max_size=20))
def test_any_refusal_can_be_worded(reason: Reason, field: str | None) -> None:
    """Every reason with any field becomes an answer in both families, compact JSON or nothing."""
    for family, rows in ((FAMILY, ERRORS), (UPLOAD_FAMILY, UPLOAD_ERRORS)):
        answer = family.answer(Refusal(reason, field), context())
        assert rows[reason].status == answer.status
        assert (json.loads(answer.body)["status"] if answer.body else "") == rows[reason].word


def collected(chunks: list[bytes], content_type: str) -> Fields | Reason:
    """The fields of a body that came in these chunks, or why it was refused."""
    collector = body.Collector(LIMITS)
    for chunk in chunks:
        collector.feed(chunk)
    head = Head("POST", "/", b"file_id=q&x=1", (("content-type", content_type),))
    try:
        return read_fields(body.read(head, collector.whole(), LIMITS))
    except Refusal as refusal:
        return refusal.reason


def form(fields: list[Part]) -> bytes:
    """A multipart body."""
    file = {None: "", "": '; filename=""', "a.jpg": '; filename="a.jpg"'}
    pieces = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{part.name}"{file[part.filename]}\r\n\r\n'.encode()
        + part.content
        + b"\r\n"
        for part in fields
        if part.name.isascii()
    ]
    return b"".join(pieces) + f"--{BOUNDARY}--\r\n".encode()


bodies = st.tuples(json_bodies, st.just("application/json")) | st.tuples(
    st.lists(parts, max_size=4).map(form), st.just(f"multipart/form-data; boundary={BOUNDARY}")
)


@given(bodies, st.lists(st.integers(0, 400), max_size=9))
def test_chunks_never_change_the_fields(sent: tuple[bytes, str], cuts: list[int]) -> None:
    """JSON, forms and their mixtures with a query are the same fields wherever the network cuts them."""
    content, content_type = sent
    edges = [0, *sorted(cuts), len(content)]
    assert collected([content], content_type) == collected(
        [content[start:end] for start, end in pairwise(edges)], content_type
    )


@given(exponents, exponents, st.floats(-30, -7.001))
def test_the_scale_is_strictly_monotone_and_bounded(one: float, other: float, lowest: float) -> None:
    """A lower rate is a higher score, never below 0 nor above 1; as a float32 still not lower."""
    low, high = sorted((max(one, lowest), max(other, lowest)))
    first, second = verify_score(10**low, 10**lowest), verify_score(10**high, 10**lowest)
    assert 0 <= second <= first <= 1
    assert printed(second) <= printed(first)
    if high - low > 1e-6:
        assert second < first


@pytest.mark.parametrize("lowest", [1e-7, 1e-9, 1e-300, 1e-3, 0.0])
def test_the_scale_meets_the_pages_points(lowest: float) -> None:
    """0.4 is one stranger in 10, and so on to 0.9, one in a million, however the curve ends; 0 is no evidence."""
    published = {1e-1: 0.4, 1e-2: 0.5, 1e-3: 0.6, 1e-4: 0.7, 1e-5: 0.8, 1e-6: 0.9}
    assert published == {rate: round(verify_score(rate, lowest), 12) for rate in published}
    assert 0 == verify_score(1.0, lowest)


@pytest.mark.parametrize("lowest", [1e-7, 1e-9, 1e-300])
def test_equal_templates_are_1(lowest: float) -> None:
    """The rate of two equal templates is the top of the scale."""
    assert 1 == verify_score(lowest, lowest)


@given(st.sampled_from(THRESHOLDS), st.floats(-1e-12, 1e-12), st.floats(1e-8, 1e-3))
def test_a_printed_score_stays_on_its_side_of_a_threshold(threshold: float, noise: float, below: float) -> None:
    """What reaches a threshold is printed at or above it, what does not below it, both as float32."""
    assert printed(threshold + noise) >= threshold > printed(threshold - below)
    for value in (threshold + noise, threshold - below):
        assert printed(value) == float(np.float32(printed(value)))
        assert abs(printed(value) - value) < 2e-7
