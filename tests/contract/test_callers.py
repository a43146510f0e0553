"""The port `Callers`: one suite for every implementation."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol, TypeAlias, Unpack
from uuid import UUID, uuid4

import pytest

from ipse.core.reasons import Reason
from ipse.infra.master_key import MasterKey
from ipse.infra.store.callers import StoredCallers
from ipse.infra.store.database import open_database
from ipse.infra.store.heart import LEASE_S
from ipse.infra.store.keys import DialectName, Keys, Limits
from ipse.infra.store.questions import Questions
from ipse.service.ports import Callers, KeyRecord, LedgerEntry, Receipt, Standing

NOW = 1_461_740_000.0


class Desk(Protocol):
    """Where keys are made and changed, beside the callers under test."""

    def issue(self, dialect: DialectName, **limits: Unpack[Limits]) -> str:
        """The new key."""
        ...

    def change(self, key: str, **limits: Unpack[Limits]) -> bool:
        """Set limits."""
        ...

    def charged(self, key: str) -> tuple[int, int]:
        """Calls of a test key that were counted, and units that were billed."""
        ...


@dataclass
class HandClock:
    """A clock that is set by hand."""

    at: float = NOW

    def now(self) -> float:
        """What it shows."""
        return self.at

    def monotonic(self) -> float:
        """The same."""
        return self.at


@dataclass
class MemoryCallers:
    """Keys in a dictionary, desk and port in one."""

    clock: HandClock
    records: dict[tuple[str, str], KeyRecord] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    spent: dict[str, int] = field(default_factory=dict)
    hits: dict[str, list[float]] = field(default_factory=dict)
    leases: dict[UUID, tuple[str, float, int]] = field(default_factory=dict)
    written: set[UUID] = field(default_factory=set)

    def issue(self, dialect: DialectName, **limits: Unpack[Limits]) -> str:
        """The new key."""
        key = f"key{len(self.records)}"
        secret = None if dialect in {"iapp", "native"} else "secret"
        self.records[dialect, key] = _changed(KeyRecord(key, dialect, secret), limits)
        return key

    def change(self, key: str, **limits: Unpack[Limits]) -> bool:
        """Set limits."""
        at = next(at for at in self.records if at[1] == key)
        self.records[at] = _changed(self.records[at], limits)
        return True

    def charged(self, key: str) -> tuple[int, int]:
        """What was counted and billed."""
        return self.used.get(key, 0), self.spent.get(key, 0)

    async def find(self, dialect: str, key: str) -> KeyRecord | None:
        """The record."""
        return self.records.get((dialect, key))

    async def named(self, dialect: str, key: str) -> KeyRecord | None:
        """The record, its secret left out."""
        record = self.records.get((dialect, key))
        return None if record is None else replace(record, secret=None)

    async def hit(self, record: KeyRecord) -> Standing | None:
        """A moving window of a minute."""
        if record.rate is None:
            return None
        limit = int(record.rate.removesuffix("/minute"))
        hits = self.hits[record.key] = [at for at in self.hits.get(record.key, []) if at > self.clock.at - 60]
        exceeded = len(hits) >= limit
        if not exceeded:
            hits.append(self.clock.at)
        return Standing(limit, limit - len(hits), hits[0] + 60 - self.clock.at, exceeded)

    async def take_room(self, record: KeyRecord, call: UUID, now: float, units: int = 1) -> Reason | None:
        """A lease, if there is room."""
        others = [
            held for one, (key, ends_at, held) in self.leases.items()
            if key == record.key and ends_at > now and one != call
        ]  # fmt: skip
        used, spent = self.charged(record.key)
        if record.test_quota is not None and used + len(others) >= record.test_quota:
            return Reason.QUOTA_SPENT
        if record.credit is not None and spent + sum(others) + units > record.credit:
            return Reason.CREDIT_SPENT
        if record.concurrency is not None and len(others) >= record.concurrency:
            return Reason.CONCURRENCY_EXCEEDED
        self.leases[call] = record.key, now + LEASE_S, units
        return None

    async def settle(self, record: KeyRecord, receipt: Receipt) -> None:
        """Once for every call."""
        if receipt.entry.id not in self.written:
            self.written.add(receipt.entry.id)
            self.leases.pop(receipt.entry.id, None)
            is_test = record.test_quota is not None
            self.used[record.key] = self.used.get(record.key, 0) + (receipt.entry.counted and is_test)
            self.spent[record.key] = self.spent.get(record.key, 0) + receipt.entry.billed


def _changed(record: KeyRecord, limits: Limits) -> KeyRecord:
    """A record with other limits."""
    changes: dict[str, object] = {name: value for name, value in limits.items() if name in KeyRecord.__slots__}
    if "enabled" in limits:
        changes["disabled"] = not limits["enabled"]
    if "permissions" in limits:
        changes["kyc"] = "kyc" in limits["permissions"]
    if last_day := limits.get("expires_on"):
        changes["expires_at"] = datetime.combine(last_day + timedelta(days=1), time(), UTC).timestamp()
    return replace(record, **changes)  # type: ignore[arg-type]  # The names are those of the record.


@dataclass
class StoreDesk:
    """The table of keys, as `ipse keys` uses it: through a connection of its own."""

    keys: Keys

    def issue(self, dialect: DialectName, **limits: Unpack[Limits]) -> str:
        """The new key."""
        return self.keys.create(dialect, "n", now_s=0, **limits).key

    def change(self, key: str, **limits: Unpack[Limits]) -> bool:
        """Set limits."""
        return self.keys.change(key, **limits)

    def charged(self, key: str) -> tuple[int, int]:
        """What was counted and billed."""
        found = self.keys.find(key)
        assert found is not None
        return found.used, found.spent


@dataclass
class Made:
    """Two servers' callers on one store, and the desk beside them."""

    callers: Callers
    others: Callers
    desk: Desk
    clock: HandClock


Making: TypeAlias = Iterator[Made]


def in_memory() -> Making:
    """The dictionary."""
    clock = HandClock()
    memory = MemoryCallers(clock)
    yield Made(memory, memory, memory, clock)


def on_the_store(address: str) -> Making:
    """The store: two servers and the command line, with connections of their own."""
    clock, master_key = HandClock(), MasterKey(bytes(32))
    databases = [open_database(address) for _ in range(3)]
    questions = [Questions(database) for database in databases[:2]]
    first, second = (
        StoredCallers(database, master_key, asked, clock) for database, asked in zip(databases, questions, strict=False)
    )
    yield Made(first, second, StoreDesk(Keys(databases[2], master_key)), clock)
    for asked in questions:
        asked.close()
    for database in databases:
        database.dispose()


@pytest.fixture(params=["memory", "sqlite_url", "postgresql_url"])
def made(request: pytest.FixtureRequest) -> Making:
    """Each implementation."""
    yield from in_memory() if request.param == "memory" else on_the_store(request.getfixturevalue(request.param))


def found(made: Made, dialect: str, key: str) -> KeyRecord:
    """The record, which must be there."""
    record = asyncio.run(made.callers.find(dialect, key))
    assert record is not None
    return record


def receipt(key: str, call: UUID, *, billed: int = 0, counted: bool = True) -> Receipt:
    """The end of a call."""
    return Receipt(LedgerEntry(call, NOW, key, "faceid", "verify", "ok", 200, billed, counted, 1.0))


async def taken(made: Made, record: KeyRecord, count: int) -> dict[UUID, Reason | None]:
    """What calls that come at the same moment are told, one by each server in turn."""
    calls = [uuid4() for _ in range(count)]
    servers = (made.callers, made.others)
    asked = (servers[turn % 2].take_room(record, call, NOW) for turn, call in enumerate(calls))
    return dict(zip(calls, await asyncio.gather(*asked), strict=True))


def test_a_key_made_elsewhere_is_found_at_once_in_its_dialect_only(made: Made) -> None:
    """A key is known from the moment of its making, and no other dialect knows it."""
    assert asyncio.run(made.callers.find("faceid", "nobody")) is None
    key = made.desk.issue("faceid")
    record = found(made, "faceid", key)
    assert replace(record, secret=None) == KeyRecord(key, "faceid", None)
    assert record.secret
    assert [None, None] == [asyncio.run(made.callers.find(other, key)) for other in ("tencent", "no dialect")]


def test_a_bearer_key_has_no_secret(made: Made) -> None:
    """The whole key is the proof."""
    assert found(made, "native", made.desk.issue("native")).secret is None


@pytest.mark.parametrize("dialect", ["faceid", "native"])
def test_a_key_is_found_by_its_name_without_its_secret(made: Made, dialect: DialectName) -> None:
    """What a record calls its key finds the record again, in its own dialect only; no secret comes with it."""
    record = replace(found(made, dialect, made.desk.issue(dialect, credit=7)), secret=None)
    assert record == asyncio.run(made.callers.named(dialect, record.key))
    assert [None, None] == [asyncio.run(made.callers.named(*asked)) for asked in (("iapp", record.key), (dialect, "x"))]


def test_a_bearer_key_is_no_name(made: Made) -> None:
    """What a caller proves with does not stand in for what a record calls the key."""
    if isinstance(made.callers, MemoryCallers):
        return  # There the key is its own name.
    assert asyncio.run(made.callers.named("native", made.desk.issue("native"))) is None


def test_a_key_changed_elsewhere_is_changed_at_once(made: Made) -> None:
    """Nothing is cached, and what was not named stays as it was."""
    key = made.desk.issue("faceid", permissions=frozenset({"kyc"}), rate="5/minute", credit=7)
    first = found(made, "faceid", key)
    assert (False, True, "5/minute", 7) == (first.disabled, first.kyc, first.rate, first.credit)
    assert made.desk.change(key, enabled=False, suspended=True, operations=frozenset({"detect"}), credit=None)
    changed = replace(first, disabled=True, suspended=True, operations=frozenset({"detect"}), credit=None)
    assert changed == found(made, "faceid", key)


def test_the_last_day_of_a_key_ends_with_the_next_one(made: Made) -> None:
    """A key of the last day of January 2030 is expired from the first second of February, UTC."""
    key = made.desk.issue("faceid", expires_on=date(2030, 1, 31))
    assert datetime(2030, 2, 1, tzinfo=UTC).timestamp() == found(made, "faceid", key).expires_at


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"test_quota": 7}, Reason.QUOTA_SPENT),
        ({"credit": 7}, Reason.CREDIT_SPENT),
        ({"concurrency": 7}, Reason.CONCURRENCY_EXCEEDED),
        ({"concurrency": 7, "credit": 7}, Reason.CREDIT_SPENT),
        ({"concurrency": 7, "credit": 7, "test_quota": 7}, Reason.QUOTA_SPENT),
    ],
)
def test_calls_at_the_same_moment_never_take_more_than_there_is(made: Made, limits: Limits, reason: Reason) -> None:
    """Of twenty calls at two servers seven get room; what one gives back can be taken again, once."""
    record = found(made, "faceid", made.desk.issue("faceid", **limits))

    async def call() -> tuple[list[Reason | None], list[Reason | None]]:
        told = await taken(made, record, 20)
        given_back = next(call for call, refused in told.items() if refused is None)
        await made.others.settle(record, receipt(record.key, given_back, counted=False))
        return list(told.values()), list((await taken(made, record, 2)).values())

    first, second = asyncio.run(call())
    assert (7, 13) == (first.count(None), first.count(reason))
    assert (1, 1) == (second.count(None), second.count(reason))
    assert (0, 0) == made.desk.charged(record.key)


def test_what_was_counted_and_billed_is_gone(made: Made) -> None:
    """Quota goes with calls that count, credit with units that are billed, and room comes back with every end."""
    limits: Limits = {"test_quota": 3, "credit": 3, "concurrency": 1}
    record = found(made, "faceid", made.desk.issue("faceid", **limits))

    async def call(*, billed: int, counted: bool) -> Reason | None:
        ((call, refused),) = (await taken(made, record, 1)).items()
        if refused is None:
            await made.callers.settle(record, receipt(record.key, call, billed=billed, counted=counted))
        return refused

    async def calls() -> list[Reason | None]:
        return [
            await call(billed=1, counted=True),
            await call(billed=0, counted=False),
            await call(billed=2, counted=True),
            await call(billed=0, counted=True),
        ]

    assert [None, None, None, Reason.CREDIT_SPENT] == asyncio.run(calls())
    assert (2, 3) == made.desk.charged(record.key)


def test_a_call_of_many_units_takes_them_all_or_none(made: Made) -> None:
    """Room that was taken for one unit is made wider only as far as the credit goes, and is given back whole."""
    record = found(made, "faceid", made.desk.issue("faceid", credit=5, concurrency=2, test_quota=5))
    batch, single = uuid4(), uuid4()

    async def calls() -> list[Reason | None]:
        told = [
            await made.callers.take_room(record, batch, NOW),
            await made.callers.take_room(record, batch, NOW, units=6),
            await made.callers.take_room(record, batch, NOW, units=5),
            await made.others.take_room(record, single, NOW),
        ]
        await made.others.settle(record, receipt(record.key, batch, billed=4))
        return [*told, await made.callers.take_room(record, single, NOW)]

    assert [None, Reason.CREDIT_SPENT, None, Reason.CREDIT_SPENT, None] == asyncio.run(calls())
    assert (1, 4) == made.desk.charged(record.key)


def test_settling_twice_changes_nothing(made: Made) -> None:
    """The second time nothing is counted, billed or given back."""
    record = found(made, "faceid", made.desk.issue("faceid", test_quota=5, concurrency=1))

    async def call() -> Reason | None:
        (call,) = await taken(made, record, 1)
        for server in (made.callers, made.others, made.callers):
            await server.settle(record, receipt(record.key, call, billed=1))
        (second,) = (await taken(made, record, 1)).values()
        return second

    assert asyncio.run(call()) is None
    assert (1, 1) == made.desk.charged(record.key)


def test_a_key_without_limits_is_billed_but_never_refused(made: Made) -> None:
    """It always has room, and what it used is known when a credit is set one day."""
    record = found(made, "faceid", made.desk.issue("faceid"))

    async def call() -> set[Reason | None]:
        told = await taken(made, record, 3)
        for one in told:
            await made.callers.settle(record, receipt(record.key, one, billed=1))
        return set(told.values())

    assert {None} == asyncio.run(call())
    assert (0, 3) == made.desk.charged(record.key)


def test_room_that_a_killed_server_took_comes_back(made: Made) -> None:
    """A call that never ends holds its room until its lease is over."""
    record = found(made, "faceid", made.desk.issue("faceid", concurrency=1))

    async def call() -> list[Reason | None]:
        moments = (NOW, NOW + LEASE_S - 1, NOW + LEASE_S, NOW + LEASE_S)
        return [await made.callers.take_room(record, uuid4(), moment) for moment in moments]

    full = Reason.CONCURRENCY_EXCEEDED
    assert [None, full, None, full] == asyncio.run(call())


def test_a_quota_of_zero_lets_nothing_through(made: Made) -> None:
    """A test key without calls is refused from the first."""
    record = found(made, "faceid", made.desk.issue("faceid", test_quota=0))
    assert Reason.QUOTA_SPENT == asyncio.run(made.callers.take_room(record, uuid4(), NOW))


def test_a_rate_holds_over_all_servers(made: Made) -> None:
    """Of seven calls within a minute at two servers five are let in; two minutes later there is room again."""
    record = found(made, "faceid", made.desk.issue("faceid", rate="5/minute"))
    other = found(made, "faceid", made.desk.issue("faceid", rate="5/minute"))

    async def calls(count: int) -> list[Standing | None]:
        return [await (made.callers, made.others)[turn % 2].hit(record) for turn in range(count)]

    told = asyncio.run(calls(7))
    assert [(5, 4, False), (5, 3, False), (5, 2, False), (5, 1, False), (5, 0, False), (5, 0, True), (5, 0, True)] == [
        (one.limit, one.remaining, one.exceeded) for one in told if one
    ]
    assert all(0 < one.resets_in_s <= 60 for one in told if one)
    fresh = asyncio.run(made.callers.hit(other))
    assert fresh is not None
    assert 4 == fresh.remaining
    made.clock.at += 120
    (later,) = asyncio.run(calls(1))
    assert later is not None
    assert (4, False) == (later.remaining, later.exceeded)


def test_a_key_without_a_rate_has_no_standing(made: Made) -> None:
    """Nothing is counted."""
    assert asyncio.run(made.callers.hit(found(made, "faceid", made.desk.issue("faceid")))) is None
