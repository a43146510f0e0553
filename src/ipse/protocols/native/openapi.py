"""The API as an OpenAPI 3.1 document, made from the same rows that the router and the decoders use."""

from typing import Any, Final

from ipse.protocols.native.catalogue import CATALOGUE, SCHEMAS, reasons_by_status
from ipse.protocols.native.described import Described
from ipse.protocols.native.errors import ERRORS
from ipse.protocols.native.fields import PictureField, PicturesField, Schema
from ipse.protocols.native.shapes import shared
from ipse.protocols.native.writing import IDEMPOTENCY_CHARACTERS

ABOUT: Final = (
    "Faces compared on your own machine, with the error rate behind every answer. Send `Authorization: Bearer KEY`; "
    "bodies are JSON with pictures in base64, or multipart/form-data with pictures as files. Every problem is an "
    "RFC 9457 document whose `reason` is a stable word."
)

HEADERS: Final = {
    "X-Request-Id": {
        "description": "The id of this call; it finds the record.",
        "required": True,
        "schema": {"type": "string", "format": "uuid"},
    },
    "RateLimit-Policy": {
        "description": "Calls in a window, of keys with a rate (draft-ietf-httpapi-ratelimit-headers-10).",
        "schema": {"type": "string"},
    },
    "RateLimit": {"description": "Calls left, and seconds until all are back.", "schema": {"type": "string"}},
    "Idempotency-Replayed": {
        "description": "The answer was given before, to an equal request with the same Idempotency-Key.",
        "schema": {"type": "string", "const": "true"},
    },
}

IDEMPOTENCY_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": (
        "Sent again with an equal request within 24 hours it gives the first answer again, and nothing is billed "
        "twice. Source: draft-ietf-httpapi-idempotency-key-header-07."
    ),
    "schema": {"type": "string", "pattern": f"^[ !#-~]{{1,{IDEMPOTENCY_CHARACTERS}}}$"},
}

CLIENT_ID: Final = {
    "name": "X-Client-Request-Id",
    "in": "header",
    "required": False,
    "description": "What you call this call, in up to 512 characters: `/v1/records/find` finds it by them.",
    "schema": {"type": "string"},
}


def document(version: str) -> dict[str, Any]:
    """Give the whole document."""
    paths: dict[str, dict[str, Any]] = {}
    for described in CATALOGUE:
        paths.setdefault(described.path, {})[described.method.lower()] = _operation(described)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Ipse", "version": version, "description": ABOUT, "license": {"name": "Apache-2.0"}},
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}],
        "tags": [{"name": group} for group in dict.fromkeys(described.group for described in CATALOGUE)],
        "paths": paths,
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "schemas": dict(SCHEMAS),
            "headers": HEADERS,
        },
    }


def _operation(described: Described) -> dict[str, Any]:
    """Give one operation."""
    needs = f" Needs the permission `{described.needs}`." if described.needs else ""
    made: dict[str, Any] = {
        "operationId": described.name,
        "tags": [described.group],
        "summary": described.summary,
        "description": f"{described.about}{needs} {described.billed}",
        "parameters": _parameters(described),
        "responses": _responses(described),
    }
    if described.method == "POST":
        made["requestBody"] = {"required": True, "content": _content(described)}
    return made


def _parameters(described: Described) -> list[dict[str, Any]]:
    """Give what stands in the path, the query and the headers."""
    holes = [
        {"name": name, "in": "path", "required": True, "description": schema["description"], "schema": schema}
        for name, schema in described.holes.items()
    ]
    query = [
        {"name": each.name, "in": "query", "required": each.required, "schema": each.schema()}
        for each in described.takes
        if described.method == "GET"
    ]
    return [*holes, *query, CLIENT_ID, *([IDEMPOTENCY_KEY] if described.is_repeatable else [])]


def _content(described: Described) -> dict[str, Any]:
    """Give both spellings of the body."""
    form: dict[str, Any] = {"schema": _object(described, in_form=True)}
    files = [each.name for each in described.takes if isinstance(each, PictureField | PicturesField)]
    if files:
        form["encoding"] = {name: {"contentType": "image/*, application/octet-stream"} for name in files}
    return {
        "application/json": {"schema": _object(described, in_form=False)},
        "multipart/form-data": form,
    }


def _object(described: Described, *, in_form: bool) -> Schema:
    """Give the schema of a body."""
    fields, rules = described.takes, described.rules
    return {
        "type": "object",
        "properties": {each.name: each.form_schema() if in_form else each.schema() for each in fields},
        "required": [each.name for each in fields if each.required],
        "additionalProperties": False,
        **rules,
    }


def _responses(described: Described) -> dict[str, Any]:
    """Give the answer, and a problem for each status that there may be."""
    references = {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS}
    headers = {
        name: reference
        for name, reference in references.items()
        if described.is_repeatable or name != "Idempotency-Replayed"
    }
    answers: dict[str, Any] = {
        "200": {
            "description": described.summary,
            "headers": headers,
            "content": {"application/json": {"schema": described.gives}},
        }
    }
    for status, reasons in reasons_by_status(described).items():
        words = "; ".join(f"`{reason.value}`: {ERRORS[reason].title}" for reason in reasons)
        answers[str(status)] = {
            "description": words,
            "headers": headers,
            "content": {"application/problem+json": {"schema": shared("Problem")}},
        }
    return answers
