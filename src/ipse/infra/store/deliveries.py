"""
The port `Deliveries` on the store: webhooks that wait, each owner's in turn.

A lease is the number of the attempt, as with jobs: who comes back after the lease went to somebody else notes nothing,
nor after somebody asked to have it told anew: that begins a new day, but no new count.
Whose turn it is goes round: after one owner comes the next by id who has something due and fewer than two under way,
however much the others have waiting.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import Connection, Engine, Row, Select, func, select

from ipse.infra.master_key import MasterKey, MasterKeyError
from ipse.infra.store.database import hold, inserting, reading, writing
from ipse.infra.store.erased import is_erased
from ipse.infra.store.questions import Questions
from ipse.infra.store.sealed import about
from ipse.infra.store.tables import DELIVERIES
from ipse.service.ports.deliveries import Delivery, DeliveryLine, DeliveryWish, News

DAY_MS: Final = 86_400_000
"""How long it is tried. Source: the issue that asked for this."""

MOST_OF_ONE: Final = 2
"""How many of one owner's are told at once, by all servers together. Source: ours; one that is slow holds up one."""

_WAITS: Final = DELIVERIES.c.state == "waiting"
_IS_HELD: Final = DELIVERIES.c.state == "held"


class StoredDeliveries:
    """
    Rows whose addresses and contents are sealed.

    Args:
        database: Up to date, unlocked by this master key.
        master_key: Seals and opens.
        questions: Where the database is asked.
        days: For how long what was told can be told again.
    """

    def __init__(self, database: Engine, master_key: MasterKey, questions: Questions, days: float = 3.0) -> None:
        self._database = database
        self._master_key = master_key
        self._questions = questions
        self._days = days
        self._after = ""

    async def put(self, news: News, now: float, not_before: float | None) -> None:
        """Put off that it is told; what is being told already, or was, stays as it is."""
        row = delivery_row(self._master_key, news, now, not_before, self._days)
        await self._questions.ask(lambda: self._put(row))

    async def release(self, delivery: str, now: float) -> None:
        """Let it be told now, if it is held."""
        await self._questions.ask(lambda: self._release(delivery, int(now * 1000)))

    async def claim(self, now: float, lease_s: float) -> Delivery | None:
        """What is due, of the next owner; one that cannot be opened any more is given up."""
        now_ms, lease_ms = int(now * 1000), int(lease_s * 1000)
        while (row := await self._questions.ask(lambda: self._claim(now_ms, lease_ms))) is not None:
            self._after = row.owner
            attempt = row.attempts + 1
            try:
                address = self._master_key.open(row.address, about(DELIVERIES.c.address, row.id)).decode()
                content = self._master_key.open(row.content, about(DELIVERIES.c.content, row.id))
            except MasterKeyError:
                await self._end(row.id, attempt, {"state": "given_up", "answer": "unreadable"})
                continue
            return Delivery(row.id, row.owner, row.event, address, content, attempt, row.until_ms / 1000, row.before)
        return None

    async def taken(self, delivery: Delivery, answer: str) -> None:
        """Note that it was taken."""
        await self._end(delivery.id, delivery.attempt, {"state": "taken", "answer": answer})

    async def fail(self, delivery: Delivery, answer: str, next_at: float | None) -> None:
        """Note that it was not, and when it is tried next; `None` gives it up."""
        then: dict[str, object] = {"state": "given_up"} if next_at is None else {"next_at_ms": int(next_at * 1000)}
        await self._end(delivery.id, delivery.attempt, {"answer": answer, **then})

    async def lines(self, wish: DeliveryWish, now: float) -> tuple[DeliveryLine, ...]:
        """What was and will be told, the newest first."""
        found = await self._questions.ask(lambda: self._lines(wish, int(now * 1000)))
        return tuple(self._line(row) for row in found)

    async def replay(self, delivery: str, now: float) -> bool:
        """Have it told anew, unless somebody does at this moment."""
        return await self._questions.ask(lambda: self._replay(delivery, int(now * 1000)))

    def _put(self, row: Mapping[str, object]) -> None:
        """Write the row, in a transaction of its own."""
        with writing(self._database) as connection:
            put_delivery(connection, self._master_key, row)

    def _release(self, delivery: str, now_ms: int) -> None:
        """Its time is now."""
        with writing(self._database) as connection:
            let_go = DELIVERIES.update().where(DELIVERIES.c.id == delivery, _IS_HELD)
            connection.execute(let_go.values(state="waiting", next_at_ms=now_ms))

    def _claim(self, now_ms: int, lease_ms: int) -> Row[*tuple[Any, ...]] | None:
        """The row of the next owner's oldest delivery that is due, leased; nobody waits for a lock in vain."""
        with reading(self._database) as connection:
            if connection.execute(_due(now_ms).limit(1)).first() is None:
                return None
        with writing(self._database) as connection:
            hold(connection, "deliveries")
            owner = _next_owner(connection, now_ms, self._after)
            if owner is None:
                return None
            first = _due(now_ms).where(DELIVERIES.c.owner == owner)
            row = connection.execute(first.order_by(DELIVERIES.c.next_at_ms, DELIVERIES.c.id).limit(1)).one()
            lease = {"attempts": row.attempts + 1, "leased_until_ms": now_ms + lease_ms}
            connection.execute(DELIVERIES.update().where(DELIVERIES.c.id == row.id).values(lease))
            return row

    async def _end(self, delivery: str, attempt: int, values: Mapping[str, object]) -> None:
        """Write what came of an attempt, if it is still the one that counts."""
        await self._questions.ask(lambda: self._write_end(delivery, attempt, values))

    def _write_end(self, delivery: str, attempt: int, values: Mapping[str, object]) -> None:
        """The same, in a transaction."""
        own = (DELIVERIES.c.id == delivery, DELIVERIES.c.attempts == attempt, DELIVERIES.c.leased_until_ms > 0, _WAITS)
        with writing(self._database) as connection:
            connection.execute(DELIVERIES.update().where(*own).values(leased_until_ms=0, **values))

    def _lines(self, wish: DeliveryWish, now_ms: int) -> list[Row[Any]]:
        """The rows of a wish."""
        wanted = select(DELIVERIES).where(DELIVERIES.c.expires_at_ms > now_ms)
        for name in ("owner", "event", "state", "entry"):
            if getattr(wish, name) is not None:
                wanted = wanted.where(DELIVERIES.c[name] == getattr(wish, name))
        if wish.before is not None:
            wanted = wanted.where(DELIVERIES.c.created_at_ms < int(wish.before * 1000))
        newest = wanted.order_by(DELIVERIES.c.created_at_ms.desc(), DELIVERIES.c.id).limit(wish.most)
        with reading(self._database) as connection:
            return list(connection.execute(newest))

    def _replay(self, delivery: str, now_ms: int) -> bool:
        """A day begins anew."""
        idle = (
            DELIVERIES.c.id == delivery,
            ~_IS_HELD,
            DELIVERIES.c.leased_until_ms <= now_ms,
            DELIVERIES.c.expires_at_ms > now_ms,
        )
        anew = {
            "state": "waiting",
            "before": DELIVERIES.c.attempts,
            "next_at_ms": now_ms,
            "until_ms": now_ms + DAY_MS,
            "leased_until_ms": 0,
        }
        with writing(self._database) as connection:
            return connection.execute(DELIVERIES.update().where(*idle).values(anew)).rowcount == 1

    def _line(self, row: Row[Any]) -> DeliveryLine:
        """A row as people see it."""
        try:
            address = self._master_key.open(row.address, about(DELIVERIES.c.address, row.id)).decode()
            host = urlsplit(address).netloc
        except (MasterKeyError, ValueError):
            host = ""
        return DeliveryLine(
            id=row.id,
            owner=row.owner,
            event=row.event,
            entry=row.entry,
            host=host,
            state=row.state,
            attempts=row.attempts,
            answer=row.answer,
            created_at=row.created_at_ms / 1000,
            next_at=row.next_at_ms / 1000,
            expires_at=row.expires_at_ms / 1000,
        )


def delivery_row(
    master_key: MasterKey, news: News, now: float, not_before: float | None, days: float
) -> dict[str, object]:
    """News as a row that waits, or is held until its result is kept."""
    now_ms = int(now * 1000)
    return {
        "id": news.id,
        "owner": news.owner,
        "event": news.event,
        "entry": news.entry,
        "address": master_key.seal(news.address.encode(), about(DELIVERIES.c.address, news.id)),
        "content": master_key.seal(news.content, about(DELIVERIES.c.content, news.id)),
        "state": "held" if not_before is None else "waiting",
        "attempts": 0,
        "before": 0,
        "answer": None,
        "created_at_ms": now_ms,
        "next_at_ms": int((now if not_before is None else not_before) * 1000),
        "until_ms": now_ms + DAY_MS,
        "leased_until_ms": 0,
        "expires_at_ms": now_ms + max(DAY_MS, int(days * DAY_MS)),
    }


def put_delivery(connection: Connection, master_key: MasterKey, row: Mapping[str, object]) -> None:
    """
    Write a row within an open transaction, in the place of one that nobody has begun to tell; not of an erased call.

    What was let go is never held again: a worker that lost its job to another comes too late.
    """
    if is_erased(connection, master_key, str(row["entry"])):
        return
    insert = inserting(connection, DELIVERIES)
    fresh = {name: insert.excluded[name] for name in row if name != "id"}
    untried = _IS_HELD | (_WAITS & (DELIVERIES.c.attempts == 0) & (insert.excluded.state == "waiting"))
    connection.execute(insert.on_conflict_do_update(index_elements=["id"], set_=fresh, where=untried), row)


def let_go_of(connection: Connection, entries: Sequence[str] | Select[Any]) -> None:
    """Have told what is held of these calls: its result is kept in this transaction."""
    held = DELIVERIES.update().where(_IS_HELD, DELIVERIES.c.entry.in_(entries))
    connection.execute(held.values(state="waiting"))


def drop_held_of(connection: Connection, entries: Sequence[str] | Select[Any]) -> None:
    """Forget what is held of these calls: there will be no result."""
    connection.execute(DELIVERIES.delete().where(_IS_HELD, DELIVERIES.c.entry.in_(entries)))


def _due(now_ms: int) -> Select[Any]:
    """All that is due and that nobody tells."""
    return select(DELIVERIES).where(
        _WAITS,
        DELIVERIES.c.next_at_ms <= now_ms,
        DELIVERIES.c.leased_until_ms <= now_ms,
        DELIVERIES.c.expires_at_ms > now_ms,
    )


def _next_owner(connection: Connection, now_ms: int, after: str) -> str | None:
    """Whose turn it is: the next by id after the last one, else the first."""
    under_way = select(DELIVERIES.c.owner).where(_WAITS, DELIVERIES.c.leased_until_ms > now_ms)
    busy = under_way.group_by(DELIVERIES.c.owner).having(func.count() >= MOST_OF_ONE)
    owners = _due(now_ms).with_only_columns(DELIVERIES.c.owner).where(DELIVERIES.c.owner.not_in(busy))
    first = owners.order_by(DELIVERIES.c.owner).limit(1)
    for wanted in (first.where(DELIVERIES.c.owner > after), first):
        found: str | None = connection.execute(wanted).scalar_one_or_none()
        if found is not None:
            return found
    return None
