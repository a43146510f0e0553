"""`ipse genuineness`: what programs read from it, and how it ends."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from ipse import Verifier
from ipse.core.genuineness.judgement import NAMES
from tests.commands import run_ipse

WRONG_USAGE = 64

Surroundings: TypeAlias = Callable[..., dict[str, str]]


@pytest.fixture
def portrait(samples: Path) -> Path:
    """A press photograph."""
    return samples / "obama.jpg"


def test_a_picture_is_judged(portrait: Path, surroundings: Surroundings, tmp_path: Path) -> None:
    """It ends with 0; the JSON is that of our own API, and Python says the same."""
    told = json.loads(run_ipse("genuineness", portrait, "--json", env=surroundings(tmp_path), check=True).stdout)
    assert {"genuine", "verdict", "judgements", "not_assessed", "quality", "sha256"} == set(told)
    assert set(NAMES) == set(told["judgements"])
    assert {name for name, one in told["judgements"].items() if one["status"] == "not_assessed"} == set(
        told["not_assessed"]
    )
    found = Verifier().genuineness(portrait)
    assert (found.genuine, found.verdict) == (told["genuine"], told["verdict"])
    assert found.quality is not None
    assert round(found.quality.unified, 3) == told["quality"]["unified"]


def test_for_people(portrait: Path, surroundings: Surroundings, tmp_path: Path) -> None:
    """Without `--json` every judgement has a line."""
    said = run_ipse("genuineness", portrait, "--env", portrait, env=surroundings(tmp_path), check=True).stdout
    for name in NAMES:
        assert name in said


def test_a_file_that_is_no_picture_cannot_be_told(surroundings: Surroundings, tmp_path: Path) -> None:
    """It ends with 0 too: that is an answer, with its reason and the picture that it is about."""
    file = tmp_path / "words.txt"
    file.write_text("no picture")
    told = json.loads(run_ipse("genuineness", file, "--json", env=surroundings(tmp_path), check=True).stdout)
    assert ("image_unrecognised", "picture", None) == (told["reason"], told["picture"], told["genuine"])
    assert ({}, list(NAMES)) == (told["judgements"], told["not_assessed"])


def test_where_nobody_judges(portrait: Path, surroundings: Surroundings, tmp_path: Path) -> None:
    """It ends with 0 and says so."""
    environment = surroundings(tmp_path, IPSE_LIVENESS="off")
    told = json.loads(run_ipse("genuineness", portrait, "--json", env=environment, check=True).stdout)
    assert ("not_open", None) == (told["reason"], told["genuine"])


def test_the_doctor_tells_of_every_judgement(surroundings: Surroundings, tmp_path: Path) -> None:
    """Whether it is assessed and by which network, or why it is not; nothing of it is a reason not to start."""
    done = run_ipse("doctor", "--json", env=surroundings(tmp_path), check=True)
    findings = {one["what"]: one for one in json.loads(done.stdout)["findings"]}
    assert {"ok", "note"} >= {findings[f"liveness: {name}"]["state"] for name in NAMES}
    off = run_ipse("doctor", "--json", env=surroundings(tmp_path, IPSE_LIVENESS="off"), check=True)
    words = {one["words"] for one in json.loads(off.stdout)["findings"] if one["what"].startswith("liveness: ")}
    assert all(one.startswith("not assessed: off") for one in words)


@pytest.mark.parametrize(
    "words",
    [("missing.jpg",), (), ("obama.jpg", "--env", "missing.jpg"), ("obama.jpg", "obama.jpg"), (".",)],
    ids=["missing", "no file", "missing surroundings", "two pictures", "a folder"],
)
def test_wrong_usage(words: tuple[str, ...], portrait: Path, surroundings: Surroundings, tmp_path: Path) -> None:
    """It ends with 64, and nothing is told."""
    at = [
        str(portrait) if word == "obama.jpg" else str(tmp_path / word) if word == "missing.jpg" else word
        for word in words
    ]
    done = run_ipse("genuineness", *at, "--json", env=surroundings(tmp_path), check=False)
    assert (WRONG_USAGE, "") == (done.returncode, done.stdout)
