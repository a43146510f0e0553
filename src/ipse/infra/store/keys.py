"""The keys of callers: made, listed, renewed, limited. Nothing is cached: a change works at once."""

import secrets
import string
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Unpack, cast

from sqlalchemy import Column, ColumnElement, Connection, Engine, Row, and_, bindparam, or_, select, update

from ipse.core.genuineness.policy import Policy
from ipse.infra.master_key import MasterKey
from ipse.infra.store.database import reading, writing
from ipse.infra.store.sealed import about
from ipse.infra.store.tables import KEYS
from ipse.service.ports import DIALECTS, Credentials, DialectName, Key, Limits
from ipse.service.ports.retention import ARTEFACT_KINDS, Retention

__all__ = [
    "BEARER_DIALECTS",
    "DIALECTS",
    "ID_LETTERS",
    "Credentials",
    "DialectName",
    "Key",
    "Keys",
    "Limits",
    "Proof",
    "dialect_name",
]

BEARER_DIALECTS: Final[frozenset[DialectName]] = frozenset({"iapp", "native"})
"""Dialects whose callers send one word only; Ipse keeps a keyed hash of it and cannot show it again."""

_LETTERS: Final = string.ascii_letters + string.digits

ID_LETTERS: Final = 24
"""Length of a public id."""

_SECRET_LETTERS: Final = 32
"""Length of a secret: 190 bits, more than the 128 that NIST SP 800-57 part 1 asks for beyond 2030."""


_OF_DIALECT: Final = select(KEYS).where(KEYS.c.dialect == bindparam("dialect_asked"))
_BY_ID: Final = _OF_DIALECT.where(KEYS.c.id == bindparam("proof"))
_BY_BEARER: Final = _OF_DIALECT.where(
    or_(
        KEYS.c.bearer == bindparam("proof"),
        and_(KEYS.c.old_bearer == bindparam("proof"), KEYS.c.old_until_ms > bindparam("now_ms")),
    )
)

_NO_GRACE: Final = MappingProxyType({"old_secret": None, "old_bearer": None, "old_until_ms": None})


class Proof(NamedTuple):
    """A key that a caller has sent, and what proves that it is theirs: `None` where the whole word did already."""

    key: Key
    secret: str | None
    old_secret: str | None
    """The secret before the last, while its grace lasts."""
    webhook: str | None = None
    """Where results are told that no call names another address for."""


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

    def rotate(self, key: str, *, now_ms: int, grace_ms: int) -> Credentials | None:
        """A new secret, or a new bearer word, for a key; the last one works on for a while, none before it does."""
        with writing(self._database) as connection:
            row = connection.execute(select(KEYS).where(self._is(key)).with_for_update()).one_or_none()
            if row is None:
                return None
            made, proof = self._proof(row.dialect, row.id)
            old = self._grace(row, now_ms + grace_ms) if grace_ms > 0 else dict(_NO_GRACE)
            connection.execute(KEYS.update().where(KEYS.c.id == row.id).values(**proof, **old))
        return made

    def end_grace(self, key: str) -> bool:
        """Refuse the secret before the last from now on; whether there is such a key."""
        with writing(self._database) as connection:
            return connection.execute(KEYS.update().where(self._is(key)).values(**_NO_GRACE)).rowcount == 1

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

    def find_with_secret(self, dialect: DialectName, key: str, now_ms: int) -> Proof | None:
        """
        The key that a caller of a dialect sent, with its secret where it has one, and the last one in its grace.

        A public id finds no bearer key: there, the whole word is the proof.
        """
        if not (key.isascii() and key.isprintable()):
            return None  # No key has such letters, and PostgreSQL refuses a zero byte in a text.
        is_bearer = dialect in BEARER_DIALECTS
        wanted = _BY_BEARER if is_bearer else _BY_ID
        given: dict[str, object] = {"dialect_asked": dialect, "proof": key}
        if is_bearer:
            given |= {"proof": self._hash(key), "now_ms": now_ms}
        with reading(self._database) as connection:
            row = connection.execute(wanted, given).one_or_none()
        if row is None:
            return None
        has_grace = row.old_until_ms is not None and row.old_until_ms > now_ms
        old = self._open(KEYS.c.old_secret, row.id, row.old_secret) if has_grace else None
        webhook = self._open(KEYS.c.webhook, row.id, row.webhook)
        return Proof(_key(row), self._open(KEYS.c.secret, row.id, row.secret), old, webhook)

    def _grace(self, row: Row[Any], until_ms: int) -> dict[str, object]:
        """What was the proof of a key until now, as the columns that prove it for a while."""
        secret = self._open(KEYS.c.secret, row.id, row.secret)
        sealed = None if secret is None else self._master_key.seal(secret.encode(), about(KEYS.c.old_secret, row.id))
        return {"old_secret": sealed, "old_bearer": row.bearer, "old_until_ms": until_ms}

    def _open(self, column: Column[bytes], key: str, sealed: bytes | None) -> str | None:
        """A secret in the clear, where there is one."""
        return None if sealed is None else self._master_key.open(sealed, about(column, key)).decode()

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


def forget_old_proofs(connection: Connection, now_ms: int) -> int:
    """How many secrets and bearer words have come to the end of their grace, and are gone now."""
    return connection.execute(update(KEYS).where(KEYS.c.old_until_ms <= now_ms).values(**_NO_GRACE)).rowcount


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
        retention=retention_of(row.retention),
        old_until_ms=row.old_until_ms,
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


def retention_of(words: str | None) -> Retention:
    """What is kept for how many hours, in a column."""
    named = dict(word.split("=", 1) for word in (words or "").split())
    return MappingProxyType({kind: int(named[kind]) for kind in ARTEFACT_KINDS if kind in named})
