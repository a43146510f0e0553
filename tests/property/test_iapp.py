"""iApp's codecs: decoders raise only declared reasons, the scale keeps the stated meaning."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipse.core.cards.card import Side
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Box
from ipse.protocols.iapp.auth import authenticate
from ipse.protocols.iapp.errors import ERRORS, FAMILY, FAMILY_AS_200, NEVER
from ipse.protocols.iapp.reading import CODES, family
from ipse.protocols.iapp.scale import POINTS, confidence, printed, reaches
from ipse.protocols.iapp.wire import Wording, decoder, encoder
from ipse.protocols.messages import Context, Head, Part, WireRequest
from ipse.service.access import BearerKey, Caller
from ipse.service.match_holder import FoundFace, MatchHolderCommand, MatchHolderOutcome
from ipse.service.match_holder import Part as Comparison
from ipse.service.ports import KeyRecord

Value = TypeVar("Value")

DECLARED = {Reason.FILE_TOO_LARGE, Reason.ARGUMENT_MISSING, Reason.FILES_MANY, Reason.FILE_MISSING, Reason.FILE_EMPTY}
CALLER = Caller(KeyRecord("k", "iapp", None))
parts = st.builds(
    Part,
    name=st.sampled_from(["file0", "file1", "file2", "file", "", "options"]),
    content=st.binary(max_size=4),
    filename=st.none() | st.sampled_from(["", "a.png", "\udcff"]),
)
exponents = st.floats(-30, 0)
rates = exponents.map(lambda exponent: 10.0**exponent)


def request(*given_parts: Part) -> WireRequest:
    """A request with these parts."""
    return WireRequest(Head("POST", "/face-verify-id2"), parts=given_parts)


def context() -> Context:
    """A call that took no time."""
    clock = SimpleNamespace(now=lambda: 0.0, monotonic=lambda: 0.0)
    return Context(bytes(16), 0.0, clock, 0.0, SimpleNamespace())


def value_or_refusal(call: Callable[[], Value]) -> Value | Refusal:
    """What a call gives, or its refusal; anything else that it raises fails the test."""
    try:
        return call()
    except Refusal as refusal:
        return refusal


@given(st.lists(parts, max_size=4), st.sampled_from(["auto", "selfie_first", "card_first"]))
def test_any_form_is_a_command_or_a_declared_refusal(form: list[Part], order: str) -> None:
    """Whatever the parts are, decoding gives two pictures or one of five refusals, each with words of its own."""
    decoded = value_or_refusal(lambda: decoder(Wording(file_order=order))(request(*form), CALLER))  # type: ignore[arg-type] # drawn from its values
    if isinstance(decoded, MatchHolderCommand):
        assert ["file0", "file1"] == [picture.name for picture in decoded.pictures]
        assert all(picture.content for picture in decoded.pictures)
    else:
        assert decoded.reason in DECLARED
        assert ERRORS[decoded.reason].source != NEVER


@given(st.none() | st.text(max_size=9), st.binary(max_size=20).filter(lambda query: b"%" not in query))
def test_any_head_has_a_key_or_none(header: str | None, query: bytes) -> None:
    """The header's key is taken as it is; without one it stands in the query or is missing."""
    headers = () if header is None else (("apikey", header),)
    taken = value_or_refusal(lambda: authenticate(WireRequest(Head("POST", "/", query, headers)), context()))
    if header:
        assert BearerKey(header) == taken
    else:
        assert isinstance(taken, BearerKey) or taken.reason is Reason.CREDENTIALS_MISSING


@given(st.sampled_from(Reason), st.none() | st.text(max_size=20))
def test_any_refusal_can_be_worded(reason: Reason, field: str | None) -> None:
    """Every reason with any field becomes an answer in every family, whatever stands in the field."""
    refusal = Refusal(reason, field)
    plain = json.loads(FAMILY.answer(refusal, context()).body)
    assert plain["message"] == plain["status_message"]
    assert ERRORS[reason].status == plain["status_code"]
    assert FAMILY_AS_200.answer(refusal, context()).status in {200, ERRORS[reason].status}
    row = CODES[reason]
    for side, number in zip(Side, row.numbers, strict=True):
        assert row.error.status == family(side, "page").answer(refusal, context()).status
        answer = family(side, "ocr").answer(refusal, context())
        assert (number if row.code else row.error.status) == answer.status
        assert bool(row.code) == ("error_message" in json.loads(answer.body))


@given(exponents, exponents, st.floats(-30, -9.001))
def test_the_scale_is_strictly_monotone_and_bounded(one: float, other: float, lowest: float) -> None:
    """A lower rate is a higher confidence, never below 0 nor above 100."""
    low, high = sorted((max(one, lowest), max(other, lowest)))
    first, second = confidence(10**low, 10**lowest), confidence(10**high, 10**lowest)
    assert 0 <= second <= first <= 100
    if high - low > 1e-6:
        assert second < first


@pytest.mark.parametrize("lowest", [1e-9, 1e-12, 1e-300, 1e-3, 0.0])
def test_the_scale_meets_its_stated_points(lowest: float) -> None:
    """30 is one stranger in 100, 40 in 1,000, 50 in 10,000, 60 in 100,000, however the curve ends; 0 is no evidence."""
    stated = {1e-2: 30.0, 1e-3: 40.0, 1e-4: 50.0, 1e-5: 60.0}
    assert stated == {rate: round(confidence(rate, lowest), 9) for rate in stated}
    assert 0 == confidence(1.0, lowest)
    assert [0.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0] == [value for _, value in POINTS]


@pytest.mark.parametrize("lowest", [1e-9, 1e-12, 1e-300])
def test_equal_templates_are_100(lowest: float) -> None:
    """The rate of two equal templates is the top of the scale."""
    assert 100 == confidence(lowest, lowest)


@given(st.sampled_from([30.0, 40.0, 50.0]), st.floats(1e-8, 1e-3))
def test_rounding_never_lifts_a_confidence_onto_the_threshold(threshold: float, below: float) -> None:
    """What lies below the threshold is printed below it and does not reach it; the threshold itself is printed."""
    assert printed(threshold, threshold) == threshold
    assert printed(threshold - below, threshold) < threshold
    assert (True, False) == (reaches(threshold, threshold), reaches(threshold - below, threshold))


@given(rates, rates)
def test_the_answer_is_the_mean_of_its_parts(selfie: float, idcard: float) -> None:
    """Keys are alphabetical, verdicts are text, the total is the mean and true only if both are."""
    face = FoundFace(Box(0, 0, 1, 1), "holder", 0.9, 0.1)
    both = [Comparison(0.5, rate, (rate, rate)) for rate in (selfie, idcard)]
    outcome = MatchHolderOutcome(both[0], both[1], face, face, None, (), 1e-30)
    told = json.loads(encoder(Wording())(outcome, context()).body)
    assert ["idcard", "selfie", "time_process", "total"] == list(told)
    values = [told[name]["confidence"] for name in ("idcard", "selfie")]
    assert printed(sum(values) / 2, Wording().threshold) == told["total"]["confidence"]
    verdicts = {told[name]["isSamePerson"] for name in ("idcard", "selfie")}
    assert ("true" if verdicts == {"true"} else "false") == told["total"]["isSamePerson"]
    assert all(len(repr(value).partition(".")[2]) <= 3 for value in (*values, told["total"]["confidence"]))


def test_the_mean_is_never_rounded_up_onto_the_threshold() -> None:
    """29.995 and 30.004 would round to 30: against that threshold they are 29.999 together, and not the same person."""
    face = FoundFace(Box(0, 0, 1, 1), "holder", 0.9, 0.1)
    below, above = (Comparison(0.5, rate, (rate, rate)) for rate in (10**-1.9995, 10**-2.0004))
    outcome = MatchHolderOutcome(below, above, face, face, None, (), 1e-30)
    told = json.loads(encoder(Wording(threshold=30.0))(outcome, context()).body)
    assert (29.995, 30.004) == (told["selfie"]["confidence"], told["idcard"]["confidence"])
    assert {"confidence": 29.999, "isSamePerson": "false"} == told["total"]
