"""The exit statuses of `ipse`, which programs read: no crash may look like an answer."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

import pytest

from ipse.cli import main
from tests.commands import run_ipse

IPSE = str(Path(sys.executable).with_name("ipse"))
UNTOLD, WRONG_USAGE, FAULT, NOT_SET_UP = 2, 64, 70, 78

Surroundings: TypeAlias = Callable[..., dict[str, str]]


def test_a_file_that_cannot_be_read_is_refused(
    surroundings: Surroundings, weights: Path, samples: Path, tmp_path: Path
) -> None:
    """A read that fails leaves the question open: status 2, the picture and a reason named."""
    assert weights.is_dir()
    memory = "/proc/self/mem"  # A regular file whose first byte nobody can read: EIO, for root too.
    if not Path(memory).is_file():
        pytest.skip("there is no /proc here")
    words = [IPSE, "compare", str(samples / "obama.jpg"), memory, "--json"]
    done = subprocess.run(words, env=surroundings(tmp_path), capture_output=True, check=False)
    told = json.loads(done.stdout)
    assert (UNTOLD, None, "b", "file_unreadable") == (
        done.returncode,
        told["same_person"],
        told["picture"],
        told["reason"],
    )


def test_what_is_no_regular_file_is_wrong_usage(surroundings: Surroundings, tmp_path: Path) -> None:
    """A missing file, a folder, a pipe and a device end with 64 at once, with nothing on standard output."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for place in (tmp_path / "none.jpg", tmp_path, pipe, Path("/dev/null")):
        words = [IPSE, "compare", str(place), str(place), "--json"]
        done = subprocess.run(words, env=surroundings(tmp_path), capture_output=True, check=False, timeout=30)
        assert (place, WRONG_USAGE, b"") == (place, done.returncode, done.stdout)


def test_a_fault_of_ours_ends_with_70(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What nobody foresaw (here: a command without its file) is a sentence, a traceback and status 70, not 1."""
    monkeypatch.setattr("ipse.cli._COMMANDS", ("nowhere",))
    monkeypatch.setattr(sys, "argv", ["ipse", "nowhere"])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert (FAULT, "") == (ended.value.code, said.out)
    assert said.err.startswith("ipse: This is a fault of Ipse (ModuleNotFoundError)")


@pytest.mark.parametrize("words", [("-h",), ("compare", "-h"), ("keys", "create", "-h")])
def test_help_has_a_short_name_everywhere(words: tuple[str, ...]) -> None:
    """`-h` says the same as `--help`, on every level."""
    short, long = (
        subprocess.run([IPSE, *words[:-1], option], capture_output=True, check=True).stdout
        for option in ("-h", "--help")
    )
    assert short == long
    assert b"Usage:" in short


def test_the_version_can_be_asked() -> None:
    """`ipse --version` prints the name and the installed version."""
    done = subprocess.run([IPSE, "--version"], capture_output=True, check=True, text=True)
    assert f"ipse {version('ipse')}\n" == done.stdout


@pytest.mark.parametrize(
    ("words", "variables"),
    [
        (("keys", "list"), {"IPSE_DATA_DIR": "/dev/null/ipse"}),
        (("keys", "list"), {"IPSE_DATABASE_URL": "sqlite:////dev/null/ipse.sqlite"}),
        (("models", "fetch"), {"IPSE_WEIGHTS_DIR": "/dev/null/weights"}),
        (("models", "bundle", "/dev/null/weights.tar"), {}),
        (("evaluate", "--folders", "{}", "--out", "/dev/null/out"), {}),
        (("calibrate", "--folders", "{}"), {"IPSE_CURVE_DIR": "/dev/null/curves"}),
        (("calibrate", "--folders", "{}", "--out", "/dev/null/curve.toml"), {}),
    ],
)
def test_a_place_that_cannot_be_used_is_named_before_the_work(
    surroundings: Surroundings, samples: Path, tmp_path: Path, words: tuple[str, ...], variables: dict[str, str]
) -> None:
    """Folders that cannot be made end with 78 and one sentence with the path, no traceback."""
    for person, picture in (("a", "obama.jpg"), ("a", "obama2.jpg"), ("b", "biden.jpg")):
        (tmp_path / "set" / person).mkdir(parents=True, exist_ok=True)
        (tmp_path / "set" / person / picture).symlink_to(samples / picture)
    command = (word.format(tmp_path / "set") for word in words)
    done = run_ipse(*command, env=surroundings(tmp_path / "data") | variables)
    assert (NOT_SET_UP, "") == (done.returncode, done.stdout)
    assert done.stderr.splitlines()[-1].startswith("ipse: ")
    assert "/dev/null" in done.stderr
    assert "Traceback" not in done.stderr
