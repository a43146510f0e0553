"""
The pages that need no key: the OpenAPI document, the same for people, and one page for every problem.

They are whole in themselves: no script, no font and no picture from elsewhere, so that they work without a network.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ipse.protocols.messages import Headers, WireResponse
from ipse.protocols.native.catalogue import CATALOGUE, SCHEMAS, reasons_by_status
from ipse.protocols.native.errors import ERRORS
from ipse.protocols.native.fields import Field
from ipse.protocols.native.openapi import ABOUT, document

POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Nothing is loaded and nothing is run. Source: CSP level 3."""

HTML: Final[Headers] = (("content-type", "text/html; charset=utf-8"), ("content-security-policy", POLICY))
JSON: Final[Headers] = (("content-type", "application/json"),)


@cache
def public_pages(version: str) -> Mapping[str, WireResponse]:
    """Give every page by its path."""
    templates = Environment(
        loader=PackageLoader("ipse.protocols.native"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update(kind=kind_of, said=said)
    manual = templates.get_template("docs.html").render(
        version=version, about=ABOUT, groups=_groups(), schemas=SCHEMAS, errors=ERRORS, by_status=reasons_by_status
    )
    problem = templates.get_template("problem.html")
    problems = {
        f"/problems/{reason.value}": WireResponse(
            200,
            HTML,
            problem.render(reason=reason, row=row, operations=[o for o in CATALOGUE if reason in o.reasons]).encode(),
        )
        for reason, row in ERRORS.items()
    }
    return {
        "/openapi.json": WireResponse(200, JSON, json.dumps(document(version), ensure_ascii=False).encode()),
        "/docs": WireResponse(200, HTML, manual.encode()),
        **problems,
    }


def _groups() -> Mapping[str, list[Any]]:
    """Give the operations by their chapter."""
    groups: dict[str, list[Any]] = {}
    for described in CATALOGUE:
        groups.setdefault(described.group, []).append(described)
    return groups


def said(words: str) -> Markup:
    """Give words in which what stands between backticks is code."""
    pieces = words.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if at % 2 else piece for at, piece in enumerate(pieces)
    )


def kind_of(schema: Mapping[str, Any] | Field) -> str:
    """Give in a few words what may stand in a place."""
    told: Mapping[str, Any] = schema if isinstance(schema, Mapping) else schema.schema()
    if "oneOf" in told:
        return " or ".join(kind_of(one) for one in told["oneOf"])
    if told.get("type") == "array":
        return f"list of {kind_of(told['items'])}"
    if isinstance(told.get("additionalProperties"), Mapping):
        return f"{kind_of(told['additionalProperties'])} by name"
    return _plain_kind(told)


def _plain_kind(told: Mapping[str, Any]) -> str:
    """Give the same for what has no parts."""
    if "$ref" in told:
        return str(told["$ref"].rpartition("/")[2])
    words = [told["const"]] if "const" in told else told.get("enum", ())
    if words:
        return " | ".join(json.dumps(word) for word in words)
    if told.get("contentEncoding") == "base64":
        return "picture"
    kinds = told["type"] if isinstance(told["type"], list) else [told["type"]]
    return " or ".join(kinds) + _bounds(told)


def _bounds(schema: Mapping[str, Any]) -> str:
    """Give the limits of a number."""
    pieces = [
        f"{sign} {schema[name]}"
        for name, sign in (("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"))
        if name in schema
    ]
    return f", {' and '.join(pieces)}" if pieces else ""
