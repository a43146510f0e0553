"""The port `Accounts` on the store."""

from typing import Final, Literal
from uuid import uuid4

from sqlalchemy import Connection, Engine, Row, func, or_, select

from ipse.infra.master_key import MasterKey
from ipse.infra.store.database import hold, reading, writing
from ipse.infra.store.questions import Questions
from ipse.infra.store.tables import INVITATIONS, SESSIONS, USERS
from ipse.service.desk.roles import Role
from ipse.service.ports import Invitation, User, Vouched
from ipse.service.ports.accounts import FIRST

BARE_S: Final = 3600
"""How old an account is at least that goes with its last session. Source: ours; the first session began long before."""

_HAS_A_WAY_IN: Final = or_(USERS.c.password.is_not(None), USERS.c.subject.is_not(None))
"""Whoever came in by a bare link cannot come back."""


class AccountRows:
    """
    The accounts, for whoever has a thread to wait in.

    Args:
        database: Up to date, unlocked by this master key.
        master_key: Hashes tokens and subjects.
    """

    def __init__(self, database: Engine, master_key: MasterKey) -> None:
        self._database = database
        self._master_key = master_key

    def is_empty(self) -> bool:
        """Whether there is nobody yet."""
        with reading(self._database) as connection:
            return _is_empty(connection)

    def every(self) -> tuple[User, ...]:
        """Everybody, by name."""
        with reading(self._database) as connection:
            return tuple(user_of(row) for row in connection.execute(select(USERS).order_by(USERS.c.name)))

    def find(self, user: str) -> User | None:
        """Whose public id this is."""
        with reading(self._database) as connection:
            row = connection.execute(select(USERS).where(USERS.c.id == user)).one_or_none()
        return None if row is None else user_of(row)

    def with_password(self, name: str) -> tuple[User, str] | None:
        """Who signs in by this name, and the hash."""
        wanted = select(USERS).where(USERS.c.name == name, USERS.c.password.is_not(None))
        with reading(self._database) as connection:
            row = connection.execute(wanted).one_or_none()
        return None if row is None else (user_of(row), row.password)

    def invite(self, token: str, role: Role, user: str | None, expires_at: float, issuer: str | None = None) -> None:
        """Let somebody enter once."""
        row = {"hash": self._hash(token), "expires_at_ms": int(expires_at * 1000)}
        with writing(self._database) as connection:
            if user is not None:  # Whoever forgot two passwords has one way in, not two.
                connection.execute(INVITATIONS.delete().where(INVITATIONS.c.user == user))
            connection.execute(INVITATIONS.insert().values(**row, role=role, user=user, issuer=issuer))

    def invitation(self, token: str, now: float) -> Invitation | None:
        """What a token is good for."""
        with reading(self._database) as connection:
            return self._invitation(connection, token, now)

    def enter(self, token: str, name: str, password: str | None, now: float) -> User | Literal["gone", "taken"]:
        """Use a token."""
        with writing(self._database) as connection:
            hold(connection, "users")
            invitation = self._invitation(connection, token, now)
            if invitation is None:
                return "gone"
            if invitation.user is None:
                if connection.execute(select(USERS.c.id).where(USERS.c.name == name)).one_or_none() is not None:
                    return "taken"
                user = _add(connection, now, name=name, role=invitation.role, password=password)
            else:
                user = invitation.user
                connection.execute(USERS.update().where(USERS.c.id == user).values(password=password))
                _end_sessions(connection, user)
            connection.execute(INVITATIONS.delete().where(INVITATIONS.c.hash == self._hash(token)))
            return user_of(connection.execute(select(USERS).where(USERS.c.id == user)).one())

    def vouched(self, who: Vouched, now: float) -> User | None:
        """The account of whom others vouch for."""
        subject = self._master_key.keyed_hash("console subject", who.subject)
        with writing(self._database) as connection:
            hold(connection, "users")
            row = connection.execute(select(USERS).where(USERS.c.subject == subject)).one_or_none()
            if who.role is None:
                if row is not None:
                    _withdraw(connection, row.id)
                return None
            if row is None:
                name = _free(connection, who.name, subject)
                user = _add(connection, now, name=name, role=who.role, subject=subject)
            elif not row.enabled:
                return None
            else:
                user = row.id
                connection.execute(USERS.update().where(USERS.c.id == user).values(role=who.role))
                if row.role != who.role:
                    _withdraw(connection, user)
            return user_of(connection.execute(select(USERS).where(USERS.c.id == user)).one())

    def set_password(self, user: str, password: str) -> None:
        """Keep another hash."""
        with writing(self._database) as connection:
            connection.execute(USERS.update().where(USERS.c.id == user).values(password=password))
            _end_sessions(connection, user)

    def change(self, user: str, *, role: Role | None = None, enabled: bool | None = None) -> bool:
        """Change somebody; whether an administrator is left, else nothing is changed."""
        values = {name: value for name, value in (("role", role), ("enabled", enabled)) if value is not None}
        with writing(self._database) as connection:
            hold(connection, "users")
            others = select(func.count()).where(
                USERS.c.id != user, USERS.c.role == Role.ADMIN, USERS.c.enabled, _HAS_A_WAY_IN
            )
            row = connection.execute(select(USERS.c.role, USERS.c.enabled).where(USERS.c.id == user)).one_or_none()
            if row is None:
                return False
            is_admin = (row.role if role is None else role) == Role.ADMIN and (
                row.enabled if enabled is None else enabled
            )
            if not is_admin and connection.execute(others).scalar_one() == 0:
                return False
            connection.execute(USERS.update().where(USERS.c.id == user).values(values))
            _withdraw(connection, user)
        return True

    def _invitation(self, connection: Connection, token: str, now: float) -> Invitation | None:
        """What a token is good for: whose account is disabled gets no other password."""
        wanted = (
            select(INVITATIONS.c.role, INVITATIONS.c.user)
            .join(USERS, USERS.c.id == INVITATIONS.c.user, isouter=True)
            .where(
                INVITATIONS.c.hash == self._hash(token),
                INVITATIONS.c.expires_at_ms > int(now * 1000),
                or_(INVITATIONS.c.user.is_(None), USERS.c.enabled),
            )
        )
        row = connection.execute(wanted).one_or_none()
        if row is None or (token.startswith(FIRST) and not _is_empty(connection)):
            return None
        return Invitation(Role(row.role), row.user)

    def _hash(self, token: str) -> bytes:
        """What is kept of a token."""
        return self._master_key.keyed_hash("console invitation", token)


class StoredAccounts:
    """The same accounts for a server, whose event loop does not wait."""

    def __init__(self, rows: AccountRows, questions: Questions) -> None:
        self._rows = rows
        self._questions = questions

    async def is_empty(self) -> bool:
        """Whether there is nobody yet."""
        return await self._questions.ask(self._rows.is_empty)

    async def every(self) -> tuple[User, ...]:
        """Everybody, by name."""
        return await self._questions.ask(self._rows.every)

    async def find(self, user: str) -> User | None:
        """Whose public id this is."""
        return await self._questions.ask(lambda: self._rows.find(user))

    async def with_password(self, name: str) -> tuple[User, str] | None:
        """Who signs in by this name, and the hash."""
        return await self._questions.ask(lambda: self._rows.with_password(name))

    async def invite(
        self, token: str, role: Role, user: str | None, expires_at: float, issuer: str | None = None
    ) -> None:
        """Let somebody enter once."""
        await self._questions.ask(lambda: self._rows.invite(token, role, user, expires_at, issuer))

    async def invitation(self, token: str, now: float) -> Invitation | None:
        """What a token is good for."""
        return await self._questions.ask(lambda: self._rows.invitation(token, now))

    async def enter(self, token: str, name: str, password: str | None, now: float) -> User | Literal["gone", "taken"]:
        """Use a token."""
        return await self._questions.ask(lambda: self._rows.enter(token, name, password, now))

    async def vouched(self, who: Vouched, now: float) -> User | None:
        """The account of whom others vouch for."""
        return await self._questions.ask(lambda: self._rows.vouched(who, now))

    async def set_password(self, user: str, password: str) -> None:
        """Keep another hash."""
        await self._questions.ask(lambda: self._rows.set_password(user, password))

    async def change(self, user: str, *, role: Role | None = None, enabled: bool | None = None) -> bool:
        """Change somebody."""
        return await self._questions.ask(lambda: self._rows.change(user, role=role, enabled=enabled))


def forget_bare(database: Engine, now_ms: int) -> int:
    """How many accounts are gone that nobody can come back to, now that their only session is over."""
    signed_in = select(SESSIONS.c.user).where(SESSIONS.c.expires_at_ms > now_ms)
    is_old = USERS.c.created_at_ms <= now_ms - BARE_S * 1000
    with writing(database) as connection:
        hold(connection, "users")
        left = USERS.delete().where(~_HAS_A_WAY_IN, is_old, USERS.c.id.not_in(signed_in))
        return connection.execute(left).rowcount


def user_of(row: Row[tuple[object, ...]]) -> User:
    """A row of `users` as somebody."""
    return User(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        enabled=row.enabled,
        has_password=row.password is not None,
        created_at=row.created_at_ms / 1000,
        seen_at=None if row.seen_at_ms is None else row.seen_at_ms / 1000,
    )


def _is_empty(connection: Connection) -> bool:
    """Whether there is nobody."""
    return connection.execute(select(USERS.c.id).limit(1)).one_or_none() is None


def _add(connection: Connection, now: float, **columns: object) -> str:
    """A new account's public id."""
    user = str(uuid4())
    connection.execute(USERS.insert().values(id=user, enabled=True, created_at_ms=int(now * 1000), **columns))
    return user


def _free(connection: Connection, name: str, subject: bytes) -> str:
    """A name that nobody has: with some of the subject's hash behind it where somebody else is called the same."""
    taken = connection.execute(select(USERS.c.id).where(USERS.c.name == name)).one_or_none()
    return name if taken is None else f"{name} {subject.hex()[:8]}"


def _withdraw(connection: Connection, user: str) -> None:
    """Take back what somebody was let do, as somebody else: their sessions, and the links of theirs and for them."""
    links = or_(INVITATIONS.c.user == user, INVITATIONS.c.issuer == user)
    connection.execute(INVITATIONS.delete().where(links))
    _end_sessions(connection, user)


def _end_sessions(connection: Connection, user: str) -> None:
    """Sign somebody out everywhere."""
    connection.execute(SESSIONS.delete().where(SESSIONS.c.user == user))
