"""The port `Vault` on the store: what a wire makes us keep for a while, sealed, and gone when its time is over."""

from typing import Final

from sqlalchemy import Engine, bindparam, select

from ipse.infra.master_key import MasterKey, MasterKeyError
from ipse.infra.store.database import hold, insert_or_replace, reading, writing
from ipse.infra.store.deliveries import let_go_of
from ipse.infra.store.erased import TURN
from ipse.infra.store.links import link, unlink
from ipse.infra.store.questions import Questions
from ipse.infra.store.sealed import about
from ipse.infra.store.tables import VAULT
from ipse.service.ports import VaultKind
from ipse.service.under_way import call_under_way

_VALID: Final = (VAULT.c.hash == bindparam("place"), VAULT.c.expires_at_ms > bindparam("now_ms"))
"""The row at a place, unless its time is over."""

_CONTENT: Final = select(VAULT.c.content).where(*_VALID)
_KIND: Final = select(VAULT.c.kind).where(*_VALID)
_FORGET: Final = VAULT.delete().where(VAULT.c.hash == bindparam("place"))


class StoredVault:
    """
    Rows that are found by a keyed hash of whose they are and of the token, so that the table tells neither.

    Args:
        database: Up to date, unlocked by this master key.
        master_key: Seals and opens the contents.
        questions: Where the database is asked.
    """

    def __init__(self, database: Engine, master_key: MasterKey, questions: Questions) -> None:
        self._database = database
        self._master_key = master_key
        self._questions = questions

    async def put(self, kind: VaultKind, owner: str, token: str, content: bytes, expires_at: float) -> None:
        """Keep it until `expires_at` (Unix seconds); what was under the same token is replaced."""
        place = self._place(kind, owner, token)
        row: dict[str, object] = {
            "hash": place,
            "kind": kind,
            "owner": owner,
            "content": self._master_key.seal(content, about(VAULT.c.content, place)),
            "expires_at_ms": int(expires_at * 1000),
        }
        await self._questions.ask(lambda: self._write(place, row))

    async def get(self, kind: VaultKind, owner: str, token: str, now: float) -> bytes | None:
        """Give it back; `None` if it was never there, is another key's, has expired or cannot be opened any more."""
        place = self._place(kind, owner, token)
        sealed = await self._questions.ask(lambda: self._read(place, now))
        try:
            return None if sealed is None else self._master_key.open(sealed, about(VAULT.c.content, place))
        except MasterKeyError:
            return None

    async def holds(self, kind: VaultKind, owner: str, token: str, now: float) -> bool:
        """Whether it is kept, even if it cannot be opened any more."""
        place = self._place(kind, owner, token)
        return await self._questions.ask(lambda: self._is_there(place, now))

    async def forget(self, kind: VaultKind, owner: str, token: str) -> None:
        """Throw it away."""
        place = self._place(kind, owner, token)
        await self._questions.ask(lambda: self._delete(place))

    def _place(self, kind: VaultKind, owner: str, token: str) -> bytes:
        """Where it rests."""
        return self._master_key.keyed_hash("vault", f"{kind}\0{owner}\0{token}")

    def _write(self, place: bytes, row: dict[str, object]) -> None:
        """Put a row, or put it in the place of another; what tells of it is let go with it."""
        call = call_under_way()
        with writing(self._database) as connection:
            hold(connection, TURN, together=True)
            insert_or_replace(connection, VAULT, row)
            link(connection, VAULT, place)
            if call is not None:
                let_go_of(connection, (str(call),))

    def _read(self, place: bytes, now: float) -> bytes | None:
        """The sealed content."""
        with reading(self._database) as connection:
            return connection.execute(_CONTENT, _asked(place, now)).scalar_one_or_none()

    def _is_there(self, place: bytes, now: float) -> bool:
        """Whether there is such a row; its content is not read."""
        with reading(self._database) as connection:
            return connection.execute(_KIND, _asked(place, now)).one_or_none() is not None

    def _delete(self, place: bytes) -> None:
        """Delete the row."""
        with writing(self._database) as connection:
            connection.execute(_FORGET, {"place": place})
            unlink(connection, VAULT, (place,))


def _asked(place: bytes, now: float) -> dict[str, object]:
    """What the statements are given."""
    return {"place": place, "now_ms": int(now * 1000)}
