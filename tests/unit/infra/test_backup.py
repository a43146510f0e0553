"""A backup holds everything, fits into either database, and is refused when anything is wrong with it."""

import asyncio
import sqlite3
import tracemalloc
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import TypeAlias

import pytest
from sqlalchemy import BigInteger, Boolean, Column, Date, Engine, Float, Integer, LargeBinary, String, func, select

from ipse.infra.master_key import MasterKey, MasterKeyError
from ipse.infra.store import backup, copying, restore
from ipse.infra.store.backup import write_backup
from ipse.infra.store.database import DatabaseError, open_database, reading, writing
from ipse.infra.store.jobs import StoredJobs
from ipse.infra.store.keys import Keys
from ipse.infra.store.questions import Questions
from ipse.infra.store.restore import check_backup, restore_backup
from ipse.infra.store.sealed import about
from ipse.infra.store.tables import ATTACKED, KEYS, MASTER_KEYS, METADATA, PEOPLE, VAULT
from ipse.infra.store.unlocking import Store, unlock
from ipse.infra.telemetry import SystemClock
from ipse.infra.trouble import SetupError

OLD, NEW = bytes(range(32)), bytes(32)
END = 1e6
Make: TypeAlias = Callable[[str], Engine]
OpenAgain: TypeAlias = Callable[[], Engine]


class Ticking(SystemClock):
    """A clock that is a second later whenever somebody looks."""

    def __init__(self) -> None:
        self.seconds = count()

    def now(self) -> float:
        """The time."""
        return float(next(self.seconds))


def say_nothing(_: int) -> None:
    """No progress is shown."""


def value(column: Column[object], number: int) -> object:
    """Some value that the column takes, another for every number, with what is hard to carry over."""
    values = {
        Boolean: bool(number % 2),
        Date: date(2030, 1, 1) + timedelta(days=number),
        LargeBinary: bytes([number, 0, 255]) * 9,
        Float: 0.1 + number,
        String: f"é\N{CJK UNIFIED IDEOGRAPH-6F22}'{number}",
        BigInteger: 2**40 + number,
        Integer: number,
    }
    return next(one for kind, one in values.items() if isinstance(column.type, kind))


def fill(database: Engine) -> Store:
    """A database with three rows in every table, the third with nothing where nothing is allowed."""
    store = Store(database, unlock(database, MasterKey(OLD)))
    with writing(database) as connection:
        for table in METADATA.sorted_tables:
            if table in {KEYS, MASTER_KEYS}:
                continue
            for number in range(3):
                row = {column.name: value(column, number) for column in table.columns}
                nothing = {column.name: None for column in table.columns if number == 2 and column.nullable}
                connection.execute(table.insert().values({**row, **nothing}))
    keys = Keys(database, store.master_key)
    for name in ("faceid", "tencent"):
        keys.create(name, "né", now_s=7, test_quota=3, expires_on=date(2030, 1, 31))
    return store


def everything(database: Engine) -> dict[str, list[str]]:
    """All rows of all tables."""
    with reading(database) as connection:
        return {
            table.name: sorted(repr(row) for row in connection.execute(select(table)))
            for table in METADATA.sorted_tables
        }


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the backup goes: a name that no address could hold as it is."""
    return tmp_path / "a backup, 100% & more?.ipse"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_everything_comes_back_in_either_database(
    database: Engine, another_database: Make, kind: str, file: Path
) -> None:
    """Every row of every table, from SQLite and PostgreSQL into SQLite and PostgreSQL; the secrets still open."""
    store = fill(database)
    held = write_backup(store, file, 0, say_nothing)
    assert held == check_backup(file, MasterKey(OLD))
    target = another_database(kind)
    unlock(target, MasterKey(OLD))
    counted: list[int] = []
    restore_backup(file, target, force=False, progress=counted.append)
    assert everything(database) == everything(target)
    assert all(len(rows) >= 1 for rows in everything(target).values())
    assert sum(content.rows for content in held.values()) == sum(counted) + 1  # The schema's version is a row too.
    key = Keys(database, store.master_key).every()[0]
    found = Keys(target, unlock(target, MasterKey(OLD))).find_with_secret(key.dialect, key.id, 0)
    assert found is not None
    assert found[1]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_work_that_waits_comes_back_and_is_done(
    database: Engine, another_database: Make, kind: str, file: Path
) -> None:
    """A job that waited or was under way is taken up where it was restored; what was lined up there before is gone."""
    store = Store(database, unlock(database, MasterKey(OLD)))
    target = another_database(kind)
    moved = Store(target, unlock(target, MasterKey(OLD)))

    async def scene() -> list[tuple[bytes, int] | None]:
        old, new = (StoredJobs(one.database, one.master_key, Questions(one.database), Ticking())
                    for one in (store, moved))  # fmt: skip
        for token in ("done", "begun", "waits"):
            await old.put(token, "card", "o", token.encode(), END)
        await new.put("forgotten", "card", "o", b"forgotten", END)
        done, begun = [await old.claim(("card",), 0, 10) for _ in range(2)]
        assert done is not None
        assert begun is not None
        assert await old.finish(done, b"result")
        write_backup(store, file, 0, say_nothing)
        check_backup(file, MasterKey(OLD))
        restore_backup(file, target, force=True, progress=say_nothing)
        there = StoredJobs(target, unlock(target, MasterKey(OLD)), Questions(target), Ticking())
        jobs = [await there.claim(("card",), 11, 10) for _ in range(3)]
        for one in (old, new, there):
            one._questions.close()
        return [None if job is None else (job.payload, job.attempt) for job in jobs]

    assert [(b"begun", 2), (b"waits", 1), None] == asyncio.run(scene())


def test_a_backup_is_its_owners_only_and_leaves_nothing_beside_it(tmp_path: Path, file: Path, database: Engine) -> None:
    """Mode 0600, no draft, no journal; and a file that is there is never written over."""
    before = {one.name for one in tmp_path.iterdir()}
    write_backup(fill(database), file, 0, say_nothing)
    assert 0o600 == file.stat().st_mode & 0o777
    check_backup(file, MasterKey(OLD))
    new = {one.name for one in tmp_path.iterdir()} - before
    assert {file.name} == {name for name in new if not name.startswith("ipse.sqlite")}
    with pytest.raises(SetupError, match="is there already"):
        write_backup(Store(database, MasterKey(OLD)), file, 0, say_nothing)


def test_a_backup_is_of_one_moment(database: Engine, open_again: OpenAgain, file: Path) -> None:
    """What a server writes while the backup is made is in none of the tables, also in those that come later."""
    store, server = fill(database), open_again()
    before = everything(database)
    turns: list[int] = []

    def write_meanwhile(_: int) -> None:
        turns.append(10 + len(turns))
        with writing(server) as connection:
            for table in (ATTACKED, VAULT):
                row = {column.name: value(column, turns[-1]) for column in table.columns}
                connection.execute(table.insert().values(row))

    write_backup(store, file, 0, write_meanwhile)
    assert len(turns) > 3
    with closing(sqlite3.connect(file)) as connection:
        for table in (ATTACKED, VAULT):
            count = select(func.count()).select_from(table)
            assert (len(before[table.name]),) == connection.execute(str(count)).fetchone()


def test_a_database_that_holds_rows_is_not_written_over(database: Engine, another_database: Make, file: Path) -> None:
    """Without --force nothing changes; with it what was there is gone."""
    write_backup(fill(database), file, 0, say_nothing)
    target = another_database(database.dialect.name)
    Keys(target, unlock(target, MasterKey(NEW))).create("faceid", "mine", now_s=0)
    before = everything(target)
    with pytest.raises(DatabaseError, match="holds rows already"):
        restore_backup(file, target, force=False, progress=say_nothing)
    assert before == everything(target)
    restore_backup(file, target, force=True, progress=say_nothing)
    assert everything(database) == everything(target)


def test_a_restore_that_breaks_off_leaves_what_was_there(database: Engine, another_database: Make, file: Path) -> None:
    """It is one transaction, with --force too."""
    write_backup(fill(database), file, 0, say_nothing)
    target = another_database(database.dialect.name)
    Keys(target, unlock(target, MasterKey(NEW))).create("faceid", "mine", now_s=0)
    before = everything(target)

    def break_off(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore_backup(file, target, force=True, progress=break_off)
    assert before == everything(target)


def test_another_master_key_is_refused_before_anything_is_written(sqlite_url: str, file: Path) -> None:
    """The key is compared first; the right one among several will do."""
    store = fill(open_database(sqlite_url))
    write_backup(store, file, 0, say_nothing)
    store.database.dispose()
    with pytest.raises(MasterKeyError, match="made under another master key"):
        check_backup(file, MasterKey(NEW))
    assert check_backup(file, MasterKey(NEW, OLD))


def test_no_byte_of_a_backup_can_change(sqlite_url: str, file: Path) -> None:
    """Damage in every region of the file that holds something is found, and a file cut short too."""
    store = fill(open_database(sqlite_url))
    write_backup(store, file, 0, say_nothing)
    store.database.dispose()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE attacked SET expires_at_ms = expires_at_ms + 1 WHERE rowid = 1")
        connection.commit()
    with pytest.raises(DatabaseError, match="damaged"):
        check_backup(file, MasterKey(OLD))
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DatabaseError, match="damaged"):
        check_backup(file, MasterKey(OLD))


@pytest.mark.parametrize("content", [b"", b"This is no backup, but it is long enough. " * 100])
def test_another_file_is_no_backup(tmp_path: Path, content: bytes) -> None:
    """Text and an empty file are refused in words."""
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(DatabaseError, match="no backup of Ipse"):
        check_backup(file, MasterKey(OLD))
    with pytest.raises(SetupError, match="Cannot use"):
        check_backup(tmp_path / "nothing", MasterKey(OLD))


def test_a_backup_of_an_older_ipse_is_brought_up_to_date(
    sqlite_url: str, another_database: Make, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is migrated in a copy; the file itself stays as it was."""
    store = fill(open_database(sqlite_url))
    write_backup(store, file, 0, say_nothing)
    before = file.read_bytes()
    monkeypatch.setattr(restore, "HEAD", "newer")
    target = another_database("sqlite")
    restore_backup(file, target, force=False, progress=say_nothing)
    assert everything(store.database) == everything(target)
    assert before == file.read_bytes()
    store.database.dispose()


def test_a_backup_of_a_newer_ipse_is_refused(
    sqlite_url: str, another_database: Make, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not known cannot be restored."""
    monkeypatch.setattr(backup, "HEAD", "9999")
    store = fill(open_database(sqlite_url))
    write_backup(store, file, 0, say_nothing)
    store.database.dispose()
    with pytest.raises(DatabaseError, match="newer Ipse"):
        restore_backup(file, another_database("sqlite"), force=False, progress=say_nothing)


def test_a_backup_from_before_a_rotation_is_restored_with_the_old_key_in_the_ring(
    database: Engine, another_database: Make, file: Path
) -> None:
    """Afterwards both keys are listed, so that the next rotation seals everything anew."""
    store = fill(database)
    secret = store.master_key.seal(b"x", about(PEOPLE.c.name, b"1"))
    write_backup(store, file, 0, say_nothing)
    ring = MasterKey(NEW, OLD)
    check_backup(file, ring)
    target = another_database(database.dialect.name)
    restore_backup(file, target, force=False, progress=say_nothing)
    unlocked = unlock(target, ring)
    assert b"x" == unlocked.open(secret, about(PEOPLE.c.name, b"1"))
    assert store.master_key.keyed_hash("a", "b") == unlocked.keyed_hash("a", "b")
    with reading(target) as connection:
        assert 2 == connection.execute(select(func.count()).select_from(MASTER_KEYS)).scalar_one()


def test_large_registries_are_never_held_in_memory(
    database: Engine, another_database: Make, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty megabytes of photos pass through less than five."""
    monkeypatch.setattr(copying, "BATCH_ROWS", 5)
    store = Store(database, unlock(database, MasterKey(OLD)))
    with writing(database) as connection:
        for number in range(200):
            row = {column.name: value(column, 1) for column in PEOPLE.columns}
            unique = number.to_bytes(32, "big")
            connection.execute(PEOPLE.insert().values({**row, "hash": unique, "photo": unique * 3_200}))
    target = another_database(database.dialect.name)
    tracemalloc.start()
    write_backup(store, file, 0, say_nothing)
    check_backup(file, MasterKey(OLD))
    restore_backup(file, target, force=False, progress=say_nothing)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert file.stat().st_size > 20_000_000
    assert peak < 5_000_000
