"""The console's people and their doings, what policies keep and under which keys, cases, webhooks. Only additions."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Servers of the version before do not know the new tables and columns, and need not."""
    _keys()
    _desk()
    _kept()
    _cases()
    op.add_column("idempotency", sa.Column("word", sa.String(36)))


def _keys() -> None:
    """Keys that are there keep nothing, and have no secret before the last."""
    op.add_column("keys", sa.Column("retention", sa.String(200)))
    op.add_column("keys", sa.Column("old_secret", sa.LargeBinary))
    op.add_column("keys", sa.Column("old_bearer", sa.LargeBinary))
    op.add_column("keys", sa.Column("old_until_ms", sa.BigInteger))
    op.add_column("keys", sa.Column("webhook", sa.LargeBinary))
    op.add_column("keys", sa.Column("webhook_old_until_ms", sa.BigInteger))
    op.add_column("keys", sa.Column("webhook_turn", sa.Integer, nullable=False, server_default=sa.text("0")))
    op.create_index("keys_old_bearer", "keys", ["old_bearer"], unique=True)


def _desk() -> None:
    """Who may look at the console, who does, and what they did."""
    op.create_table(
        "users",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False, unique=True),
        sa.Column("password", sa.String(200)),
        sa.Column("subject", sa.LargeBinary, unique=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("created_at_ms", sa.BigInteger, nullable=False),
        sa.Column("seen_at_ms", sa.BigInteger),
    )
    op.create_table(
        "sessions",
        sa.Column("hash", sa.LargeBinary, primary_key=True),
        sa.Column("user", sa.String(36), nullable=False, index=True),
        sa.Column("ends_at_ms", sa.BigInteger, nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger, nullable=False, index=True),
    )
    op.create_table(
        "invitations",
        sa.Column("hash", sa.LargeBinary, primary_key=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("user", sa.String(36)),
        sa.Column("issuer", sa.String(64)),
        sa.Column("expires_at_ms", sa.BigInteger, nullable=False, index=True),
    )
    op.create_table(
        "audit",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("detail", sa.String(1000), nullable=False),
        sa.Column("chain", sa.LargeBinary, nullable=False),
    )
    op.create_index("audit_by_time", "audit", ["at_ms"])


def _kept() -> None:
    """What policies keep, the keys it is kept under, and which call made which row."""
    op.create_table(
        "data_keys",
        sa.Column("hash", sa.LargeBinary, primary_key=True),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.Column("created_at_ms", sa.BigInteger, nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger, index=True),
    )
    op.create_table(
        "kept",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("entry", sa.String(36), nullable=False, index=True),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("data_key", sa.LargeBinary, nullable=False, index=True),
        sa.Column("blob", sa.String(200)),
        sa.Column("content", sa.LargeBinary),
        sa.Column("expires_at_ms", sa.BigInteger, nullable=False, index=True),
    )
    op.create_table(
        "links",
        sa.Column("entry", sa.String(36), primary_key=True),
        sa.Column("stands_in", sa.String(32), primary_key=True),
        sa.Column("place", sa.LargeBinary, primary_key=True),
    )
    op.create_index("links_by_place", "links", ["place"])


def _cases() -> None:
    """What people decide, and what others are told."""
    op.create_table(
        "cases",
        sa.Column("entry", sa.String(36), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("warnings", sa.String(400), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("decision", sa.String(16)),
        sa.Column("created_at_ms", sa.BigInteger, nullable=False),
        sa.Column("decided_at_ms", sa.BigInteger),
        sa.Column("held_by", sa.String(36)),
        sa.Column("held_until_ms", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("expires_at_ms", sa.BigInteger, nullable=False, index=True),
    )
    op.create_index("cases_by_state", "cases", ["state", "created_at_ms"])
    op.create_table(
        "opinions",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("entry", sa.String(36), nullable=False, index=True),
        sa.Column("user", sa.String(36), nullable=False),
        sa.Column("decision", sa.String(16), nullable=False),
        sa.Column("reason", sa.LargeBinary, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger, nullable=False, index=True),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("address", sa.LargeBinary, nullable=False),
        sa.Column("entry", sa.String(36), nullable=False, index=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("before", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("answer", sa.String(64)),
        sa.Column("created_at_ms", sa.BigInteger, nullable=False),
        sa.Column("next_at_ms", sa.BigInteger, nullable=False),
        sa.Column("until_ms", sa.BigInteger, nullable=False),
        sa.Column("leased_until_ms", sa.BigInteger, nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger, nullable=False, index=True),
    )
    op.create_index("deliveries_by_owner", "deliveries", ["owner", "created_at_ms"])
    waiting = sa.text("state = 'waiting'")
    op.create_index("deliveries_waiting", "deliveries", ["next_at_ms"], sqlite_where=waiting, postgresql_where=waiting)
