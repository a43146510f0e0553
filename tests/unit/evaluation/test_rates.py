"""Rates on arrays that are small enough to count by hand."""

from dataclasses import replace

import numpy as np
import pytest

from ipse.core.vocabulary import Recipe
from ipse.evaluation.acquire import Gallery
from ipse.evaluation.bootstrap import Draw, draws
from ipse.evaluation.rates import at_rates, at_threshold, clopper_pearson, det, support, threshold_at
from ipse.evaluation.scores import BINS, EDGES, Pairs, Scores, compare_all

RECIPE = Recipe("balanced", "float32", "e", "d")


def pairs(similarities: list[float], first: list[int], second: list[int]) -> Pairs:
    """Pairs from plain lists."""
    return Pairs(np.array(similarities, np.float32), np.array(first, np.int32), np.array(second, np.int32))


def ten() -> Scores:
    """Two genuine pairs at 0.9 and 0.5; ten impostor pairs from 0.0 to 0.8, 0.6 twice, among people 0 to 4."""
    falling = [0.8, 0.7, 0.6, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0]
    places = [(one, two) for one in range(5) for two in range(one + 1, 5)]
    impostor = pairs(falling, [one for one, _ in places], [two for _, two in places])
    people = np.array([0, 1, 2, 3, 4, 0, 1], np.int32)
    histogram = np.histogram(impostor.similarity, EDGES)[0]
    nothing = np.empty((0, 2), np.int32)
    genuine = pairs([0.9, 0.5], [0, 1], [5, 6])
    return Scores(genuine, impostor, 10, histogram, people, np.arange(7, dtype=np.int32), nothing, listed=True)


def test_the_threshold_lets_at_most_that_share_pass() -> None:
    """At FMR 0.1 one of ten may pass: the threshold lies just above the second highest."""
    threshold = threshold_at(ten(), 0.1)
    assert np.nextafter(np.float32(0.7), np.float32(2)) == np.float32(threshold)
    assert ten().impostors_above(threshold) == 1


def test_ties_never_let_more_pass() -> None:
    """At FMR 0.3 three may pass, but the third and fourth are equal: only two do."""
    assert ten().impostors_above(threshold_at(ten(), 0.3)) == 2


def test_true_accept_rates_are_counted() -> None:
    """At FMR 0.1 (threshold 0.7) one of two genuine pairs passes; at FMR 0.6 (0.3) both."""
    drawn = tuple(draws(ten(), 50))
    values = [point.tar.value if point.tar else None for point in at_rates(ten(), drawn, (0.6, 0.1))]
    assert [1.0, 0.5] == values


def test_a_rate_rarer_than_one_impostor_pair_allows_none() -> None:
    """At 0.01 of ten pairs the threshold is just above the highest impostor; one of two genuine pairs passes there."""
    (point,) = at_rates(ten(), tuple(draws(ten(), 50)), (0.01,))
    assert (float(np.nextafter(np.float32(0.8), np.float32(2))), "none") == (point.threshold, point.support)
    assert point.tar is not None
    assert (1, 2, 0.5) == (point.tar.count, point.tar.trials, point.tar.value)
    assert point.tar.low == 0.0
    assert point.tar.high == 1.0


def test_without_impostors_there_is_no_threshold() -> None:
    """No impostor pair, no false match rate: nothing is made up."""
    held = ten()
    alone = replace(held, impostor=pairs([], [], []), impostors=0)
    (point,) = at_rates(alone, tuple(draws(alone, 5)), (0.01,))
    assert (None, None) == (point.threshold, point.tar)


def test_rates_at_a_fixed_threshold_are_counted() -> None:
    """At 0.6 four of ten impostors match and one of two genuine pairs does not; the threshold itself matches."""
    fixed = at_threshold(ten(), tuple(draws(ten(), 50)), float(np.float32(0.6)))
    assert fixed.fmr is not None
    assert fixed.fnmr is not None
    assert (4, 10, 0.4) == (fixed.fmr.count, fixed.fmr.trials, fixed.fmr.value)
    assert (1, 2, 0.5) == (fixed.fnmr.count, fixed.fnmr.trials, fixed.fnmr.value)


def test_nothing_counted_gives_the_rule_of_three() -> None:
    """No error among 300 shows a rate below 1 %: 3/300, exactly 1 - 0.05^(1/300)."""
    low, high = clopper_pearson(0, 300)
    assert low == 0.0
    assert pytest.approx(1 - 0.05 ** (1 / 300)) == high
    assert pytest.approx(3 / 300, rel=0.01) == high


def test_the_exact_interval_is_the_published_one() -> None:
    """10 of 100: 4.90 % to 17.62 % (the table in every textbook)."""
    assert pytest.approx((0.0490, 0.1762), abs=5e-5) == clopper_pearson(10, 100)


def test_what_the_data_hold_up_is_marked() -> None:
    """A million impostor pairs hold up 1e-4, hint at 1e-5 and say nothing of 1e-6."""
    assert ["supported", "few", "none"] == [support(fmr, 1_000_000) for fmr in (1e-4, 1e-5, 1e-6)]


def test_the_det_ends_where_every_pair_matches() -> None:
    """The first point accepts all impostors and misses nobody, the last lets one impostor pass."""
    false, missed = det(ten(), 10)
    assert (1.0, 0.0) == (false[0], missed[0])
    assert (0.1, 0.5) == (false[-1], missed[-1])


def test_a_draw_weighs_pairs_by_their_people() -> None:
    """With person 0 drawn twice, a pair of persons 0 and 1 counts twice."""
    for draw in draws(ten(), 5):
        one, two = ten().impostor.first, ten().impostor.second
        assert np.cumsum(draw.weights[one] * draw.weights[two]).tolist() == draw.impostor.tolist()
        assert draw.impostors == draw.impostor[-1]


def test_the_same_seed_gives_the_same_draws() -> None:
    """Intervals are reproducible, and another seed gives others."""

    def weights(drawn: tuple[Draw, ...]) -> list[list[float]]:
        return [draw.weights.tolist() for draw in drawn]

    assert weights(tuple(draws(ten(), 3))) == weights(tuple(draws(ten(), 3)))
    assert weights(tuple(draws(ten(), 3))) != weights(tuple(draws(ten(), 3, seed=1)))


def test_intervals_hold_the_value_and_are_wider_with_fewer_people() -> None:
    """Ten people give a wider interval of the same rate than a hundred."""

    def width(people: int) -> float:
        vectors = np.random.default_rng(1).normal(size=(2 * people, 16)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        gallery = Gallery(vectors, np.arange(2 * people, dtype=np.int32), (), RECIPE)
        scores = compare_all(gallery, (np.arange(2 * people) // 2).astype(np.int32))
        rate = at_threshold(scores, tuple(draws(scores, 200)), 0.2).fmr
        assert rate is not None
        assert rate.low <= rate.value <= rate.high
        return rate.high - rate.low

    assert width(10) > 2 * width(100)


def test_the_weight_of_all_pairs_needs_no_list_of_them() -> None:
    """Of everybody against everybody, the weight of all impostor pairs is what adding them up one by one gives."""
    rng = np.random.default_rng(2)
    vectors = rng.normal(size=(30, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    people = rng.integers(0, 9, 30).astype(np.int32)
    scores = compare_all(Gallery(vectors, np.arange(30, dtype=np.int32), (), RECIPE), people)
    for draw in draws(scores, 5):
        assert pytest.approx(draw.impostor[-1]) == draw.impostors
    assert scores.histogram.shape == (BINS,)
