"""A folder from which others serve our networks: the very files, under names that carry their digests."""

import json
from pathlib import Path

import pytest

from ipse.models.integrity import digest_of
from ipse.models.manifest import Manifest
from ipse.models.open_inference import served_name
from ipse.models.repository import export_repository
from ipse.models.trouble import NotFetchedError

MANIFEST = Manifest.load()
YUNET, EYES, READER = MANIFEST.weight("yunet"), MANIFEST.network("eyes"), MANIFEST.network("read-text")


@pytest.fixture(scope="module")
def folder(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three networks: of free sides, of one size, of strips."""
    made = tmp_path_factory.mktemp("repository")
    names = export_repository(made, (YUNET, EYES, READER), weights)
    assert names == tuple(served_name(weight) for weight in (YUNET, EYES, READER))
    return made


def test_the_files_are_those_that_are_opened_here(folder: Path) -> None:
    """Folded where the manifest says so, and intact."""
    for weight in (YUNET, EYES, READER):
        assert weight.opened.digest == digest_of(folder / served_name(weight) / "1" / "model.onnx")


@pytest.mark.parametrize(
    ("name", "goes_in", "comes_out"),
    [
        ("yunet", "[ 1, 3, -1, -1 ]", "[ 1, -1, 10 ]"),
        ("eyes", "[ 1, 1, 24, 24 ]", "dims: [ 1, "),
        ("reader", "[ 1, 3, 48, -1 ]", "[ 1, -1, "),
    ],
)
def test_triton_is_told_shapes_and_digest(folder: Path, name: str, goes_in: str, comes_out: str) -> None:
    """Free sides are -1, all others stand there; the digest is a parameter."""
    weight = {"yunet": YUNET, "eyes": EYES, "reader": READER}[name]
    said = (folder / served_name(weight) / "config.pbtxt").read_text(encoding="utf-8")
    assert goes_in in said
    assert comes_out in said
    assert f'string_value: "{weight.opened.digest}"' in said
    assert f'name: "{served_name(weight)}"' in said


def test_the_other_two_are_told_where_things_are(folder: Path) -> None:
    """OpenVINO Model Server lists every network by a relative path; MLServer finds its runtime beside each."""
    listed = json.loads((folder / "config.json").read_text(encoding="utf-8"))["model_config_list"]
    assert [one["config"]["base_path"] for one in listed] == [served_name(one) for one in (YUNET, EYES, READER)]
    for one in listed:
        place = folder / one["config"]["base_path"]
        settings = json.loads((place / "model-settings.json").read_text(encoding="utf-8"))
        assert (place.name, "ipse_onnx.OnnxNetwork") == (settings["name"], settings["implementation"])
        assert "class OnnxNetwork" in (place / "ipse_onnx.py").read_text(encoding="utf-8")


def test_a_weight_that_is_not_here_is_named(tmp_path: Path) -> None:
    """Nothing is downloaded on the way."""
    with pytest.raises(NotFetchedError, match="the weights fr-eye are not at"):
        export_repository(tmp_path / "out", (EYES,), tmp_path)
