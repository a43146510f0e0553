"""The shapes of our answers as JSON Schemas, and short ways to write them down."""

from collections.abc import Mapping
from typing import Any, Final

from ipse.protocols.native.fields import Schema


def record(about: str, **members: Schema) -> Schema:
    """Give the schema of an object that has exactly these members, all of them always."""
    return {
        "type": "object",
        "description": about,
        "properties": members,
        "required": list(members),
        "additionalProperties": False,
    }


def optional(schema: Schema, *names: str) -> Schema:
    """Give the schema of an object in which these members may be missing."""
    return {**schema, "required": [name for name in schema["required"] if name not in names]}


def array(items: Schema, about: str = "", **limits: int) -> Schema:
    """Give the schema of a list."""
    return {"type": "array", "items": items, **_said(about), **limits}


def named(values: Schema, about: str) -> Schema:
    """Give the schema of an object whose members have names of their own."""
    return {"type": "object", "additionalProperties": values, "description": about}


def number(about: str, low: float | None = None, high: float | None = None) -> Schema:
    """Give the schema of a number from `low` to `high`."""
    return {"type": "number", **_bounds(low, high), "description": about}


def whole(about: str, low: int | None = None, high: int | None = None) -> Schema:
    """Give the schema of a whole number."""
    return {"type": "integer", **_bounds(low, high), "description": about}


def text(about: str, **more: Any) -> Schema:
    """Give the schema of a text."""
    return {"type": "string", "description": about, **more}


def flag(about: str) -> Schema:
    """Give the schema of true or false."""
    return {"type": "boolean", "description": about}


def or_null(schema: Schema) -> Schema:
    """Give the schema of something that may be null."""
    if "$ref" in schema:
        return {"oneOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def one_of(*schemas: Schema) -> Schema:
    """Give the schema of whatever fits exactly one of these."""
    return {"oneOf": list(schemas)}


def shared(name: str) -> Schema:
    """Give the reference to a schema that several answers share."""
    return {"$ref": f"#/components/schemas/{name}"}


def _bounds(low: float | None, high: float | None) -> Mapping[str, float]:
    """Give the limits that there are."""
    return {name: value for name, value in (("minimum", low), ("maximum", high)) if value is not None}


def _said(about: str) -> Mapping[str, str]:
    """Give the description, if there is one."""
    return {"description": about} if about else {}


REQUEST: Final = text("The id of this call: it finds the record and the log line.", format="uuid")
DIGEST: Final = text("SHA-256 in hexadecimal.", pattern="^[0-9a-f]{64}$")
BOX: Final = array(
    {"type": "number"},
    "Left, top, right and bottom edge in pixels of the upright picture; a face may reach out of it.",
    minItems=4,
    maxItems=4,
)
POINT: Final = array({"type": "number"}, "Pixels from the left and from the top.", minItems=2, maxItems=2)
RATE: Final = number("How often two strangers look at least this alike.", 0, 1)
