"""On PostgreSQL the queue is procrastinate's; jobs that wait already are put into it."""

from alembic import op

revision = "0005"
down_revision = "0004"

WAITING = """
SELECT procrastinate_defer_jobs_v1(ARRAY(
    SELECT ROW(kind, kind, 0, NULL, NULL, jsonb_build_object('job', encode(hash, 'hex')), NULL)
           ::procrastinate_job_to_defer_v1
    FROM jobs WHERE result IS NULL AND payload IS NOT NULL ORDER BY created_at_ms, hash
))
"""


def upgrade() -> None:
    """
    Make procrastinate's own schema, in this transaction.

    It is that of the installed version, which `pyproject.toml` pins: a newer one comes with a migration that drops
    everything called `procrastinate_…` and does the same again, since the queue can be made from our rows at any time.
    """
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    from procrastinate.schema import SchemaManager  # noqa: PLC0415  # Only there.

    for words in (SchemaManager.get_schema(), WAITING):
        connection.exec_driver_sql(words, execution_options={"no_parameters": True})
