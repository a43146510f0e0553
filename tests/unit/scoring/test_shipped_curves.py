"""The curves that come with Ipse."""

import tomllib
from importlib import resources

import numpy as np
import pytest

from ipse.core.scoring.calibration import Curve, curve_from_mapping
from ipse.models.manifest import Manifest

FOLDER = resources.files("ipse.core.scoring").joinpath("curves")
NAMES = [f"{profile}-{precision}" for profile in ("balanced", "fast") for precision in ("bfloat16", "float32")]


def shipped(name: str) -> Curve:
    """A curve from its file."""
    return curve_from_mapping(tomllib.loads(FOLDER.joinpath(f"{name}.toml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", NAMES)
def test_every_profile_and_precision_has_a_curve_of_the_default_weights(name: str) -> None:
    """The file's name says what it is for, and its digests are the manifest's."""
    recipe = shipped(name).recipe
    digests = {weight.role: weight.digest for weight in Manifest.load().defaults}
    assert name == f"{recipe.profile}-{recipe.precision}"
    assert (digests["embed"], digests["detect"]) == (recipe.embedder, recipe.detector)


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_it_was_fitted_on(name: str) -> None:
    """Dataset, population and counts are there: millions of pairs, over a thousand people, the list of exclusions."""
    origin = shipped(name).provenance
    assert "Labeled Faces in the Wild" in origin.dataset
    assert "Western" in origin.population
    assert origin.people > 1_000
    assert origin.impostor_pairs > 4_000_000
    assert "exclusions.csv" in origin.exclusions


@pytest.mark.parametrize("name", NAMES)
def test_it_falls_strictly_from_minus_one_to_one(name: str) -> None:
    """Over 100,000 steps and, beside 1,000 of them, at a distance of 1e-9, more alike is rarer."""
    curve = shipped(name)
    rates = np.array([curve.false_match_rate(place) for place in np.linspace(-1, 1, 100_001)])
    assert (np.diff(rates) < 0).all()
    for place in np.linspace(-1, 1 - 1e-9, 1_001):
        assert curve.false_match_rate(place) > curve.false_match_rate(place + 1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_its_thresholds_are_in_order_and_the_rare_ones_marked(name: str) -> None:
    """1e-3 to 1e-5 were measured, 1e-6 is marked as extrapolated; each is reached well below similarity 1."""
    curve = shipped(name)
    places = [curve.similarity_at(fmr) for fmr in (1e-3, 1e-4, 1e-5, 1e-6)]
    assert places == sorted(places)
    assert 0.3 < places[0] < places[-1] < 0.7
    assert [False, False, True] == [curve.is_extrapolated(fmr) for fmr in (1e-4, 1e-5, 1e-6)]


@pytest.mark.parametrize("name", NAMES)
def test_its_intervals_fall_with_it(name: str) -> None:
    """Both ends of the interval fall along the knots, and equal pictures are rarer than one in a hundred million."""
    curve = shipped(name)
    for ends in ([knot.low for knot in curve.knots], [knot.high for knot in curve.knots]):
        assert ends == sorted(ends, reverse=True)
    assert curve.false_match_rate(1.0) <= 1e-8
