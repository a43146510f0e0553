"""`ipse.Verifier`: the Python API as `names.md` fixes it, and what the engine says when it cannot be opened."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

import ipse
from ipse.core.scoring.calibration import Curve
from ipse.engine import EngineError, load_curve
from ipse.infra.settings import read_settings


@pytest.fixture(scope="module")
def verifier(weights: Path) -> ipse.Verifier:
    """One open verifier."""
    return ipse.Verifier(weights_dir=weights)


def pixels_of(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Upright RGB pixels of a picture without EXIF orientation."""
    decoded = cv2.imread(str(path))
    assert decoded is not None
    return np.asarray(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB), np.uint8)


def test_a_template_is_a_unit_vector_however_the_picture_is_given(verifier: ipse.Verifier, samples: Path) -> None:
    """Path, text path and all kinds of bytes give the same template; pixels one that is as good as the same."""
    path = samples / "obama.jpg"
    template = verifier.template(path)
    assert ("float32", (128,)) == (str(template.vector.dtype), template.vector.shape)
    assert np.linalg.norm(template.vector) == pytest.approx(1, abs=1e-6)
    content = path.read_bytes()
    for same in (str(path), content, bytearray(content), memoryview(content)):
        assert np.array_equal(template.vector, verifier.template(same).vector)
    assert verifier.compare(template, pixels_of(path)).similarity > 0.95


def test_two_people_look_less_alike_than_one(verifier: ipse.Verifier, samples: Path) -> None:
    """One person at 1e-4 or rarer, two people far from it; the rate is the curve's for that similarity."""
    same = verifier.compare(samples / "obama.jpg", samples / "obama2.jpg")
    different = verifier.compare(samples / "biden.jpg", samples / "obama.jpg")
    assert (same.false_match_rate < 1e-4, different.false_match_rate < 1e-3) == (True, False)
    assert same.false_match_rate == verifier.false_match_rate(same.similarity)


def test_the_subject_can_be_the_face_in_the_middle(verifier: ipse.Verifier, samples: Path) -> None:
    """With a large face beside a small one in the middle, `subject` decides which one is meant."""
    large, small = pixels_of(samples / "biden.jpg"), pixels_of(samples / "obama.jpg")
    side = 300
    canvas = np.full((2 * side, 5 * side, 3), 128, np.uint8)
    canvas[:, : 2 * side] = cv2.resize(large[: large.shape[1]], (2 * side, 2 * side))
    canvas[side // 2 : side // 2 + side, 2 * side : 3 * side] = cv2.resize(small[: small.shape[1]], (side, side))
    biden, obama = verifier.template(samples / "biden.jpg"), verifier.template(samples / "obama.jpg")
    largest, centre = verifier.template(canvas), verifier.template(canvas, subject="centre")
    assert verifier.compare(largest, biden).similarity > verifier.compare(largest, obama).similarity
    assert verifier.compare(centre, obama).similarity > verifier.compare(centre, biden).similarity


def test_refusals_carry_a_reason_and_say_which_picture(verifier: ipse.Verifier, samples: Path) -> None:
    """No face and no picture are refused with their reasons; `compare` names the argument."""
    grey = np.full((300, 300, 3), 128, np.uint8)
    with pytest.raises(ipse.Refusal) as refused:
        verifier.template(grey)
    assert (ipse.Reason.FACE_MISSING, None) == (refused.value.reason, refused.value.field)
    with pytest.raises(ipse.Refusal) as refused:
        verifier.compare(samples / "obama.jpg", b"no picture")
    assert (ipse.Reason.IMAGE_UNRECOGNISED, "b") == (refused.value.reason, refused.value.field)


def test_grey_pixels_are_a_picture(verifier: ipse.Verifier, samples: Path) -> None:
    """(H, W) and (H, W, 1) mean the same, and the face is still the person's."""
    grey = pixels_of(samples / "obama.jpg").mean(axis=2).astype(np.uint8)
    flat, deep = verifier.template(grey), verifier.template(grey[..., np.newaxis])
    assert np.array_equal(flat.vector, deep.vector)
    assert verifier.compare(flat, samples / "obama2.jpg").false_match_rate < 1e-4


@pytest.mark.parametrize("picture", [None, 7, ["obama.jpg"], np.zeros((300, 300, 3), np.float32)])
def test_what_no_picture_can_be_is_a_mistake(verifier: ipse.Verifier, picture: Any) -> None:
    """Another type, or pixels that are not uint8, is a TypeError in words."""
    with pytest.raises(TypeError, match="uint8"):
        verifier.template(picture)


@pytest.mark.parametrize("shape", [(300,), (300, 300, 4), (3, 300, 300), (0, 0, 3), (0, 300), (300, 0, 1)])
def test_pixels_of_another_shape_are_a_mistake(verifier: ipse.Verifier, shape: tuple[int, ...]) -> None:
    """RGBA, channels-first, flat and empty arrays are refused in words."""
    with pytest.raises(ValueError, match=r"\(H, W, 3\) uint8 RGB"):
        verifier.template(np.zeros(shape, np.uint8))


def test_templates_of_two_recipes_are_never_compared(verifier: ipse.Verifier, weights: Path, samples: Path) -> None:
    """A template of the profile `fast` is no match for one of `balanced`, and says so."""
    fast = ipse.Verifier(weights_dir=weights, profile="fast").template(samples / "obama.jpg")
    with pytest.raises(ValueError, match="recipe"):
        verifier.compare(samples / "obama.jpg", fast)


def test_missing_weights_say_how_to_fetch_them(tmp_path: Path) -> None:
    """Nothing is downloaded behind anybody's back."""
    with pytest.raises(EngineError, match="ipse models fetch"):
        ipse.Verifier(weights_dir=tmp_path / "none")


def test_the_users_own_curve_wins_and_a_foreign_one_is_not_taken(verifier: ipse.Verifier, tmp_path: Path) -> None:
    """A curve in `curve_dir` is used when it was fitted with these weights; with others the error names both."""
    recipe = verifier.engine.examiner.recipe
    settings = read_settings(curve_dir=tmp_path)
    shipped = load_curve(settings, recipe)
    write(shipped, tmp_path / "own.toml", dataset="our own people", embedder=recipe.embedder)
    assert "our own people" == load_curve(settings, recipe).provenance.dataset
    write(shipped, tmp_path / "own.toml", dataset="our own people", embedder="0" * 64)
    assert shipped == load_curve(settings, recipe)
    (tmp_path / "broken.toml").write_text("knots = 7")
    with pytest.raises(EngineError, match=r"broken\.toml is no curve"):
        load_curve(settings, recipe)


def write(curve: Curve, path: Path, *, dataset: str, embedder: str) -> None:
    """A curve as TOML, with another origin."""
    table = curve.to_mapping()
    table["provenance"]["dataset"] = dataset
    table["recipe"]["embedder"] = embedder
    plain = {name: value for name, value in table.items() if not isinstance(value, dict)}
    lines = [f"{name} = {value!r}" for name, value in plain.items()]
    for section in ("recipe", "provenance"):
        lines += [f"[{section}]", *(f"{name} = {value!r}" for name, value in table[section].items())]
    path.write_text("\n".join(lines))
