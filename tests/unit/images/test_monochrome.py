"""Whether a picture is grey."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from ipse.core.images import Limits, decode
from ipse.core.images.monochrome import ENOUGH_PX, MONOCHROME_BELOW, colour, is_monochrome
from ipse.core.vocabulary import Pixels


@pytest.fixture(scope="module", params=["obama.jpg", "biden.jpg"])
def portrait(request: pytest.FixtureRequest, samples: Path) -> Pixels:
    """A portrait in colour."""
    return decode((samples / request.param).read_bytes(), Limits()).pixels


def grey(pixels: Pixels) -> Pixels:
    """A picture without its colours."""
    return np.repeat(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)[..., None], 3, axis=2)


def test_a_portrait_in_colour_is_not_grey(portrait: Pixels) -> None:
    """With room to spare."""
    assert colour(portrait) > 2 * MONOCHROME_BELOW
    assert not is_monochrome(portrait)


def test_a_grey_picture_has_no_colour_at_all(portrait: Pixels) -> None:
    """Exactly none."""
    assert 0 == colour(grey(portrait))


def test_a_tinted_grey_picture_is_grey(portrait: Pixels) -> None:
    """Sepia: brown in the shadows, yellow in the lights."""
    sepia = np.array([[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]])
    toned = np.clip(grey(portrait) @ sepia.T, 0, 255).astype(np.uint8)
    assert is_monochrome(toned)


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1), (3, 2), (ENOUGH_PX, ENOUGH_PX)])
def test_any_size_will_do(size: tuple[int, int]) -> None:
    """One colour, however large, is one tint."""
    assert 0 == pytest.approx(colour(np.full((*size, 3), (200, 30, 90), np.uint8)))


def test_the_size_does_not_matter(portrait: Pixels) -> None:
    """A reduced picture measures nearly the same, so that a JPEG may be decoded at a fraction."""
    half = np.asarray(cv2.resize(portrait, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    assert colour(portrait) == pytest.approx(colour(half), rel=0.02)
