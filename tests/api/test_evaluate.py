"""`ipse evaluate` and `ipse calibrate` as a person runs them, on real pictures."""

import json
import os
import subprocess
import tomllib
from pathlib import Path

import pytest

from ipse.core.scoring.calibration import curve_from_mapping
from tests.commands import run_ipse


def run(*words: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Run the command with settings of its own."""
    surroundings = {**os.environ, "IPSE_DATA_DIR": str(home / "ipse")}  # noqa: TID251  # for the child, not for us
    return run_ipse(*words, env=surroundings)


@pytest.fixture
def sixty(shared: Path, tmp_path: Path) -> Path:
    """Every twenty-fifth person of the collection, 61 people, by links; and one file that is no picture."""
    people = sorted((shared / "faces").iterdir())[24::25]
    for person in people:
        (tmp_path / "set" / person.name).mkdir(parents=True)
        for picture in person.iterdir():
            (tmp_path / "set" / person.name / picture.name).symlink_to(picture)
    (tmp_path / "set" / people[0].name / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no more")
    return tmp_path / "set"


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.usefixtures("weights")
def test_sixty_people_from_pictures_to_report_and_curve(sixty: Path, tmp_path: Path) -> None:
    """Evaluate measures and writes its three files; calibrate fits a curve that then rules the next run."""
    groups = tmp_path / "groups.csv"
    rows = [f"{person.name},{'a' if number % 2 else 'b'}" for number, person in enumerate(sorted(sixty.iterdir()))]
    groups.write_text("\n".join(["who,half", *rows]) + "\n", encoding="utf-8")
    out = tmp_path / "out"
    common = ("--folders", sixty, "--subject", "centre")

    fitted = run("calibrate", *common, "--profile", "fast", "--use", home=tmp_path)
    assert fitted.returncode == 0, fitted.stderr
    assert "Only 61 people" in fitted.stdout
    assert "extrapolation" in fitted.stdout
    (file,) = (tmp_path / "ipse" / "curves").iterdir()
    assert f"{file} is in use from now on" in fitted.stdout
    assert "To go back, delete this file" in fitted.stdout
    curve = curve_from_mapping(tomllib.loads(file.read_text(encoding="utf-8")))
    assert (61, "fast") == (curve.provenance.people, curve.recipe.profile)

    measured = run("evaluate", *common, "--profile", "fast", "--groups", groups, "--out", out, "--json", home=tmp_path)
    assert measured.returncode == 0, measured.stderr
    summary = json.loads(measured.stdout)
    assert summary == json.loads((out / "summary.json").read_text(encoding="utf-8"))
    failures = [(failure["picture"].rsplit("/", 1)[1], failure["reason"]) for failure in summary["failures"]]
    assert len(failures) == 1
    assert failures[0][0] == "broken.jpg"
    assert failures[0][1].startswith("image_")
    assert summary["tar"]["1e-2"]["value"] >= 0.95
    assert summary["curve"]["dataset"] == "set"
    assert {"a", "b"} == {group["group"] for group in summary["groups"]}
    assert (
        summary["genuine"] + min(summary["impostor"], 10_000) == len((out / "scores.csv").read_text().splitlines()) - 1
    )
    assert "data:image/jpeg" not in (out / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("people", "words"), [(60, ("60 people", "--out FILE", "--use", "stays in use")), (9, ("9 people", "10 people"))]
)
def test_a_small_set_takes_nobodys_place_unasked(people: int, words: tuple[str, ...], tmp_path: Path) -> None:
    """Sixty people are few for a curve and nine too few: status 78 before any work, and none is put in use."""
    for number in range(3 * people):
        (tmp_path / "set" / str(number // 3)).mkdir(parents=True, exist_ok=True)
        (tmp_path / "set" / str(number // 3) / str(number)).touch()
    outcome = run("calibrate", "--folders", tmp_path / "set", home=tmp_path)
    assert outcome.returncode == 78, outcome.stderr
    for word in words:
        assert word in outcome.stderr
    assert list((tmp_path / "ipse").rglob("*.toml")) == []


@pytest.mark.parametrize(
    "words",
    [
        ("evaluate", "--out", "x"),
        ("evaluate", "--out", "x", "--pairs", "absent.csv"),
        ("evaluate", "--out", "x", "--folders", ".", "--pairs", "absent.csv"),
        ("calibrate", "--folders", "absent"),
        ("calibrate", "--folders", ".", "--out", "x.toml", "--use"),
    ],
)
def test_wrong_usage_ends_with_64(words: tuple[str, ...], tmp_path: Path) -> None:
    """Missing, contradictory and unusable arguments are wrong usage, said in words, and nothing is written."""
    outcome = run(*words, home=tmp_path)
    assert outcome.returncode == 64, outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert not Path("x").exists()
