"""The curve from similarity to false match rate."""

import math
import tomllib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipse.core.scoring.calibration import Curve, CurveMismatch, Knot, Provenance, curve_from_mapping, select
from ipse.core.vocabulary import Recipe
from ipse.evaluation.curve_file import curve_text

RECIPE = Recipe("balanced", "float32", "e" * 64, "d" * 64)
ORIGIN = Provenance('a "set"', "people\nin words", "2026-11-21", 10, 20, 10, 180, "")
KNOTS = (Knot(-1, 0, 0, 0), Knot(0.25, -1, -1.5, -0.5), Knot(0.5, -4, -4.5, -3.75), Knot(1, -12, -15, -9))


def curve(recipe: Recipe = RECIPE, knots: tuple[Knot, ...] = KNOTS) -> Curve:
    """A small curve with round numbers."""
    return Curve(recipe, knots, 1e-5, ORIGIN)


@st.composite
def curves(draw: st.DrawFn) -> Curve:
    """Any curve: rising similarities at least 1e-3 apart, rates that fall at least as much as a curve must."""
    inner = sorted(draw(st.sets(st.integers(-999, 999), max_size=12)))
    places = [-1.0, *(place / 1000 for place in inner), 1.0]
    falls = draw(st.lists(st.floats(1e-4, 3), min_size=len(places) - 1, max_size=len(places) - 1))
    rates = [0.0]
    for fall in falls:
        rates.append(rates[-1] - fall)
    return curve(knots=tuple(Knot(place, rate, rate - 1, rate) for place, rate in zip(places, rates, strict=True)))


def test_it_is_exact_at_knots() -> None:
    """At a knot the curve gives that knot's rate and interval."""
    assert [1.0, 0.1, 1e-4, 1e-12] == [curve().false_match_rate(knot.similarity) for knot in KNOTS]
    assert (10**-4.5, 10**-3.75) == curve().interval(0.5)


def test_between_knots_it_is_linear_in_the_logarithm() -> None:
    """Half way between the knots at 1e-1 and 1e-4 the rate is 10^-2.5."""
    assert pytest.approx(10**-2.5) == curve().false_match_rate(0.375)


def test_a_cosine_beyond_its_range_counts_as_the_end() -> None:
    """Rounding can carry a cosine past 1; it is worth what 1 is worth."""
    assert curve().false_match_rate(1.0) == curve().false_match_rate(1.0000001)
    assert curve().false_match_rate(-1.0) == curve().false_match_rate(-1.0000001)


@given(any_curve=curves(), left=st.floats(-1, 1), step=st.floats(1e-9, 1))
def test_more_alike_is_always_rarer(any_curve: Curve, left: float, step: float) -> None:
    """Two similarities that differ by 1e-9 or more have different rates, in the right order."""
    right = min(left + step, 1.0)
    if right - left >= 1e-9:
        assert any_curve.false_match_rate(left) > any_curve.false_match_rate(right)


@given(any_curve=curves(), place=st.floats(-1, 1))
def test_rate_and_similarity_are_inverse(any_curve: Curve, place: float) -> None:
    """The similarity at the rate of a similarity is that similarity, to what float64 holds near 1."""
    again = any_curve.similarity_at(any_curve.false_match_rate(place))
    assert pytest.approx(any_curve.false_match_rate(place), rel=1e-9) == any_curve.false_match_rate(again)


@given(any_curve=curves(), place=st.floats(-1, 1))
def test_the_interval_holds_the_rate(any_curve: Curve, place: float) -> None:
    """Everywhere low <= rate <= high."""
    low, high = any_curve.interval(place)
    rate = any_curve.false_match_rate(place)
    assert low <= rate * (1 + 1e-12)
    assert rate <= high * (1 + 1e-12)


def test_it_survives_its_file() -> None:
    """Written as TOML and parsed, it is the same curve, awkward words included."""
    assert curve() == curve_from_mapping(tomllib.loads(curve_text(curve())))


def test_what_lies_below_the_data_is_marked() -> None:
    """Only rates below what the data could show are extrapolated."""
    assert curve().is_extrapolated(0.99e-5)
    assert not curve().is_extrapolated(1e-5)


def test_rates_that_no_similarity_reaches_are_refused() -> None:
    """Asking for a rate beyond the curve's end is an error, not a silent 1."""
    with pytest.raises(ValueError, match=r"from 1e-12\.0"):
        curve().similarity_at(1e-13)
    with pytest.raises(ValueError, match="not nan"):
        curve().similarity_at(math.nan)
    with pytest.raises(ValueError, match="number"):
        curve().false_match_rate(math.nan)


@pytest.mark.parametrize(
    "knots",
    [
        KNOTS[:1],
        KNOTS[1:],
        KNOTS[:-1],
        (KNOTS[0], Knot(0.2, -1, -2, 0), Knot(0.3, -1, -2, 0), KNOTS[-1]),
        (KNOTS[0], Knot(0.2, -1, -0.9, 0), KNOTS[-1]),
        (KNOTS[0], Knot(0.2, -1, -2, math.nan), KNOTS[-1]),
        (KNOTS[0], KNOTS[2], KNOTS[1], KNOTS[-1]),
    ],
)
def test_knots_that_make_no_curve_are_refused(knots: tuple[Knot, ...]) -> None:
    """Missing ends, flat or rising stretches, intervals that miss their rate: none of it is a curve."""
    with pytest.raises(ValueError, match=r"curve|knot"):
        curve(knots=knots)


def test_a_mapping_that_is_no_curve_says_so() -> None:
    """Wrong format number, missing tables and unknown words are a `ValueError`, never a `KeyError`."""
    good = curve().to_mapping()
    for bad in (
        {**good, "format": 2},
        {name: value for name, value in good.items() if name != "recipe"},
        {**good, "recipe": {**good["recipe"], "profile": "slow"}},
        {**good, "knots": [[1, 2, 3]]},
    ):
        with pytest.raises(ValueError, match=r"curve|none of"):
            curve_from_mapping(bad)


def test_only_the_same_weights_will_do() -> None:
    """A curve of other weights or another precision is refused, and the message names both digests."""
    other = Recipe("balanced", "float32", "f" * 64, "d" * 64)
    with pytest.raises(CurveMismatch) as raised:
        select([curve(other)], RECIPE)
    assert RECIPE.embedder in str(raised.value)
    assert other.embedder in str(raised.value)
    with pytest.raises(CurveMismatch, match="bfloat16"):
        select([curve()], Recipe("balanced", "bfloat16", RECIPE.embedder, RECIPE.detector))
    with pytest.raises(CurveMismatch, match="none at all"):
        select([], RECIPE)


def test_the_first_of_two_curves_wins() -> None:
    """The user's own curve, put first, is taken before the shipped one."""
    own = curve(knots=(KNOTS[0], KNOTS[-1]))
    assert own == select([own, curve()], RECIPE)


def test_intervals_of_neighbouring_knots_never_rise() -> None:
    """The ends of the small curve fall as the curve does: what the fitted ones are checked against."""
    assert all(left.low >= right.low and left.high >= right.high for left, right in pairwise(KNOTS))
