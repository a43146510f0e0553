"""
Bodies: chunks as they arrive -> raw bytes per field, in memory, bounded.

The bytes are counted while they arrive and parsed once they are all there, so one big chunk and a thousand small ones
are the same body by construction. Nothing is ever written to disk and nothing is decoded: a name that is not UTF-8 is
still its own bytes when the dialect looks at it.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from string import hexdigits
from typing import TYPE_CHECKING

import numpy as np
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.messages import BodyLimits, Head, Part, WireRequest

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MULTIPART = b"multipart/form-data"
URLENCODED = b"application/x-www-form-urlencoded"


PERCENT = ord("%")
HEXADECIMAL = np.array([int(chr(octet), 16) if chr(octet) in hexdigits else -1 for octet in range(256)], np.int16)
"""
The value of each hexadecimal digit, -1 for every other octet.

Shape: (256,) int16.
Source: RFC 3986, section 2.1.
"""

MAX_PADDING_BYTES = 256
"""
Most spaces after a boundary. Source: ours; RFC 2046, 5.1.1, allows padding, no known sender pads, and the parser takes
half a microsecond for every byte of it.
"""

PADDING = re.compile(rb"[ \t]{%d}" % MAX_PADDING_BYTES)

EXTENDED_FILENAME = re.compile(rb";\s*filename\*\s*=\s*([^;\s]+)", re.IGNORECASE)
"""
A file name in the spelling for other alphabets.

RFC 7578, 4.2, forbids it in forms, and the parser ignores it; but urllib3 before 1.25, and so the `requests` of the
vendors' samples, writes nothing else for a name that is not ASCII, and werkzeug and Rack take it.
"""


def check_declared_length(head: Head, limits: BodyLimits) -> None:
    """
    Refuse a body by the length that its head declares, before a byte of it is read.

    Raises:
        Refusal: `BODY_TOO_LARGE`.
    """
    declared = head.header("content-length") or ""
    if declared.isascii() and declared.isdigit() and int(declared[:19]) > limits.body_bytes:
        raise Refusal(Reason.BODY_TOO_LARGE)


@dataclass(slots=True)
class Collector:
    """The bytes of one body while they arrive."""

    limits: BodyLimits
    _chunks: list[bytes] = field(default_factory=list, init=False, repr=False)
    _held_bytes: int = field(default=0, init=False)

    def feed(self, chunk: bytes) -> None:
        """
        Take the next bytes.

        Raises:
            Refusal: `BODY_TOO_LARGE` as soon as the limit is passed; nothing is kept then.
        """
        self._held_bytes += len(chunk)
        if self._held_bytes > self.limits.body_bytes:
            self._chunks.clear()
            raise Refusal(Reason.BODY_TOO_LARGE)
        self._chunks.append(chunk)

    def whole(self) -> bytes:
        """Give all bytes so far and let go of them."""
        body = b"".join(self._chunks)
        self._chunks.clear()
        return body


def read(head: Head, body: bytes, limits: BodyLimits) -> WireRequest:
    """
    Give the request that this head and body make.

    Raises:
        Refusal: `BODY_MALFORMED` when the body is not what its type says; `BODY_TOO_LARGE` when it has more fields than
            allowed (werkzeug answers 413 there too).
    """
    kind, options = _content_type(head, limits)
    if kind == MULTIPART:
        parts = _Form(limits).parse(body, options.get(b"boundary", b""))
    elif kind == URLENCODED:
        parts = tuple(pairs(body, limits))
    else:
        return WireRequest(head, body=body)
    return WireRequest(head, body=body if limits.keep_form_bytes else b"", parts=parts)


def _content_type(head: Head, limits: BodyLimits) -> tuple[bytes, dict[bytes, bytes]]:
    """Give the body's type and its options; a type longer than a header of a part may be is none."""
    content_type = head.header("content-type") or ""
    if len(content_type) > limits.header_bytes:
        raise Refusal(Reason.BODY_MALFORMED)
    return parse_options_header(content_type)


def pairs(body: bytes, limits: BodyLimits) -> Iterator[Part]:
    """Give the pairs of an urlencoded body or query; empty pieces between separators are none."""
    if body.count(b"&") >= limits.parts:
        raise Refusal(Reason.BODY_TOO_LARGE)
    for pair in body.split(b"&"):
        if pair:
            name, _, value = pair.partition(b"=")
            yield Part(_text(_unquoted(name)), _unquoted(value))


def _unquoted(encoded: bytes) -> bytes:
    """
    Give the bytes behind `+` and percent signs; a percent sign without two hexadecimal digits stays.

    The standard library's `unquote_to_bytes` takes half a second for 2 MB of escapes; this takes milliseconds.
    """
    spaced = encoded.replace(b"+", b" ")
    if b"%" not in spaced:
        return spaced
    octets = np.frombuffer(spaced, np.uint8).copy()
    at = np.flatnonzero(octets[:-2] == PERCENT)
    high, low = HEXADECIMAL[octets[at + 1]], HEXADECIMAL[octets[at + 2]]
    escaped = (high >= 0) & (low >= 0)
    at = at[escaped]
    octets[at] = (high * 16 + low)[escaped]
    kept = np.ones(octets.size, np.bool_)
    kept[at + 1] = kept[at + 2] = False
    return octets[kept].tobytes()


def _text(raw: bytes) -> str:
    """Give bytes as text, losing none of them."""
    return raw.decode("utf-8", "surrogateescape")


def _without_preamble(body: bytes, delimiter: bytes) -> bytes:
    """Give a multipart body from its first delimiter on; what stands before is for no one (RFC 2046, 5.1.1)."""
    start = 0 if body.startswith(delimiter) else body.find(b"\r\n" + delimiter) + 2
    return body[start:] if start != 1 else body


@dataclass(slots=True)
class _Form:
    """Callbacks that put a multipart body together, one part at a time."""

    limits: BodyLimits
    _parts: list[Part] = field(default_factory=list, init=False)
    _begun: int = field(default=0, init=False)
    _content: bytearray = field(default_factory=bytearray, init=False)
    _header: bytearray = field(default_factory=bytearray, init=False)
    _value: bytearray = field(default_factory=bytearray, init=False)
    _headers: dict[bytes, bytes] = field(default_factory=dict, init=False)
    _ended: bool = field(default=False, init=False)

    def parse(self, body: bytes, boundary: bytes) -> tuple[Part, ...]:
        """Give the named parts of a whole multipart body."""
        self._check_delimiters(body, b"--" + boundary)
        try:
            parser = MultipartParser(
                boundary,
                self._callbacks(),
                max_header_count=self.limits.header_count,
                max_header_size=self.limits.header_bytes,
            )
            # A bad body is told by the refusal; the parser would also write a bare line to standard error.
            parser.logger = logging.Logger("silent", logging.CRITICAL)  # noqa: LOG001 - this one parser's, in no tree
            parser.write(_without_preamble(body, b"--" + boundary))
        except FormParserError as error:
            raise Refusal(Reason.BODY_MALFORMED) from error
        if not self._ended:
            raise Refusal(Reason.BODY_MALFORMED)
        return tuple(self._parts)

    def _check_delimiters(self, body: bytes, delimiter: bytes) -> None:
        """
        Refuse what would keep the parser busy without making parts.

        A delimiter that ends no part is followed byte by byte: 2 MB full of them take the parser 0.8 s, unseen by its
        own limits. No part may contain one (RFC 2046, 5.1.1).
        """
        if delimiter == b"--":
            raise Refusal(Reason.BODY_MALFORMED)
        if body.count(delimiter) > self.limits.parts + 1:
            raise Refusal(Reason.BODY_TOO_LARGE)
        end = 0
        while (start := body.find(delimiter, end)) >= 0:
            end = start + len(delimiter)
            if PADDING.match(body, end):
                raise Refusal(Reason.BODY_MALFORMED)

    def _callbacks(self) -> "MultipartCallbacks":
        """Give the parser's hooks."""
        return {
            "on_part_begin": self._part_begin,
            "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._header_end,
            "on_part_data": lambda data, start, end: self._content.extend(memoryview(data)[start:end]),
            "on_part_end": self._part_end,
            "on_end": self._end,
        }

    def _part_begin(self) -> None:
        """Start a part."""
        self._begun += 1
        if self._begun > self.limits.parts:
            raise Refusal(Reason.BODY_TOO_LARGE)
        self._headers = {}
        self._content = bytearray()

    def _header_end(self) -> None:
        """Keep a header of the part."""
        self._headers[bytes(self._header).lower()] = bytes(self._value)
        self._header.clear()
        self._value.clear()

    def _part_end(self) -> None:
        """Keep the part, if it has a name; what its own type says changes nothing."""
        disposition = self._headers.get(b"content-disposition", b"")
        _, options = parse_options_header(disposition)
        name, filename = options.get(b"name"), options.get(b"filename")
        if filename is None and (extended := EXTENDED_FILENAME.search(disposition)):
            filename = _unquoted(extended[1].rpartition(b"'")[2].strip(b'"'))
        kind = self._headers.get(b"content-type")
        if name is not None:
            self._parts.append(
                Part(
                    _text(name),
                    bytes(self._content),
                    None if filename is None else _text(filename),
                    None if kind is None else kind.decode("latin-1"),
                )
            )

    def _end(self) -> None:
        """Note that the closing boundary was seen."""
        self._ended = True
