"""Simulated masks and blends: the same for the same seed, another for another, and only where the face is."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
import pytest
from attacks import blend, masks
from attacks.outline import OUTLINE, filled, moved, outline, to_picture

from ipse.core.faces.align import TARGET_PX
from ipse.core.vocabulary import Floats, Pixels

Alone: TypeAlias = Callable[[Pixels, Floats, int], Pixels]
WithAnother: TypeAlias = Callable[[Pixels, Floats, Pixels, Floats, int], Pixels]

ALONE = (blend.self_blended, blend.remade, blend.checkered, blend.coded)
WITH_ANOTHER = (blend.swapped, blend.cloned, masks.paper_mask, masks.resin_mask, masks.held_mask, masks.hood)
POINTS = (np.array(TARGET_PX) * 1.2 + 50).astype(np.float32)
OTHER_POINTS = (np.array(TARGET_PX) * 1.5 + 20).astype(np.float32)


def opened(file: Path) -> Pixels:
    """Give a picture."""
    return np.asarray(cv2.imread(str(file)), np.uint8)[..., ::-1]


@pytest.fixture(scope="module")
def pixels(samples: Path) -> Pixels:
    """Give a part of a photograph; where its face lies does not matter here."""
    return opened(samples / "obama.jpg")[100:340, 250:480].copy()


@pytest.fixture(scope="module")
def other(samples: Path) -> Pixels:
    """Give a part of another photograph."""
    return opened(samples / "biden.jpg")[50:290, 200:440].copy()


@pytest.mark.parametrize("attack", ALONE)
def test_an_attack_on_one_face_follows_its_seed(attack: Alone, pixels: Pixels) -> None:
    """The same seed gives the same picture, another seed another; size and kind of pixels stay."""
    before = pixels.copy()
    once, again, differently = (attack(pixels, POINTS, seed) for seed in (1, 1, 2))
    assert (pixels.shape, pixels.dtype) == (once.shape, once.dtype)
    assert np.array_equal(once, again)
    assert not np.array_equal(once, differently)
    assert np.array_equal(before, pixels)


@pytest.mark.parametrize("attack", WITH_ANOTHER)
def test_an_attack_with_another_face_follows_its_seed(attack: WithAnother, pixels: Pixels, other: Pixels) -> None:
    """The same seed gives the same picture, another seed another; size and kind of pixels stay."""
    before = pixels.copy()
    once, again, differently = (attack(pixels, POINTS, other, OTHER_POINTS, seed) for seed in (1, 1, 2))
    assert (pixels.shape, pixels.dtype) == (once.shape, once.dtype)
    assert np.array_equal(once, again)
    assert not np.array_equal(once, differently)
    assert np.array_equal(before, pixels)


@pytest.mark.parametrize("attack", WITH_ANOTHER)
@pytest.mark.parametrize("seed", range(4))
def test_an_attack_stays_near_the_face(attack: WithAnother, seed: int, pixels: Pixels, other: Pixels) -> None:
    """Within the face much has changed; far from it nothing has."""
    made = attack(pixels, POINTS, other, OTHER_POINTS, seed)
    change = np.abs(made.astype(int) - pixels).mean(axis=2)
    middle = filled(pixels.shape, POINTS.astype(np.float64)) > 0.5
    assert change[middle].mean() > 2
    assert 0.0 == change[:12].max()


def test_the_outline_holds_the_five_points() -> None:
    """Eyes, nose and mouth lie inside every outline that keeps the forehead."""
    for seed in range(20):
        hull = cv2.convexHull(outline(POINTS, np.random.default_rng(seed), forehead=1.0).astype(np.float32))
        assert all(cv2.pointPolygonTest(hull, (float(x), float(y)), measureDist=False) > 0 for x, y in POINTS)


def test_points_of_the_square_come_back_to_the_picture() -> None:
    """The map to the picture puts the aligned face's points where the picture has them."""
    np.testing.assert_allclose(moved(TARGET_PX, to_picture(POINTS)), POINTS, atol=1e-3)
    assert len(OUTLINE) == len(outline(POINTS, np.random.default_rng(1)))
