"""The reference of our own API as a page: every call, field and error of the OpenAPI document, and nothing else."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ipse.protocols.native.openapi import document
from ipse.protocols.native.pages import kind_of

Schema = Mapping[str, Any]
DEEPEST: Final = 3
"""Members of members that stand in one table; deeper ones are shapes of their own in the document."""

ABOUT: Final = """
Made from the OpenAPI document when this site is built. A running server shows the same at `/docs`, and the document
itself at `/openapi.json`. How it is meant: [our own wire](protocols/native.md).
""".strip()


def reference(version: str) -> str:
    """The page."""
    whole = document(version)
    parts = [
        "# API reference",
        whole["info"]["description"],
        ABOUT,
    ]
    for tag in whole["tags"]:
        parts += [f"## {tag['name']}", tag.get("description", "")]
        for path, method, call in _calls(whole):
            if tag["name"] in call["tags"]:
                parts += _call(path, method, call)
    parts += ["## Shapes", "What calls and answers share."]
    for name, schema in whole["components"]["schemas"].items():
        parts += [f"### {name}", schema.get("description", ""), *_table(schema)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _calls(whole: Schema) -> Iterator[tuple[str, str, Schema]]:
    """Every call of the document: path, method, and what it says of it."""
    for path, methods in whole["paths"].items():
        for method, call in methods.items():
            yield path, method.upper(), call


def _call(path: str, method: str, call: Schema) -> list[str]:
    """The chapter of a call."""
    parts = [f"### {call['summary'].rstrip('.')}", f"`{method} {path}`", call.get("description", "")]
    given = [
        f"| `{one['name']}` | {one['in']} | {_kind(one['schema'])} | {_mark(one.get('required'))} | {_said(one)} |"
        for one in call.get("parameters", [])
    ]
    if given:
        parts += ["\n".join(["| parameter | in | kind | needed | |", "|---|---|---|---|---|", *given])]
    body = call.get("requestBody", {}).get("content", {})
    if body:
        kinds = " or ".join(f"`{kind}`" for kind in body)
        parts += [f"**Body**, {kinds}:", *_table(next(iter(body.values()))["schema"])]
    for status, answer in call["responses"].items():
        schema = answer.get("content", {}).get("application/json", {}).get("schema")
        if status.startswith("2"):
            parts += [f"**Answer**, {status}:", *(_table(schema) if schema else [_said(answer)])]
    refused = [
        f"| {status} | {_said(answer)} |" for status, answer in call["responses"].items() if not status.startswith("2")
    ]
    parts += ['??? note "Errors"', *_indented(["| status | `reason` and what it means |", "|---|---|", *refused])]
    return parts


def _indented(lines: list[str]) -> list[str]:
    """Lines as the content of a block that opens."""
    return ["\n".join(f"    {line}" for line in lines)]


def _table(schema: Schema) -> list[str]:
    """The members of a shape; what has none is told in a line."""
    rows = list(_rows(schema, "", 0))
    if not rows:
        return [_kind(schema)]
    return ["\n".join(["| field | kind | needed | |", "|---|---|---|---|", *rows])]


def _rows(schema: Schema, before: str, depth: int) -> Iterator[str]:
    """A row for each member, and for each of theirs."""
    if schema.get("type") == "array":
        schema, before = schema["items"], f"{before}[]"
    for name, member in schema.get("properties", {}).items():
        place = f"{before}.{name}" if before else name
        needed = _mark(name in schema.get("required", ()))
        yield f"| `{place}` | {_kind(member)} | {needed} | {_said(member)} |"
        if depth < DEEPEST:
            yield from _rows(member, place, depth + 1)


def _kind(schema: Schema) -> str:
    """What may stand in a place, with a link to a shape that has a name."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if schema.get("type") == "array" and "$ref" in schema["items"]:
        return f"list of {_kind(schema['items'])}"
    try:
        return _cell(kind_of(schema))
    except (KeyError, TypeError):  # A shape that says nothing of its kind.
        return "any"


def _mark(needed: object) -> str:
    """Whether it must be there."""
    return "yes" if needed else ""


def _said(described: Schema) -> str:
    """What the document says of it."""
    return _cell(described.get("description", ""))


def _cell(text: str) -> str:
    """Words that fit into a table's cell."""
    return " ".join(text.replace("|", "\\|").split())
