"""
The end of a call, all or nothing: its line in the ledger, what goes with it, room given back, quota and credit charged.

The line decides whether this is the first time. PostgreSQL is told everything in one statement, since each takes a
journey; SQLite, which has no `INSERT` inside a `WITH`, in several of one transaction.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final, NamedTuple, TypeAlias

from sqlalchemy import (
    Connection,
    Engine,
    Integer,
    LargeBinary,
    Select,
    String,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from ipse.infra.store.database import alone, insert_once, writing
from ipse.infra.store.kept import write
from ipse.infra.store.tables import EVIDENCE, KEYS, LEASES, LEDGER, MARKS

Row: TypeAlias = dict[str, Any]

_MARKED: Final = insert(MARKS)
_DECIDED: Final = insert(EVIDENCE)
_GIVE_BACK: Final = delete(LEASES).where(LEASES.c.call == bindparam("lease"))
_CHARGE: Final = (
    update(KEYS)
    .where(KEYS.c.id == bindparam("owner"))
    .values(used=KEYS.c.used + bindparam("more_used"), spent=KEYS.c.spent + bindparam("more_spent"))
)


class Ending(NamedTuple):
    """
    What is written at the end of a call.

    Attributes:
        line: The row of the ledger.
        marks: What it can be found by; the entry is the line's.
        decided: What was decided, if that is kept; the entry is the line's.
        kept: What a policy keeps.
        has_room: Whether room may have been taken.
        used: By how much the quota of a test key goes down.
    """

    line: Row
    marks: Sequence[Row]
    decided: Row | None
    kept: Sequence[Row]
    has_room: bool
    used: int

    @property
    def charges(self) -> bool:
        """Whether quota or credit change."""
        return bool(self.used or self.line["billed"])


def settle(database: Engine, ending: Ending) -> None:
    """
    Write the end of a call; the second time nothing.

    Raises:
        DatabaseError: Nothing is written, as far as is known.
    """
    if database.dialect.name == "postgresql" and not ending.kept:
        with alone(database) as connection:
            statement = _at_once(bool(ending.marks), ending.decided is not None, ending.has_room, ending.charges)
            connection.execute(statement, _words(ending))
        return
    with writing(database) as connection:
        _in_turn(connection, ending)


def _in_turn(connection: Connection, ending: Ending) -> None:
    """One statement after the other, within an open transaction."""
    entry = ending.line["id"]
    if not insert_once(connection, LEDGER, ending.line):
        return
    if ending.marks:
        connection.execute(_MARKED, [{**mark, "entry": entry} for mark in ending.marks])
    if ending.decided is not None:
        connection.execute(_DECIDED, {**ending.decided, "entry": entry})
    write(connection, ending.kept)
    if ending.has_room:
        connection.execute(_GIVE_BACK, {"lease": entry})
    if ending.charges:
        charged = {"owner": ending.line["key"], "more_used": ending.used, "more_spent": ending.line["billed"]}
        connection.execute(_CHARGE, charged)


def _words(ending: Ending) -> Row:
    """
    What the statement is told.

    No word may be the name of a column: SQLAlchemy would have the UPDATE inside set it.
    """
    told = {f"its_{name}": value for name, value in {**ending.line, **(ending.decided or {})}.items()}
    told["its_kinds"] = [mark["kind"] for mark in ending.marks]
    told["its_hashes"] = [mark["hash"] for mark in ending.marks]
    told["more_used"] = ending.used
    return told


@cache
def _at_once(has_marks: bool, is_decided: bool, has_room: bool, charges: bool) -> Select[Any]:  # noqa: FBT001
    """The statement for PostgreSQL, put together once: whatever follows from the line is asked of the line."""
    values = {column.name: bindparam(f"its_{column.name}", type_=column.type) for column in LEDGER.c}
    line = (
        upsert(LEDGER)
        .values(values)
        .on_conflict_do_nothing()
        .returning(LEDGER.c.id, LEDGER.c.key, LEDGER.c.billed)
        .cte("line")
    )
    statement = select(line.c.id)
    if has_marks:
        kinds = func.unnest(bindparam("its_kinds", type_=ARRAY(String)))
        hashes = func.unnest(bindparam("its_hashes", type_=ARRAY(LargeBinary)))
        marked = insert(MARKS).from_select(["kind", "hash", "entry"], select(kinds, hashes, line.c.id))
        statement = statement.add_cte(marked.cte("marked"))
    if is_decided:
        shown = [bindparam(f"its_{name}", type_=EVIDENCE.c[name].type) for name in ("content", "expires_at_ms")]
        decided = insert(EVIDENCE).from_select(["content", "expires_at_ms", "entry"], select(*shown, line.c.id))
        statement = statement.add_cte(decided.cte("decided"))
    if has_room:
        given_back = delete(LEASES).where(LEASES.c.call == line.c.id)
        statement = statement.add_cte(given_back.cte("given_back"))
    if charges:
        used = KEYS.c.used + bindparam("more_used", type_=Integer)
        charged = update(KEYS).where(KEYS.c.id == line.c.key).values(used=used, spent=KEYS.c.spent + line.c.billed)
        statement = statement.add_cte(charged.cte("charged"))
    return statement
