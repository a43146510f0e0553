"""`ipse evaluate-pad` as a person runs it."""

import csv
import json
import os
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from tests.commands import run_ipse


def run(*words: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Run the command with settings of its own."""
    surroundings = {**os.environ, "IPSE_DATA_DIR": str(home / "ipse")}  # noqa: TID251  # for the child, not for us
    return run_ipse("evaluate-pad", *words, env=surroundings)


@pytest.mark.shared
@pytest.mark.usefixtures("weights")
def test_the_few_real_pictures_are_told_one_by_one(shared: Path, tmp_path: Path) -> None:
    """All thirteen are listed with what was found, and no rate is made of them, whatever the threshold."""
    out = tmp_path / "out"
    ended = run("--folder", shared / "spoof", "--threshold", "print=0.6", "--out", out, "--json", home=tmp_path)
    assert 0 == ended.returncode, ended.stderr
    facts = json.loads(ended.stdout)
    assert facts == json.loads((out / "summary.json").read_text(encoding="utf-8"))
    with (shared / "spoof/labels.csv").open(encoding="utf-8") as stream:
        listed = [row["file"] for row in csv.DictReader(stream)]
    assert listed == [one["picture"] for one in facts["one_by_one"]]
    for told in facts["measures"].values():
        for table in (told["default"], told["chosen"]):
            assert table["bpcer"]["value"] is None
            assert {None} == {one["apcer"]["value"] for one in table["species"].values()}
    assert {"print": 0.6} == facts["chosen_thresholds"]
    page = (out / "report.html").read_text(encoding="utf-8")
    assert all(name in page for name in listed)
    assert "data:image" not in page
    assert 1 + len(listed) == len((out / "scores.csv").read_text(encoding="utf-8").splitlines())


@pytest.fixture
def walls(samples: Path, tmp_path: Path) -> Path:
    """Thirty walls without anybody, a file that is no picture, and a portrait with a wider view of it."""
    folder = tmp_path / "set"
    folder.mkdir()
    for number in range(30):
        Image.new("RGB", (160, 120), (number, 90, 120)).save(folder / f"wall{number}.png")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no more")
    with Image.open(next(samples.glob("obama*.jpg"))) as portrait:
        portrait.convert("RGB").resize((480, 640)).save(folder / "face.jpg")
        portrait.convert("RGB").resize((360, 480)).save(folder / "wide.jpg")
    rows = [f"wall{number}.png,spoof,wall," for number in range(30)]
    rows += ["broken.jpg,spoof,noise,", "face.jpg,real,,wide.jpg"]
    (folder / "labels.csv").write_text("\n".join(["file,label,attack,env", *rows]) + "\n", encoding="utf-8")
    return folder


def test_who_is_not_there_is_not_answered(walls: Path, tmp_path: Path) -> None:
    """Of walls nobody says that they passed: APNRR is 1, APCER unknown; what cannot be read says why."""
    ended = run("--folder", walls, "--out", tmp_path / "out", "--json", home=tmp_path)
    assert 0 == ended.returncode, ended.stderr
    facts = json.loads(ended.stdout)
    wall = facts["measures"]["verdict"]["default"]["species"]["wall"]
    assert (1.0, 30, None) == (wall["apnrr"]["value"], wall["apnrr"]["trials"], wall["apcer"]["value"])
    why = {one["picture"]: one["why"] for one in facts["unanswered"]}
    assert why["broken.jpg"].startswith("image_")
    assert ["broken.jpg", "face.jpg"] == [one["picture"] for one in facts["one_by_one"]]
    assert {"genuine": 1, "attacks": 31, "doubtful": 0, "unlisted": 0} == facts["pictures"]


@pytest.mark.parametrize(
    "words",
    [
        ("--out", "x"),
        ("--out", "x", "--folder", "absent"),
        ("--out", "x", "--folder", "."),
        ("--out", "x", "--folder", ".", "--threshold", "print"),
        ("--out", "x", "--folder", ".", "--threshold", "prints=0.5"),
        ("--out", "x", "--folder", ".", "--threshold", "print=1"),
    ],
)
def test_wrong_usage_ends_with_64(words: tuple[str, ...], tmp_path: Path) -> None:
    """Missing and unusable arguments are wrong usage, said in words, and nothing is written."""
    ended = run(*words, home=tmp_path)
    assert 64 == ended.returncode, ended.stderr
    assert "Traceback" not in ended.stderr
    assert not Path("x").exists()
