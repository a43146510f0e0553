"""The keys of callers: made, listed, switched off and on, charged. Nothing is cached: a change works at once."""

import secrets
import string
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias, get_args

from sqlalchemy import ColumnElement, Engine, Row, or_, select

from ipse.infra.master_key import MasterKey
from ipse.infra.store.database import writing
from ipse.infra.store.tables import KEYS

DialectName: TypeAlias = Literal["iapp", "faceid", "linkface", "tencent", "native"]

DIALECTS: Final[tuple[DialectName, ...]] = get_args(DialectName)
"""Every dialect that keys can be made for."""

BEARER_DIALECTS: Final[frozenset[DialectName]] = frozenset({"iapp", "native"})
"""Dialects whose callers send one word only; Ipse keeps a keyed hash of it and cannot show it again."""

_LETTERS: Final = string.ascii_letters + string.digits

ID_LETTERS: Final = 24
"""Length of a public id."""

_SECRET_LETTERS: Final = 32
"""Length of a secret: 190 bits, more than the 128 that NIST SP 800-57 part 1 asks for beyond 2030."""


@dataclass(frozen=True, slots=True)
class Key:
    """
    What is known of a key, without its secret.

    Attributes:
        id: Public: what callers of a pair dialect send as their key, or the first part of a bearer key.
        dialect: Whose calls it makes.
        name: For people.
        permissions: Words; `"kyc"` may ask the registry of people.
        enabled: Whether it was left switched on.
        created_at_s: Unix time of its making.
        expires_on: The last day, in UTC, on which it works.
        test_quota: How many calls a test key has; `None` for others.
        used: How many of them are spent.
    """

    id: str
    dialect: DialectName
    name: str
    permissions: frozenset[str]
    enabled: bool
    created_at_s: int
    expires_on: date | None
    test_quota: int | None
    used: int


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the caller is given, once: `secret` is `None` for bearer dialects."""

    key: str
    secret: str | None

    def __repr__(self) -> str:
        """Nothing of either."""
        return "Credentials(...)"


class Keys:
    """The table of keys. Safe to use from several threads and processes."""

    def __init__(self, database: Engine, master_key: MasterKey) -> None:
        self._database = database
        self._master_key = master_key

    def create(
        self,
        dialect: DialectName,
        name: str,
        *,
        now_s: int,
        permissions: frozenset[str] = frozenset(),
        test_quota: int | None = None,
        expires_on: date | None = None,
    ) -> Credentials:
        """A new key's credentials; the secret is never shown again."""
        public, private = _word(ID_LETTERS), _word(_SECRET_LETTERS)
        is_bearer = dialect in BEARER_DIALECTS
        bearer = f"{public}.{private}"
        with writing(self._database) as connection:
            connection.execute(
                KEYS.insert().values(
                    id=public,
                    dialect=dialect,
                    name=name,
                    secret=None if is_bearer else self._master_key.seal(private.encode(), public),
                    bearer=self._hash(bearer) if is_bearer else None,
                    permissions=" ".join(sorted(permissions)),
                    enabled=True,
                    created_at_s=now_s,
                    expires_on=expires_on,
                    test_quota=test_quota,
                    used=0,
                )
            )
        return Credentials(bearer, None) if is_bearer else Credentials(public, private)

    def every(self) -> tuple[Key, ...]:
        """All keys, oldest first."""
        with self._database.connect() as connection:
            return tuple(_key(row) for row in connection.execute(select(KEYS).order_by(KEYS.c.created_at_s, KEYS.c.id)))

    def find(self, key: str) -> Key | None:
        """The key with this public id, or this whole bearer key."""
        with self._database.connect() as connection:
            row = connection.execute(select(KEYS).where(self._is(key))).one_or_none()
        return None if row is None else _key(row)

    def find_with_secret(self, dialect: DialectName, key: str) -> tuple[Key, str | None] | None:
        """
        The key that a caller of a dialect sent, with its secret where it has one.

        A public id finds no bearer key: there, the whole word is the proof.
        """
        proof = KEYS.c.bearer == self._hash(key) if dialect in BEARER_DIALECTS else KEYS.c.id == key
        with self._database.connect() as connection:
            row = connection.execute(select(KEYS).where(proof, KEYS.c.dialect == dialect)).one_or_none()
        if row is None:
            return None
        return _key(row), None if row.secret is None else self._master_key.open(row.secret, row.id).decode()

    def enable(self, key: str, *, enabled: bool) -> bool:
        """Switch a key on or off; whether there is such a key."""
        with writing(self._database) as connection:
            return connection.execute(KEYS.update().where(self._is(key)).values(enabled=enabled)).rowcount == 1

    def charge(self, key_id: str) -> bool:
        """
        Take one call from a test key's quota; whether one was left.

        One statement decides, so that calls at the same moment can never spend more than there is.
        """
        is_left = or_(KEYS.c.test_quota.is_(None), KEYS.c.used < KEYS.c.test_quota)
        with writing(self._database) as connection:
            spent = KEYS.update().where(KEYS.c.id == key_id, is_left).values(used=KEYS.c.used + 1)
            return connection.execute(spent).rowcount == 1

    def refund(self, key_id: str) -> None:
        """Give one call back to a test key's quota."""
        with writing(self._database) as connection:
            connection.execute(KEYS.update().where(KEYS.c.id == key_id, KEYS.c.used > 0).values(used=KEYS.c.used - 1))

    def _is(self, key: str) -> ColumnElement[bool]:
        """The row of a public id or of a whole bearer key."""
        return or_(KEYS.c.id == key, KEYS.c.bearer == self._hash(key))

    def _hash(self, bearer: str) -> bytes:
        """What is kept of a bearer key."""
        return self._master_key.keyed_hash("bearer key", bearer)


def dialect_name(word: str) -> DialectName | None:
    """The dialect of this name, if keys can be made for it."""
    for name in DIALECTS:
        if name == word:
            return name
    return None


def _word(letters: int) -> str:
    """A word that nobody can guess."""
    return "".join(secrets.choice(_LETTERS) for _ in range(letters))


def _key(row: Row[tuple[object, ...]]) -> Key:
    """A row without its secret."""
    return Key(
        id=row.id,
        dialect=row.dialect,
        name=row.name,
        permissions=frozenset(row.permissions.split()),
        enabled=row.enabled,
        created_at_s=row.created_at_s,
        expires_on=row.expires_on,
        test_quota=row.test_quota,
        used=row.used,
    )
