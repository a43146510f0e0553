"""The database as an operator meets it: PostgreSQL under a running server, backup, restore, a new master key."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import make_url, text

from ipse.infra.store.database import reading, writing
from ipse.infra.store.engines import make_engine
from ipse.infra.store.tables import ATTACKED
from tests.commands import run_ipse


def told(surroundings: Mapping[str, str], *words: str) -> Any:
    """What a command answers as JSON."""
    return json.loads(run_ipse(*words, "--json", env=surroundings, check=True).stdout)


@contextmanager
def shut(address: str) -> Iterator[None]:
    """A database whose connections were all closed, and that takes no new ones meanwhile."""
    engine = make_engine(address.replace(f"/{make_url(address).database}?", "/postgres?"))
    name = {"name": make_url(address).database}
    with reading(engine) as connection:
        connection.execute(text("UPDATE pg_database SET datallowconn = false WHERE datname = :name"), name)
        connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), name)
        connection.commit()
        yield
        connection.execute(text("UPDATE pg_database SET datallowconn = true WHERE datname = :name"), name)
        connection.commit()
    engine.dispose()


def test_a_server_on_postgresql_outlives_an_outage_a_rotation_and_a_backup(
    start: Callable[..., Any], surroundings: Callable[..., dict[str, str]], tmp_path: Path, postgresql_url: str
) -> None:
    """Keys made, secrets sealed anew, expired rows deleted; without its database it says so, and then goes on."""
    around = surroundings(tmp_path / "data", IPSE_DATABASE_URL=postgresql_url)
    engine = make_engine(postgresql_url)
    with writing(engine) as connection:
        connection.execute(ATTACKED.insert().values(hash=b"long ago", expires_at_ms=1))
    engine.dispose()
    server = start(IPSE_DATABASE_URL=postgresql_url)
    server.wait_until_ready()
    server.wait_for("expired rows purged")
    made = told(around, "keys", "create", "--dialect", "faceid", "--name", "n")
    credentials = {"api_key": made["key"], "api_secret": made["secret"]}

    def answer() -> str:
        with server.client() as client:
            said = client.post("/faceid/v2/verify", data=credentials)
        return f"{said.status_code} {said.json()['error_message']}"

    understood = "400 MISSING_ARGUMENTS: comparison_type"
    assert understood == answer()
    with shut(postgresql_url):
        pass
    assert understood == answer()
    with shut(postgresql_url):
        assert "500 INTERNAL_ERROR" == answer()
    assert understood == answer()
    assert {"resealed": 1, "shut": 0} == told(around, "keys", "rotate-master")
    assert understood == answer()
    assert 1 == told(around, "backup", str(tmp_path / "backup"))["rows"]["keys"]
    assert understood == answer()


def test_a_backup_moves_from_sqlite_to_postgresql(
    tell: Callable[..., Any], surroundings: Callable[..., dict[str, str]], tmp_path: Path, postgresql_url: str
) -> None:
    """The keys are the same there; a second restore is refused, and so is another master key, before it writes."""
    tell(tmp_path, "keys", "create", "--dialect", "faceid", "--name", "n")
    tell(tmp_path, "backup", str(tmp_path / "backup"))
    around = surroundings(tmp_path, IPSE_DATABASE_URL=postgresql_url)
    other = surroundings(tmp_path, IPSE_DATABASE_URL=postgresql_url, IPSE_MASTER_KEY="00" * 32)
    restore = ("restore", tmp_path / "backup")
    refused = run_ipse(*restore, env=other)
    assert (78, True) == (refused.returncode, "another master key" in refused.stderr)
    assert [] == told(around, "keys", "list")
    assert 1 == told(around, "restore", str(tmp_path / "backup"))["rows"]["keys"]
    assert tell(tmp_path, "keys", "list") == told(around, "keys", "list")
    refused = run_ipse(*restore, env=around)
    assert (78, True) == (refused.returncode, "--force" in refused.stderr)


def test_the_database_is_brought_up_to_date_once(surroundings: Callable[..., dict[str, str]], tmp_path: Path) -> None:
    """`ipse db upgrade` says from where to where, and then that there is nothing to do."""
    around = surroundings(tmp_path)
    first, second = (told(around, "db", "upgrade") for _ in range(2))
    assert first["from"] is None
    assert {"from": first["to"], "to": first["to"]} == second


def test_a_given_master_key_is_rotated_in_the_environment(
    surroundings: Callable[..., dict[str, str]], tmp_path: Path
) -> None:
    """One key alone says what to write; with the new one before it all is sealed anew, and the old one may go."""
    old, new = "11" * 32, "22" * 32
    around = [surroundings(tmp_path, IPSE_MASTER_KEY=keys) for keys in (old, f"{new},{old}", new)]
    told(around[0], "keys", "create", "--dialect", "faceid", "--name", "n")
    refused = run_ipse("keys", "rotate-master", env=around[0])
    assert (78, True) == (refused.returncode, "IPSE_MASTER_KEY=NEW,OLD" in refused.stderr)
    assert {"resealed": 1, "shut": 0} == told(around[1], "keys", "rotate-master")
    assert 1 == len(told(around[2], "keys", "list"))
    ended = run_ipse("keys", "list", env=around[0])
    assert (78, True) == (ended.returncode, "another master key" in ended.stderr)
    assert not (tmp_path / "master.key").exists()


def test_an_old_key_in_the_file_can_be_thrown_away(tell: Callable[..., Any], tmp_path: Path) -> None:
    """A rotation adds a line before the others; `--forget-old` leaves the first, under which everything opens."""
    tell(tmp_path, "keys", "create", "--dialect", "faceid", "--name", "n")
    file = tmp_path / "master.key"
    before = file.read_text().split()
    assert {"resealed": 1, "shut": 0} == tell(tmp_path, "keys", "rotate-master")
    both = file.read_text().split()
    assert (2, before) == (len(both), both[1:])
    assert {"resealed": 0, "shut": 0} == tell(tmp_path, "keys", "rotate-master", "--forget-old")
    assert both[:1] == file.read_text().split()
    assert 1 == len(tell(tmp_path, "keys", "list"))


def test_a_database_that_is_not_there_is_told_without_its_password(
    surroundings: Callable[..., dict[str, str]], tmp_path: Path
) -> None:
    """Status 78 and one sentence."""
    around = surroundings(tmp_path, IPSE_DATABASE_URL="postgresql://ipse:hunter2@127.0.0.1:1/ipse")
    done = run_ipse("db", "upgrade", env=around)
    assert (78, "") == (done.returncode, done.stdout)
    assert "ipse at 127.0.0.1 cannot be used" in done.stderr
    assert "hunter2" not in done.stderr
    assert 1 == len(done.stderr.splitlines())
