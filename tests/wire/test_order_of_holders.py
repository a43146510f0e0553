"""Of two faults of an iApp or Linkface call the earlier one in the documented order is answered."""

import json
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.wire.world import World

Fault = Mapping[str, Any]

# One fault of each kind, in the order in which they are answered (docs/protocols/*.md, order of checks).
FAULTS: Mapping[str, tuple[tuple[str, Fault], ...]] = {
    "iapp": (
        ("no route matched with those values.", {"path": "/v3/nothing"}),
        ("the method is not allowed for the requested URL.", {"method": "PUT"}),
        ("No API key found in request", {"key": ""}),
        ("Unauthorized", {"key": "nobody"}),
        ("insufficient credits", {"key": "poor and hasty"}),
        ("API rate limit exceeded", {"key": "hasty"}),
        ("API rate limit exceeded", {"room": "full"}),
        ("file is too large, more than 10 MB.", {"zeros": {"file0": 10_485_761}}),
        ("parameter not found in request. [file1]", {"drop": ["file1"]}),
        ("file extension is not allowed.", {"pictures": {"file0": "selfie WEBP"}}),
        ("image error, unsupported format.", {"pictures": {"file1": "no picture"}}),
    ),
    "linkface": (
        ("NOT_FOUND", {"path": "/identity/nothing"}),
        ("", {"zeros": 8_388_608}),
        ("UNAUTHORIZED", {"secret": "wrong"}),
        ("KEY_EXPIRED", {"key": "disabled and expired"}),
        ("RATE_LIMIT_EXCEEDED", {"key": "hasty and narrow"}),
        ("OUT_OF_QUOTA", {"key": "poor"}),
        ("RATE_LIMIT_EXCEEDED", {"room": "full"}),
        ("ENCODING_ERROR", {"query": {"x": b"\xff"}}),
        ("argument 'file_id': blank string", {"query": {"file_id": ""}}),
        ("argument 'auto_rotate': not a boolean", {"query": {"auto_rotate": "2"}}),
        ("IMAGE_ID_NOT_EXIST", {"query": {"file_id": "0" * 32}}),
        ("IMAGE_FILE_SIZE_TOO_BIG", {"file": "5 MB and 1"}),
        ("FACE_DETECTION_FAILED", {"file": "nobody there"}),
    ),
}


def pairs() -> Iterator[Any]:
    """Every pair of faults that can be made: those that change different things."""
    for dialect, faults in FAULTS.items():
        for (first, earlier), (second, later) in combinations(faults, 2):
            merged = together(earlier, later)
            if merged is not None:
                yield pytest.param(dialect, first, merged, id=f"{dialect}: {first} / {second}")


def together(earlier: Fault, later: Fault) -> Fault | None:
    """Give a request with both faults, or nothing where they change the same thing."""
    merged: dict[str, Any] = dict(earlier)
    for name, change in later.items():
        before = merged.get(name)
        if before is not None and not (isinstance(change, dict) and not set(before) & set(change)):
            return None
        merged[name] = change if before is None else {**before, **change}
    return merged


@pytest.mark.parametrize(("dialect", "first", "fault"), list(pairs()))
def test_the_earlier_fault_is_answered(world: "World", dialect: str, first: str, fault: Fault) -> None:
    """A request with two faults is refused for the one that comes first."""
    response = world.play({"dialect": dialect, **fault})
    told = json.loads(response.content or "{}")
    assert first in {told.get(name, "") for name in ("message", "status", "reason")}
    assert response.status_code >= 400


def test_most_pairs_were_made() -> None:
    """The pairs that cannot be made are those about one thing: the key, a picture, its id."""
    possible = sum(len(faults) * (len(faults) - 1) // 2 for faults in FAULTS.values())
    assert len(list(pairs())) > 0.85 * possible
