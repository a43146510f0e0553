"""`ipse models` as a person types it."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ipse.cli.models import app
from ipse.infra.trouble import SetupError
from ipse.models.manifest import Manifest, Samples

RUNNER = CliRunner()


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A weights folder that is not there yet."""
    folder = tmp_path / "cache" / "weights"
    monkeypatch.setenv("IPSE_WEIGHTS_DIR", str(folder))
    return folder


@pytest.fixture
def filled(empty: Path, weights: Path, samples: Path) -> Path:
    """A weights folder with the default weights as fetched, and the samples in it."""
    empty.mkdir(parents=True)
    for weight in Manifest.load().defaults:
        shutil.copy(weights / weight.file, empty)
    shutil.copytree(samples, empty / "samples")
    return empty


def test_list_tells_digest_size_licences_and_state(filled: Path) -> None:
    """The JSON of the list has a row per weight with both licences and whether it is here."""
    outcome = RUNNER.invoke(app, ["list", "--json"])
    told = json.loads(outcome.stdout)
    assert str(filled) == told["folder"]
    assert {weight.name: "missing" for weight in Manifest.load().weights if not weight.default} == {
        row["name"]: row["state"] for row in told["weights"] if row["state"] != "cached"
    }
    for row, weight in zip(told["weights"], Manifest.load().weights, strict=True):
        assert (weight.digest, weight.bytes) == (row["sha256"], row["bytes"])
        assert weight.code_license.name == row["code_license"]["name"]
        assert weight.weights_license.page == row["weights_license"]["page"]


def test_list_is_a_table_for_people(filled: Path) -> None:
    """Each weight stands in it with the beginning of its digest."""
    assert filled.is_dir()
    outcome = RUNNER.invoke(app, ["list"])
    for weight in Manifest.load().weights:
        assert weight.name in outcome.stdout
        assert weight.digest[:12] in outcome.stdout


def test_fetch_with_everything_here_only_folds(filled: Path) -> None:
    """Nothing is asked for; the folded files are made, so that the start need not."""
    outcome = RUNNER.invoke(app, ["fetch", "--json"])
    assert 0 == outcome.exit_code
    told = json.loads(outcome.stdout)
    assert [str(filled / weight.opened.file) for weight in Manifest.load().defaults] == told["weights"]
    assert len(Samples.load().pictures) == len(told["samples"])
    assert all(Path(path).is_file() for path in told["weights"])


def test_fetch_of_an_unknown_weight_is_wrong_usage(empty: Path) -> None:
    """The message names the weights that there are."""
    outcome = RUNNER.invoke(app, ["fetch", "arcface"])
    assert 2 == outcome.exit_code  # Typer's own; `ipse` turns it into 64.
    assert "mobilefacenet" in outcome.output
    assert not empty.exists()


def test_verify_is_content_with_the_defaults(filled: Path) -> None:
    """A weight that is off by default may be missing."""
    assert filled.is_dir()
    assert 0 == RUNNER.invoke(app, ["verify"]).exit_code


@pytest.mark.parametrize("damage", ["damaged", "missing"])
def test_verify_finds_what_is_wrong(filled: Path, damage: str) -> None:
    """A flipped bit or a missing file in a default weight ends with status 1 and is named."""
    file = filled / Manifest.load().defaults[0].file
    content = file.read_bytes()
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    outcome = RUNNER.invoke(app, ["verify", "--json"])
    assert 1 == outcome.exit_code
    assert {"name": "yunet", "file": file.name, "state": damage} == json.loads(outcome.stdout)["files"][0]


def test_bundle_and_load_make_a_machine_ready(filled: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What `bundle` wrote, `load` puts in place on a machine that has nothing."""
    assert filled.is_dir()
    file = tmp_path / "weights.tar"
    assert 0 == RUNNER.invoke(app, ["bundle", str(file)]).exit_code
    other = tmp_path / "other" / "weights"
    monkeypatch.setenv("IPSE_WEIGHTS_DIR", str(other))
    assert 1 == RUNNER.invoke(app, ["verify"]).exit_code
    assert 0 == RUNNER.invoke(app, ["load", str(file)]).exit_code
    assert [other] == list(other.parent.iterdir())
    assert 0 == RUNNER.invoke(app, ["verify"]).exit_code


def test_trouble_is_told_in_words(empty: Path, tmp_path: Path) -> None:
    """Bundling without weights raises what the command line prints as one sentence."""
    outcome = RUNNER.invoke(app, ["bundle", str(tmp_path / "weights.tar")])
    assert isinstance(outcome.exception, SetupError)
    assert "ipse models fetch" in str(outcome.exception)
    assert not empty.exists()
