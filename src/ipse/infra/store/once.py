"""The port `Once` on the store: the database decides who was first, however many servers ask it."""

from typing import Final

from sqlalchemy import Connection, Engine, bindparam

from ipse.infra.master_key import MasterKey
from ipse.infra.store.database import inserting, writing
from ipse.infra.store.questions import Questions
from ipse.infra.store.tables import ONCE
from ipse.service.ports import OnceKind

_FORGET: Final = ONCE.delete().where(ONCE.c.hash == bindparam("place"))


class StoredOnce:
    """
    Keyed hashes, each with the moment from which it may be spent anew.

    Args:
        database: Up to date, unlocked by this master key.
        master_key: Hashes.
        questions: Where the database is asked.
    """

    def __init__(self, database: Engine, master_key: MasterKey, questions: Questions) -> None:
        self._database = database
        self._master_key = master_key
        self._questions = questions

    async def spend(self, kind: OnceKind, owner: str, token: str, expires_at: float, now: float) -> bool:
        """Spend it, until `expires_at`; whether nobody had."""
        place = self._place(kind, owner, token)
        return await self._questions.ask(lambda: self._spend(place, int(expires_at * 1000), int(now * 1000)))

    async def release(self, kind: OnceKind, owner: str, token: str) -> None:
        """Let it be spent anew."""
        place = self._place(kind, owner, token)
        await self._questions.ask(lambda: self._forget(place))

    def _place(self, kind: OnceKind, owner: str, token: str) -> bytes:
        """Where it rests; the table tells neither whose it is nor what."""
        return self._master_key.keyed_hash("once", f"{kind}\0{owner}\0{token}")

    def _spend(self, place: bytes, expires_at_ms: int, now_ms: int) -> bool:
        """One statement: a row that is new, or whose time was over, comes back from it; another does not."""
        with writing(self._database) as connection:
            return _first(connection, {"hash": place, "expires_at_ms": expires_at_ms}, now_ms)

    def _forget(self, place: bytes) -> None:
        """Delete the row."""
        with writing(self._database) as connection:
            connection.execute(_FORGET, {"place": place})


def _first(connection: Connection, row: dict[str, object], now_ms: int) -> bool:
    """Insert a row, or take the place of one that has expired; whether either was so."""
    insert = inserting(connection, ONCE)
    fresh = insert.on_conflict_do_update(
        index_elements=["hash"],
        set_={"expires_at_ms": insert.excluded.expires_at_ms},
        where=ONCE.c.expires_at_ms <= now_ms,
    )
    return connection.execute(fresh.returning(ONCE.c.hash), row).one_or_none() is not None
