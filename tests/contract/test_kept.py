"""What policies keep, and what is erased: on both databases, with blobs in a folder."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select

from ipse.infra.blobs import BlobAddress, StoredBlobs
from ipse.infra.master_key import MasterKey
from ipse.infra.store.callers import StoredCallers
from ipse.infra.store.cases import StoredCases
from ipse.infra.store.database import reading
from ipse.infra.store.deliveries import StoredDeliveries
from ipse.infra.store.erasing import StoredErasing
from ipse.infra.store.housekeeping import purge_some
from ipse.infra.store.jobs import StoredJobs
from ipse.infra.store.kept import HOUR_S, STRAY_S, StoredKept, blob_of
from ipse.infra.store.keys import Keys
from ipse.infra.store.people import PeopleRows, PersonRow, Seen
from ipse.infra.store.questions import Questions
from ipse.infra.store.rotation import reseal
from ipse.infra.store.tables import CASES, DATA_KEYS, DELIVERIES, KEPT, LEDGER, LINKS, MARKS, ONCE, PEOPLE
from ipse.infra.store.unlocking import unlock
from ipse.infra.store.vault import StoredVault
from ipse.infra.telemetry import SystemClock
from ipse.service.ports import LedgerEntry, Mark, NewCase, Receipt
from ipse.service.ports.retention import Artefact, Erased, Retention, Whom
from ipse.service.retention import Keeper
from ipse.service.under_way import under_way
from ipse.service.webhooks import news_of

KEY = MasterKey(bytes(32))
AT = 1_800_000_000.0
PICTURE = Artefact("picture", "probe", b"a picture")
ARTEFACTS = (PICTURE, Artefact("template", "probe", b"a template"), Artefact("result", "answer", b"{}"))
POLICY: Retention = {"picture": 1, "template": 2}


@dataclass(frozen=True)
class At:
    """A clock that stands."""

    seconds: float

    def now(self) -> float:
        """Always the same."""
        return self.seconds

    def monotonic(self) -> float:
        """Always the same."""
        return self.seconds


@dataclass
class World:
    """The stores, and a key whose policy keeps pictures for an hour and templates for two."""

    database: Engine
    questions: Questions
    folder: Path
    owner: str

    @property
    def blobs(self) -> StoredBlobs:
        """In a folder."""
        return StoredBlobs(BlobAddress(self.folder.as_uri()))

    @property
    def kept(self) -> StoredKept:
        """What policies keep."""
        return StoredKept(self.database, KEY, self.questions, self.blobs)

    @property
    def vault(self) -> StoredVault:
        """What wires make us keep."""
        return StoredVault(self.database, KEY, self.questions)

    @property
    def files(self) -> list[bytes]:
        """The blobs."""
        return [path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file()]

    def settle(self, *marks: Mark, artefacts: tuple[Artefact, ...] = ARTEFACTS) -> UUID:
        """A call that has ended."""
        call = uuid4()
        entry = LedgerEntry(call, AT, self.owner, "faceid", "verify", "ok", 200, 1, True, 1.0)
        callers = StoredCallers(self.database, KEY, self.questions, SystemClock(), 30, kept=self.kept)

        async def settled() -> None:
            record = await callers.find("faceid", self.owner)
            assert record is not None
            await callers.settle(record, Receipt(entry, marks, {"kind": "compare"}, artefacts))

        asyncio.run(settled())
        return call

    def pictures(self, call: UUID, now: float = AT) -> list[bytes]:
        """The pictures that are kept of a call."""
        return [one.content for one in asyncio.run(Keeper(self.kept, At(now)).pictures(call))]

    def erase(self, by: str, text: str, key: str | None = None) -> Erased:
        """Erase."""
        erasing = StoredErasing(self.database, KEY, self.questions, self.blobs)
        return asyncio.run(erasing.erase(Whom(by, text, key), AT))  # type: ignore[arg-type]  # The words are known.

    def rows(self, *columns: object) -> list[tuple[object, ...]]:
        """All values of these columns."""
        with reading(self.database) as connection:
            return [tuple(row) for row in connection.execute(select(*columns))]  # type: ignore[call-overload]  # Any.


@pytest.fixture
def world(database: Engine, tmp_path: Path) -> Iterator[World]:
    """On each database."""
    questions = Questions(database)
    made = Keys(database, KEY).create("faceid", "test", now_s=0, retention=POLICY)
    yield World(database, questions, tmp_path / "blobs", made.key)
    questions.close()


def counted(erased: Erased) -> dict[str, int]:
    """How many things are gone, by where they were."""
    return {
        where: sum(one.stands_in == where for one in erased.gone) for where in {one.stands_in for one in erased.gone}
    }


def test_a_policy_keeps_what_it_names_and_nothing_else(world: World) -> None:
    """Pictures as encrypted blobs, templates in rows, results not at all; each until its own end."""
    call = world.settle()
    listed = asyncio.run(world.kept.of_call(call, AT))
    assert [("picture", "probe", AT + HOUR_S), ("template", "probe", AT + 2 * HOUR_S)] == [
        (one.kind, one.name, one.expires_at) for one in listed
    ]
    assert [b"a picture"] == world.pictures(call)
    assert [] == world.pictures(call, AT + HOUR_S)
    (blob,) = world.files
    assert b"a picture" not in blob


def test_nothing_is_kept_without_a_policy(world: World) -> None:
    """No data key, no row, no blob."""
    Keys(world.database, KEY).change(world.owner, retention={})
    assert [] == world.pictures(world.settle())
    assert ([], []) == (world.rows(DATA_KEYS.c.hash), world.files)


def test_what_expires_goes_with_its_blob_and_at_last_with_its_key(world: World) -> None:
    """After an hour the picture, after two the template and the data key; the ledger stays."""
    call = world.settle()
    assert (1, []) == (asyncio.run(world.kept.purge(AT + HOUR_S)), world.files)
    assert ["template"] == [one.kind for one in asyncio.run(world.kept.of_call(call, AT))]
    purge_some(world.database, AT + HOUR_S)
    assert 1 == len(world.rows(DATA_KEYS.c.hash))
    assert 1 == asyncio.run(world.kept.purge(AT + 2 * HOUR_S))
    purge_some(world.database, AT + 2 * HOUR_S)
    assert ([], 1) == (world.rows(DATA_KEYS.c.hash), len(world.rows(LEDGER.c.id)))


def test_without_its_data_key_a_blob_is_nothing(world: World) -> None:
    """Whoever has the blob, its row and the master key still cannot read it."""
    call = world.settle()
    (artefact, _) = asyncio.run(world.kept.of_call(call, AT))
    with world.database.begin() as connection:
        connection.exec_driver_sql("DELETE FROM data_keys")
    assert asyncio.run(world.kept.content(artefact.id, AT)) is None
    assert 1 == len(world.files)


def test_blobs_without_rows_are_collected_after_a_day(world: World) -> None:
    """Those of calls that may still end are not, nor those that a row names, nor what others put there."""
    world.settle()

    async def collected() -> list[int]:
        await world.blobs.put(blob_of(str(uuid4())), b"stray")
        await world.blobs.put("others/file", b"theirs")
        now = SystemClock().now()
        return [await world.kept.collect(now), await world.kept.collect(now + STRAY_S + 60)]

    assert [0, 1] == asyncio.run(collected())
    assert 2 == len(world.files)


def test_an_object_store_that_is_away_costs_nobody_an_answer(world: World) -> None:
    """The call is settled, and what needs no blob is kept."""
    world.folder.write_bytes(b"in the way")
    call = world.settle()
    assert ["template"] == [one.kind for one in asyncio.run(world.kept.of_call(call, AT))]


def test_erasing_by_uuid_leaves_the_ledger_and_everybody_else(world: World) -> None:
    """Marks, evidence, artefacts, blob and data key go; another uuid's stay."""
    gone, stays = world.settle(Mark("uuid", "goes")), world.settle(Mark("uuid", "stays"))
    erased = world.erase("uuid", "goes")
    assert {"marks": 1, "evidence": 1, "kept": 2, "data_keys": 1, "blobs": 1} == counted(erased)
    assert (1, 0, 0) == (erased.calls, erased.under_way, erased.blobs_left)
    assert ([], [b"a picture"]) == (world.pictures(gone), world.pictures(stays))
    assert {str(gone), str(stays)} == {row[0] for row in world.rows(LEDGER.c.id)}
    assert () == world.erase("uuid", "goes").gone


def test_a_blob_that_is_not_in_this_store_is_not_said_to_be_gone(world: World) -> None:
    """It may be in the folder of another machine; the receipt counts it as left."""
    world.settle(Mark("uuid", "goes"))
    for path in [path for path in world.folder.rglob("*") if path.is_file()]:
        path.unlink()
    erased = world.erase("uuid", "goes")
    assert (1, False) == (erased.blobs_left, "blobs" in counted(erased))


def test_two_owners_may_use_one_uuid(world: World) -> None:
    """With a key only its own calls are erased."""
    world.settle(Mark("uuid", "both"))
    assert () == world.erase("uuid", "both", key="another").gone
    assert 1 == world.erase("uuid", "both", key=world.owner).calls


def test_what_hangs_together_goes_together(world: World) -> None:
    """A token's maker and a row's other writer are reached; what only shares the picture's second face is not."""
    opened, done, compared = uuid4(), uuid4(), world.settle(Mark("uuid", "goes"), Mark("token", "capture"))
    asked = world.settle(Mark("token", "capture"))
    elsewhere = world.settle(Mark("token", "another"))

    async def put() -> None:
        for call, tokens in ((asked, ("a",)), (opened, ("a", "b")), (done, ("b", "c"))):
            with under_way(call):
                for token in tokens:
                    await world.vault.put("capture", world.owner, token, b"state", AT + 60)
        with under_way(elsewhere):
            await world.vault.put("capture", world.owner, "d", b"state", AT + 60)

    asyncio.run(put())
    erased = world.erase("uuid", "goes")
    assert (3, 5) == (counted(erased)["vault"], counted(erased)["links"])
    assert (2, 2) == (erased.calls, erased.under_way)
    assert ([], [b"a picture"]) == (world.pictures(compared), world.pictures(elsewhere))
    assert [False, True] == [asyncio.run(world.vault.holds("capture", world.owner, token, AT)) for token in "ad"]


def test_a_job_leaves_its_queue_and_one_that_is_worked_on_is_told(world: World) -> None:
    """Nobody is given an erased job; a worker who has it keeps nothing, and the receipt says that it was under way."""
    call, jobs = world.settle(), StoredJobs(world.database, KEY, world.questions, At(AT))

    async def erased() -> list[object]:
        with under_way(call):
            await jobs.put("token", "check_card", world.owner, b"pictures", AT + 60)
            await jobs.put("later", "check_card", world.owner, b"pictures", AT + 60)
        job = await jobs.claim(("check_card",), AT, 10)
        assert job is not None
        erasing = StoredErasing(world.database, KEY, world.questions, world.blobs)
        done = await erasing.erase(Whom("request", str(call)), AT)
        return [done.under_way, await jobs.finish(job, b"read"), await jobs.claim(("check_card",), AT, 10)]

    assert [1, False, None] == asyncio.run(erased())


def test_what_a_worker_writes_of_an_erased_call_is_not_kept(world: World) -> None:
    """Erased while its card is read: no mark, no result, no case, no webhook; and erased again, nothing is left."""
    Keys(world.database, KEY).change(world.owner, retention={"result": 1})
    call = world.settle(Mark("uuid", "goes"), artefacts=())
    jobs = StoredJobs(world.database, KEY, world.questions, At(AT))
    deliveries = StoredDeliveries(world.database, KEY, world.questions)
    erasing = StoredErasing(world.database, KEY, world.questions, world.blobs)

    async def scene() -> list[object]:
        with under_way(call):
            await jobs.put("token", "check_card", world.owner, b"pictures", AT + 60)
        job = await jobs.claim(("check_card",), AT, 10)
        assert job is not None
        first = await erasing.erase(Whom("uuid", "goes"), AT)
        await world.kept.mark(call, ("1101",))
        await world.kept.keep(call, world.owner, (Artefact("result", "reading", b"a name"),), AT)
        await StoredCases(world.database, KEY, world.questions).open(
            NewCase(str(call), "card", world.owner, ("grey_copy",), b"{}"), AT
        )
        await deliveries.put(news_of("card", str(call), world.owner, "https://a.test/", {}), AT, AT)
        held, told = await jobs.hold(job, AT, 10), await deliveries.claim(AT, 10)
        again = await erasing.erase(Whom("uuid", "goes"), AT)
        return [first.under_way, held, told, {one.stands_in for one in again.gone}, again.under_way]

    assert [1, False, None, {"marks"}, 0] == asyncio.run(scene())
    for table in (MARKS, KEPT, CASES, DELIVERIES, DATA_KEYS):
        assert [] == world.rows(*table.primary_key.columns)


def test_a_person_goes_with_their_key_and_the_calls_about_them(world: World) -> None:
    """However the number is spelled."""
    people = PeopleRows(world.database, KEY)
    people.put([PersonRow("A 123-456", "Name", b"photo", Seen("usable", False, b"t", "r"), b"m", 1)])
    world.settle(Mark("number", "a123456"))
    erased = world.erase("number", "\uff21123 456")
    assert {"people": 1, "data_keys": 2, "marks": 1} == {
        name: counted(erased)[name] for name in ("people", "data_keys", "marks")
    }
    assert ([], []) == (world.rows(PEOPLE.c.hash), world.rows(DATA_KEYS.c.hash))


def test_a_request_nobody_knows_erases_nothing(world: World) -> None:
    """Neither a stranger's id nor a word."""
    world.settle()
    erased = [world.erase("request", text) for text in (str(uuid4()), "no id")]
    assert [((), 0, 0)] * 2 == [(one.gone, one.calls, one.under_way) for one in erased]
    assert [] == world.rows(ONCE.c.hash)


def test_links_go_with_their_rows(world: World) -> None:
    """What is forgotten, and what has expired, is no longer linked."""

    async def put() -> None:
        with under_way(uuid4()):
            await world.vault.put("image", world.owner, "a", b"x", AT + 60)
            await world.vault.put("image", world.owner, "b", b"x", AT + 60)
        await world.vault.forget("image", world.owner, "a")

    asyncio.run(put())
    assert 1 == len(world.rows(LINKS.c.entry))
    purge_some(world.database, AT + 60)
    assert [] == world.rows(LINKS.c.entry)


def test_a_new_master_key_wraps_data_keys_anew_and_touches_nothing_under_them(world: World) -> None:
    """What was kept, and a person, open under the new key alone; the ciphertexts are those of before."""
    old, new = bytes(32), bytes([7]) * 32
    before = unlock(world.database, MasterKey(old))
    people = PeopleRows(world.database, before)
    people.put([PersonRow("A1", "Name", b"photo", Seen("usable", False, b"t", "r"), b"m", 1)])
    call, photo = world.settle(), world.rows(PEOPLE.c.photo)
    done = reseal(world.database, unlock(world.database, MasterKey(new, old)), lambda _: None)
    after = unlock(world.database, MasterKey(new))
    a_secret, a_decision, data_keys = 1, 1, 2
    assert (a_secret + a_decision + data_keys, 0) == (done.resealed, done.shut)
    assert photo == world.rows(PEOPLE.c.photo)
    kept = StoredKept(world.database, after, world.questions, world.blobs)
    assert [b"a picture"] == [one.content for one in asyncio.run(Keeper(kept, At(AT)).pictures(call))]
    found = PeopleRows(world.database, after).find("a1")
    assert found is not None
    assert ("Name", b"photo") == (found.name, found.photo)


def test_people_of_older_versions_are_read_and_get_a_key_when_written(world: World) -> None:
    """Sealed under the master key they open as ever; written again they are under a key of their own."""
    person = PersonRow("A1", "Name", b"photo", Seen("usable", False, b"t", "r"), b"m", 1)
    PeopleRows(world.database, KEY, own_keys=False).put([person])
    people = PeopleRows(world.database, KEY)
    assert ([], person) == (world.rows(DATA_KEYS.c.hash), people.find("A1"))
    people.look_again([person])
    assert ([], person) == (world.rows(DATA_KEYS.c.hash), people.find("A1"))
    people.put([person])
    people.look_again([person])
    assert (1, person) == (len(world.rows(DATA_KEYS.c.hash)), people.find("A1"))
    assert 1 == people.remove(["A1"])
    assert [] == world.rows(DATA_KEYS.c.hash)
