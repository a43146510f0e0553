"""Of two faults the earlier one in the documented order is answered, for every pair that can be made."""

import json
from collections.abc import Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.wire.world import World

Fault = Mapping[str, Any]

# One fault of each kind, in the order in which they are answered (docs/protocols/faceid.md, order of checks).
FAULTS: tuple[tuple[str, Fault], ...] = (
    ("API_NOT_FOUND", {"path": "/faceid/v2/verity"}),
    ("Request Entity Too Large", {"zeros": {"image_action1": 2_100_000}}),
    ("MISSING_ARGUMENTS: api_key", {"drop": ["api_key"]}),
    ("MISSING_ARGUMENTS: api_secret", {"drop": ["api_secret"]}),
    ("AUTHENTICATION_ERROR", {"set": {"api_secret": "wrong"}}),
    ("AUTHORIZATION_ERROR: Denied.", {"key": "narrow"}),
    ("AUTHORIZATION_ERROR: Limit reached.", {"key": "spent"}),
    ("CONCURRENCY_LIMIT_EXCEEDED", {"room": "full"}),
    ("MISSING_ARGUMENTS: comparison_type", {"drop": ["comparison_type"]}),
    ("MISSING_ARGUMENTS: face_image_type", {"drop": ["face_image_type"]}),
    ("BAD_ARGUMENTS: comparison_type", {"set": {"comparison_type": "2"}}),
    ("BAD_ARGUMENTS: face_image_type", {"set": {"face_image_type": "2"}}),
    ("AUTHORIZATION_ERROR: No data source permission.", {"set": {"comparison_type": "1"}}),
    ("MISSING_ARGUMENTS: uuid", {"drop": ["uuid"]}),
    ("MISSING_ARGUMENTS: image_ref1", {"drop": ["image_ref1"]}),
    ("MISSING_ARGUMENTS: image", {"drop": ["image"]}),
    ("BAD_ARGUMENTS: fail_when_ref_multiple_faces", {"set": {"fail_when_ref_multiple_faces": "2"}}),
    ("BAD_ARGUMENTS: fail_when_multiple_faces", {"set": {"fail_when_multiple_faces": "2"}}),
    ("BAD_ARGUMENTS: face_quality_threshold", {"set": {"face_quality_threshold": "2.0"}}),
    ("BAD_ARGUMENTS: return_faces", {"set": {"return_faces": "2"}}),
    ("BAD_ARGUMENTS: multi_oriented_detection", {"set": {"multi_oriented_detection": "2"}}),
    ("BAD_ARGUMENTS: uuid", {"set": {"uuid": "u" * 513}}),
    ("IMAGE_ERROR_UNSUPPORTED_FORMAT: image_ref1", {"pictures": {"image_ref1": "half a picture"}}),
    ("INVALID_IMAGE_SIZE: image_ref2", {"pictures": {"image_ref2": "4097 wide"}}),
    ("IMAGE_ERROR_UNSUPPORTED_FORMAT: image_ref3", {"pictures": {"image_ref3": "no picture"}}),
    ("INVALID_IMAGE_SIZE: image", {"pictures": {"image": "4097 high"}}),
    ("NO_FACE_FOUND: image", {"pictures": {"image": "nobody"}}),
    ("MULTIPLE_FACES: image", {"pictures": {"image": "two people"}}),
    ("LOW_QUALITY", {"set": {"face_quality_threshold": "99"}}),
    ("NO_FACE_FOUND: image_ref1", {"pictures": {"image_ref1": "nobody"}}),
    ("MULTIPLE_FACES: image_ref2", {"pictures": {"image_ref2": "two people"}}),
    ("NO_FACE_FOUND: image_ref3", {"pictures": {"image_ref3": "nobody"}}),
)


def together(earlier: Fault, later: Fault) -> dict[str, Any] | None:
    """Give a request with both faults, or nothing where they would need different values of the same thing."""
    merged: dict[str, Any] = {}
    for fault in (earlier, later):
        for kind, change in fault.items():
            if isinstance(change, dict):
                merged[kind] = {**merged.get(kind, {}), **change}
            else:
                merged[kind] = [*merged.get(kind, []), *change] if isinstance(change, list) else change
    touched = [name for fault in (earlier, later) for change in fault.values() for name in _names(change)]
    return merged if len(touched) == len(set(touched)) else None


def _names(change: Any) -> list[str]:
    """Give what a change touches: fields, or the whole key, path or room."""
    if isinstance(change, str):
        return ["api_key" if change in {"narrow", "spent"} else change]
    return list(change)


PAIRS = [
    pytest.param(first, request, id=f"{first} / {second}")
    for (first, earlier), (second, later) in combinations(FAULTS, 2)
    if (request := together(earlier, later)) is not None
]


@pytest.mark.parametrize(("first", "request_"), PAIRS)
def test_the_earlier_fault_is_answered(world: "World", first: str, request_: Fault) -> None:
    """A request with two faults is refused for the one that comes first."""
    if request_.get("room") == "full":
        world.compute.free = 0
    response = world.send(request_)
    told = json.loads(response.text)["error_message"] if response.status_code != 413 else response.text
    assert first == told


def test_nearly_every_pair_was_made() -> None:
    """The pairs that cannot be made are those about the same field."""
    assert len(PAIRS) > 0.9 * len(FAULTS) * (len(FAULTS) - 1) / 2
