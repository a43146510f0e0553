"""The keys of callers: made, listed, renewed, limited. Nothing is cached: a change works at once."""

import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, TypedDict, Unpack, cast, get_args

from sqlalchemy import ColumnElement, Engine, Row, bindparam, or_, select

from ipse.core.genuineness.policy import Policy
from ipse.infra.master_key import MasterKey
from ipse.infra.store.database import reading, writing
from ipse.infra.store.sealed import about
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


_OF_DIALECT: Final = select(KEYS).where(KEYS.c.dialect == bindparam("dialect_asked"))
_BY_ID: Final = _OF_DIALECT.where(KEYS.c.id == bindparam("proof"))
_BY_BEARER: Final = _OF_DIALECT.where(KEYS.c.bearer == bindparam("proof"))


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
        operations: The operations it may call; `None` is all of its dialect.
        suspended: Whether its owner owes money.
        credit: Units paid for in all; `None` is without end.
        spent: Units billed so far.
        rate: In the notation of the `limits` library; `None` is without limit.
        concurrency: Calls under way at once; `None` is without limit.
        liveness: What follows from which suspicion about a capture; what is not named has its default.
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
    operations: frozenset[str] | None
    suspended: bool
    credit: int | None
    spent: int
    rate: str | None
    concurrency: int | None
    liveness: Policy


class Limits(TypedDict, total=False):
    """What may be set for a key at its making and ever after; the words are those of `Key`."""

    permissions: frozenset[str]
    operations: frozenset[str] | None
    enabled: bool
    suspended: bool
    expires_on: date | None
    test_quota: int | None
    credit: int | None
    rate: str | None
    concurrency: int | None
    liveness: Policy


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

    def create(self, dialect: DialectName, name: str, *, now_s: int, **limits: Unpack[Limits]) -> Credentials:
        """A new key's credentials; the secret is never shown again."""
        public = _word(ID_LETTERS)
        made, proof = self._proof(dialect, public)
        row = {"permissions": "", "enabled": True, "suspended": False, "used": 0, "spent": 0} | _columns(limits)
        with writing(self._database) as connection:
            connection.execute(
                KEYS.insert().values(id=public, dialect=dialect, name=name, created_at_s=now_s, **proof, **row)
            )
        return made

    def rotate(self, key: str) -> Credentials | None:
        """A new secret, or a new bearer word, for a key; the old one is refused from now on."""
        with writing(self._database) as connection:
            row = connection.execute(select(KEYS).where(self._is(key)).with_for_update()).one_or_none()
            if row is None:
                return None
            made, proof = self._proof(row.dialect, row.id)
            connection.execute(KEYS.update().where(KEYS.c.id == row.id).values(**proof))
        return made

    def change(self, key: str, **limits: Unpack[Limits]) -> bool:
        """Set limits of a key, leaving the others; whether there is such a key."""
        with writing(self._database) as connection:
            changed = connection.execute(KEYS.update().where(self._is(key)).values(_columns(limits)))
            return changed.rowcount == 1

    def every(self) -> tuple[Key, ...]:
        """All keys, oldest first."""
        with reading(self._database) as connection:
            return tuple(_key(row) for row in connection.execute(select(KEYS).order_by(KEYS.c.created_at_s, KEYS.c.id)))

    def find(self, key: str) -> Key | None:
        """The key with this public id, or this whole bearer key."""
        with reading(self._database) as connection:
            row = connection.execute(select(KEYS).where(self._is(key))).one_or_none()
        return None if row is None else _key(row)

    def find_with_secret(self, dialect: DialectName, key: str) -> tuple[Key, str | None] | None:
        """
        The key that a caller of a dialect sent, with its secret where it has one.

        A public id finds no bearer key: there, the whole word is the proof.
        """
        if not (key.isascii() and key.isprintable()):
            return None  # No key has such letters, and PostgreSQL refuses a zero byte in a text.
        is_bearer = dialect in BEARER_DIALECTS
        wanted = _BY_BEARER if is_bearer else _BY_ID
        given = {"dialect_asked": dialect, "proof": self._hash(key) if is_bearer else key}
        with reading(self._database) as connection:
            row = connection.execute(wanted, given).one_or_none()
        if row is None:
            return None
        sealed = row.secret
        return _key(row), None if sealed is None else self._master_key.open(
            sealed, about(KEYS.c.secret, row.id)
        ).decode()

    def _proof(self, dialect: DialectName, public: str) -> tuple[Credentials, dict[str, bytes | None]]:
        """New credentials, and the columns that prove them later."""
        private = _word(_SECRET_LETTERS)
        if dialect in BEARER_DIALECTS:
            bearer = f"{public}.{private}"
            return Credentials(bearer, None), {"secret": None, "bearer": self._hash(bearer)}
        sealed = self._master_key.seal(private.encode(), about(KEYS.c.secret, public))
        return Credentials(public, private), {"secret": sealed, "bearer": None}

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
        operations=None if row.operations is None else frozenset(row.operations.split()),
        suspended=row.suspended,
        credit=row.credit,
        spent=row.spent,
        rate=row.rate,
        concurrency=row.concurrency,
        liveness=_policy(row.liveness),
    )


def _columns(limits: Limits) -> dict[str, object]:
    """Limits as columns: sets and policies become words, sorted, separated by spaces."""
    return {name: _column(value) for name, value in limits.items()}


def _column(value: object) -> object:
    """One limit as its column."""
    match value:
        case frozenset():
            return " ".join(sorted(value))
        case Mapping():
            return " ".join(sorted(f"{name}={word}" for name, word in value.items())) or None
        case _:
            return value


def _policy(words: str | None) -> Policy:
    """The policy in a column."""
    named = dict(word.split("=", 1) for word in (words or "").split())
    return MappingProxyType(cast("Policy", named))
