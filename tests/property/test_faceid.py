"""Megvii's codecs: decoders raise only `Refusal`, the scale keeps the published meaning."""

import json
import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipse.core.genuineness.judgement import OperatingPoint, Status, decided, not_assessed
from ipse.core.reasons import Reason, Refusal
from ipse.protocols.faceid import genuineness
from ipse.protocols.faceid.auth import authenticate
from ipse.protocols.faceid.errors import ERRORS, FAMILY
from ipse.protocols.faceid.scale import THRESHOLDS, confidence, printed
from ipse.protocols.faceid.wire import decode_verify
from ipse.protocols.messages import Context, Head, Part, WireRequest
from ipse.service.access import Caller
from ipse.service.ports import KeyRecord
from ipse.service.verify_faces import VerifyFacesCommand

Value = TypeVar("Value")

FIELDS = {
    "comparison_type": [b"0", b"1"],
    "face_image_type": [b"meglive", b"facetoken", b"raw_image", b"meglive_flash"],
    "uuid": [b"u"],
    "idcard_name": ["王五".encode()],
    "idcard_number": [b"11010119900101001X"],
    "image": [b"picture"],
    "image_ref1": [b"picture"],
    "image_ref2": [b"picture"],
    "face_token": [b"token"],
    "delta": [b"delta"],
    "image_best": [b"picture"],
    "check_delta": [b"0", b"1"],
    "meglive_flash_result": [b"result"],
    "fail_when_multiple_faces": [b"0", b"1"],
    "fail_when_ref_multiple_faces": [b"0", b"1"],
    "return_faces": [b"0", b"1"],
    "face_quality_threshold": [b"0", b"30", b"100"],
    "multi_oriented_detection": [b"0", b"1"],
}
contents = {name: st.sampled_from(good) | st.binary(max_size=40) for name, good in FIELDS.items()}
forms = st.fixed_dictionaries({}, optional=contents)
log_rates = st.floats(-30, 0)


def request(form: dict[str, bytes]) -> WireRequest:
    """Give a request with these fields."""
    return WireRequest(Head("POST", "/"), parts=tuple(Part(name, content) for name, content in form.items()))


def value_or_refusal(call: Callable[[], Value]) -> Value | Refusal:
    """Give what a call gives, or its refusal; anything else that it raises fails the test."""
    try:
        return call()
    except Refusal as refusal:
        return refusal


@given(forms, st.booleans())
def test_any_form_is_a_command_or_a_refusal(form: dict[str, bytes], kyc: bool) -> None:  # noqa: FBT001 - drawn, not called
    """Whatever the fields hold, decoding gives a command or raises a `Refusal` that the table can word."""
    caller = Caller(KeyRecord("k", "faceid", "s", kyc=kyc))
    decoded = value_or_refusal(lambda: decode_verify(request(form), caller))
    assert isinstance(decoded, VerifyFacesCommand) or decoded.reason in ERRORS


@given(st.fixed_dictionaries({}, optional={"api_key": st.binary(max_size=9), "api_secret": st.binary(max_size=9)}))
def test_any_credential_is_taken_or_missing(form: dict[str, bytes]) -> None:
    """Whatever the two fields hold, there is a credential or one of them is named as missing."""
    taken = value_or_refusal(lambda: authenticate(request(form), context()))
    missing = [name for name in ("api_key", "api_secret") if not form.get(name)]
    told = [taken.field] if isinstance(taken, Refusal) else []
    assert missing[:1] == told


def context() -> Context:
    """Give a call that took no time."""
    clock = SimpleNamespace(now=lambda: 0.0, monotonic=lambda: 0.0)
    return Context(bytes(16), 0.0, clock, 0.0, SimpleNamespace())


@given(st.sampled_from(Reason), st.none() | st.text(max_size=20))
def test_any_refusal_can_be_worded(reason: Reason, field: str | None) -> None:
    """Every reason with any field, or none, becomes an answer; braces and quotes in a field stay what they are."""
    answer = FAMILY.answer(Refusal(reason, field), context())
    if reason is Reason.FACE_TOKEN_UNKNOWN:
        assert f"INVALID_FACE_TOKEN: {field or ''}" == json.loads(answer.body)["error_message"]
    assert ERRORS[reason].status == answer.status


@given(log_rates, log_rates, st.floats(-30, -6.001))
def test_the_scale_is_strictly_monotone_and_bounded(one: float, other: float, lowest: float) -> None:
    """A lower rate is a higher confidence, never below 0 nor above 100."""
    low, high = sorted((max(one, lowest), max(other, lowest)))
    first, second = confidence(10**low, 10**lowest), confidence(10**high, 10**lowest)
    assert 0 <= second <= first <= 100
    if high - low > 1e-6:
        assert second < first


@pytest.mark.parametrize("lowest", [1e-7, 1e-9, 1e-40, 1e-3, 0.0])
def test_the_scale_meets_its_published_points(lowest: float) -> None:
    """At each published rate the confidence is the published one, exactly; a rate of 1 is 0."""
    assert THRESHOLDS == {name: confidence(float(name), lowest) for name in THRESHOLDS}
    assert 0 == confidence(1.0, lowest)


@pytest.mark.parametrize("lowest", [1e-7, 1e-9, 1e-40, 1e-300])
def test_equal_templates_are_100(lowest: float) -> None:
    """The rate of two equal templates is the top of the scale."""
    assert 100 == confidence(lowest, lowest)


@given(st.sampled_from(sorted(THRESHOLDS.values())), st.floats(1e-8, 1e-3))
def test_rounding_never_lifts_a_confidence_onto_a_threshold(threshold: float, below: float) -> None:
    """What lies below a threshold is printed below it; the threshold itself is printed as it is."""
    assert printed(threshold) == threshold
    assert printed(threshold - below) < threshold
    assert math.isclose(printed(threshold - below), threshold - below, abs_tol=0.00101)


@given(st.sampled_from([-3, -4, -5, -6]), st.floats(-1e-12, 1e-12))
def test_a_rate_at_a_published_point_is_printed_as_its_threshold(decade: int, noise: float) -> None:
    """What floating point does to a rate on its way does not cost it the threshold."""
    assert printed(confidence(10.0 ** (decade + noise), 1e-20)) == THRESHOLDS[f"1e{decade}"]


@given(st.floats(0, 100))
def test_printed_has_three_decimals(value: float) -> None:
    """No printed confidence has more than three decimals."""
    assert len(str(printed(value)).partition(".")[2]) <= 3


thresholds = st.floats(0.001, 1)
scores = st.floats(0, 1)


@given(scores, scores, thresholds)
def test_a_higher_score_is_a_higher_genuineness_confidence(one: float, other: float, threshold: float) -> None:
    """Monotone from 0 to 1, and our threshold becomes 0.5."""
    low, high = (genuineness.confidence(score, threshold) for score in sorted((one, other)))
    assert 0 <= low <= high <= 1
    assert genuineness.confidence(threshold, threshold) == (0.5 if threshold < 1 else 1.0)


@given(scores, thresholds)
def test_a_suspicion_is_printed_above_one_half_and_nothing_else_is(score: float, threshold: float) -> None:
    """Whether a client compares with `>` or `>=`, it comes to our own judgement."""
    judged = decided(OperatingPoint("mask", assessed=True, threshold=threshold), score)
    shown = genuineness.printed(judged)
    assert (judged.status is Status.SUSPECTED) == (shown > 0.5) == (shown >= 0.5)
    assert shown == round(shown, 3)


def test_what_was_not_assessed_is_neutral() -> None:
    """The value of living people in recorded bodies."""
    assert 0.0 == genuineness.printed(not_assessed("mask", "no_face"))
