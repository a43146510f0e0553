"""
The rows of the registry of people. Number, name, photo and template are sealed; a row is found by a keyed hash.

Whoever reads the table without the master key does not learn who is in it, not even by trying every number. Each person
has a data key, made with the row and gone with it; rows of older versions are sealed under the master key itself, and
get one when they are next written.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    LargeBinary,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    null,
    or_,
    select,
    true,
    type_coerce,
    update,
)

from ipse.core.cards.numbers.spelling import one_spelling
from ipse.core.vocabulary import Recipe
from ipse.infra.master_key import MasterKey
from ipse.infra.store.database import insert_once, inserting, reading, writing
from ipse.infra.store.keyring import FORM, DataKey, new_key, unwrapped, wrapped
from ipse.infra.store.sealed import about
from ipse.infra.store.tables import DATA_KEYS, PEOPLE

PAGE_ROWS: Final = 100
"""Rows read at once by whoever goes through all of them: with photos of 100 KB they take 10 MB."""

_HASHES: Final = 500
"""Hashes in one question. Source: SQLite took 999 parameters before 3.32 (sqlite.org/limits.html)."""


def _of_number(is_known: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """The person at a place, without the photo if this is so."""
    columns = [column for column in PEOPLE.c if column.name != "photo"]
    photo = type_coerce(case((is_known, null()), else_=PEOPLE.c.photo), LargeBinary)
    both = select(*columns, photo.label("photo"), DATA_KEYS.c.wrapped).select_from(_WITH_KEYS)
    return both.where(PEOPLE.c.hash == bindparam("place"))


_WITH_KEYS: Final = PEOPLE.outerjoin(DATA_KEYS, DATA_KEYS.c.hash == PEOPLE.c.hash)
"""People and their data keys: both rest at the same place."""


_SEEN: Final = _of_number(PEOPLE.c.recipe == bindparam("known"))
_UNSEEN: Final = _of_number(PEOPLE.c.recipe.is_(None))


@dataclass(frozen=True, slots=True)
class Seen:
    """
    What a photo showed.

    Attributes:
        state: `usable`, `absent`, `unreadable` or `faceless`.
        monochrome: Whether it is grey; `None` if it could not be seen.
        template: Packed; `None` without a face.
        recipe: What it was looked at with; `None` without a photo.
    """

    state: str
    monochrome: bool | None = None
    template: bytes | None = field(default=None, repr=False)
    recipe: str | None = None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """
    A person in the registry.

    Attributes:
        number: As it was given.
        name: As it was given.
        photo: The file as it was given, if it can be decoded.
        seen: What it showed.
        mark: Keyed hash of number, name and photo as given: equal marks need no second look.
        updated_at_ms: When the row was last written, in Unix milliseconds.
    """

    number: str = field(repr=False)
    name: str = field(repr=False)
    photo: bytes | None = field(repr=False)
    seen: Seen
    mark: bytes
    updated_at_ms: int


class Before(NamedTuple):
    """What is known of a row without opening it: its mark, and the state of its photo."""

    mark: bytes
    state: str


class PeopleRows:
    """
    The table. Safe to use from several threads and processes.

    Args:
        database: Up to date, unlocked by this master key.
        master_key: Seals, opens and hashes.
        own_keys: Whether new rows get data keys of their own; servers of the version before cannot read those.
    """

    def __init__(self, database: Engine, master_key: MasterKey, *, own_keys: bool = True) -> None:
        self._database = database
        self._master_key = master_key
        self._own_keys = own_keys

    def place(self, number: str) -> bytes:
        """Where the row of a number rests, however the number is spelled."""
        return self._master_key.keyed_hash("person", one_spelling(number))

    def mark(self, number: str, name: str, photo_digest: str) -> bytes:
        """The mark of what was given; see `PersonRow`. The digest says that there is no photo in any other words."""
        return self._master_key.keyed_hash("person as given", f"{number}\0{name}\0{photo_digest}")

    def marks(self, numbers: Sequence[str]) -> Mapping[bytes, Before]:
        """The marks of those people who are there, by their places."""
        found: dict[bytes, Before] = {}
        with reading(self._database) as connection:
            for wanted in self._among(numbers):
                rows = connection.execute(select(PEOPLE.c.hash, PEOPLE.c.row_hash, PEOPLE.c.photo_state).where(wanted))
                found |= {row.hash: Before(row.row_hash, row.photo_state) for row in rows}
        return found

    def put(self, people: Sequence[PersonRow]) -> None:
        """Write people in one transaction; who is there already is replaced."""
        if not people:
            return
        with writing(self._database) as connection:
            keys = self._keys(connection, people) if self._own_keys else {}
            rows = [self._sealed(person, keys) for person in people]
            insert = inserting(connection, PEOPLE)
            fresh = {name: insert.excluded[name] for name in rows[0] if name != "hash"}
            connection.execute(insert.on_conflict_do_update(index_elements=["hash"], set_=fresh), rows)

    def look_again(self, people: Sequence[PersonRow]) -> None:
        """Write what photos showed this time, except of people who were changed or removed meanwhile."""
        if not people:
            return
        columns = ("photo_state", "monochrome", "template", "recipe")
        same = and_(PEOPLE.c.hash == bindparam("b_hash"), PEOPLE.c.row_hash == bindparam("b_row_hash"))
        statement = update(PEOPLE).where(same).values({name: bindparam(f"b_{name}") for name in columns})
        with writing(self._database) as connection:
            keys = self._known_keys(connection, [self.place(person.number) for person in people])
            sealed = [self._sealed(person, keys) for person in people]
            rows = [{f"b_{name}": row[name] for name in ("hash", "row_hash", *columns)} for row in sealed]
            connection.execute(statement, rows)

    def find(self, number: str, recipe: str | None = None) -> PersonRow | None:
        """The person of a number; the photo is left away if it was looked at with this recipe."""
        asked = {"place": self.place(number), "known": recipe}
        with reading(self._database) as connection:
            row = connection.execute(_UNSEEN if recipe is None else _SEEN, asked).one_or_none()
        return None if row is None else self._opened(row)

    def remove(self, numbers: Sequence[str]) -> int:
        """Forget people; how many of them were there."""
        with writing(self._database) as connection:
            for wanted in self._among(numbers, DATA_KEYS.c.hash):
                connection.execute(DATA_KEYS.delete().where(wanted))
            return sum(connection.execute(PEOPLE.delete().where(wanted)).rowcount for wanted in self._among(numbers))

    def count(self, unlike: str | None = None) -> int:
        """How many people there are, or how many whose photo was not looked at with this recipe."""
        with reading(self._database) as connection:
            return int(connection.execute(select(func.count()).select_from(PEOPLE).where(_stale(unlike))).scalar_one())

    def every(self, unlike: str | None = None) -> Iterator[PersonRow]:
        """
        All people, or those whose photo was not looked at with this recipe, a page at a time in no order that tells.

        No transaction stays open in between, so that others may write, the asker too.
        """
        after = b""
        while True:
            both = select(PEOPLE, DATA_KEYS.c.wrapped).select_from(_WITH_KEYS)
            page = both.where(PEOPLE.c.hash > after, _stale(unlike)).order_by(PEOPLE.c.hash).limit(PAGE_ROWS)
            with reading(self._database) as connection:
                rows = connection.execute(page).all()
            yield from map(self._opened, rows)
            if len(rows) < PAGE_ROWS:
                return
            after = rows[-1].hash

    def _among(self, numbers: Sequence[str], column: Column[bytes] = PEOPLE.c.hash) -> Iterator[ColumnElement[bool]]:
        """Conditions that hold for the rows of these numbers, a few hundred in each."""
        places = [self.place(number) for number in numbers]
        for first in range(0, len(places), _HASHES):
            yield column.in_(places[first : first + _HASHES])

    def _keys(self, connection: Connection, people: Sequence[PersonRow]) -> Mapping[bytes, DataKey]:
        """The data keys of these people, by their places, made where there are none."""
        made = {place: new_key(place) for place in (self.place(person.number) for person in people)}
        moments = {self.place(person.number): person.updated_at_ms for person in people}
        for place, one in made.items():
            row = {"hash": place, "wrapped": wrapped(self._master_key, one), "created_at_ms": moments[place]}
            insert_once(connection, DATA_KEYS, row)
        return self._known_keys(connection, list(made))

    def _known_keys(self, connection: Connection, places: Sequence[bytes]) -> Mapping[bytes, DataKey]:
        """The data keys that are there, by their places."""
        found: dict[bytes, DataKey] = {}
        for first in range(0, len(places), _HASHES):
            some = DATA_KEYS.c.hash.in_(places[first : first + _HASHES])
            for row in connection.execute(select(DATA_KEYS.c.hash, DATA_KEYS.c.wrapped).where(some)):
                found[row.hash] = unwrapped(self._master_key, row.hash, row.wrapped)
        return found

    def _sealed(self, person: PersonRow, keys: Mapping[bytes, DataKey]) -> dict[str, object]:
        """A person as the table has them."""
        place = self.place(person.number)

        def seal(column: Column[bytes], plain: bytes | None) -> bytes | None:
            if plain is None:
                return None
            what = about(column, place)
            return keys[place].encrypt(plain, what) if place in keys else self._master_key.seal(plain, what)

        return {
            "hash": place,
            "number": seal(PEOPLE.c.number, person.number.encode()),
            "name": seal(PEOPLE.c.name, person.name.encode()),
            "photo": seal(PEOPLE.c.photo, person.photo),
            "photo_state": person.seen.state,
            "monochrome": person.seen.monochrome,
            "template": seal(PEOPLE.c.template, person.seen.template),
            "recipe": person.seen.recipe,
            "row_hash": person.mark,
            "updated_at_ms": person.updated_at_ms,
        }

    def _opened(self, row: Row[*tuple[Any, ...]]) -> PersonRow:
        """A row of the table as a person."""
        data_key = None if row.wrapped is None else unwrapped(self._master_key, row.hash, row.wrapped)

        def unseal(column: Column[bytes], sealed: bytes | None) -> bytes | None:
            if sealed is None:
                return None
            what = about(column, row.hash)
            is_own = data_key is not None and sealed[:1] == FORM
            return data_key.decrypt(sealed, what) if is_own and data_key else self._master_key.open(sealed, what)

        return PersonRow(
            number=(unseal(PEOPLE.c.number, row.number) or b"").decode(),
            name=(unseal(PEOPLE.c.name, row.name) or b"").decode(),
            photo=unseal(PEOPLE.c.photo, row.photo),
            seen=Seen(row.photo_state, row.monochrome, unseal(PEOPLE.c.template, row.template), row.recipe),
            mark=row.row_hash,
            updated_at_ms=row.updated_at_ms,
        )


def recipe_word(recipe: Recipe) -> str:
    """A recipe as its column has it."""
    return f"{recipe.embedder} {recipe.detector} {recipe.profile} {recipe.precision}"


def photo_digest(photo: bytes) -> str:
    """What a photo is known by in a mark."""
    return sha256(photo).hexdigest()


def _stale(recipe: str | None) -> ColumnElement[bool]:
    """Whose photo was not looked at with this recipe; without one, everybody."""
    if recipe is None:
        return true()
    return and_(PEOPLE.c.photo.is_not(None), or_(PEOPLE.c.recipe.is_(None), PEOPLE.c.recipe != recipe))
