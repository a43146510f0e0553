"""Linkface's arguments: query, form, multipart, JSON and mixtures of them become one set of fields."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.body import pairs
from ipse.protocols.messages import BodyLimits, Part, WireRequest

LIMITS = BodyLimits(body_bytes=8 * 1_048_576)
"""Source: the ancestor's guide knows a 413 without a figure; 5 MB for the file and a margin for the form: ours."""

MOST_JSON_BYTES = 65_536
"""Longest JSON body that is read. Source: ours: it can hold no picture, and the longest address in use has 8 KB."""


FILE = "file"
"""The argument that must be a file. What stands in its place as text is not read, whatever its encoding."""


@dataclass(frozen=True, slots=True)
class Fields:
    """
    What was sent, wherever it stood; the body's word wins over the query's, the last over the first.

    Attributes:
        texts: Arguments without a file name, as raw bytes.
        files: Arguments with one.
        fault: Why the body gave no arguments, if it should have.
    """

    texts: Mapping[str, bytes] = field(repr=False)
    files: Mapping[str, Part] = field(repr=False)
    fault: Reason | None = None

    def text(self, name: str) -> str | None:
        """
        Give an argument as text.

        Raises:
            Refusal: `FILE_EMPTY` if there is nothing but blanks in it.
        """
        content = self.texts.get(name)
        if content is None:
            return None
        text = content.decode("utf-8", "replace")
        if not text.strip():
            raise Refusal(Reason.FILE_EMPTY, name)
        return text

    def check_readable(self) -> None:
        """
        Refuse a body that gave no arguments, and text that is not UTF-8.

        Raises:
            Refusal: `BODY_MALFORMED` or `ARGUMENT_UNREADABLE`.
        """
        if self.fault is not None:
            raise Refusal(self.fault)
        for name, content in self.texts.items():
            spelling = name.encode("utf-8", "surrogateescape")
            if not (_is_utf8(spelling) and (name == FILE or _is_utf8(content))):
                raise Refusal(Reason.ARGUMENT_UNREADABLE)


def read_fields(request: WireRequest) -> Fields:
    """Give the fields of a request."""
    texts = {pair.name: pair.content for pair in pairs(request.head.query, LIMITS)}
    files: dict[str, Part] = {}
    for part in request.parts:
        if part.filename is None:
            texts[part.name] = part.content
        elif part.filename or part.content:
            files[part.name] = part
    members, fault = _json_members(request.body)
    texts |= dict(_spelled(members))
    return Fields(texts, files, fault)


def _json_members(body: bytes) -> tuple[dict[str, object], Reason | None]:
    """Give the members of a JSON object, and what is wrong: whatever else it is, and what has members itself."""
    if not body.strip():
        return {}, None
    if len(body) > MOST_JSON_BYTES:
        return {}, Reason.BODY_MALFORMED
    if not _is_utf8(body):
        return {}, Reason.ARGUMENT_UNREADABLE
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        return {}, Reason.BODY_MALFORMED
    is_nested = any(isinstance(value, dict | list) for value in content.values())
    return content, Reason.BODY_MALFORMED if is_nested else None


def _spelled(members: dict[str, object]) -> Iterator[tuple[str, bytes]]:
    """Give each member in the spelling that a form would have; `null` was not sent, and nests have no spelling."""
    for name, value in members.items():
        if isinstance(value, str):
            yield name, value.encode("utf-8", "surrogatepass")
        elif isinstance(value, bool | int | float):
            yield name, json.dumps(value).encode()


def _is_utf8(content: bytes) -> bool:
    """Whether bytes are text."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
