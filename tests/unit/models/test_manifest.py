"""The manifest says what it must, and refuses what it must not say."""

import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from ipse.models.manifest import FixedSides, FreeSides, Manifest, Samples
from ipse.models.page import describe_models

ROOT = Path(__file__).parents[3]


def table() -> dict[str, Any]:
    """The manifest as it is written."""
    return tomllib.loads(resources.files("ipse.models").joinpath("manifest.toml").read_text(encoding="utf-8"))


def test_the_default_weights_detect_and_embed() -> None:
    """One default weight finds faces and one makes templates; both come from one archive."""
    manifest = Manifest.load()
    detector, embedder = manifest.network("detect"), manifest.network("embed")
    assert detector.sources[0].archive_digest == embedder.sources[0].archive_digest  # type: ignore[union-attr]  # Packages.


def test_every_default_weight_may_be_used_commercially() -> None:
    """A default that forbids commercial use is refused when the manifest is read."""
    broken = table()
    broken["weight"][0]["commercial"] = False
    with pytest.raises(ValidationError, match="must allow commercial use"):
        Manifest.model_validate(broken)


def test_two_weights_of_one_name_are_refused() -> None:
    """Names are unique."""
    broken = table()
    broken["weight"][1]["name"] = broken["weight"][0]["name"]
    with pytest.raises(ValidationError, match="the same name"):
        Manifest.model_validate(broken)


@pytest.mark.parametrize(
    ("key", "value"),
    [("digest", "abc"), ("bytes", 0), ("file", "../escape.onnx"), ("colour", "RGB"), ("source", [])],
)
def test_a_wrong_or_unknown_value_is_refused(key: str, value: object) -> None:
    """A short digest, an empty file, a path for a name, an unknown key and no source at all stop the start."""
    broken = table()
    broken["weight"][0][key] = value
    with pytest.raises(ValidationError):
        Manifest.model_validate(broken)


def test_an_unknown_weight_is_a_key_error() -> None:
    """Asking for a weight that the manifest lacks names it."""
    with pytest.raises(KeyError, match="arcface"):
        Manifest.load().weight("arcface")


def test_the_samples_show_one_person_several_times_and_another() -> None:
    """The demo needs the same person twice and somebody else."""
    people = [picture.person for picture in Samples.load().pictures]
    assert people.count("Barack Obama") >= 2
    assert "Joe Biden" in people


def test_free_sides_are_multiples_within_reach() -> None:
    """A side of zero, between two multiples or beyond the longest is not allowed."""
    sides = FreeSides(multiple_of=32, at_most=1280, compiled_at_most=4)
    allowed = [(height, width) for height in (0, 32, 48, 1280, 1312) for width in (32,) if sides.allows(height, width)]
    assert [(32, 32), (1280, 32)] == allowed


def test_fixed_sides_are_one_size() -> None:
    """Height and width are not exchanged."""
    assert [True, False] == [FixedSides(height=112, width=96).allows(*sides) for sides in ((112, 96), (96, 112))]


def test_an_input_shape_tells_its_sides() -> None:
    """Both layouts give height and width; another shape is refused."""
    detector, mobile = Manifest.load().weight("yunet").input, Manifest.load().weight("mobilefacenet").input
    assert (320, 416) == detector.sides_of((1, 3, 320, 416))
    assert (112, 112) == mobile.sides_of((2, 112, 112, 3))
    for shape in ((1, 3, 320, 400), (2, 3, 320, 416), (1, 1, 320, 416), (3, 320, 416)):
        with pytest.raises(ValueError, match=r"shape|values"):
            detector.sides_of(shape)


def test_the_page_is_fresh() -> None:
    """`docs/models.md` is what the manifest gives; `make docs` writes it anew."""
    expected = describe_models(Manifest.load(), Samples.load())
    assert expected == (ROOT / "docs" / "models.md").read_text(encoding="utf-8")
