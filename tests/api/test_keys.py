"""`ipse keys` as people and programs use it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.commands import run_ipse


@pytest.mark.parametrize(
    ("dialect", "has_secret"),
    [("faceid", True), ("linkface", True), ("tencent", True), ("iapp", False), ("native", False)],
)
def test_a_key_of_every_dialect_can_be_made(
    tell: Callable[..., Any],
    tmp_path: Path,
    dialect: str,
    has_secret: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """`secret` is null for the dialects that send one word only."""
    made = tell(tmp_path, "keys", "create", "--dialect", dialect, "--name", "n")
    assert {"key", "secret"} == set(made)
    assert has_secret == isinstance(made["secret"], str)


def test_a_listed_key_shows_its_state_and_no_secret(tell: Callable[..., Any], tmp_path: Path) -> None:
    """`list` and `show` tell what was asked for at the making."""
    words = ("--dialect", "native", "--name", "né", "--allow", "kyc", "--test-quota", "5", "--expires", "2030-01-31")
    made = tell(tmp_path, "keys", "create", *words)
    listed = tell(tmp_path, "keys", "list")
    key = listed[0]
    assert [key] == [tell(tmp_path, "keys", "show", made["key"])]
    assert ("native", "né", ["kyc"], True, "2030-01-31", 5, 0) == tuple(
        key[field] for field in ("dialect", "name", "allow", "enabled", "expires", "test_quota", "used")
    )
    assert made["key"] not in json.dumps(listed)
    assert made["key"].startswith(key["key"])


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("keys", "create", "--dialect", "soap", "--name", "n"), 64),
        (("keys", "create", "--dialect", "faceid"), 64),
        (("keys", "create", "--dialect", "faceid", "--name", " "), 64),
        (("keys", "create", "--dialect", "faceid", "--name", "n" * 201), 64),
        (("keys", "create", "--dialect", "faceid", "--name", "n", "--expires", "tomorrow"), 64),
        (("keys", "show", "nobody"), 1),
        (("keys", "create", "--dialect", "faceid", "--name", "n", "--rate", "often"), 64),
        (("keys", "create", "--dialect", "faceid", "--name", "n", "--rate", "1/second; 9/minute"), 64),
        (("keys", "create", "--dialect", "faceid", "--name", "n", "--concurrency", "0"), 64),
        (("keys", "create", "--dialect", "faceid", "--name", "n", "--operation", "Verify!"), 64),
        (("keys", "create", "--dialect", "faceid", "--name", "n", "--operation", "compare"), 64),
        (("keys", "limit", "nobody", "--operation", "verify"), 1),
        (("find", "--uuid", "nobody", "--evidence"), 1),
        (("keys", "disable", "nobody"), 1),
        (("keys", "rotate", "nobody"), 1),
        (("keys", "limit", "nobody", "--suspend"), 1),
        (("keys", "limit", "nobody"), 64),
        (("keys", "limit", "nobody", "--credit", "-1"), 64),
        (("keys", "limit", "nobody", "--liveness", "mask=maybe"), 1),
        (("keys", "create", "--dialect", "faceid", "--name", "n", "--liveness", "masks=warn"), 64),
        (("keys", "fly"), 64),
    ],
)
def test_wrong_words_end_with_64_and_missing_keys_with_1(
    surroundings: Callable[[Path], dict[str, str]], tmp_path: Path, words: tuple[str, ...], status: int
) -> None:
    """Wrong usage has a status of its own, and nothing is printed to standard output."""
    done = run_ipse(*words, env=surroundings(tmp_path))
    assert (status, "") == (done.returncode, done.stdout)
    assert done.stderr


def test_limits_are_set_one_by_one_and_taken_away(tell: Callable[..., Any], tmp_path: Path) -> None:
    """`limit` changes what it names and nothing else; `none` takes a limit away."""
    words = ("--operation", "verify", "--operation", "detect", "--credit", "9", "--rate", "5/second")
    key = tell(tmp_path, "keys", "create", "--dialect", "faceid", "--name", "n", *words)["key"]
    shown = ("operations", "credit", "rate", "concurrency", "test_quota", "expires", "suspended", "enabled")

    def state(*words: str) -> tuple[object, ...]:
        told = tell(tmp_path, "keys", *words)
        return tuple(told[field] for field in shown)

    made = (["detect", "verify"], 9, "5/second", None, None, None, False, True)
    assert made == state("show", key)
    wider = ("--credit", "20", "--concurrency", "2", "--test-quota", "7", "--expires", "2030-01-31", "--suspend")
    limited = (["detect", "verify"], 20, "5/second", 2, 7, "2030-01-31", True, True)
    assert limited == state("limit", key, *wider)
    every = [word for option in ("operation", "credit", "rate", "concurrency", "test-quota", "expires")
             for word in (f"--{option}", "none")]  # fmt: skip
    assert (None, None, None, None, None, None, False, True) == state("limit", key, *every, "--resume")
    for given, allowed in ((("kyc", "--allow", "records"), ["kyc", "records"]), (("none",), [])):
        assert allowed == tell(tmp_path, "keys", "limit", key, "--allow", *given)["allow"]
    assert (None, None, None, None, None, None, False, False) == state("disable", key)
    assert (None, None, None, None, None, None, False, True) == state("enable", key)


def test_what_follows_from_suspicions_is_set_one_by_one(tell: Callable[..., Any], tmp_path: Path) -> None:
    """`--liveness` changes what it names; `none` brings the defaults back; `list` and `show` tell all of it."""
    key = tell(tmp_path, "keys", "create", "--dialect", "faceid", "--name", "n", "--liveness", "print=warn")["key"]
    defaults = {
        **dict.fromkeys(("screen_replay", "print", "replaced", "action", "flash"), "reject"),
        **dict.fromkeys(("mask", "synthetic", "injection"), "warn"),
    }
    assert {**defaults, "print": "warn"} == tell(tmp_path, "keys", "list")[0]["liveness"]
    words = ("--liveness", "mask=reject", "--liveness", "flash=inform")
    mixed = {**defaults, "print": "warn", "mask": "reject", "flash": "inform"}
    assert mixed == tell(tmp_path, "keys", "limit", key, *words)["liveness"]
    assert mixed == tell(tmp_path, "keys", "limit", key, "--rate", "5/second")["liveness"]
    assert defaults == tell(tmp_path, "keys", "limit", key, "--liveness", "none")["liveness"]


def test_a_rotated_key_keeps_its_public_part(tell: Callable[..., Any], tmp_path: Path) -> None:
    """`rotate` prints credentials as `create` does: the same key with another secret, or the same public part."""
    pair = tell(tmp_path, "keys", "create", "--dialect", "tencent", "--name", "n")
    again = tell(tmp_path, "keys", "rotate", pair["key"])
    assert (pair["key"], True) == (again["key"], pair["secret"] != again["secret"])
    bearer = tell(tmp_path, "keys", "create", "--dialect", "native", "--name", "n")["key"]
    word = tell(tmp_path, "keys", "rotate", bearer)["key"]
    assert bearer.split(".")[0] == word.split(".")[0]
    assert bearer != word


def test_people_are_shown_the_secret_once(surroundings: Callable[[Path], dict[str, str]], tmp_path: Path) -> None:
    """Without `--json` the credentials are whole on their lines, whatever the width of the terminal."""
    command = ("keys", "create", "--dialect", "native", "--name", "n")
    done = run_ipse(*command, env=surroundings(tmp_path) | {"COLUMNS": "20"}, check=True)
    key = next(word for word in done.stdout.split() if "." in word and len(word) > 50)
    listed = run_ipse("keys", "list", env=surroundings(tmp_path), check=True)
    assert key.split(".")[0] in listed.stdout
    assert key not in listed.stdout
    sheet = run_ipse("keys", "show", key, env=surroundings(tmp_path), check=True)
    assert key.split(".")[0] in sheet.stdout
    assert key not in sheet.stdout
