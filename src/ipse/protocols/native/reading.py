"""Requests of our own API read into named arguments: JSON, a form, or the query of a GET."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl

from python_multipart.multipart import parse_options_header

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.messages import Part, WireRequest
from ipse.protocols.native.fields import Field

SHOWN_NAME_CHARACTERS: Final = 64
"""How much of an unknown argument's name is told back. Source: ours; the longest known name has 18."""


def arguments(request: WireRequest, fields: Sequence[Field]) -> dict[str, Any]:
    """
    Give every field's value by its name.

    Raises:
        Refusal: `BODY_MALFORMED`; then, in the order of the fields, `ARGUMENT_MISSING` or what the field says; then
            `ARGUMENT_UNKNOWN`.
    """
    if request.head.method == "GET":
        return _from_parts(_query(request), fields)
    kind, _ = parse_options_header(request.head.header("content-type"))
    if kind == b"application/json":
        return _from_json(_object(request.body), fields)
    if kind == b"multipart/form-data":
        return _from_parts(request.parts, fields)
    raise Refusal(Reason.BODY_MALFORMED, "content-type")


def _from_json(sent: Mapping[str, Any], fields: Sequence[Field]) -> dict[str, Any]:
    """Give the values of a JSON object's members."""
    found = {each.name: each.of_json(sent[each.name]) if each.name in sent else _without(each) for each in fields}
    _refuse_unknown(sent, fields)
    return found


def _from_parts(parts: Sequence[Part], fields: Sequence[Field]) -> dict[str, Any]:
    """Give the values of a form's fields."""
    sent: dict[str, list[Part]] = {}
    for part in parts:
        sent.setdefault(part.name, []).append(part)
    found = {each.name: each.of_parts(sent[each.name]) if each.name in sent else _without(each) for each in fields}
    _refuse_unknown(sent, fields)
    return found


def _without(field: Field) -> Any:
    """Give what stands for a field that was not sent."""
    if field.required:
        raise Refusal(Reason.ARGUMENT_MISSING, field.name)
    return field.absent()


def _refuse_unknown(sent: Mapping[str, Any], fields: Sequence[Field]) -> None:
    """Refuse the first name that is none of ours: a misspelt option must not be ignored."""
    known = {field.name for field in fields}
    for name in sent:
        if name not in known:
            shown = name[:SHOWN_NAME_CHARACTERS].encode("utf-8", "replace").decode()
            raise Refusal(Reason.ARGUMENT_UNKNOWN, shown)


def _query(request: WireRequest) -> tuple[Part, ...]:
    """Give the pairs of the query."""
    try:
        text = request.head.query.decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_QUERY_FIELDS)
    except ValueError:
        raise Refusal(Reason.ARGUMENT_UNREADABLE, "query") from None
    return tuple(Part(name, value.encode()) for name, value in pairs)


MOST_QUERY_FIELDS: Final = 32
"""Most pairs in a query. Source: ours; no operation takes more than four."""


def _object(body: bytes) -> Mapping[str, Any]:
    """Give the object that a JSON body is (RFC 8259: UTF-8, no NaN, no name twice)."""
    try:
        whole = json.loads(body.decode(), parse_constant=_no_constant, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise Refusal(Reason.BODY_MALFORMED, "body") from None
    if not isinstance(whole, dict):
        raise Refusal(Reason.BODY_MALFORMED, "body")
    return whole


def _no_constant(word: str) -> Any:
    """Refuse `NaN` and the infinities, which are no JSON."""
    raise ValueError(word)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Give an object whose names are all different: of two, nobody could say which was meant."""
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a name came twice")
    return made
