"""What may be used once, and what follows from suspicions for each key."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Keys that are there have the defaults."""
    op.add_column("keys", sa.Column("liveness", sa.String(200)))
    op.create_table(
        "once",
        sa.Column("hash", sa.LargeBinary, primary_key=True),
        sa.Column("expires_at_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_once_expires_at_ms", "once", ["expires_at_ms"])
