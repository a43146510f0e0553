"""The port `Callers`: one suite for every implementation."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Protocol, TypeAlias
from uuid import UUID, uuid4

import pytest

from ipse.core.reasons import Reason
from ipse.infra.master_key import MasterKey
from ipse.infra.store.callers import StoredCallers
from ipse.infra.store.database import open_database
from ipse.infra.store.keys import DialectName, Keys
from ipse.service.ports import Callers, KeyRecord, LedgerEntry, Receipt, Standing


class Desk(Protocol):
    """Where keys are made and switched, beside the callers under test."""

    def issue(self, dialect: DialectName, *, test_quota: int | None = None, expires_on: date | None = None) -> str:
        """The new key."""
        ...

    def disable(self, key: str) -> None:
        """Switch it off."""
        ...


@dataclass
class MemoryCallers:
    """Keys in a dictionary, desk and port in one."""

    records: dict[tuple[str, str], KeyRecord] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)

    def issue(self, dialect: DialectName, *, test_quota: int | None = None, expires_on: date | None = None) -> str:
        """The new key."""
        key = f"key{len(self.records)}"
        end = None if expires_on is None else datetime(expires_on.year, expires_on.month, expires_on.day, tzinfo=UTC)
        expires_at = None if end is None else end.timestamp() + 86_400
        secret = None if dialect in {"iapp", "native"} else "secret"
        self.records[dialect, key] = KeyRecord(key, dialect, secret, expires_at=expires_at, test_quota=test_quota)
        return key

    def disable(self, key: str) -> None:
        """Switch it off."""
        self.records = {at: replace(one, disabled=one.disabled or at[1] == key) for at, one in self.records.items()}

    async def find(self, dialect: str, key: str) -> KeyRecord | None:
        """The record."""
        return self.records.get((dialect, key))

    async def hit(self, record: KeyRecord) -> Standing | None:
        """Nothing has a rate."""
        del record
        return None

    async def take_room(self, record: KeyRecord, call: UUID, now: float) -> Reason | None:
        """Count one call."""
        del call, now
        used = self.used.get(record.key, 0)
        if record.test_quota is not None and used >= record.test_quota:
            return Reason.QUOTA_SPENT
        self.used[record.key] = used + 1
        return None

    async def settle(self, record: KeyRecord, receipt: Receipt) -> None:
        """Take back what does not count."""
        if not receipt.entry.counted:
            self.used[record.key] -= 1


def receipt(key: str, *, counted: bool) -> Receipt:
    """The end of a call."""
    outcome = "ok" if counted else "busy"
    return Receipt(LedgerEntry(uuid4(), 0.0, key, "faceid", "verify", outcome, 200, 0, counted, 1.0))


@dataclass
class StoreDesk:
    """The table of keys, as `ipse keys` uses it: through a connection of its own."""

    keys: Keys

    def issue(self, dialect: DialectName, *, test_quota: int | None = None, expires_on: date | None = None) -> str:
        """The new key."""
        return self.keys.create(dialect, "n", now_s=0, test_quota=test_quota, expires_on=expires_on).key

    def disable(self, key: str) -> None:
        """Switch it off."""
        assert self.keys.enable(key, enabled=False)


Made: TypeAlias = tuple[Callers, Desk]


def in_memory() -> Iterator[Made]:
    """The dictionary."""
    memory = MemoryCallers()
    yield memory, memory


def on_the_store(address: str) -> Iterator[Made]:
    """The store: the server's connections and the command line's are two."""
    master_key = MasterKey(bytes(32))
    server, command_line = open_database(address), open_database(address)
    callers = StoredCallers(Keys(server, master_key))
    yield callers, StoreDesk(Keys(command_line, master_key))
    callers.close()
    server.dispose()
    command_line.dispose()


@pytest.fixture(params=["memory", "sqlite_url", "postgresql_url"])
def made(request: pytest.FixtureRequest) -> Iterator[Made]:
    """Each implementation."""
    yield from in_memory() if request.param == "memory" else on_the_store(request.getfixturevalue(request.param))


def found(callers: Callers, dialect: str, key: str) -> KeyRecord:
    """The record, which must be there."""
    record = asyncio.run(callers.find(dialect, key))
    assert record is not None
    return record


def test_a_key_made_elsewhere_is_found_at_once_in_its_dialect_only(made: Made) -> None:
    """A key is known from the moment of its making, and no other dialect knows it."""
    callers, desk = made
    assert asyncio.run(callers.find("faceid", "nobody")) is None
    key = desk.issue("faceid")
    record = found(callers, "faceid", key)
    assert ("faceid", False, None, None) == (record.dialect, record.disabled, record.expires_at, record.test_quota)
    assert record.secret
    assert [None, None] == [asyncio.run(callers.find(other, key)) for other in ("tencent", "no dialect")]


def test_a_bearer_key_has_no_secret(made: Made) -> None:
    """The whole key is the proof."""
    callers, desk = made
    assert found(callers, "native", desk.issue("native")).secret is None


def test_a_key_switched_off_elsewhere_is_off_at_once(made: Made) -> None:
    """Nothing is cached."""
    callers, desk = made
    key = desk.issue("faceid")
    assert not found(callers, "faceid", key).disabled
    desk.disable(key)
    assert found(callers, "faceid", key).disabled


def test_the_last_day_of_a_key_ends_with_the_next_one(made: Made) -> None:
    """A key of the last day of January 2030 is expired from the first second of February, UTC."""
    callers, desk = made
    key = desk.issue("faceid", expires_on=date(2030, 1, 31))
    assert datetime(2030, 2, 1, tzinfo=UTC).timestamp() == found(callers, "faceid", key).expires_at


def test_calls_at_the_same_moment_never_exceed_the_quota(made: Made) -> None:
    """Of twenty calls of a test key with seven, seven get room; one given back can be taken again, once."""
    callers, desk = made
    record = found(callers, "faceid", desk.issue("faceid", test_quota=7))

    async def call() -> tuple[int, list[Reason | None]]:
        taken = await asyncio.gather(*(callers.take_room(record, uuid4(), 0.0) for _ in range(20)))
        await callers.settle(record, receipt(record.key, counted=False))
        return taken.count(None), [await callers.take_room(record, uuid4(), 0.0) for _ in range(2)]

    assert (7, [None, Reason.QUOTA_SPENT]) == asyncio.run(call())


def test_a_quota_of_zero_lets_nothing_through(made: Made) -> None:
    """A test key without calls is refused from the first."""
    callers, desk = made
    record = found(callers, "faceid", desk.issue("faceid", test_quota=0))
    assert Reason.QUOTA_SPENT == asyncio.run(callers.take_room(record, uuid4(), 0.0))


def test_other_keys_are_never_spent(made: Made) -> None:
    """A key without a quota always has room."""
    callers, desk = made
    record = found(callers, "faceid", desk.issue("faceid"))

    async def call() -> list[Reason | None]:
        return [await callers.take_room(record, uuid4(), 0.0) for _ in range(3)]

    assert [None, None, None] == asyncio.run(call())
