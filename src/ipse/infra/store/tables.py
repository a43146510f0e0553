"""
The tables as they are now; the migrations beside this file lead to exactly these.

Times are whole seconds since 1970 in UTC, days are dates in UTC: both mean the same on every database.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    false,
    text,
)

METADATA: Final = MetaData()

KEYS: Final = Table(
    "keys",
    METADATA,
    Column("id", String(64), primary_key=True, comment="public: what callers send, or the first part of a bearer key"),
    Column("dialect", String(16), nullable=False),
    Column("name", String(200), nullable=False, comment="for people"),
    Column("secret", LargeBinary, comment="sealed under the master key, about this id; null for bearer keys"),
    Column("bearer", LargeBinary, unique=True, comment="keyed hash of the whole bearer key; null for the others"),
    Column("permissions", String(200), nullable=False, comment="words, sorted, separated by spaces"),
    Column("enabled", Boolean, nullable=False),
    Column("created_at_s", BigInteger, nullable=False),
    Column("expires_on", Date, comment="the last day on which it works"),
    Column("test_quota", Integer, comment="null: not a test key"),
    Column("used", Integer, nullable=False, comment="calls charged to a test key"),
    Column("operations", String(400), comment="words, sorted, separated by spaces; null: all of its dialect"),
    Column("suspended", Boolean, nullable=False, server_default=false(), comment="its owner owes money"),
    Column("credit", BigInteger, comment="units paid for in all; null: without end"),
    Column("spent", BigInteger, nullable=False, server_default=text("0"), comment="units billed so far"),
    Column("rate", String(64), comment="in the notation of the limits library; null: without limit"),
    Column("concurrency", Integer, comment="calls under way at once; null: without limit"),
    Column("liveness", String(200), comment="judgement=consequence, sorted, separated by spaces; null: the defaults"),
    Column("retention", String(200), comment="artefact=hours, sorted, separated by spaces; null: nothing is kept"),
    Column("old_secret", LargeBinary, comment="sealed: the secret before the last, while its grace lasts"),
    Column("old_bearer", LargeBinary, comment="keyed hash of the bearer key before the last"),
    Column("old_until_ms", BigInteger, comment="when the one before the last stops working; null: there is none"),
    Column("webhook", LargeBinary, comment="sealed: where results are told that no call names another address for"),
    Column("webhook_turn", Integer, nullable=False, server_default=text("0"), comment="how often its secret changed"),
    Column("webhook_old_until_ms", BigInteger, comment="until when webhooks are signed with the one before too"),
    CheckConstraint("(secret IS NULL) <> (bearer IS NULL)", name="keys_one_proof"),
    CheckConstraint("used >= 0", name="keys_used_not_negative"),
    Index("keys_old_bearer", "old_bearer", unique=True),
)
"""The keys of callers."""

MASTER_KEYS: Final = Table(
    "master_keys",
    METADATA,
    Column("id", String(8), primary_key=True, comment="the key's name; empty: noted before keys had names"),
    Column("proof", LargeBinary, nullable=False, comment="keyed hash of a constant"),
    Column("hashing", LargeBinary, comment="the key of all keyed hashes, sealed under this master key"),
)
"""The master keys under which something in this database may be sealed: one, but for the time of a rotation."""

LEDGER: Final = Table(
    "ledger",
    METADATA,
    Column("id", String(36), primary_key=True, comment="the correlation id of the call"),
    Column("at_ms", BigInteger, nullable=False, comment="Unix milliseconds at which the call began"),
    Column("key", String(64), nullable=False),
    Column("dialect", String(16), nullable=False),
    Column("operation", String(64), nullable=False),
    Column("outcome", String(64), nullable=False, comment="ok, or the reason's word"),
    Column("status", Integer, nullable=False),
    Column("billed", Integer, nullable=False, comment="units"),
    Column("counted", Boolean, nullable=False, comment="counts against a test quota"),
    Column("elapsed_ms", Float, nullable=False),
    Index("ledger_by_key", "key", "at_ms"),
    Index("ledger_by_time", "at_ms"),
)
"""Every answered call of a known caller; rows are only ever added. No name, number, uuid or token."""

MARKS: Final = Table(
    "marks",
    METADATA,
    Column("kind", String(16), primary_key=True),
    Column("hash", LargeBinary, primary_key=True, comment="keyed hash of the caller's uuid or of a token"),
    Column("entry", String(36), primary_key=True, comment="ledger.id"),
)
"""What calls can be found by; erasing somebody deletes rows here and leaves the ledger whole."""

LEASES: Final = Table(
    "leases",
    METADATA,
    Column("call", String(36), primary_key=True, comment="the correlation id"),
    Column("key", String(64), nullable=False, index=True),
    Column("units", Integer, nullable=False, server_default=text("1"), comment="credit that it may come to"),
    Column("expires_at_ms", BigInteger, nullable=False, comment="when a killed server's calls stop counting"),
)
"""Calls under way, of keys that have a quota, a credit or a limit of concurrency."""

RATE_WINDOWS: Final = Table(
    "rate_windows",
    METADATA,
    Column("name", String(200), primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
)
"""The counters of the `limits` library."""

VAULT: Final = Table(
    "vault",
    METADATA,
    Column("hash", LargeBinary, primary_key=True, comment="keyed hash of kind, owner and token"),
    Column("kind", String(16), nullable=False),
    Column("owner", String(64), nullable=False, comment="keys.id"),
    Column("content", LargeBinary, nullable=False, comment="sealed"),
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
)
"""What a wire makes us keep for a while."""

JOBS: Final = Table(
    "jobs",
    METADATA,
    Column("hash", LargeBinary, primary_key=True, comment="keyed hash of kind, owner and token"),
    Column("kind", String(16), nullable=False),
    Column("owner", String(64), nullable=False, comment="keys.id"),
    Column("payload", LargeBinary, comment="sealed; null once done"),
    Column("result", LargeBinary, comment="sealed; null until done"),
    Column("attempts", Integer, nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("leased_until_ms", BigInteger, nullable=False, comment="0: nobody works on it"),
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
    Index(
        "jobs_waiting", "created_at_ms", sqlite_where=text("result IS NULL"), postgresql_where=text("result IS NULL")
    ),
)
"""Work put off until later."""

PEOPLE: Final = Table(
    "people",
    METADATA,
    Column("hash", LargeBinary, primary_key=True, comment="keyed hash of the number"),
    Column("number", LargeBinary, nullable=False, comment="sealed"),
    Column("name", LargeBinary, nullable=False, comment="sealed, as given"),
    Column("photo", LargeBinary, comment="sealed file; null: none"),
    Column("photo_state", String(16), nullable=False, comment="usable, absent, unreadable or faceless"),
    Column("monochrome", Boolean, comment="null: not assessed"),
    Column("template", LargeBinary, comment="sealed; null when there is no face"),
    Column("recipe", String(200), comment="digests, profile and precision that made the template"),
    Column("row_hash", LargeBinary, nullable=False, comment="keyed hash of number, name and photo, to resume imports"),
    Column("updated_at_ms", BigInteger, nullable=False),
    Index("people_by_recipe", "recipe"),
)
"""The registry of people."""

ATTACKED: Final = Table(
    "attacked",
    METADATA,
    Column("hash", LargeBinary, primary_key=True, comment="keyed hash of the number"),
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
)
"""Numbers under which attacks were seen."""

IDEMPOTENCY: Final = Table(
    "idempotency",
    METADATA,
    Column("hash", LargeBinary, primary_key=True, comment="keyed hash of owner and idempotency key"),
    Column("fingerprint", LargeBinary, nullable=False, comment="keyed hash of the request"),
    Column("answer", LargeBinary, comment="sealed; null while the first request is under way"),
    Column("word", String(36), comment="the call that reserved it, which alone may end it"),
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
)
"""Answers that are given again."""

EVIDENCE: Final = Table(
    "evidence",
    METADATA,
    Column("entry", String(36), primary_key=True, comment="ledger.id"),
    Column("content", LargeBinary, nullable=False, comment="sealed: what was decided, and from what"),
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
)
"""Decisions, for signed records."""

ONCE: Final = Table(
    "once",
    METADATA,
    Column("hash", LargeBinary, primary_key=True, comment="keyed hash of kind, owner and token"),
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
)
"""What was used, and may not be used again."""


USERS: Final = Table(
    "users",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("name", String(200), nullable=False, unique=True, comment="what they sign in with, in lower case"),
    Column("password", String(200), comment="Argon2id, in its own notation; null: they sign in elsewhere"),
    Column("subject", LargeBinary, unique=True, comment="keyed hash of issuer and subject; null: they have a password"),
    Column("role", String(16), nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("seen_at_ms", BigInteger, comment="when they last signed in; null: never"),
)
"""Who may look at the console."""

SESSIONS: Final = Table(
    "sessions",
    METADATA,
    Column("hash", LargeBinary, primary_key=True, comment="keyed hash of the cookie"),
    Column("user", String(36), nullable=False, index=True, comment="users.id"),
    Column("ends_at_ms", BigInteger, nullable=False, comment="however busy it is"),
    Column("expires_at_ms", BigInteger, nullable=False, index=True, comment="unless it is used before"),
)
"""Who is signed in."""

INVITATIONS: Final = Table(
    "invitations",
    METADATA,
    Column("hash", LargeBinary, primary_key=True, comment="keyed hash of the one-time token"),
    Column("role", String(16), nullable=False),
    Column("user", String(36), comment="users.id whose password it renews; null: somebody new"),
    Column("issuer", String(64), comment="users.id who made it, or cli; null: the server itself"),
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
)
"""Tokens with which somebody may enter once and choose a name and a password."""

AUDIT: Final = Table(
    "audit",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False, comment="one more than the line before"),
    Column("at_ms", BigInteger, nullable=False),
    Column("actor", String(64), nullable=False, comment="users.id, or who acted without one: cli, server"),
    Column("action", String(64), nullable=False),
    Column("subject", String(200), nullable=False, comment="a public id; never a name, number, uuid or token"),
    Column("detail", String(1000), nullable=False, comment="JSON, as little personal"),
    Column("chain", LargeBinary, nullable=False, comment="keyed hash of this line and the chain before it"),
    Index("audit_by_time", "at_ms"),
)
"""Who did and saw what; rows are only ever added."""

DATA_KEYS: Final = Table(
    "data_keys",
    METADATA,
    Column("hash", LargeBinary, primary_key=True, comment="keyed hash of the person or request it belongs to"),
    Column("wrapped", LargeBinary, nullable=False, comment="sealed: the key of everything kept about them"),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("expires_at_ms", BigInteger, index=True, comment="null: as long as the person is registered"),
)
"""A key for each person and each request: without it nothing that was kept about them can be read."""

KEPT: Final = Table(
    "kept",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("entry", String(36), nullable=False, index=True, comment="ledger.id of the call that brought it"),
    Column("owner", String(64), nullable=False, comment="keys.id"),
    Column("kind", String(16), nullable=False, comment="picture, template or result"),
    Column("name", String(64), nullable=False, comment="what the call named it: probe, front, …"),
    Column("data_key", LargeBinary, nullable=False, index=True, comment="data_keys.hash"),
    Column("blob", String(200), comment="its name in the object store; null: it stands in this row"),
    Column("content", LargeBinary, comment="encrypted under the data key; null: it is a blob"),
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
)
"""What a key's policy keeps of its calls."""

LINKS: Final = Table(
    "links",
    METADATA,
    Column("entry", String(36), primary_key=True, comment="ledger.id"),
    Column("stands_in", String(32), primary_key=True, comment="the table"),
    Column("place", LargeBinary, primary_key=True, comment="the primary key of the row there"),
    Index("links_by_place", "place"),
)
"""Which rows a call has made in other tables, so that erasing it finds them."""

CASES: Final = Table(
    "cases",
    METADATA,
    Column("entry", String(36), primary_key=True, comment="ledger.id of the call that warned"),
    Column("kind", String(16), nullable=False, comment="card or capture"),
    Column("owner", String(64), nullable=False, comment="keys.id"),
    Column("warnings", String(400), nullable=False, comment="words, sorted, separated by spaces"),
    Column("content", LargeBinary, nullable=False, comment="sealed: what the machine found, and whom to tell"),
    Column("state", String(16), nullable=False, comment="open, second (more eyes), third (they differ) or decided"),
    Column("decision", String(16), comment="approve or reject; null until decided"),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("decided_at_ms", BigInteger),
    Column("held_by", String(36), comment="users.id of who works on it; null: nobody"),
    Column("held_until_ms", BigInteger, nullable=False, server_default=text("0"), comment="when it is nobody's again"),
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
    Index("cases_by_state", "state", "created_at_ms"),
)
"""What people look at because the machine only suspects."""

OPINIONS: Final = Table(
    "opinions",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("entry", String(36), nullable=False, index=True, comment="cases.entry"),
    Column("user", String(36), nullable=False, comment="users.id"),
    Column("decision", String(16), nullable=False),
    Column("reason", LargeBinary, nullable=False, comment="sealed"),
    Column("at_ms", BigInteger, nullable=False),
    Column("expires_at_ms", BigInteger, nullable=False, index=True, comment="with the case"),
)
"""What people thought of a case, and why."""

DELIVERIES: Final = Table(
    "deliveries",
    METADATA,
    Column("id", String(36), primary_key=True, comment="sent along, so that the receiver can tell a repeat"),
    Column("owner", String(64), nullable=False, comment="keys.id"),
    Column("event", String(32), nullable=False, comment="capture, card or case"),
    Column("address", LargeBinary, nullable=False, comment="sealed"),
    Column("entry", String(36), nullable=False, index=True, comment="ledger.id of the call that is told about"),
    Column("content", LargeBinary, nullable=False, comment="sealed: what is told"),
    Column("state", String(16), nullable=False, comment="held until its result is kept, waiting, taken or given_up"),
    Column("attempts", Integer, nullable=False),
    Column("before", Integer, nullable=False, server_default=text("0"), comment="attempts before it was told anew"),
    Column("answer", String(64), comment="the status of the last answer, or why there was none"),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("next_at_ms", BigInteger, nullable=False),
    Column("until_ms", BigInteger, nullable=False, comment="when it is given up"),
    Column("leased_until_ms", BigInteger, nullable=False, comment="0: nobody works on it"),
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
    Index("deliveries_by_owner", "owner", "created_at_ms"),
    Index(
        "deliveries_waiting",
        "next_at_ms",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
)
"""Webhooks: what was told to whom, and what still has to be."""
