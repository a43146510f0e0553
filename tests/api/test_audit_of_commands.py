"""What commands change or show stands in the audit trail, and nothing personal with it."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.commands import run_ipse

NUMBER = "11010519491231002X"


def actions(folder: Path) -> list[tuple[str, str]]:
    """Action and subject of every line."""
    with sqlite3.connect(folder / "ipse.sqlite") as database:
        rows = database.execute("SELECT action, subject FROM audit ORDER BY number").fetchall()
    database.close()
    return rows


def test_what_is_done_to_keys_is_written_down(
    tell: Callable[..., Any], surroundings: Callable[..., dict[str, str]], tmp_path: Path
) -> None:
    """Made, limited, switched off, renewed, the master key changed, a backup taken: each is a line."""
    made = tell(tmp_path, "keys", "create", "--dialect", "native", "--name", "Ada's shop")
    key = made["key"].partition(".")[0]
    for words in (("limit", key, "--rate", "5/second"), ("disable", key), ("rotate", key), ("rotate-master",)):
        tell(tmp_path, "keys", *words)
    run_ipse("backup", str(tmp_path / "b"), env=surroundings(tmp_path), check=True)
    done = ["keys.create", "keys.limit", "keys.limit", "keys.rotate"]
    assert [*((one, key) for one in done), ("keys.rotate_master", ""), ("backup.write", "")] == actions(tmp_path)


def test_what_is_done_to_people_is_written_down(
    tell: Callable[..., Any], surroundings: Callable[..., dict[str, str]], tmp_path: Path
) -> None:
    """An attack noted, a call looked for: lines without the number or the caller's id."""
    tell(tmp_path, "people", "attacked", "add", NUMBER)
    assert 1 == run_ipse("find", "--uuid", NUMBER, env=surroundings(tmp_path)).returncode
    assert [("people.attacked_add", ""), ("find.see", "")] == actions(tmp_path)
    with sqlite3.connect(tmp_path / "ipse.sqlite") as database:
        told = str(database.execute("SELECT * FROM audit").fetchall())
    database.close()
    assert NUMBER not in told
