"""Every vector of every dialect's operation, over the whole edge."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ipse.core.reasons import Reason
from ipse.protocols.faceid import errors as faceid_errors
from ipse.protocols.native import errors as native_errors

if TYPE_CHECKING:
    from tests.wire.conftest import World

VECTORS = Path(__file__).parents[1] / "vectors"
REQUEST_ID = "1461740007,71eeb124-08f0-47b3-8fc8-ac048cfa1372"
UNDER_WAY = {
    Reason.FACE_TOKEN_STALE,
    Reason.PERSON_UNKNOWN,
    Reason.PERSON_NAME_DIFFERS,
    Reason.PERSON_PHOTO_UNUSABLE,
    Reason.PERSON_PHOTO_FACELESS,
}
"""Reasons that nothing raises yet."""

KINDS = {"documented", "recorded", "derived"}


def vectors() -> Iterator[Any]:
    """Give every case of every file, with the header of its file."""
    for path in sorted(VECTORS.rglob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        for case in content.pop("case"):
            yield pytest.param({**content, **case}, id=f"{path.relative_to(VECTORS).with_suffix('')}: {case['name']}")


def expected_body(case: Mapping[str, Any]) -> str:
    """Give the body that a vector expects, byte for byte; `error` is short for the usual shape."""
    if "error" not in case:
        return str(case["body"])
    faces = f', "faces": {case["faces"]}' if "faces" in case else ""
    return f'{{"error_message": {json.dumps(case["error"])}, "request_id": "{REQUEST_ID}", "time_used": 673{faces}}}'


@pytest.mark.parametrize("case", list(vectors()))
def test_vector(world: "World", case: Mapping[str, Any]) -> None:
    """The request of the vector gets its status, its headers and its body, byte for byte, and nothing is left over."""
    if case.get("room") == "full":
        world.compute.free = 0
    seats = world.compute.free
    response = world.send(case)
    assert (case["status"], expected_body(case)) == (response.status_code, response.text)
    expected = {"content-type": "application/json", **case.get("headers", {})}
    shown = {name: value for name, value in response.headers.items() if name not in {"server-timing", "content-length"}}
    assert expected == shown
    assert seats == world.compute.free
    assert [(case.get("dialect", "faceid"), case["status"])] == [
        (dialect, status) for dialect, _, _, status in world.journal.counted
    ]


@pytest.mark.parametrize("path", sorted(VECTORS.rglob("*.toml")), ids=lambda path: path.stem)
def test_every_vector_says_where_it_comes_from(path: Path) -> None:
    """Each file names its source and whether that is documented, recorded or derived."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    for case in content["case"]:
        header = {**content, **case}
        assert header["source"].strip()
        assert header["kind"] in KINDS


def test_every_error_of_the_dialect_has_a_vector() -> None:
    """Each row of Megvii's table is the answer to at least one vector."""
    told = {case.values[0].get("error", case.values[0].get("body", "")) for case in vectors()}
    missing = {
        reason
        for reason, row in faceid_errors.ERRORS.items()
        if row.source != faceid_errors.NEVER and not any(row.words.partition("{field}")[0] in words for words in told)
    }
    assert UNDER_WAY == missing


@pytest.mark.parametrize("rows", [faceid_errors.ERRORS, native_errors.ERRORS], ids=["faceid", "native"])
def test_error_tables_are_total(rows: Mapping[Reason, Any]) -> None:
    """Each dialect words every reason, and no other."""
    assert set(Reason) == set(rows)


def test_rows_with_equal_words_are_meant_to_be_equal() -> None:
    """Where the vendor has one word for several of our reasons, these are the groups; a new one is a mistake."""
    groups: dict[str, set[Reason]] = {}
    for reason, row in faceid_errors.ERRORS.items():
        assert row.source.strip()
        if row.source == faceid_errors.NEVER:
            continue
        groups.setdefault(row.words, set()).add(reason)
    shared = {frozenset(group) for group in groups.values() if len(group) > 1}
    assert {
        frozenset({Reason.CREDENTIALS_MISSING, Reason.ARGUMENT_MISSING}),
        frozenset(
            {
                Reason.KEY_DISABLED,
                Reason.KEY_EXPIRED,
                Reason.KEY_SUSPENDED,
                Reason.OPERATION_DENIED,
                Reason.CREDIT_SPENT,
            }
        ),
        frozenset({Reason.BUSY, Reason.RATE_EXCEEDED, Reason.CONCURRENCY_EXCEEDED}),
        frozenset({Reason.OPERATION_UNKNOWN, Reason.METHOD_DENIED}),
        frozenset(
            {Reason.IMAGE_UNRECOGNISED, Reason.IMAGE_TRUNCATED, Reason.IMAGE_CORRUPT, Reason.IMAGE_TOO_COMPLEX},
        ),
    } == shared
