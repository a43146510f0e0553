"""Several master keys, for the time of a rotation; waiting jobs are found among many that are done."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Take over the one proof; the first process that knows its key gives it its name."""
    op.create_table(
        "master_keys",
        sa.Column("id", sa.String(8), primary_key=True),
        sa.Column("proof", sa.LargeBinary, nullable=False),
        sa.Column("hashing", sa.LargeBinary),
    )
    op.execute("INSERT INTO master_keys (id, proof) SELECT '', proof FROM master_key_proofs")
    op.drop_table("master_key_proofs")
    waiting = sa.text("result IS NULL")
    op.create_index("jobs_waiting", "jobs", ["created_at_ms"], sqlite_where=waiting, postgresql_where=waiting)
