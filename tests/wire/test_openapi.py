"""The OpenAPI document is true: its paths are the routes, its schemas hold for every vector's answer and request."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

from ipse.protocols.messages import Head
from ipse.protocols.native.catalogue import CATALOGUE
from ipse.protocols.native.errors import statuses
from ipse.protocols.native.openapi import document
from ipse.protocols.native.pages import public_pages
from tests.wire.builder import Case
from tests.wire.builders import native as builder
from tests.wire.coverage import documented
from tests.wire.vectors import named
from tests.wire.world import World

CASES = {name: case for name, case in named().items() if case["dialect"] == "native"}


@cache
def openapi() -> Mapping[str, Any]:
    """The document as a client reads it."""
    whole: Mapping[str, Any] = json.loads(json.dumps(document("1.2.3")))
    return whole


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema with the shared ones beside it."""
    return {**schema, "components": openapi()["components"]}


def operation_of(case: Case) -> tuple[str, Mapping[str, Any]] | None:
    """The path template and the operation that a case calls, if it calls one."""
    for path, methods in openapi()["paths"].items():
        for method, operation in methods.items():
            if operation["operationId"] == case.get("call") and case.get("method", method.upper()) == method.upper():
                return path, operation
    return None


def test_paths_are_the_routes() -> None:
    """Every operation of the dialect is one of the document, by name, method and path, and the other way round."""
    described = {
        operation["operationId"]: (method.upper(), path)
        for path, methods in openapi()["paths"].items()
        for method, operation in methods.items()
    }
    operations = {operation.name: operation for operation in builder.dialect(World()).operations}
    assert set(described) == set(operations)
    for name, (method, path) in described.items():
        assert operations[name].match(Head(method, path.replace("{", "").replace("}", "")))
        assert not operations[name].match(Head("PATCH", path))


def test_every_schema_is_one() -> None:
    """Each schema of the document is a JSON Schema of the dialect that OpenAPI 3.1 means."""
    bodies = [
        content["schema"]
        for methods in openapi()["paths"].values()
        for operation in methods.values()
        for message in (*operation["responses"].values(), operation.get("requestBody", {"content": {}}))
        for content in message["content"].values()
    ]
    assert len(openapi()["paths"]) < len(bodies)
    for schema in (*bodies, *openapi()["components"]["schemas"].values()):
        assert Draft202012Validator is validator_for(schema, Draft202012Validator)
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES.items()])
def test_answers_are_as_described(case: Case) -> None:
    """The answer to every vector has a status, a content type and a body that the document has for its operation."""
    found = operation_of(case)
    response = World().play(case)
    if found is None:
        assert response.status_code in {404, 405}
        schema: Mapping[str, Any] = {"$ref": "#/components/schemas/Problem"}
    else:
        contents = found[1]["responses"][str(response.status_code)]["content"]
        schema = contents[response.headers["content-type"]]["schema"]
    Draft202012Validator(resolved(schema)).validate(response.json())


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES.items()])
def test_requests_that_are_answered_are_as_described(case: Case) -> None:
    """What the document forbids in a JSON body is never answered with success, and good requests are allowed by it."""
    found = operation_of(case)
    world = World()
    sent = builder.request(case, world.pictures)
    if found is None or "requestBody" not in found[1] or ("content-type", "application/json") not in sent.headers:
        return
    schema = resolved(found[1]["requestBody"]["content"]["application/json"]["schema"])
    try:
        allowed = Draft202012Validator(schema).is_valid(json.loads(sent.body))
    except (ValueError, RecursionError):
        allowed = False
    assert allowed or world.play(case).status_code != 200


def test_pages_need_nothing_from_elsewhere() -> None:
    """The manual names every operation and every reason, and loads nothing: no script, no address of another host."""
    pages = public_pages("1.2.3")
    manual = pages["/docs"].body.decode()
    for methods in openapi()["paths"].values():
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in manual
    for path, page in pages.items():
        if dict(page.headers)["content-type"].startswith("text/html"):
            text = page.body.decode()
            assert "<script" not in text
            assert "://" not in text.replace("https://HOST", "")
            assert "default-src 'none'" in dict(page.headers)["content-security-policy"]
        assert path == "/openapi.json" or dict(page.headers)["content-type"].startswith("text/html")


def test_pages_are_shown_without_a_key_where_the_host_is_ours() -> None:
    """A GET of a page needs no key; on a host that is a vendor's it gets the vendor's word for an unknown path."""
    ours = World().send({"path": "/docs", "method": "GET", "keyless": True}, "native")
    assert (200, "text/html; charset=utf-8") == (ours.status_code, ours.headers["content-type"])
    theirs = World(hosts={"testserver": "faceid"}).send({"path": "/docs", "method": "GET"}, "native")
    assert (404, {"error_message": "API_NOT_FOUND"}) == (theirs.status_code, theirs.json())


def test_every_problem_has_its_page() -> None:
    """The `type` of every problem is the address of a page of this server."""
    pages = public_pages("1.2.3")
    for case in CASES.values():
        response = World().play(case)
        if response.headers["content-type"] == "application/problem+json":
            assert response.json()["type"] in pages


def test_the_list_of_what_is_documented_is_the_catalogue() -> None:
    """The list that the coverage table is made of has every operation, and every reason with each of its statuses."""
    listed = documented("native")
    operations = {(each.name, f"{each.method} {each.path}") for each in CATALOGUE}
    assert operations == {(entry["name"], entry["wire"]) for entry in listed["operation"]}
    errors = {(reason.value, status.value) for reason in builder.POSSIBLE for status in statuses(reason)}
    assert errors == {(entry["code"], entry["status"]) for entry in listed["error"]}
