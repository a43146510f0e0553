"""Of two faults the earlier one in the documented order is answered, for every pair that can be made."""

import json
from collections.abc import Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

if TYPE_CHECKING:
    from tests.wire.world import World

Fault = Mapping[str, Any]
Faults: TypeAlias = tuple[tuple[str, Fault], ...]

# One fault of each kind, in the order in which they are answered (docs/protocols/faceid.md, order of checks).
BUNDLE: Faults = (
    ("CONCURRENCY_LIMIT_EXCEEDED", {"room": "full"}),
    ("MISSING_ARGUMENTS: uuid", {"drop": ["uuid"]}),
    ("MISSING_ARGUMENTS: delta", {"drop": ["delta"]}),
    ("MISSING_ARGUMENTS: image_best", {"drop": ["image_best"]}),
    ("BAD_ARGUMENTS: check_delta", {"set": {"check_delta": "2"}}),
    ("BAD_ARGUMENTS: multi_oriented_detection", {"set": {"multi_oriented_detection": "2"}}),
    ("IMAGE_ERROR_UNSUPPORTED_FORMAT: image_ref2", {"pictures": {"image_ref2": "half a picture"}}),
    ("DATA_VALIDATION_ERROR", {"pictures": {"image_env": "anna"}}),
    ("DELTA_USED", {"before": [{"bundle": {}}]}),
    ("NO_FACE_FOUND: image_ref1", {"pictures": {"image_ref1": "nobody"}}),
    ("MULTIPLE_FACES: image_ref3", {"pictures": {"image_ref3": "two people"}}),
)

KYC_BUNDLE: Faults = (
    ("INVALID_IDCARD_NUMBER", {"set": {"idcard_number": "1"}}),
    ("INVALID_IMAGE_SIZE: image_ref1", {"pictures": {"image_ref1": "4097 wide"}}),
    ("DATA_VALIDATION_ERROR", {"set": {"delta": "x"}}),
    ("IMAGE_ERROR_UNSUPPORTED_FORMAT: image_best", {"bundle": {"pictures": {"image_best": "no picture"}}}),
    ("DATA_SOURCE_ERROR", {"set": {"idcard_number": "110101199001010019"}}),
    ("NO_SUCH_ID_NUMBER", {"set": {"idcard_number": "110101199001010018"}}),
    ("ID_NUMBER_NAME_NOT_MATCH", {"set": {"idcard_name": "somebody else"}}),
    ("NO_FACE_FOUND: image_best", {"bundle": {"pictures": {"image_best": "nobody"}}}),
    ("NO_FACE_FOUND: image_ref3", {"pictures": {"image_ref3": "nobody"}}),
)

FLASH: Faults = (
    ("MISSING_ARGUMENTS: image_ref1", {"drop": ["image_ref1"]}),
    ("MISSING_ARGUMENTS: meglive_flash_result", {"drop": ["meglive_flash_result"]}),
    ("BAD_ARGUMENTS: fail_when_ref_multiple_faces", {"set": {"fail_when_ref_multiple_faces": "2"}}),
    ("INVALID_IMAGE_SIZE: image_ref2", {"pictures": {"image_ref2": "4097 wide"}}),
    ("BAD_ARGUMENTS: meglive_flash_result", {"flash": {"cut": 1000}}),
    ("MEGLIVE_BIZ_NO_USED", {"before": [{"flash": {}}]}),
    ("NO_FACE_FOUND: image_ref3", {"pictures": {"image_ref3": "nobody"}}),
)

PICTURE: Faults = (
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

KYC: Faults = (
    ("MISSING_ARGUMENTS: idcard_name", {"drop": ["idcard_name"]}),
    ("MISSING_ARGUMENTS: idcard_number", {"drop": ["idcard_number"]}),
    ("MISSING_ARGUMENTS: image", {"drop": ["image"]}),
    ("BAD_ARGUMENTS: return_faces", {"set": {"return_faces": "2"}}),
    ("INVALID_NAME_FORMAT", {"set": {"idcard_name": "n" * 33}}),
    ("INVALID_IDCARD_NUMBER", {"set": {"idcard_number": "1"}}),
    ("IMAGE_ERROR_UNSUPPORTED_FORMAT: image_ref1", {"pictures": {"image_ref1": "no picture"}}),
    ("INVALID_IMAGE_SIZE: image", {"pictures": {"image": "4097 wide"}}),
    ("DATA_SOURCE_ERROR", {"set": {"idcard_number": "110101199001010019"}}),
    ("NO_SUCH_ID_NUMBER", {"set": {"idcard_number": "110101199001010018"}}),
    ("ID_NUMBER_NAME_NOT_MATCH", {"set": {"idcard_name": "somebody else"}}),
    ("IMAGE_ERROR_UNSUPPORTED_FORMAT: data_source", {"set": {"idcard_number": "110101199001010031"}}),
    ("NO_FACE_FOUND: data_source", {"set": {"idcard_number": "110101199001010032"}}),
    ("NO_FACE_FOUND: image", {"pictures": {"image": "nobody"}}),
    ("MULTIPLE_FACES: image", {"pictures": {"image": "two people"}}),
    ("LOW_QUALITY", {"set": {"face_quality_threshold": "99"}}),
    ("NO_FACE_FOUND: image_ref2", {"pictures": {"image_ref2": "nobody"}}),
    ("MULTIPLE_FACES: image_ref3", {"pictures": {"image_ref3": "two people"}}),
)

TOKEN: Faults = (
    ("MISSING_ARGUMENTS: uuid", {"drop": ["uuid"]}),
    ("MISSING_ARGUMENTS: image_ref1", {"drop": ["image_ref1"]}),
    ("MISSING_ARGUMENTS: face_token", {"drop": ["face_token"]}),
    ("BAD_ARGUMENTS: multi_oriented_detection", {"set": {"multi_oriented_detection": "2"}}),
    ("INVALID_IMAGE_SIZE: image_ref2", {"pictures": {"image_ref2": "4097 wide"}}),
    ("INVALID_FACE_TOKEN: other", {"set": {"face_token": "other"}}),
    ("NO_FACE_FOUND: image_ref1", {"pictures": {"image_ref1": "nobody"}}),
    ("MULTIPLE_FACES: image_ref3", {"pictures": {"image_ref3": "two people"}}),
)

DETECT: Faults = (
    ("Request Entity Too Large", {"zeros": {"separate_face": 2_100_000}}),
    ("MISSING_ARGUMENTS: api_key", {"drop": ["api_key"]}),
    ("MISSING_ARGUMENTS: api_secret", {"drop": ["api_secret"]}),
    ("AUTHORIZATION_ERROR", {"set": {"api_secret": "wrong"}}),
    ("AUTHORIZATION_ERROR: Limit reached.", {"key": "spent"}),
    ("CONCURRENCY_LIMIT_EXCEEDED", {"room": "full"}),
    ("MISSING_ARGUMENTS: image", {"drop": ["image"]}),
    ("BAD_ARGUMENTS: multi_oriented_detection", {"set": {"multi_oriented_detection": "2"}}),
    ("IMAGE_ERROR_UNSUPPORTED_FORMAT", {"pictures": {"image": "half a picture"}}),
)

PERSON = {"comparison_type": "1", "idcard_name": "王五", "idcard_number": "11010119900101001X"}
ISSUED = "ce6xJAjwR7OPyKwEjPoTcnHusSQI8Eezj8isBIz6E3M="
DETECT_PATH = "/faceid/v1/detect"

SCENARIOS: Mapping[str, tuple[Fault, Faults]] = {
    "a picture": ({}, PICTURE),
    "KYC": ({"key": "kyc", "set": PERSON}, KYC),
    "a face token": (
        {"set": {"face_image_type": "facetoken", "face_token": ISSUED}, "before": [{"path": DETECT_PATH}]},
        TOKEN,
    ),
    "detect": ({"path": DETECT_PATH}, DETECT),
    "bundle": ({"bundle": {}, "set": {"check_delta": "1"}}, BUNDLE),
    "KYC with a bundle": ({"key": "kyc", "set": PERSON, "bundle": {}}, KYC_BUNDLE),
    "flash": ({"flash": {}}, FLASH),
}
"""What is done, as a change of a good call, and the faults that it can have."""


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
    return [str(one) for one in change]


def faulty(good: Fault, faults: Fault) -> dict[str, Any]:
    """Give a good request with its faults."""
    return {**good, **faults, "set": {**good.get("set", {}), **faults.get("set", {})}}


PAIRS = [
    pytest.param(first, faulty(good, both), id=f"{name}: {first} / {second}")
    for name, (good, faults) in SCENARIOS.items()
    for (first, earlier), (second, later) in combinations(faults, 2)
    if (both := together(earlier, later)) is not None
]


@pytest.mark.parametrize(("first", "request_"), PAIRS)
def test_the_earlier_fault_is_answered(world: "World", first: str, request_: Fault) -> None:
    """A request with two faults is refused for the one that comes first."""
    response = world.play({"dialect": "faceid", **request_})
    if response.status_code == 413:
        assert first == response.text
        return
    told = json.loads(response.text)
    assert first == told.get("error_message", told.get("error"))


def test_nearly_every_pair_was_made() -> None:
    """The pairs that cannot be made are those about the same field."""
    assert len(PAIRS) > 0.9 * sum(len(faults) * (len(faults) - 1) / 2 for _, faults in SCENARIOS.values())


@pytest.mark.parametrize("name", SCENARIOS)
def test_without_a_fault_there_is_an_answer(world: "World", name: str) -> None:
    """The good call of each scenario succeeds, so that every fault was the fault that was made."""
    assert 200 == world.play({"dialect": "faceid", **SCENARIOS[name][0]}).status_code
