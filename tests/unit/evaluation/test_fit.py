"""Fitting curves and their tails."""

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import genpareto

from ipse.core.scoring.calibration import Curve, Provenance
from ipse.core.vocabulary import Recipe
from ipse.evaluation.acquire import Gallery
from ipse.evaluation.bootstrap import draws
from ipse.evaluation.enough import Size, possible
from ipse.evaluation.fit import TooFewPairs, fit_curve
from ipse.evaluation.pairs import read_folders
from ipse.evaluation.scores import Scores, compare_all
from ipse.evaluation.tail import LARGEST_END, excess_counts, fit_tail

RECIPE = Recipe("balanced", "float32", "e", "d")
ORIGIN = Provenance("random", "nobody", "2026-11-21", 0, 0, 0, 0, "")


def strangers(people: int, seed: int = 0, dimensions: int = 32) -> Scores:
    """Random directions, two pictures a person: the share of pairs above a cosine is then known exactly."""
    vectors = np.random.default_rng(seed).normal(size=(2 * people, dimensions)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    gallery = Gallery(vectors, np.arange(2 * people, dtype=np.int32), (), RECIPE)
    return compare_all(gallery, (np.arange(2 * people) // 2).astype(np.int32))


def fitted(people: int, seed: int = 0) -> Curve:
    """The curve of random strangers."""
    scores = strangers(people, seed)
    return fit_curve(scores, tuple(draws(scores, 60)), RECIPE, ORIGIN)


def test_the_curve_is_what_was_counted() -> None:
    """At its 1e-3 a curve over 717,600 pairs lets one in a thousand of them pass, and likewise at 1e-4."""
    scores = strangers(600)
    curve = fit_curve(scores, tuple(draws(scores, 60)), RECIPE, ORIGIN)
    for fmr in (1e-1, 1e-2, 1e-3, 1e-4):
        assert pytest.approx(fmr, rel=0.02) == scores.impostors_above(curve.similarity_at(fmr)) / scores.impostors


def test_it_holds_on_strangers_it_never_saw() -> None:
    """On other random directions the stated 1e-3 comes out within a tenth."""
    other = strangers(600, seed=9)
    place = fitted(600).similarity_at(1e-3)
    assert pytest.approx(1e-3, rel=0.1) == other.impostors_above(place) / other.impostors


def test_what_is_extrapolated_starts_at_thirty_false_matches() -> None:
    """With 717,600 pairs counting ends at 30 of them, 4.2e-5: the next lower point that is read is 6.3e-5."""
    assert pytest.approx(6.31e-5) == fitted(600).extrapolated_below


def test_the_tail_is_careful() -> None:
    """Beyond the data the curve states more than the truth, which for random directions falls ever faster."""
    curve = fitted(600)
    truth = strangers(1_000, seed=5)
    assert truth.impostors_above(curve.similarity_at(1e-5)) / truth.impostors <= 1e-5
    assert truth.impostors_above(curve.similarity_at(1e-6)) <= 2


def test_intervals_hold_the_curve_and_widen_to_the_tail() -> None:
    """Every knot lies in its interval, and a millionth is less certain than a thousandth."""
    curve = fitted(300)
    assert all(knot.low <= knot.log10_fmr <= knot.high for knot in curve.knots)
    widths = [
        np.log10(high / low) for low, high in (curve.interval(curve.similarity_at(f)) for f in (1e-2, 1e-3, 1e-6))
    ]
    assert widths[0] < widths[1] < widths[2]


def test_the_same_pictures_give_the_same_curve() -> None:
    """Fitting draws from a fixed seed: twice is equal, bit for bit."""
    assert fitted(50) == fitted(50)


def test_every_small_set_reaches_the_rarest_threshold() -> None:
    """Even thirty people give a curve with a similarity for one in a million, as every dialect needs."""
    for seed in range(5):
        curve = fitted(30, seed)
        assert curve.similarity_at(1e-6) < 1
        assert curve.false_match_rate(1.0) <= LARGEST_END * 1.01


def test_too_few_pairs_are_refused() -> None:
    """Ten people have 180 impostor pairs: no curve comes of that."""
    with pytest.raises(TooFewPairs, match="180 impostor pairs"):
        fitted(10)


@pytest.mark.parametrize(
    ("size", "is_least", "is_ample"),
    [((10, 999), False, False), ((10, 1_000), True, False), ((99, 30_000), True, False), ((100, 30_000), True, True)],
)
def test_bounds_are_the_stated_ones(size: tuple[int, int], is_least: bool, is_ample: bool) -> None:  # noqa: FBT001  # cases
    """Ten people and 1,000 impostor pairs give a curve; 100 and 30,000 one that takes the shipped one's place."""
    assert (is_least, is_ample) == (Size(*size).is_least, Size(*size).is_ample)


def test_the_possible_size_is_counted_before_any_work(tmp_path: Path) -> None:
    """Three people with 2, 1 and 1 pictures: 6 pairs, one of them genuine."""
    for picture in ("a/1", "a/2", "b/1", "c/1"):
        (tmp_path / picture).parent.mkdir(exist_ok=True)
        (tmp_path / picture).touch()
    assert Size(3, 5) == possible(read_folders(tmp_path))


def test_few_people_with_many_pictures_are_refused() -> None:
    """Nine people with sixteen pictures each have 9,216 pairs, and still say little about strangers."""
    vectors = np.random.default_rng(0).normal(size=(144, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    gallery = Gallery(vectors, np.arange(144, dtype=np.int32), (), RECIPE)
    scores = compare_all(gallery, (np.arange(144) // 16).astype(np.int32))
    with pytest.raises(TooFewPairs, match="9 people"):
        fit_curve(scores, tuple(draws(scores, 5)), RECIPE, ORIGIN)


def test_one_picture_under_two_names_does_not_break_the_fit() -> None:
    """Identical templates of different people reach similarity 1; the curve still falls strictly to its end."""
    scores = strangers(50)
    double = scores.impostor.similarity.copy()
    double[:40] = 1.0
    object.__setattr__(scores.impostor, "similarity", double)
    curve = fit_curve(scores, tuple(draws(scores, 20)), RECIPE, ORIGIN)
    assert curve.false_match_rate(0.9999) > curve.false_match_rate(1.0)


def test_moments_find_the_law_that_made_the_excesses() -> None:
    """Excesses drawn by SciPy from a generalised Pareto law of shape 0.2 give shape and scale back."""
    excess = np.sort(genpareto.rvs(0.2, scale=0.05, size=20_000, random_state=np.random.default_rng(3)))[::-1]
    tail = fit_tail(np.append(excess, 0.0), np.ones(20_001), (20_000,), start=0.0, rate=1e-6)
    assert pytest.approx(0.2, abs=0.03) == tail.shape
    assert pytest.approx(0.05, rel=0.05) == tail.scale


def test_no_tail_is_lighter_than_exponential() -> None:
    """A law that ends at 0.2 is carried on to 1 as an exponential with its mean excess."""
    excess = np.sort(np.random.default_rng(4).uniform(0, 0.2, 5_000))[::-1]
    tail = fit_tail(np.append(excess, 0.0), np.ones(5_001), (5_000,), start=0.0, rate=1e-6)
    assert tail.shape == 0.0
    assert pytest.approx(0.1, rel=0.03) == tail.scale


def test_thresholds_follow_the_rule() -> None:
    """A thousandth of the pairs and its halves down to 250; small sets have one threshold, at a tenth at the lowest."""
    assert (4841, 2420, 1210, 605, 302) == excess_counts(4_841_220)
    assert (250,) == excess_counts(10_000)
    assert (100,) == excess_counts(1_000)
