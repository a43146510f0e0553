"""
The port `Kept` on the store, and its other side: what a key's policy keeps of its calls.

Pictures are blobs, the rest stands in rows; all of it is encrypted under the data key of the call. Blobs are put before
the rows that name them, so that a row never lacks its blob; a blob that no row names is collected after a day.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import Connection, Engine, Row, case, select

from ipse.infra.master_key import MasterKey, MasterKeyError
from ipse.infra.store.database import insert_once, reading, writing
from ipse.infra.store.erased import is_erased
from ipse.infra.store.keyring import DataKey, new_key, of_call, unwrapped, wrapped
from ipse.infra.store.keys import retention_of
from ipse.infra.store.ledger import mark_hash
from ipse.infra.store.questions import Questions
from ipse.infra.store.tables import DATA_KEYS, KEPT, KEYS, MARKS
from ipse.service.ports.calls import Mark
from ipse.service.ports.outside import Log
from ipse.service.ports.retention import Artefact, BlobError, Blobs, KeptArtefact, Retention

HOUR_S: Final = 3600

ROOT: Final = "kept/"
"""Where blobs are in the object store; others may use the rest of a bucket."""

BATCH_ROWS: Final = 200
"""Rows whose blobs are deleted in one go."""

STRAY_S: Final = 86_400
"""How old a blob without a row must be: the call that put it has ended long ago."""

_NAME_LETTERS: Final = 64

_LISTED: Final = select(KEPT.c.id, KEPT.c.kind, KEPT.c.name, KEPT.c.expires_at_ms)


class StoredKept:
    """
    Keeps and gives.

    Args:
        database: Up to date, unlocked by this master key.
        master_key: Wraps data keys.
        questions: Where the database is asked.
        blobs: Where pictures rest.
        log: Where it is told that something could not be kept.
    """

    def __init__(
        self, database: Engine, master_key: MasterKey, questions: Questions, blobs: Blobs, log: Log | None = None
    ) -> None:
        self._database = database
        self._master_key = master_key
        self._questions = questions
        self._blobs = blobs
        self._log = log

    async def of_call(self, call: UUID, now: float) -> tuple[KeptArtefact, ...]:
        """What is kept of a call, without opening it."""
        mine = _LISTED.where(KEPT.c.entry == str(call), KEPT.c.expires_at_ms > int(now * 1000))
        rows = await self._questions.ask(lambda: self._rows(mine.order_by(KEPT.c.kind, KEPT.c.name, KEPT.c.id)))
        return tuple(KeptArtefact(row.id, row.kind, row.name, row.expires_at_ms / 1000) for row in rows)

    async def content(self, artefact: str, now: float) -> bytes | None:
        """What an artefact is; `None` if it is kept no longer, or its data key is gone."""
        mine = (
            select(KEPT, DATA_KEYS.c.wrapped)
            .join(DATA_KEYS, DATA_KEYS.c.hash == KEPT.c.data_key)
            .where(KEPT.c.id == artefact, KEPT.c.expires_at_ms > int(now * 1000))
        )
        for row in await self._questions.ask(lambda: self._rows(mine)):
            sealed = row.content if row.blob is None else await self._blobs.get(row.blob)
            try:
                data_key = unwrapped(self._master_key, row.data_key, row.wrapped)
                return None if sealed is None else data_key.decrypt(sealed, _what(artefact))
            except MasterKeyError:
                return None
        return None

    async def prepared(
        self, call: UUID, owner: str, at: float, artefacts: Sequence[Artefact], retention: Retention
    ) -> list[dict[str, Any]]:
        """
        The rows that will keep what a policy wants to keep of a call; the blobs that they name are there already.

        An object store that is away costs nobody an answer: what could not be put is not kept, and the log says so.
        """
        wanted = [(number, one) for number, one in enumerate(artefacts) if retention.get(one.kind, 0) > 0]
        if not wanted:
            return []
        ends_ms = {kind: int((at + hours * HOUR_S) * 1000) for kind, hours in retention.items()}
        last_ms = max(ends_ms[one.kind] for _, one in wanted)
        data_key = await self._questions.ask(lambda: self._data_key(str(call), int(at * 1000), last_ms))
        rows: list[dict[str, Any]] = []
        for number, one in wanted:
            name = str(uuid5(call, f"{number} {one.kind} {one.name}"))
            sealed = data_key.encrypt(one.content, _what(name))
            row: dict[str, Any] = {"id": name, "entry": str(call), "owner": owner, "kind": one.kind}
            row |= {"name": one.name[:_NAME_LETTERS], "data_key": data_key.place, "blob": None, "content": sealed}
            row["expires_at_ms"] = ends_ms[one.kind]
            if one.kind == "picture":
                row |= {"blob": blob_of(name), "content": None}
                try:
                    await self._blobs.put(blob_of(name), sealed)
                except BlobError as error:
                    self._complain("picture not kept", error)
                    continue
            rows.append(row)
        return rows

    async def mark(self, call: UUID, numbers: tuple[str, ...]) -> None:
        """Let a call be found by the identity numbers that it turned out to be about."""
        if numbers:
            marks = tuple(Mark("number", number) for number in numbers)
            await self._questions.ask(lambda: self._mark(str(call), marks))

    async def keep(self, call: UUID, owner: str, artefacts: tuple[Artefact, ...], now: float) -> None:
        """Keep what the policy of the owner's key keeps; nothing of a call that was erased meanwhile."""
        policy = select(KEYS.c.retention).where(KEYS.c.id == owner)
        for row in await self._questions.ask(lambda: self._rows(policy)):
            rows = await self.prepared(call, owner, now, artefacts, retention_of(row.retention))
            await self._questions.ask(partial(self._write, str(call), rows))

    async def purge(self, now: float) -> int:
        """How many artefacts had expired and are gone now, blob and row; what cannot be deleted yet is tried again."""
        expired = select(KEPT.c.id, KEPT.c.blob).where(KEPT.c.expires_at_ms <= int(now * 1000)).limit(BATCH_ROWS)
        count = 0
        while rows := await self._questions.ask(lambda: self._rows(expired)):
            gone = [row.id for row in rows if row.blob is None or await self._is_deleted(row.blob)]
            if gone:
                await self._questions.ask(partial(self._delete, gone))
            count += len(gone)
            if len(gone) < len(rows):
                break
        return count

    async def collect(self, now: float) -> int:
        """How many blobs that no row names are gone now."""
        count = 0
        try:
            async for name in self._blobs.older_than(now - STRAY_S):
                if name.startswith(ROOT) and not await self._questions.ask(partial(self._is_named, name)):
                    count += await self._is_deleted(name)
        except BlobError as error:
            self._complain("stray blobs not looked for", error)
        return count

    async def _is_deleted(self, blob: str) -> bool:
        """Whether a blob is gone."""
        try:
            await self._blobs.delete(blob)
        except BlobError as error:
            self._complain("blob not deleted", error)
            return False
        return True

    def _complain(self, event: str, error: BlobError) -> None:
        """Tell the operator."""
        if self._log is not None:
            self._log.error(event, why=str(error))

    def _data_key(self, call: str, now_ms: int, ends_ms: int) -> DataKey:
        """The data key of a call, made if there is none, there until this moment at least."""
        made = new_key(of_call(self._master_key, call))
        row = {"hash": made.place, "wrapped": wrapped(self._master_key, made), "created_at_ms": now_ms}
        is_mine = DATA_KEYS.c.hash == made.place
        later = case((DATA_KEYS.c.expires_at_ms > ends_ms, DATA_KEYS.c.expires_at_ms), else_=ends_ms)
        with writing(self._database) as connection:
            if insert_once(connection, DATA_KEYS, row | {"expires_at_ms": ends_ms}):
                return made
            connection.execute(DATA_KEYS.update().where(is_mine).values(expires_at_ms=later))
            sealed = connection.execute(select(DATA_KEYS.c.wrapped).where(is_mine)).scalar_one()
        return unwrapped(self._master_key, made.place, sealed)

    def _write(self, call: str, rows: Sequence[dict[str, Any]]) -> None:
        """Write rows in a transaction of their own, unless the call was erased; then its new data key goes too."""
        if not rows:
            return
        with writing(self._database) as connection:
            if not is_erased(connection, self._master_key, call):
                write(connection, rows)
            else:
                connection.execute(DATA_KEYS.delete().where(DATA_KEYS.c.hash == of_call(self._master_key, call)))

    def _mark(self, call: str, marks: Sequence[Mark]) -> None:
        """Write marks, unless the call was erased."""
        with writing(self._database) as connection:
            if is_erased(connection, self._master_key, call):
                return
            for mark in dict.fromkeys(marks):
                row = {"kind": mark.kind, "hash": mark_hash(self._master_key, mark), "entry": call}
                insert_once(connection, MARKS, row)

    def _delete(self, artefacts: Sequence[str]) -> None:
        """Delete rows."""
        with writing(self._database) as connection:
            connection.execute(KEPT.delete().where(KEPT.c.id.in_(artefacts)))

    def _is_named(self, blob: str) -> bool:
        """Whether a row names a blob."""
        return bool(self._rows(select(KEPT.c.id).where(KEPT.c.id == blob.rsplit("/", 1)[-1])))

    def _rows(self, wanted: Any) -> list[Row[Any]]:
        """All rows of a question."""
        with reading(self._database) as connection:
            return list(connection.execute(wanted))


def write(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write what `StoredKept.prepared` gave, within an open transaction; twice is as good as once."""
    for row in rows:
        insert_once(connection, KEPT, row)


def blob_of(artefact: str) -> str:
    """What the blob of an artefact is called."""
    return f"{ROOT}{artefact[:2]}/{artefact}"


def _what(artefact: str) -> str:
    """What its ciphertext is bound to."""
    return f"kept {artefact}"
