"""The database: migrations, transactions, and keys as rows."""

import hashlib
import hmac
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import TypeAlias

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from procrastinate.schema import SchemaManager
from sqlalchemy import CheckConstraint, Engine, column, func, insert, inspect, select, table, text

from ipse.infra.master_key import MasterKey, MasterKeyError
from ipse.infra.store import schema
from ipse.infra.store.database import DatabaseError, hold, open_database, reading, upgrade, writing
from ipse.infra.store.engines import make_engine
from ipse.infra.store.keys import DIALECTS, Keys, dialect_name, forget_old_proofs
from ipse.infra.store.schema import HEAD
from ipse.infra.store.tables import ATTACKED, JOBS, KEYS, METADATA
from ipse.infra.store.unlocking import unlock

KEY = MasterKey(bytes(32))
OpenAgain: TypeAlias = Callable[[], Engine]


def is_remark(change: object) -> bool:
    """Whether a difference is one of comments only: those of `tables.py` are for its readers."""
    return isinstance(change, list) and all(part[0] == "modify_comment" for part in change)


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a table is one of those in `tables.py`."""
    return kind != "table" or not str(name).startswith("procrastinate_")


def test_the_migrations_lead_to_the_tables(database: Engine) -> None:
    """Tables == Σ migrations, as Alembic sees it, with their checks, and the constant HEAD is its newest."""
    with reading(database) as connection:
        compared = {"compare_type": True, "compare_server_default": True, "include_name": is_ours}
        context = MigrationContext.configure(connection, opts=compared)
        assert [] == [change for change in compare_metadata(context, METADATA) if not is_remark(change)]
        there = {
            (table, one["name"])
            for table in METADATA.tables
            for one in inspect(connection).get_check_constraints(table)
        }
    wanted = {(one.table.name, one.name) for table in METADATA.sorted_tables for one in table.constraints
              if isinstance(one, CheckConstraint)}  # fmt: skip
    assert wanted == there
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    assert [HEAD] == ScriptDirectory.from_config(config).get_heads()


def test_a_newer_procrastinate_needs_a_migration_of_ours() -> None:
    """The schema that migration 0005 makes is that of procrastinate 3.10."""
    digest = hashlib.sha256(SchemaManager.get_schema().encode()).hexdigest()
    assert "c70ec4b400a60ad9592787653aae5ae77ae41bf801d56b5bd2712751a07f2009" == digest


def test_jobs_that_wait_are_lined_up_by_the_migration(bare_postgresql_url: str) -> None:
    """What was put off before there was a queue is done, the oldest first; what was done stays done."""
    engine = make_engine(bare_postgresql_url)
    row = {"kind": "card", "owner": "o", "payload": b"x", "result": None, "attempts": 1, "leased_until_ms": 5,
           "expires_at_ms": 10}  # fmt: skip
    rows = [{**row, "hash": bytes([number]), "created_at_ms": 9 - number} for number in range(3)]
    done = {**row, "hash": b"done", "created_at_ms": 0, "payload": None, "result": b"x"}
    with writing(engine) as connection:
        schema.migrate(connection, "0004")
        connection.execute(insert(JOBS), [*rows, done])
        schema.migrate(connection)
        found = connection.execute(text("SELECT args->>'job', status, queue_name FROM procrastinate_jobs ORDER BY id"))
        assert [(place, "todo", "card") for place in ("02", "01", "00")] == [tuple(one) for one in found]
    engine.dispose()


def test_processes_that_start_at_once_migrate_once(bare_url: str) -> None:
    """Four processes open a database that is not there yet; each succeeds."""
    code = f"from ipse.infra.store.database import open_database; open_database({bare_url!r}).dispose()"
    started = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(4)]
    assert [(0, b"")] * 4 == [(process.wait(), process.communicate()[1]) for process in started]


def test_rows_of_the_first_version_survive(bare_url: str) -> None:
    """A key made by the first version has the new columns' defaults, its old ones as they were, and still opens."""
    public, nonce = "a" * 24, b"n" * 12
    sealing = HKDF(SHA256(), 32, None, b"ipse: secrets at rest").derive(bytes(32))
    hashing = HKDF(SHA256(), 32, None, b"ipse: keyed hashes").derive(bytes(32))
    old = {
        "id": public, "dialect": "faceid", "name": "né", "permissions": "kyc", "enabled": True, "created_at_s": 7,
        "secret": b"\x01" + nonce + AESGCM(sealing).encrypt(nonce, b"the secret", public.encode()),
        "expires_on": date(2030, 1, 31), "test_quota": 3, "used": 2,
    }  # fmt: skip
    proof = {"id": 1, "proof": hmac.digest(hashing, b"proof\0this database", "sha256")}
    engine = make_engine(bare_url)
    with writing(engine) as connection:
        schema.migrate(connection, "0001")
        connection.execute(insert(table("keys", *map(column, old))).values(old))
        connection.execute(insert(table("master_key_proofs", *map(column, proof))).values(proof))
    engine.dispose()
    engine, before = upgrade(bare_url)
    with reading(engine) as connection:
        row = connection.execute(select(KEYS)).one()
    new = {"bearer": None, "operations": None, "suspended": False, "credit": None, "spent": 0, "rate": None}
    assert "0001" == before
    newer = {
        "concurrency": None,
        "liveness": None,
        "retention": None,
        "webhook": None,
        "webhook_turn": 0,
        "webhook_old_until_ms": None,
    }
    before_last = {"old_secret": None, "old_bearer": None, "old_until_ms": None}
    assert {**old, **new, **newer, **before_last} == row._asdict()
    with pytest.raises(MasterKeyError):
        unlock(engine, MasterKey(bytes(range(32))))
    found = Keys(engine, unlock(engine, KEY)).find_with_secret("faceid", public, 0)
    assert found is not None
    assert "the secret" == found[1]
    engine.dispose()


def test_a_database_of_a_newer_ipse_is_refused(database: Engine, open_again: OpenAgain) -> None:
    """An unknown migration that this code does not survive is never overwritten."""
    with writing(database) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9998', head = '9999'"))
    with pytest.raises(DatabaseError, match="newer Ipse"):
        open_again()


def test_a_database_of_a_newer_ipse_that_is_survived_is_used(database: Engine, open_again: OpenAgain) -> None:
    """Tables that have only been added to are left as they are; what would leave the additions out is refused."""
    with writing(database) as connection:
        connection.execute(text("UPDATE alembic_version SET head = '9999'"))
    with reading(open_again()) as connection:
        assert "9999" == schema.version(connection)
        with pytest.raises(DatabaseError, match="newer Ipse"):
            schema.must_be_ours(connection)


def test_what_the_version_before_reads_is_its_own(database: Engine) -> None:
    """Code that knows nothing of two numbers finds the oldest that the tables were made for, and starts."""
    with reading(database) as connection:
        assert schema.OLDEST == connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()


def test_the_database_is_its_owners_only_and_holds_no_secret(tmp_path: Path) -> None:
    """Neither a secret nor a bearer key stands in any file, and nobody else may read them."""
    database = open_database(f"sqlite:///{tmp_path / 'ipse.sqlite'}")
    keys = Keys(database, KEY)
    made = [keys.create(dialect, "n", now_s=0) for dialect in DIALECTS]
    words = [word for one in made for word in (one.secret, one.key if one.secret is None else None) if word]
    assert len(DIALECTS) == len(words)
    for file in tmp_path.iterdir():
        assert 0o600 == file.stat().st_mode & 0o777
        assert not [word for word in words if word.encode() in file.read_bytes()]
    database.dispose()


def test_a_key_is_found_as_it_was_made(database: Engine) -> None:
    """Every field survives, and the secret comes back to whoever asks with the right dialect."""
    keys = Keys(database, KEY)
    made = keys.create(
        "faceid", "né", now_s=7, permissions=frozenset({"kyc"}), test_quota=3, expires_on=date(2030, 1, 31)
    )
    found = keys.find_with_secret("faceid", made.key, 0)
    assert found is not None
    key, secret, *_ = found
    assert made.secret == secret
    assert ("né", frozenset({"kyc"}), True, 7, date(2030, 1, 31), 3, 0) == (
        key.name, key.permissions, key.enabled, key.created_at_s, key.expires_on, key.test_quota, key.used,
    )  # fmt: skip
    assert keys.find_with_secret("tencent", made.key, 0) is None
    assert (key,) == keys.every()


@pytest.mark.parametrize("word", ["a\0b", "\ud800", "é" * 10_000, ""])
def test_a_word_that_no_key_can_be_is_found_nowhere(database: Engine, word: str) -> None:
    """Zero bytes and lone surrogates, which JSON and forms can carry, are a miss and no fault, in every dialect."""
    keys = Keys(database, KEY)
    assert [None] * len(DIALECTS) == [keys.find_with_secret(dialect, word, 0) for dialect in DIALECTS]


def test_a_bearer_key_is_found_whole_only(database: Engine) -> None:
    """The public part of a bearer key opens nothing, but is enough to switch the key off."""
    keys = Keys(database, KEY)
    bearer = keys.create("native", "n", now_s=0).key
    public = bearer.split(".")[0]
    assert keys.find_with_secret("native", public, 0) is None
    assert keys.find_with_secret("native", bearer, 0) is not None
    assert keys.change(public, enabled=False)
    changed = keys.find(bearer)
    assert changed is not None
    assert not changed.enabled


def test_a_rotated_key_has_a_new_proof_and_its_old_limits(database: Engine) -> None:
    """The old secret, or the old bearer word, is gone; everything else is as it was."""
    keys = Keys(database, KEY)
    assert keys.rotate("nobody", now_ms=0, grace_ms=0) is None
    pair = keys.create("tencent", "n", now_s=0, credit=5, rate="5/second")
    before = keys.find(pair.key)
    renewed = keys.rotate(pair.key, now_ms=0, grace_ms=0)
    assert renewed is not None
    assert (pair.key, before) == (renewed.key, keys.find(pair.key))
    assert pair.secret != renewed.secret
    found = keys.find_with_secret("tencent", pair.key, 0)
    assert found is not None
    assert renewed.secret == found[1]
    bearer = keys.create("native", "n", now_s=0).key
    word = keys.rotate(bearer.split(".")[0], now_ms=0, grace_ms=0)
    assert word is not None
    assert keys.find_with_secret("native", bearer, 0) is None
    assert keys.find_with_secret("native", word.key, 0) is not None


def secrets_at(keys: Keys, key: str, now_ms: int) -> tuple[str | None, str | None]:
    """What proves a key at a time: its secret, and the one before the last."""
    found = keys.find_with_secret("faceid", key, now_ms)
    assert found is not None
    return found.secret, found.old_secret


def test_an_old_proof_works_until_its_grace_is_over(database: Engine) -> None:
    """Old and new secret, or bearer word, both prove until the millisecond; one older than both never does."""
    keys = Keys(database, KEY)
    first = keys.create("faceid", "n", now_s=0)
    second = keys.rotate(first.key, now_ms=1000, grace_ms=500)
    assert second is not None
    assert (second.secret, first.secret) == secrets_at(keys, first.key, 1499)
    assert (second.secret, None) == secrets_at(keys, first.key, 1500)
    third = keys.rotate(first.key, now_ms=1100, grace_ms=500)
    assert third is not None
    assert (third.secret, second.secret) == secrets_at(keys, first.key, 1599)
    word = keys.create("native", "n", now_s=0).key
    renewed = keys.rotate(word, now_ms=1000, grace_ms=500)
    assert renewed is not None
    assert [True, True, False] == [
        keys.find_with_secret("native", one, at) is not None
        for one, at in ((word, 1499), (renewed.key, 1500), (word, 1500))
    ]
    with writing(database) as connection:
        assert [1, 1, 0] == [forget_old_proofs(connection, at) for at in (1500, 1600, 9999)]
    assert keys.rotate(first.key, now_ms=1700, grace_ms=500) is not None
    assert keys.end_grace(first.key)
    assert secrets_at(keys, first.key, 1700)[1] is None


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


def test_an_address_that_cannot_be_read_is_not_repeated() -> None:
    """A port that is no number is a sentence without the address in it."""
    with pytest.raises(DatabaseError, match="address cannot be read") as refused:
        open_database("postgresql://ipse:hunter2@host:port/ipse")
    assert "hunter2" not in str(refused.value)


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    """A refused connection is a sentence with place and cause."""
    with pytest.raises(DatabaseError, match=r"The database ipse at 127\.0\.0\.1 cannot be used: .*refused") as refused:
        open_database("postgresql://ipse:hunter2@127.0.0.1:1/ipse")
    assert "hunter2" not in str(refused.value)


def test_a_refused_row_is_told_without_its_values(database: Engine) -> None:
    """What PostgreSQL adds about the row, and the statement's values, appear in no message."""
    row = {"hash": b"hunter2", "expires_at_ms": 0}
    with pytest.raises(DatabaseError) as refused, writing(database) as connection:
        connection.execute(ATTACKED.insert(), [row, row])
    assert "hunter2" not in f"{refused.value} {refused.value.__cause__}"
    assert b"hunter2".hex() not in str(refused.value)


def test_connections_that_died_cost_nobody_a_call(postgresql_url: str) -> None:
    """A call under way is told in words when the server closes all connections; the next one finds a new one."""
    database, other = open_database(postgresql_url), make_engine(postgresql_url)
    end_all = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )

    def write_while_it_ends() -> None:
        with writing(database) as connection:
            connection.execute(ATTACKED.insert().values(hash=b"1", expires_at_ms=0))
            with reading(other) as ending:
                assert [True] == ending.execute(end_all).scalars().all()
            connection.execute(ATTACKED.insert().values(hash=b"2", expires_at_ms=0))

    with pytest.raises(DatabaseError, match="terminating connection"):
        write_while_it_ends()
    with reading(database) as connection:
        assert [] == connection.execute(select(ATTACKED)).all()
    with reading(other) as ending:
        assert [True] == ending.execute(end_all).scalars().all()
    with reading(database) as connection:
        assert [] == connection.execute(select(ATTACKED)).all()
    database.dispose()
    other.dispose()


def test_who_holds_a_word_is_alone(database: Engine, open_again: OpenAgain) -> None:
    """Twenty transactions that read a number, and write it one higher, lose none on either database."""

    def add(engine: Engine) -> None:
        with writing(engine) as connection:
            hold(connection, "a word")
            seen = connection.execute(select(func.count()).select_from(ATTACKED)).scalar_one()
            connection.execute(ATTACKED.insert().values(hash=bytes([seen]), expires_at_ms=seen))

    engines = (database, open_again())
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda turn: add(engines[turn % 2]), range(20)))
    with reading(database) as connection:
        there = connection.execute(select(ATTACKED.c.expires_at_ms).order_by(ATTACKED.c.expires_at_ms)).scalars()
        assert list(range(20)) == list(there)
