"""Access, ledger, vault, jobs, people, idempotency and evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Widen the keys, and make the other tables."""
    with op.batch_alter_table("keys") as keys:
        keys.add_column(sa.Column("operations", sa.String(400)))
        keys.add_column(sa.Column("suspended", sa.Boolean, nullable=False, server_default=sa.false()))
        keys.add_column(sa.Column("credit", sa.BigInteger))
        keys.add_column(sa.Column("spent", sa.BigInteger, nullable=False, server_default=sa.text("0")))
        keys.add_column(sa.Column("rate", sa.String(64)))
        keys.add_column(sa.Column("concurrency", sa.Integer))
    _calls()
    _things_kept()
    _people()


def _calls() -> None:
    """Make what is known of calls."""
    op.create_table(
        "ledger",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("dialect", sa.String(16), nullable=False),
        sa.Column("operation", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("billed", sa.Integer, nullable=False),
        sa.Column("counted", sa.Boolean, nullable=False),
        sa.Column("elapsed_ms", sa.Float, nullable=False),
    )
    op.create_index("ledger_by_key", "ledger", ["key", "at_ms"])
    op.create_index("ledger_by_time", "ledger", ["at_ms"])
    op.create_table(
        "marks",
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("hash", sa.LargeBinary, primary_key=True),
        sa.Column("entry", sa.String(36), primary_key=True),
    )
    op.create_table(
        "leases",
        sa.Column("call", sa.String(36), primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_leases_key", "leases", ["key"])
    op.create_table(
        "rate_windows",
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_rate_windows_expires_at_ms", "rate_windows", ["expires_at_ms"])


def _things_kept() -> None:
    """Make what rests for a while."""
    op.create_table(
        "vault",
        sa.Column("hash", sa.LargeBinary, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_vault_expires_at_ms", "vault", ["expires_at_ms"])
    op.create_table(
        "jobs",
        sa.Column("hash", sa.LargeBinary, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("payload", sa.LargeBinary),
        sa.Column("result", sa.LargeBinary),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("created_at_ms", sa.BigInteger, nullable=False),
        sa.Column("leased_until_ms", sa.BigInteger, nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_jobs_expires_at_ms", "jobs", ["expires_at_ms"])
    op.create_table(
        "idempotency",
        sa.Column("hash", sa.LargeBinary, primary_key=True),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        sa.Column("answer", sa.LargeBinary),
        sa.Column("expires_at_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_idempotency_expires_at_ms", "idempotency", ["expires_at_ms"])
    op.create_table(
        "evidence",
        sa.Column("entry", sa.String(36), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_evidence_expires_at_ms", "evidence", ["expires_at_ms"])


def _people() -> None:
    """Make the registry."""
    op.create_table(
        "people",
        sa.Column("hash", sa.LargeBinary, primary_key=True),
        sa.Column("number", sa.LargeBinary, nullable=False),
        sa.Column("name", sa.LargeBinary, nullable=False),
        sa.Column("photo", sa.LargeBinary),
        sa.Column("photo_state", sa.String(16), nullable=False),
        sa.Column("monochrome", sa.Boolean),
        sa.Column("template", sa.LargeBinary),
        sa.Column("recipe", sa.String(200)),
        sa.Column("row_hash", sa.LargeBinary, nullable=False),
        sa.Column("updated_at_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("people_by_recipe", "people", ["recipe"])
    op.create_table(
        "attacked",
        sa.Column("hash", sa.LargeBinary, primary_key=True),
        sa.Column("expires_at_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_attacked_expires_at_ms", "attacked", ["expires_at_ms"])
