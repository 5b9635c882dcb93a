"""calls in flight are in their license's month.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from db.gateway import ledger_sql as now
from db.migrations import first_ledger as before

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# What is in flight, and the last hour, of a license's latest month.
CALLS = """
UPDATE usage_months AS sums SET calls = held.calls FROM (
    SELECT license_id, date_trunc('month', day::timestamp)::date AS month,
        jsonb_object_agg(id, jsonb_build_array(extract(epoch FROM held_at), estimate_micro))
        AS calls
    FROM gateway_requests WHERE state = 'held' GROUP BY 1, 2
) AS held
WHERE sums.license_id = held.license_id AND sums.month = held.month
"""
HITS = """
UPDATE usage_months AS sums SET hits = windows.hits FROM license_windows AS windows
WHERE sums.license_id = windows.license_id AND sums.month = (
    SELECT max(month) FROM usage_months AS own WHERE own.license_id = sums.license_id
)
"""
ENDED = """
INSERT INTO gateway_requests
SELECT id, license_id, day, state, held_at, ended_at, ended_at, 0, provider, model, input_tokens,
    output_tokens, cached_tokens, cost_micro, price_version, estimated, streamed, disconnected,
    reason
FROM ended_requests
"""
HELD = """
INSERT INTO gateway_requests
SELECT key::uuid, license_id, (held_at AT TIME ZONE 'UTC')::date, 'held', held_at,
    held_at + interval '20 minutes', NULL, (value ->> 1)::bigint, '', '', 0, 0, 0, 0, '', false,
    false, false, ''
FROM usage_months, jsonb_each(calls), to_timestamp((value ->> 0)::float8) AS held_at
"""
WINDOWS = """
INSERT INTO license_windows
SELECT DISTINCT ON (license_id) license_id, hits FROM usage_months ORDER BY license_id, month DESC
"""


def upgrade() -> None:
    drop_functions(before.NAMES)
    moments = sa.ARRAY(sa.DateTime(timezone=True))
    calls = sa.Column("calls", JSONB(), nullable=False, server_default="{}")
    op.add_column("usage_months", calls)
    op.add_column("usage_months", sa.Column("hits", moments, nullable=False, server_default="{}"))
    op.execute(CALLS)
    op.execute(HITS)
    op.drop_table("license_windows")
    op.execute("DELETE FROM gateway_requests WHERE state = 'held'")
    op.drop_index("gateway_requests_expires_at_idx", "gateway_requests")
    op.drop_column("gateway_requests", "expires_at")
    op.drop_column("gateway_requests", "estimate_micro")
    op.alter_column("gateway_requests", "ended_at", nullable=False)
    make_functions(now.FUNCTIONS, now.TUNED)


def downgrade() -> None:
    drop_functions(now.NAMES)
    op.rename_table("gateway_requests", "ended_requests")
    op.execute("ALTER INDEX gateway_requests_pkey RENAME TO ended_requests_pkey")
    before.create_requests()
    op.execute(ENDED)
    op.execute(HELD)
    op.drop_table("ended_requests")
    op.create_table(
        "license_windows",
        sa.Column("license_id", sa.String(), nullable=False),
        sa.Column("hits", sa.ARRAY(sa.DateTime(timezone=True)), nullable=False),
        sa.PrimaryKeyConstraint("license_id"),
    )
    op.execute(WINDOWS)
    op.drop_column("usage_months", "hits")
    op.drop_column("usage_months", "calls")
    make_functions(before.FUNCTIONS, before.TUNED)


def make_functions(functions: tuple[str, ...], tuned: tuple[str, ...]) -> None:
    for statement in (*functions, *tuned):
        op.execute(statement)


def drop_functions(names: tuple[str, ...]) -> None:
    for name in names:
        op.execute(f"DROP FUNCTION gateway_{name}")
