"""The database: migrations, the proof of the master key, and keys as rows."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from ipse.infra.master_key import MasterKey, MasterKeyError
from ipse.infra.store import database as database_module
from ipse.infra.store.database import HEAD, DatabaseError, open_database, prove_master_key
from ipse.infra.store.keys import DIALECTS, Keys, dialect_name
from ipse.infra.store.tables import KEYS, METADATA

KEY = MasterKey(bytes(32))


def at(folder: Path) -> str:
    """The address of a database in a folder."""
    return f"sqlite:///{folder / 'ipse.sqlite'}"


def test_the_migrations_lead_to_the_tables(tmp_path: Path) -> None:
    """Tables == Σ migrations, as Alembic sees it, and the constant HEAD is its newest."""
    with open_database(at(tmp_path)).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert [] == compare_metadata(context, METADATA)
        made = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'keys'")).scalar_one()
    assert {one.name for one in KEYS.constraints if one.name} == {"keys_one_proof", "keys_used_not_negative"}
    assert "keys_one_proof" in made and "keys_used_not_negative" in made  # noqa: PT018 - one fact
    config = Config()
    config.set_main_option("script_location", str(Path(database_module.__file__).parent / "migrations"))
    assert [HEAD] == ScriptDirectory.from_config(config).get_heads()


def test_processes_that_start_at_once_migrate_once(tmp_path: Path) -> None:
    """Four processes open a database that is not there yet; each succeeds."""
    code = f"from ipse.infra.store.database import open_database; open_database({at(tmp_path)!r})"
    started = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(4)]
    assert [(0, b"")] * 4 == [(process.wait(), process.communicate()[1]) for process in started]


def test_a_database_of_a_newer_ipse_is_refused(tmp_path: Path) -> None:
    """An unknown migration is never overwritten."""
    with open_database(at(tmp_path)).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match="newer Ipse"):
        open_database(at(tmp_path))


def test_another_master_key_is_refused(tmp_path: Path) -> None:
    """A database says so when it was begun under another key, instead of failing at the first secret."""
    database = open_database(at(tmp_path))
    prove_master_key(database, KEY)
    prove_master_key(database, KEY)
    with pytest.raises(MasterKeyError, match="another master key"):
        prove_master_key(database, MasterKey(bytes(range(32))))


def test_the_database_is_its_owners_only_and_holds_no_secret(tmp_path: Path) -> None:
    """Neither a secret nor a bearer key stands in any file, and nobody else may read them."""
    keys = Keys(open_database(at(tmp_path)), KEY)
    made = [keys.create(dialect, "n", now_s=0) for dialect in DIALECTS]
    words = [word for one in made for word in (one.secret, one.key if one.secret is None else None) if word]
    assert len(DIALECTS) == len(words)
    for file in tmp_path.iterdir():
        assert 0o600 == file.stat().st_mode & 0o777
        assert not [word for word in words if word.encode() in file.read_bytes()]


def test_a_key_is_found_as_it_was_made(tmp_path: Path) -> None:
    """Every field survives, and the secret comes back to whoever asks with the right dialect."""
    keys = Keys(open_database(at(tmp_path)), KEY)
    made = keys.create(
        "faceid", "né", now_s=7, permissions=frozenset({"kyc"}), test_quota=3, expires_on=date(2030, 1, 31)
    )
    found = keys.find_with_secret("faceid", made.key)
    assert found is not None
    key, secret = found
    assert made.secret == secret
    assert ("né", frozenset({"kyc"}), True, 7, date(2030, 1, 31), 3, 0) == (
        key.name, key.permissions, key.enabled, key.created_at_s, key.expires_on, key.test_quota, key.used,
    )  # fmt: skip
    assert keys.find_with_secret("tencent", made.key) is None
    assert (key,) == keys.every()


def test_a_bearer_key_is_found_whole_only(tmp_path: Path) -> None:
    """The public part of a bearer key opens nothing, but is enough to switch the key off."""
    keys = Keys(open_database(at(tmp_path)), KEY)
    bearer = keys.create("native", "n", now_s=0).key
    public = bearer.split(".")[0]
    assert keys.find_with_secret("native", public) is None
    assert keys.find_with_secret("native", bearer) is not None
    assert keys.enable(public, enabled=False)
    changed = keys.find(bearer)
    assert changed is not None
    assert not changed.enabled


def test_charges_at_the_same_moment_never_exceed_the_quota(tmp_path: Path) -> None:
    """Forty calls from two openings of the database spend exactly ten."""
    first = Keys(open_database(at(tmp_path)), KEY)
    second = Keys(open_database(at(tmp_path)), KEY)
    key = first.create("faceid", "n", now_s=0, test_quota=10).key
    with ThreadPoolExecutor(8) as pool:
        charged = list(pool.map(lambda turn: (first, second)[turn % 2].charge(key), range(40)))
    found = first.find(key)
    assert found is not None
    assert (10, 10) == (charged.count(True), found.used)
    first.refund(key)
    assert [True, False] == [first.charge(key), first.charge(key)]


def test_a_word_that_is_no_dialect_is_none() -> None:
    """Only the five dialects have keys."""
    assert [*DIALECTS, None] == [dialect_name(word) for word in (*DIALECTS, "soap")]


@pytest.mark.parametrize("content", [None, b"This is no database, but it is longer than the head of one. " * 4])
def test_a_file_that_is_no_database_is_named(tmp_path: Path, content: bytes | None) -> None:
    """A folder in its place, or other content, is a sentence with the path."""
    file = tmp_path / "ipse.sqlite"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    with pytest.raises(DatabaseError, match=rf"The database {file} cannot be used: "):
        open_database(f"sqlite:///{file}")
