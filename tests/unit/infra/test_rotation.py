"""A new master key takes over while everything goes on."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from sqlalchemy import Engine, LargeBinary, func, select, update

from ipse.infra.master_key import MasterKey, MasterKeyError
from ipse.infra.master_key_file import alone, forget_old_keys, load_master_key, put_new_key_first
from ipse.infra.store import rotation
from ipse.infra.store.database import reading, writing
from ipse.infra.store.keys import Keys
from ipse.infra.store.rotation import Rotation, is_settled, reseal
from ipse.infra.store.sealed import SEALED, about
from ipse.infra.store.tables import ATTACKED, MASTER_KEYS, METADATA, PEOPLE
from ipse.infra.store.unlocking import open_store, unlock

OLD, NEW = bytes(range(32)), bytes(32)
OpenAgain: TypeAlias = Callable[[], Engine]


def say_nothing(_: Rotation) -> None:
    """No progress is shown."""


def person(number: str, master_key: MasterKey) -> dict[str, object]:
    """A row of the registry whose four sealed columns say what they are."""
    digest = master_key.keyed_hash("number", number)
    sealed = {
        column.name: master_key.seal(f"{column.name} of {number}".encode(), about(column, digest))
        for column in (PEOPLE.c.number, PEOPLE.c.name, PEOPLE.c.photo, PEOPLE.c.template)
    }
    return {"hash": digest, **sealed, "photo_state": "usable", "row_hash": digest, "updated_at_ms": 0}


def read_person(database: Engine, number: str, master_key: MasterKey) -> str:
    """The name in a row, found by its number."""
    with reading(database) as connection:
        row = connection.execute(select(PEOPLE).where(PEOPLE.c.hash == master_key.keyed_hash("number", number))).one()
    return master_key.open(row.name, about(PEOPLE.c.name, row.hash)).decode()


def prefixes(database: Engine) -> set[bytes]:
    """What all sealed values begin with."""
    with reading(database) as connection:
        values = (connection.execute(select(column).where(column.is_not(None))).scalars() for column in SEALED)
        return {sealed[:5] for column in values for sealed in column}


def test_every_sealed_column_is_known_to_rotation() -> None:
    """The columns whose comment begins with "sealed" are those that rotation seals anew."""
    said = {
        column
        for table in METADATA.sorted_tables
        for column in table.columns
        if re.match("sealed", column.comment or "") and isinstance(column.type, LargeBinary)
    }
    assert said == set(SEALED)


def test_what_a_value_is_about_names_its_column_and_row() -> None:
    """No two columns and no two rows have the same subject."""
    subjects = [about(column, key) for column in SEALED for key in (b"1", b"2")]
    assert len(subjects) == len(set(subjects))


def test_a_new_key_takes_over_everything(database: Engine) -> None:
    """Afterwards the new key alone opens all, finds by the same hashes, and nothing is left that the old one sealed."""
    old = unlock(database, MasterKey(OLD))
    credentials = Keys(database, old).create("faceid", "n", now_s=0)
    bearer = Keys(database, old).create("native", "n", now_s=0).key
    with writing(database) as connection:
        connection.execute(PEOPLE.insert(), [person(str(number), old) for number in range(3)])
    both = unlock(database, MasterKey(NEW, OLD))
    assert not is_settled(database, both)
    done = reseal(database, both, say_nothing)
    assert Rotation(resealed=1 + 3 * 4, shut=0) == done
    new = unlock(database, MasterKey(NEW))
    assert is_settled(database, new)
    assert {new.prefix} == prefixes(database)
    assert ["name of 0", "name of 2"] == [read_person(database, number, new) for number in "02"]
    found = Keys(database, new).find_with_secret("faceid", credentials.key, 0)
    assert found is not None
    assert credentials.secret == found[1]
    assert Keys(database, new).find_with_secret("native", bearer, 0) is not None
    with pytest.raises(MasterKeyError, match="another master key"):
        unlock(database, MasterKey(OLD))


def test_a_rotation_that_was_killed_is_taken_up_again(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a crash between two batches both keys are needed, all rows open, and the second run seals only the rest."""
    old = unlock(database, MasterKey(OLD))
    with writing(database) as connection:
        connection.execute(PEOPLE.insert(), [person(str(number), old) for number in range(5)])
    monkeypatch.setattr(rotation, "BATCH_ROWS", 2)
    both = unlock(database, MasterKey(NEW, OLD))

    def crash(_: Rotation) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reseal(database, both, crash)
    for one in (OLD, NEW):
        with pytest.raises(MasterKeyError, match="another master key"):
            unlock(database, MasterKey(one))
    assert [f"name of {n}" for n in range(5)] == [read_person(database, str(n), both) for n in range(5)]
    assert Rotation(resealed=5 * 4 - 2) == reseal(database, unlock(database, MasterKey(NEW, OLD)), say_nothing)
    assert {both.prefix} == prefixes(database)


def test_a_value_that_changes_meanwhile_is_not_undone(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row rewritten between reading and sealing anew keeps what was written."""
    old = unlock(database, MasterKey(OLD))
    with writing(database) as connection:
        connection.execute(PEOPLE.insert(), [person(number, old) for number in "12"])
    monkeypatch.setattr(rotation, "BATCH_ROWS", 1)
    both = unlock(database, MasterKey(NEW, OLD))
    changed = person("2", both)
    rows = rotation._sealed_otherwise(database, both, PEOPLE.c.number, None)
    with writing(database) as connection:
        connection.execute(update(PEOPLE).where(PEOPLE.c.hash == rows[0].key).values(number=changed["number"]))
    done = Rotation()
    rotation._reseal_rows(database, both, PEOPLE.c.number, rows, done)
    assert Rotation() == done
    with reading(database) as connection:
        assert changed["number"] in connection.execute(select(PEOPLE.c.number)).scalars().all()


def test_a_value_that_no_key_opens_is_counted_and_left(database: Engine) -> None:
    """One damaged value stops nothing."""
    old = unlock(database, MasterKey(OLD))
    with writing(database) as connection:
        connection.execute(PEOPLE.insert(), [person(number, old) for number in "12"])
        connection.execute(update(PEOPLE).where(PEOPLE.c.hash == old.keyed_hash("number", "1")).values(photo=b"\1bad"))
    assert Rotation(resealed=7, shut=1) == reseal(database, unlock(database, MasterKey(NEW, OLD)), say_nothing)


def test_another_master_key_is_refused(database: Engine) -> None:
    """A database says so when it was begun under another key, instead of failing at the first secret."""
    unlock(database, MasterKey(OLD))
    unlock(database, MasterKey(OLD))
    for wrong in (MasterKey(NEW), MasterKey(NEW, bytes([7] * 32))):
        with pytest.raises(MasterKeyError, match="another master key"):
            unlock(database, wrong)
    with reading(database) as connection:
        assert 1 == connection.execute(select(func.count()).select_from(MASTER_KEYS)).scalar_one()


def test_a_database_from_before_keys_had_names_is_taken_over(database: Engine) -> None:
    """What the first version hashed and sealed is found and opened, also when a new key comes at the same time."""
    old = MasterKey(OLD)
    with writing(database) as connection:
        connection.execute(MASTER_KEYS.insert().values(id="", proof=old.proof(old.ids[0])))
        connection.execute(ATTACKED.insert().values(hash=old.keyed_hash("number", "1"), expires_at_ms=0))
    with pytest.raises(MasterKeyError, match="another master key"):
        unlock(database, MasterKey(NEW))
    both = unlock(database, MasterKey(NEW, OLD))
    with reading(database) as connection:
        assert [both.keyed_hash("number", "1")] == connection.execute(select(ATTACKED.c.hash)).scalars().all()
        assert sorted(both.ids) == sorted(connection.execute(select(MASTER_KEYS.c.id)).scalars())
    sealed_before = b"\x01" + b"n" * 12 + both._ring()[1].sealing.encrypt(b"n" * 12, b"secret", b"key")
    assert b"secret" == both.open(sealed_before, "key")


def test_servers_that_begin_a_database_at_once_agree(database_url: str) -> None:
    """Two processes with different keys cannot both begin the same database."""
    store = open_store(database_url, MasterKey(OLD))
    with pytest.raises(MasterKeyError, match="another master key"):
        open_store(database_url, MasterKey(NEW))
    store.database.dispose()


def test_a_running_process_sees_a_new_key_in_the_file(tmp_path: Path) -> None:
    """What it sealed before still opens, what it seals from now on opens under the new key, and hashes stay."""
    server = load_master_key(None, tmp_path)
    early, print_of_it = server.seal(b"early", "x"), server.keyed_hash("a", "b")
    put_new_key_first(tmp_path)
    late = server.seal(b"late", "x")
    beside = load_master_key(None, tmp_path)
    assert [b"early", b"late"] == [beside.open(sealed, "x") for sealed in (early, late)]
    assert beside.prefix == late[:5] != early[:5]
    assert print_of_it == server.keyed_hash("a", "b")
    forget_old_keys(tmp_path)
    with pytest.raises(MasterKeyError, match="does not open"):
        server.open(early, "x")
    assert (beside.ids[0],) == server.ids
    assert ["master.key"] == [file.name for file in tmp_path.iterdir()]
    assert 0o600 == (tmp_path / "master.key").stat().st_mode & 0o777


def test_a_file_that_is_spoilt_while_it_is_used_changes_nothing(tmp_path: Path) -> None:
    """A running process goes on with the keys that it has."""
    server = load_master_key(None, tmp_path)
    sealed = server.seal(b"x", "x")
    (tmp_path / "master.key").write_text("no key")
    assert b"x" == server.open(sealed, "x")
    (tmp_path / "master.key").unlink()
    assert b"x" == server.open(sealed, "x")


def test_only_one_process_changes_the_keys(tmp_path: Path) -> None:
    """A second rotation is refused while the first one runs; afterwards it may begin."""
    with alone(tmp_path), pytest.raises(MasterKeyError, match="Another process"), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass


def test_several_keys_may_be_given(tmp_path: Path) -> None:
    """Separated by commas or lines; the first one seals."""
    given = load_master_key(f"{NEW.hex()},{OLD.hex()}", tmp_path)
    assert MasterKey(NEW, OLD).ids == given.ids == load_master_key(f"{NEW.hex()}\n{OLD.hex()}\n", tmp_path).ids
    assert b"x" == given.open(MasterKey(OLD).seal(b"x", "y"), "y")
