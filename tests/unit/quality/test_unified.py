"""The unified score rises with what speaks for a match, stays on its scale, and needs no embedding."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipse.core.faces.quality import unified
from ipse.core.faces.quality.scale import Sigmoid
from ipse.core.faces.quality.unified import Features
from ipse.core.vocabulary import Measure

odds = st.floats(-5, 5)
decibels = st.floats(-40, 20)
sizes = st.floats(0, math.log(unified.ENOUGH_PX))
norms = st.floats(0, 30)
steps = st.floats(0.01, 3)


def measured(sharpness: float, eyes: float) -> dict[str, Measure]:
    """What the unified score reads of a face, its compression too small to see."""
    return {
        "sharpness": Measure(sharpness, 50.0),
        "inter_eye_distance": Measure(eyes, 50.0),
        "compression_artifacts": Measure(None, None, "not assessed: too small"),
        "dynamic_range": Measure(7.0, 50.0),
    }


@given(odds, decibels, sizes, norms, steps)
def test_a_longer_embedding_scores_more(
    confidence: float, sharpness: float, size: float, norm: float, step: float
) -> None:
    """The score never falls when only the norm grows."""
    low, high = (
        unified.score(Features(confidence, sharpness, size, 0.1, 7.0, length)) for length in (norm, norm + step)
    )
    assert low <= high


@given(odds, decibels, sizes, st.one_of(st.none(), norms), steps)
def test_a_surer_detector_and_a_sharper_face_score_more(
    confidence: float, sharpness: float, size: float, norm: float | None, step: float
) -> None:
    """The score never falls when only confidence or only sharpness grows, with or without an embedding."""
    score = unified.score(Features(confidence, sharpness, size, 0.1, 7.0, norm))
    assert score <= unified.score(Features(confidence + step, sharpness, size, 0.1, 7.0, norm))
    assert score <= unified.score(Features(confidence, sharpness + step, size, 0.1, 7.0, norm))


@given(st.floats(0, 1), st.floats(-60, 60), st.floats(0, 1e5), st.one_of(st.none(), st.floats(0, 1e3)))
def test_the_score_stays_on_its_scale(confidence: float, sharpness: float, eyes: float, norm: float | None) -> None:
    """0 to 100, whatever is measured."""
    assert 0 <= unified.score(unified.features(confidence, measured(sharpness, eyes), norm)) <= 100


def test_more_pixels_than_alignment_needs_say_nothing() -> None:
    """A face of 1000 px scores as one of 40 px."""
    scores = [unified.score(unified.features(0.93, measured(-5.0, eyes), 12.0)) for eyes in (40.0, 400.0)]
    assert scores[0] == scores[1]


def test_a_sigmoid_is_half_way_up_at_its_middle() -> None:
    """`x0` is the middle, `w` the width; a negative width falls."""
    assert pytest.approx(50) == Sigmoid(x0=3, w=2)(3)
    assert pytest.approx(100 / (1 + math.e)) == Sigmoid(x0=3, w=2)(1)
    assert pytest.approx(100 / (1 + math.e)) == Sigmoid(x0=3, w=-2)(5)


def test_a_sigmoid_is_cut_to_its_scale() -> None:
    """Height, offset and strength may overshoot; the answer does not."""
    assert Sigmoid(x0=0, w=1, h=200)(50) == 100
    assert Sigmoid(x0=0, w=1, h=100, a=-0.5)(-50) == 0
