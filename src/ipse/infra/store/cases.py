"""The port `Cases` on the store: who comes second to a case finds it held, or is told that it has changed."""

import uuid
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Engine, Row, func, or_, select

from ipse.infra.master_key import MasterKey
from ipse.infra.store.database import hold, insert_once, reading, writing
from ipse.infra.store.deliveries import delivery_row, put_delivery
from ipse.infra.store.erased import TURN, is_erased
from ipse.infra.store.questions import Questions
from ipse.infra.store.sealed import about
from ipse.infra.store.tables import CASES, OPINIONS
from ipse.service.ports.cases import Case, CaseLine, CaseWish, NewCase, Opinion, Step

DAY_S: Final = 86_400

_UNDECIDED: Final = CASES.c.state != "decided"


class StoredCases:
    """
    Rows whose findings and reasons are sealed.

    Args:
        database: Up to date, unlocked by this master key.
        master_key: Seals and opens.
        questions: Where the database is asked.
        days: How long a case is remembered.
        told_days: For how long what was told of a decision can be told again.
    """

    def __init__(
        self, database: Engine, master_key: MasterKey, questions: Questions, days: float = 30.0, told_days: float = 3.0
    ) -> None:
        self._database = database
        self._master_key = master_key
        self._questions = questions
        self._days = days
        self._told_days = told_days

    async def open(self, case: NewCase, now: float) -> None:
        """Have people look at a call; with no days, nobody ever does."""
        if self._days <= 0:
            return
        row: dict[str, object] = {
            "entry": case.entry,
            "kind": case.kind,
            "owner": case.owner,
            "warnings": " ".join(sorted(case.warnings)),
            "content": self._master_key.seal(case.content, about(CASES.c.content, case.entry)),
            "state": "open",
            "decision": None,
            "created_at_ms": int(now * 1000),
            "decided_at_ms": None,
            "held_by": None,
            "held_until_ms": 0,
            "expires_at_ms": int((now + self._days * DAY_S) * 1000),
        }
        await self._questions.ask(lambda: self._open(row))

    async def lines(self, wish: CaseWish, now: float) -> tuple[CaseLine, ...]:
        """Cases, those that wait longest first; of decided ones the newest first."""
        found = await self._questions.ask(lambda: self._lines(wish, int(now * 1000)))
        return tuple(_line(row, int(now * 1000)) for row in found)

    async def find(self, entry: str, now: float, owner: str | None = None) -> Case | None:
        """The case of a call."""
        found = await self._questions.ask(lambda: self._find(entry, int(now * 1000), owner))
        if found is None:
            return None
        row, opinions = found
        content = self._master_key.open(row.content, about(CASES.c.content, row.entry))
        return Case(_line(row, int(now * 1000)), content, tuple(map(self._opinion, opinions)))

    async def hold(self, entry: str, user: str, now: float, until: float) -> bool:
        """Keep others from working on it for a while."""
        return await self._questions.ask(lambda: self._hold(entry, user, int(now * 1000), int(until * 1000)))

    async def let_go(self, entry: str, user: str) -> None:
        """Let others work on it."""
        await self._questions.ask(lambda: self._let_go(entry, user))

    async def step(self, entry: str, step: Step, now: float) -> bool:
        """Note an opinion and what it brings about, all or nothing."""
        return await self._questions.ask(lambda: self._step(entry, step, now))

    def _open(self, row: dict[str, object]) -> None:
        """Write the row, unless it is there, or its call was erased."""
        with writing(self._database) as connection:
            if not is_erased(connection, self._master_key, str(row["entry"])):
                insert_once(connection, CASES, row)

    def _lines(self, wish: CaseWish, now_ms: int) -> list[Row[Any]]:
        """The rows of a wish."""
        wanted = select(CASES).where(CASES.c.expires_at_ms > now_ms)
        for name in ("state", "kind", "owner"):
            if getattr(wish, name) is not None:
                wanted = wanted.where(CASES.c[name] == getattr(wish, name))
        if wish.warning is not None:
            padded = " " + CASES.c.warnings + " "
            wanted = wanted.where(padded.contains(f" {wish.warning} ", autoescape=True))
        if wish.before is not None:
            wanted = wanted.where(CASES.c.created_at_ms < int(wish.before * 1000))
        is_done = wish.state == "decided"
        order = CASES.c.created_at_ms.desc() if is_done else CASES.c.created_at_ms
        with reading(self._database) as connection:
            return list(connection.execute(wanted.order_by(order, CASES.c.entry).limit(wish.most)))

    def _find(self, entry: str, now_ms: int, owner: str | None) -> tuple[Row[Any], Sequence[Row[Any]]] | None:
        """The row of a case, and those of its opinions."""
        wanted = select(CASES).where(CASES.c.entry == entry, CASES.c.expires_at_ms > now_ms)
        if owner is not None:
            wanted = wanted.where(CASES.c.owner == owner)
        with reading(self._database) as connection:
            row = connection.execute(wanted).one_or_none()
            if row is None:
                return None
            of_case = select(OPINIONS).where(OPINIONS.c.entry == entry).order_by(OPINIONS.c.at_ms, OPINIONS.c.id)
            return row, connection.execute(of_case).all()

    def _hold(self, entry: str, user: str, now_ms: int, until_ms: int) -> bool:
        """One statement decides who was first."""
        free = or_(CASES.c.held_by.is_(None), CASES.c.held_by == user, CASES.c.held_until_ms <= now_ms)
        own = (CASES.c.entry == entry, _UNDECIDED, CASES.c.expires_at_ms > now_ms, free)
        with writing(self._database) as connection:
            held = CASES.update().where(*own).values(held_by=user, held_until_ms=until_ms)
            return connection.execute(held).rowcount == 1

    def _let_go(self, entry: str, user: str) -> None:
        """Only who holds it lets go."""
        own = (CASES.c.entry == entry, CASES.c.held_by == user)
        with writing(self._database) as connection:
            connection.execute(CASES.update().where(*own).values(held_by=None, held_until_ms=0))

    def _step(self, entry: str, step: Step, now: float) -> bool:
        """The case's row is locked while opinions are counted, so that two people at once are one after the other."""
        opinion, now_ms = step.opinion, int(now * 1000)
        free = or_(CASES.c.held_by.is_(None), CASES.c.held_by == opinion.user, CASES.c.held_until_ms <= now_ms)
        own = (CASES.c.entry == entry, _UNDECIDED, CASES.c.expires_at_ms > now_ms, free)
        with writing(self._database) as connection:
            hold(connection, TURN, together=True)
            case = connection.execute(select(CASES).where(*own).with_for_update()).one_or_none()
            count = select(func.count()).select_from(OPINIONS).where(OPINIONS.c.entry == entry)
            if case is None or connection.execute(count).scalar_one() != step.opinions_before:
                return False
            connection.execute(OPINIONS.insert().values(self._row(entry, opinion, case.expires_at_ms)))
            values: dict[str, object] = {"state": step.state, "held_by": None, "held_until_ms": 0}
            if step.decision is not None:
                values |= {"decision": step.decision, "decided_at_ms": now_ms}
            connection.execute(CASES.update().where(CASES.c.entry == entry).values(values))
            if step.news is not None:
                row = delivery_row(self._master_key, step.news, now, now, self._told_days)
                put_delivery(connection, self._master_key, row)
        return True

    def _row(self, entry: str, opinion: Opinion, expires_at_ms: int) -> dict[str, object]:
        """An opinion as a row."""
        name = str(uuid.uuid4())
        return {
            "id": name,
            "entry": entry,
            "user": opinion.user,
            "decision": opinion.decision,
            "reason": self._master_key.seal(opinion.reason.encode(), about(OPINIONS.c.reason, name)),
            "at_ms": int(opinion.at * 1000),
            "expires_at_ms": expires_at_ms,
        }

    def _opinion(self, row: Row[Any]) -> Opinion:
        """A row as an opinion."""
        reason = self._master_key.open(row.reason, about(OPINIONS.c.reason, row.id)).decode()
        return Opinion(row.user, row.decision, reason, row.at_ms / 1000)


def _line(row: Row[Any], now_ms: int) -> CaseLine:
    """A row as people see it in a list; who held it for too long holds it no more."""
    is_held = row.held_by is not None and row.held_until_ms > now_ms
    return CaseLine(
        entry=row.entry,
        kind=row.kind,
        owner=row.owner,
        warnings=tuple(row.warnings.split()),
        state=row.state,
        decision=row.decision,
        created_at=row.created_at_ms / 1000,
        decided_at=None if row.decided_at_ms is None else row.decided_at_ms / 1000,
        held_by=row.held_by if is_held else None,
        expires_at=row.expires_at_ms / 1000,
    )
