"""Leases hold the credit that a call may come to."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """A call that is under way meanwhile comes to one."""
    op.add_column("leases", sa.Column("units", sa.Integer, nullable=False, server_default=sa.text("1")))
