"""The keys of callers, and the proof of the master key."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "keys",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("dialect", sa.String(16), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("secret", sa.LargeBinary),
        sa.Column("bearer", sa.LargeBinary, unique=True),
        sa.Column("permissions", sa.String(200), nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("created_at_s", sa.BigInteger, nullable=False),
        sa.Column("expires_on", sa.Date),
        sa.Column("test_quota", sa.Integer),
        sa.Column("used", sa.Integer, nullable=False),
        sa.CheckConstraint("(secret IS NULL) <> (bearer IS NULL)", name="keys_one_proof"),
        sa.CheckConstraint("used >= 0", name="keys_used_not_negative"),
    )
    op.create_table(
        "master_key_proofs",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("proof", sa.LargeBinary, nullable=False),
    )
