"""
Parameters, wherever a request has them: headers with TC3 signatures, form or query with the old ones.

The common ones (action, version, region, language) choose the operation and its words. What an action takes itself is a
JSON object, or the remaining pairs of form or query.
"""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.body import MULTIPART, URLENCODED, pairs
from ipse.protocols.messages import BodyLimits, Part, WireRequest

VERSION: Final = "2018-03-01"
"""Source: the page, common parameter Version."""

LIMITS: Final = BodyLimits(body_bytes=10 * 1_048_576, keep_form_bytes=True)
"""Source: the vendor's guide to calls, 10 MB for a request signed with TC3; 1 MB is read as 1,048,576 bytes."""

MOST_QUERY_BYTES: Final = 32 * 1024
"""Source: the vendor's guide to calls: 32 KB for a GET request."""

SHOWN_CHARACTERS: Final = 64
"""How much of a caller's own word an error repeats. Source: ours; the longest parameter of the page has 17."""

COMMON: Final = frozenset(
    {
        "Action",
        "Language",
        "Nonce",
        "Region",
        "RequestClient",
        "SecretId",
        "Signature",
        "SignatureMethod",
        "Timestamp",
        "Token",
        "Version",
    }
)
"""What no action takes itself. Source: the vendor's list of common parameters, old signatures."""

OFFERED_REGIONS: Final = ("ap-hongkong", "ap-jakarta", "ap-singapore")
"""Source: the page, common parameter Region."""

KNOWN_REGIONS: Final = frozenset(
    {
        *OFFERED_REGIONS,
        *("ap-bangkok", "ap-beijing", "ap-chengdu", "ap-chongqing", "ap-guangzhou", "ap-guangzhou-open", "ap-mumbai"),
        *("ap-nanjing", "ap-seoul", "ap-shanghai", "ap-shanghai-fsi", "ap-shenzhen-fsi", "ap-tokyo", "eu-frankfurt"),
        *("eu-moscow", "na-ashburn", "na-siliconvalley", "na-toronto", "sa-saopaulo"),
    }
)
"""Regions that exist somewhere. Source: the regions of the vendor's Go client, `common/regions`."""


class Language(StrEnum):
    """What messages are written in."""

    ENGLISH = "en-US"
    CHINESE = "zh-CN"


def language(request: WireRequest) -> Language:
    """Give the language that was asked for: English, unless it is Chinese (`docs/protocols/tencent.md`, choice 16)."""
    return Language.CHINESE if common(request, "Language") == Language.CHINESE else Language.ENGLISH


def common(request: WireRequest, name: str) -> str | None:
    """
    Give a common parameter; an empty one is none.

    Beside a TC3 signature the header comes first, as the vendor's clients have it. Old signatures are over the fields,
    so there the fields come first: a header that nobody signed must not change what was.
    """
    header, sent = request.head.header(f"x-tc-{name.lower()}"), field(request, name)
    is_tc3 = request.head.header("authorization") is not None
    return (header or sent if is_tc3 else sent or header) or None


def field(request: WireRequest, name: str) -> str | None:
    """Give the last value of this name in form or query, for looking only: what is no text is no value of anything."""
    parts = request.parts
    if request.head.method == "GET":
        # Of a query with a picture in it only the last that bears the name is unquoted.
        bearing = [one for one in request.head.query.split(b"&") if one.startswith(f"{name}=".encode())]
        parts = tuple(pairs(b"".join(bearing[-1:]), LIMITS))
    found = [part.content for part in parts if part.name == name]
    return found[-1].decode("utf-8", "replace") if found else None


def fields(request: WireRequest) -> tuple[Part, ...]:
    """Give the pairs of the query of a GET, else those of the form."""
    if request.head.method == "GET":
        return tuple(pairs(request.head.query, LIMITS))
    return request.parts


def action(request: WireRequest, known: frozenset[str]) -> str:
    """
    Give the action that a request names.

    Raises:
        Refusal: `BODY_TOO_LARGE`, `BODY_MALFORMED` (multipart is for actions with files), `ARGUMENT_MISSING`,
            `VERSION_UNKNOWN`, `OPERATION_UNKNOWN`, in this order.
    """
    if request.head.method == "GET" and len(request.head.query) > MOST_QUERY_BYTES:
        raise Refusal(Reason.BODY_TOO_LARGE)
    if kind(request) == MULTIPART:
        raise Refusal(Reason.BODY_MALFORMED)
    named, version = (_required(request, name) for name in ("Action", "Version"))
    if version != VERSION:
        raise Refusal(Reason.VERSION_UNKNOWN)
    if named not in known:
        raise Refusal(Reason.OPERATION_UNKNOWN)
    return named


def check_region(request: WireRequest, offered: frozenset[str]) -> None:
    """
    Refuse a region that is not offered.

    Raises:
        Refusal: `ARGUMENT_MISSING`, `REGION_UNSUPPORTED` (it exists elsewhere), or `REGION_UNKNOWN` naming the
            parameter as the request has it.
    """
    region = _required(request, "Region")
    if region in offered:
        return
    if region in KNOWN_REGIONS:
        raise Refusal(Reason.REGION_UNSUPPORTED)
    raise Refusal(Reason.REGION_UNKNOWN, "X-TC-Region" if request.head.header("x-tc-region") else "Region")


def own(request: WireRequest) -> Mapping[str, object]:
    """
    Give the parameters of the action itself.

    Raises:
        Refusal: `BODY_MALFORMED`: a body that is no JSON object; `ARGUMENT_UNREADABLE`: a value that is no UTF-8.
    """
    if request.head.method == "GET" or kind(request) == URLENCODED:
        return {part.name: _text(part) for part in fields(request) if part.name not in COMMON}
    try:
        given = json.loads(request.body.decode("utf-8") or "{}")
    except (ValueError, RecursionError):
        raise Refusal(Reason.BODY_MALFORMED) from None
    if not isinstance(given, dict):
        raise Refusal(Reason.BODY_MALFORMED)
    return given


def kind(request: WireRequest) -> bytes:
    """Give the media type of the body, without its options."""
    return (request.head.header("content-type") or "").partition(";")[0].strip().lower().encode("latin-1", "replace")


def _required(request: WireRequest, name: str) -> str:
    """Give a common parameter that must be there."""
    value = common(request, name)
    if value is None:
        raise Refusal(Reason.ARGUMENT_MISSING, name)
    return value


def _text(part: Part) -> str:
    """Give a pair's value as text."""
    try:
        return part.content.decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal(Reason.ARGUMENT_UNREADABLE, part.name) from None
