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
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
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
    CheckConstraint("(secret IS NULL) <> (bearer IS NULL)", name="keys_one_proof"),
    CheckConstraint("used >= 0", name="keys_used_not_negative"),
)
"""The keys of callers."""

PROOFS: Final = Table(
    "master_key_proofs",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False, comment="always 1"),
    Column("proof", LargeBinary, nullable=False, comment="keyed hash of a constant"),
)
"""Shows that the master key is the one that this database was begun with."""
