"""Bodies: garbage is accepted or refused with a reason, and what was sent is what is read."""

from itertools import pairwise
from urllib.parse import quote, unquote_to_bytes, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipse.core.reasons import Reason, Refusal
from ipse.protocols import body
from ipse.protocols.messages import BodyLimits, Head

LIMITS = BodyLimits(body_bytes=4096, parts=8)
BOUNDARY = "b0undary"
names = st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters='"\\'), min_size=1, max_size=12)
# Pieces from which parsers' mistakes are made: delimiters, line ends, header starts.
pieces = st.sampled_from(
    [
        b"--" + BOUNDARY.encode(),
        b"--",
        b"\r\n",
        b"\r",
        b"\n",
        b" ",
        b"-",
        b"Content-Disposition: form-data",
        b'; name="a"',
        b":",
    ]
)
garbage = st.lists(pieces | st.binary(max_size=8), max_size=40).map(b"".join)


def head(content_type: str) -> Head:
    """Give the head of a request with a body of this type."""
    return Head("POST", "/", b"", (("content-type", content_type),))


OUTCOMES = {"read", Reason.BODY_MALFORMED, Reason.BODY_TOO_LARGE}


def read_or_reason(content_type: str, content: bytes) -> str:
    """Give the reason for which a body is refused, or that it was read."""
    try:
        body.read(head(content_type), content, LIMITS)
    except Refusal as refusal:
        return refusal.reason
    return "read"


def collect(chunks: list[bytes]) -> bytes:
    """Give what a collector makes of chunks."""
    collector = body.Collector(LIMITS)
    for chunk in chunks:
        collector.feed(chunk)
    return collector.whole()


def multipart(fields: list[tuple[str, bytes]]) -> bytes:
    """Give a well-formed multipart body."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + content + b"\r\n"
        for name, content in fields
    ]
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


@given(
    garbage, st.sampled_from(["multipart/form-data; boundary=b0undary", "application/x-www-form-urlencoded", "", ";"])
)
def test_garbage_is_read_or_refused_with_a_reason(content: bytes, content_type: str) -> None:
    """Whatever bytes come, the answer is a request or a `Refusal` about the body."""
    assert read_or_reason(content_type, content) in OUTCOMES


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=12))
def test_a_file_name_in_the_extended_spelling_makes_a_file(filename: str) -> None:
    """`filename*` alone, as urllib3 wrote names that are not ASCII, is a file of that name."""
    disposition = f"form-data; name=\"a\"; filename*=utf-8''{quote(filename, safe='')}"
    content = f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n\r\nx\r\n--{BOUNDARY}--\r\n".encode()
    sent = body.read(head(f"multipart/form-data; boundary={BOUNDARY}"), content, LIMITS)
    assert [("a", filename, b"x")] == [(part.name, part.filename, part.content) for part in sent.parts]


@given(st.text(st.characters(max_codepoint=255), max_size=200), garbage)
def test_any_content_type_is_read_or_refused_with_a_reason(content_type: str, content: bytes) -> None:
    """Whatever the Content-Type says, likewise."""
    assert read_or_reason("multipart/form-data;" + content_type, content) in OUTCOMES


@given(st.lists(st.tuples(names, st.binary(max_size=200)), max_size=7))
def test_multipart_fields_come_back_byte_for_byte(fields: list[tuple[str, bytes]]) -> None:
    """Names and raw contents of parts, in order, whatever bytes are in them."""
    kept = [(name, content) for name, content in fields if BOUNDARY.encode() not in content]
    request = body.read(head(f"multipart/form-data; boundary={BOUNDARY}"), multipart(kept), LIMITS)
    assert kept == [(part.name, part.content) for part in request.parts]


@given(st.lists(st.tuples(names, st.text(st.characters(blacklist_categories=["Cs"]), max_size=50)), max_size=7))
def test_urlencoded_fields_come_back(fields: list[tuple[str, str]]) -> None:
    """Names and values of pairs, in order."""
    request = body.read(head("application/x-www-form-urlencoded"), urlencode(fields).encode(), LIMITS)
    assert [(name, value.encode()) for name, value in fields] == [(part.name, part.content) for part in request.parts]


@given(st.text("%4aAgG+\x00é", max_size=12).map(lambda text: text.encode("latin-1")))
def test_percent_signs_mean_what_the_standard_library_says(value: bytes) -> None:
    """Our faster decoding of escapes equals the slow one, also for escapes that are none."""
    request = body.read(head("application/x-www-form-urlencoded"), b"v=" + value, LIMITS)
    assert unquote_to_bytes(value.replace(b"+", b" ")) == request.content("v")


@given(garbage, st.lists(st.integers(0, 300), max_size=20))
def test_one_big_chunk_parses_like_a_thousand_small_ones(content: bytes, cuts: list[int]) -> None:
    """Where the network cuts a body makes no difference."""
    edges = [0, *sorted(cuts), len(content)]
    chunks = [content[start:end] for start, end in pairwise(edges)]
    assert content == collect(chunks) == collect([bytes([octet]) for octet in content])


def test_the_limit_is_exact() -> None:
    """A body of exactly the limit is collected; one byte more is refused, and nothing of it is kept."""
    collector = body.Collector(LIMITS)
    collector.feed(b"x" * 4096)
    with pytest.raises(Refusal) as caught:
        collector.feed(b"x")
    assert Reason.BODY_TOO_LARGE == caught.value.reason
    assert b"" == collector.whole()


def test_the_number_of_parts_is_exact() -> None:
    """Eight fields are read where eight are allowed, nine are not, in both encodings."""
    eight, nine = [("a", b"1")] * 8, [("a", b"1")] * 9
    assert len(body.read(head(f"multipart/form-data; boundary={BOUNDARY}"), multipart(eight), LIMITS).parts) == 8
    assert len(body.read(head("application/x-www-form-urlencoded"), urlencode(eight).encode(), LIMITS).parts) == 8
    with pytest.raises(Refusal):
        body.read(head(f"multipart/form-data; boundary={BOUNDARY}"), multipart(nine), LIMITS)
    with pytest.raises(Refusal):
        body.read(head("application/x-www-form-urlencoded"), urlencode(nine).encode(), LIMITS)


@pytest.mark.parametrize(
    "header",
    [b"X: " + b"y" * 5000, b"\r\n".join([b"X: y"] * 9), b"no colon", b": no name"],
    ids=["too long", "too many", "no colon", "no name"],
)
def test_headers_of_a_part_are_bounded(header: bytes) -> None:
    """A part with headers too long, too many or broken is malformed."""
    part = b"--b0undary\r\n" + header + b"\r\n\r\nx\r\n--b0undary--\r\n"
    with pytest.raises(Refusal) as caught:
        body.read(head("multipart/form-data; boundary=b0undary"), part, BodyLimits(10_000))
    assert Reason.BODY_MALFORMED == caught.value.reason


@pytest.mark.parametrize(
    "filling",
    [b"\r\n--b0undaryx", b"\r\n--b0undary-x", b"\r\n--b0undary" + b" " * 3000, b"--b0undary\r\n\r\n\r\n"],
    ids=["near miss", "nearer miss", "padding", "empty parts"],
)
def test_bodies_made_to_keep_the_parser_busy_are_refused_unparsed(filling: bytes) -> None:
    """Two megabytes of almost-delimiters never reach the parser, which would take a second over them."""
    content = multipart([("a", b"1")])[:-16] + filling * (2_000_000 // len(filling))
    with pytest.raises(Refusal):
        body.read(head("multipart/form-data; boundary=b0undary"), content, BodyLimits(2_097_152))


def test_parts_without_a_name_are_dropped_and_the_last_of_equals_wins() -> None:
    """A part that nobody could ask for is not kept; of two with one name the later counts."""
    content = multipart([("a", b"1"), ("a", b"2")]).replace(b'; name="a"', b"", 1)
    assert 1 == len(body.read(head(f"multipart/form-data; boundary={BOUNDARY}"), content, LIMITS).parts)
    both = body.read(head(f"multipart/form-data; boundary={BOUNDARY}"), multipart([("a", b"1"), ("a", b"2")]), LIMITS)
    assert b"2" == both.content("a")


def test_raw_bytes_are_kept_where_a_signature_needs_them() -> None:
    """JSON keeps its bytes; a form only when the limits say so."""
    form = head("application/x-www-form-urlencoded")
    assert b"{}" == body.read(head("application/json"), b"{}", LIMITS).body
    assert b"" == body.read(form, b"a=1", LIMITS).body
    assert b"a=1" == body.read(form, b"a=1", BodyLimits(100, keep_form_bytes=True)).body
