"""PostgreSQL takes room for a call by itself: one journey instead of five, and the key is locked for none of them."""

from alembic import op

revision = "0008"
down_revision = "0007"

_TAKE_ROOM = """
CREATE OR REPLACE FUNCTION
    ipse_take_room(asked_key text, asked_call text, now_ms bigint, ends_ms bigint, wanted integer)
    RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    bounds record;
    calls bigint;
    reserved bigint;
BEGIN
    SELECT test_quota, used, credit, spent, concurrency INTO STRICT bounds FROM keys WHERE id = asked_key FOR UPDATE;
    -- A statement of its own: it sees what was committed while we waited for the lock.
    SELECT count(*), coalesce(sum(units), 0) INTO calls, reserved
        FROM leases WHERE key = asked_key AND call <> asked_call AND expires_at_ms > now_ms;
    IF bounds.used + calls >= bounds.test_quota THEN
        RETURN 'quota_spent';
    ELSIF bounds.spent + reserved + wanted > bounds.credit THEN
        RETURN 'credit_spent';
    ELSIF calls >= bounds.concurrency THEN
        RETURN 'concurrency_exceeded';
    END IF;
    INSERT INTO leases (call, key, units, expires_at_ms) VALUES (asked_call, asked_key, wanted, ends_ms)
        ON CONFLICT (call) DO UPDATE SET units = excluded.units;
    RETURN NULL;
END
$$
"""


def upgrade() -> None:
    """Servers of the version before do not know the function, and need not; SQLite has none."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_TAKE_ROOM)
