"""The registry of people on both databases: what is kept, found, replaced, and told to nobody."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import pytest
from sqlalchemy import Engine, select, text

from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Recipe
from ipse.infra.master_key import MasterKey
from ipse.infra.store.attacked import AttackedRows
from ipse.infra.store.database import reading, writing
from ipse.infra.store.people import PAGE_ROWS, PeopleRows, PersonRow, Seen, photo_digest, recipe_word
from ipse.infra.store.questions import Questions
from ipse.infra.store.registered import StoredAttacks, StoredPeople
from ipse.infra.store.tables import METADATA, PEOPLE

KEY = MasterKey(bytes(32))
RECIPE = Recipe("balanced", "float32", "e" * 64, "d" * 64)
OLD = recipe_word(replace(RECIPE, embedder="f" * 64))
NUMBER = "11010119900101001X"
NAME = "阿不都·买买提"
PHOTO = b"\xff\xd8a photo"
OpenAgain: TypeAlias = Callable[[], Engine]


@pytest.fixture
def rows(database: Engine) -> PeopleRows:
    """On each database."""
    return PeopleRows(database, KEY)


@pytest.fixture
def attacked(database: Engine) -> AttackedRows:
    """On each database."""
    return AttackedRows(database, KEY)


@dataclass
class Lines:
    """A log in memory."""

    said: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    def info(self, event: str, **facts: object) -> None:
        """Keep it."""
        self.said.append((event, facts))

    error = info


@pytest.fixture
def log() -> Lines:
    """An empty log."""
    return Lines()


@pytest.fixture
def questions(database: Engine) -> Iterator[Questions]:
    """Where the database is asked."""
    asked = Questions(database)
    yield asked
    asked.close()


@pytest.fixture
def people(rows: PeopleRows, questions: Questions, log: Lines) -> StoredPeople:
    """The port."""
    return StoredPeople(rows, RECIPE, questions, log)


USABLE = Seen("usable", monochrome=False, template=b"packed", recipe=recipe_word(RECIPE))


def person(rows: PeopleRows, number: str = NUMBER, photo: bytes | None = PHOTO, seen: Seen = USABLE) -> PersonRow:
    """Somebody."""
    digest = "" if photo is None else photo_digest(photo)
    return PersonRow(number, NAME, photo, seen, rows.mark(number, NAME, digest), 1)


def refused(people: StoredPeople, number: str = NUMBER, name: str = NAME) -> Reason:
    """Why a look-up is refused."""
    with pytest.raises(Refusal) as told:
        asyncio.run(people.look_up(number, name))
    return told.value.reason


def test_who_is_put_is_found_by_any_spelling_of_the_number(rows: PeopleRows) -> None:
    """Case, width, spaces and dashes of a number do not count; what was given comes back as it was given."""
    rows.put([person(rows)])
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in NUMBER)  # Unicode's full-width ASCII.
    for spelled in (NUMBER, NUMBER.lower(), "110101-19900101-001x", wide):
        assert person(rows) == rows.find(spelled)
    assert rows.find("110101199001010021") is None


def test_nothing_of_a_person_is_in_the_tables_in_the_clear(database: Engine, rows: PeopleRows) -> None:
    """Neither number nor name nor photo nor template can be read, nor is the hash of the number a plain one."""
    rows.put([person(rows)])
    with reading(database) as connection:
        (row,) = connection.execute(select(PEOPLE)).all()
    written = b" ".join(bytes(value) for value in row if isinstance(value, bytes | memoryview))
    for secret in (NUMBER.encode(), NAME.encode(), PHOTO, b"packed"):
        assert secret not in written
    assert PeopleRows(database, MasterKey(b"\x01" * 32)).place(NUMBER) != row.hash


def test_putting_again_replaces_and_marks_tell_what_was_given(rows: PeopleRows) -> None:
    """The second photo is there, the first is gone, and its mark with it."""
    rows.put([person(rows)])
    other = person(rows, photo=b"another")
    rows.put([other])
    assert other == rows.find(NUMBER)
    assert {rows.place(NUMBER): (other.mark, "usable")} == rows.marks([NUMBER, "110101199001010021"])
    assert 1 == rows.count()


def test_many_are_gone_through_page_by_page(rows: PeopleRows) -> None:
    """Everybody comes once, over more than one page; removing counts who was there."""
    numbers = [f"{number:018d}" for number in range(2 * PAGE_ROWS + 1)]
    rows.put([person(rows, number, None, Seen("absent")) for number in numbers])
    assert numbers == sorted(one.number for one in rows.every())
    assert len(numbers) == len(rows.marks(numbers)) == rows.count()
    assert len(numbers) - 1 == rows.remove([*numbers[1:], "absent"])
    assert [numbers[0]] == [one.number for one in rows.every()]


def test_stale_rows_are_those_with_a_photo_and_another_recipe(rows: PeopleRows) -> None:
    """A row without a photo cannot be looked at again, whatever it says."""
    stale = person(rows, "1", seen=replace(USABLE, recipe=OLD))
    rows.put([person(rows), stale, person(rows, "2", None, Seen("absent"))])
    assert [stale] == list(rows.every(unlike=recipe_word(RECIPE)))
    assert 1 == rows.count(unlike=recipe_word(RECIPE))
    rows.look_again([replace(stale, seen=USABLE)])
    assert 0 == rows.count(unlike=recipe_word(RECIPE))
    assert replace(stale, seen=USABLE) == rows.find("1")


def test_a_second_look_does_not_undo_what_was_put_meanwhile(rows: PeopleRows) -> None:
    """Whoever was given another photo, or was removed, while their photo was looked at stays so."""
    before = [person(rows, "1"), person(rows, "2")]
    rows.put(before)
    rows.put([person(rows, "1", b"another", Seen("faceless", recipe=OLD))])
    rows.remove(["2"])
    rows.look_again([replace(one, seen=USABLE) for one in before])
    changed = rows.find("1")
    assert changed is not None
    assert "faceless" == changed.seen.state
    assert rows.find("2") is None


def test_a_look_up_gives_the_template_or_the_photo_of_another_recipe(rows: PeopleRows, people: StoredPeople) -> None:
    """A row of today's recipe answers by its template alone; one of another recipe by its photo alone."""
    rows.put([person(rows)])
    found = asyncio.run(people.look_up(NUMBER, NAME))
    assert (b"packed", None, False) == (found.template, found.photo, found.monochrome)
    rows.put([person(rows, seen=replace(USABLE, recipe=OLD))])
    found = asyncio.run(people.look_up(NUMBER, NAME))
    assert (None, PHOTO, None) == (found.template, found.photo, found.monochrome)


@pytest.mark.parametrize(
    ("photo", "seen", "reason"),
    [
        (None, Seen("absent"), Reason.PERSON_PHOTO_UNUSABLE),
        (None, Seen("unreadable"), Reason.PERSON_PHOTO_UNUSABLE),
        (PHOTO, Seen("faceless", monochrome=True, recipe=recipe_word(RECIPE)), Reason.PERSON_PHOTO_FACELESS),
    ],
)
def test_a_look_up_is_refused_in_order(
    rows: PeopleRows, people: StoredPeople, photo: bytes | None, seen: Seen, reason: Reason
) -> None:
    """First the number, then the name, then the photo."""
    rows.put([person(rows, photo=photo, seen=seen)])
    assert Reason.PERSON_UNKNOWN == refused(people, "110101199001010021", "somebody else")
    assert Reason.PERSON_NAME_DIFFERS == refused(people, name="somebody else")
    assert reason == refused(people)


def test_a_database_that_is_away_is_a_failed_data_source(
    database: Engine, rows: PeopleRows, people: StoredPeople, log: Lines
) -> None:
    """The look-up is refused, and the log says why without naming anybody."""
    rows.put([person(rows)])
    with writing(database) as connection:
        connection.execute(text("ALTER TABLE people RENAME TO elsewhere"))
    assert Reason.DATA_SOURCE_FAILED == refused(people)
    ((event, facts),) = log.said
    assert "data source failed" == event
    assert NUMBER not in str(facts)
    assert NAME not in str(facts)


def test_a_row_that_does_not_open_is_a_failed_data_source(
    database: Engine, rows: PeopleRows, people: StoredPeople
) -> None:
    """A name moved here from another row is no name."""
    rows.put([person(rows), person(rows, "1")])
    with writing(database) as connection:
        moved = connection.execute(select(PEOPLE.c.name).where(PEOPLE.c.hash == rows.place("1"))).scalar_one()
        connection.execute(PEOPLE.update().where(PEOPLE.c.hash == rows.place(NUMBER)).values(name=moved))
    assert Reason.DATA_SOURCE_FAILED == refused(people)


def test_attacks_count_until_they_are_forgotten(attacked: AttackedRows) -> None:
    """The later of two ends holds; clearing forgets; any spelling of the number finds it."""
    attacked.note([NUMBER, "1"], 10_000)
    attacked.note([NUMBER], 5_000)
    assert [True, False] == [attacked.seen(NUMBER.lower(), now_ms) for now_ms in (9_999, 10_000)]
    attacked.note([NUMBER, NUMBER], 20_000)
    assert attacked.seen(NUMBER, 10_000)
    assert [2, 1, 0] == [attacked.count(now_ms) for now_ms in (0, 10_000, 20_000)]
    assert 1 == attacked.clear([NUMBER, "2", NUMBER])
    assert not attacked.seen(NUMBER, 0)


def test_an_attack_leaves_no_number_and_no_link_to_a_person(database: Engine, attacked: AttackedRows) -> None:
    """The hash is another one than that of the person's row."""
    attacked.note([NUMBER], 1)
    with reading(database) as connection:
        ((place, _),) = connection.execute(select(METADATA.tables["attacked"])).all()
    assert place not in {PeopleRows(database, KEY).place(NUMBER), NUMBER.encode()}


def test_attacks_are_noted_and_seen_through_the_port(attacked: AttackedRows, questions: Questions, log: Lines) -> None:
    """In seconds, as the port has it."""
    port = StoredAttacks(attacked, questions, log)
    asyncio.run(port.note(NUMBER, 10.5))
    assert [True, False] == [asyncio.run(port.seen(NUMBER, now)) for now in (10.4, 10.5)]
    assert [] == log.said
