"""a call whose answer had begun when its process died is charged by its estimate.

Revision ID: 0011
Revises: 0010
"""

from alembic import op

from db.gateway.ledger_sql import EXPIRE as BEFORE

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Once its answer has begun a call’s third value is its estimate: BEGIN in ledger_statements.py.
EXPIRE = """
CREATE FUNCTION gateway_expire(p_most integer, p_keep interval, p_at timestamptz) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_at timestamptz := coalesce(p_at, clock_timestamp());
    v_before numeric := extract(epoch FROM v_at - p_keep);
    v_count integer;
BEGIN
    WITH locked AS MATERIALIZED (
        SELECT license_id, month, calls FROM usage_months WHERE held > 0 AND EXISTS (
            SELECT FROM jsonb_each(calls) AS call WHERE (value ->> 0)::numeric <= v_before
        )
        ORDER BY license_id COLLATE "C", month LIMIT p_most FOR UPDATE
    ), due AS (
        SELECT license_id, month, key AS id, to_timestamp((value ->> 0)::float8) AS held_at,
            (value ->> 1)::bigint AS estimate_micro, value -> 2 IS NOT NULL AS has_begun, begun.*
        FROM locked, jsonb_each(calls), jsonb_to_record(coalesce(value -> 2, '{}')) AS begun(
            provider text, model text, input_tokens integer, output_tokens integer,
            cost_micro bigint, price_version text, streamed boolean
        )
        WHERE (value ->> 0)::numeric <= v_before
    ), gone AS (
        INSERT INTO gateway_requests
            SELECT id::uuid, license_id, (held_at AT TIME ZONE 'UTC')::date,
                CASE WHEN has_begun THEN 'settled' ELSE 'expired' END, held_at, v_at,
                coalesce(provider, ''), coalesce(model, ''), coalesce(input_tokens, 0),
                coalesce(output_tokens, 0), 0, coalesce(cost_micro, 0),
                coalesce(price_version, ''), has_begun, coalesce(streamed, false), false, ''
            FROM due ON CONFLICT (id) DO NOTHING
            RETURNING *
    ), given_back AS (
        UPDATE usage_months AS sums SET
            held = sums.held - per.calls, held_micro = sums.held_micro - per.micro,
            calls = sums.calls - per.ids,
            used = sums.used + per.used,
            input_tokens = sums.input_tokens + per.input_tokens,
            output_tokens = sums.output_tokens + per.output_tokens,
            cost_micro = sums.cost_micro + per.cost_micro
        FROM (
            SELECT due.license_id, due.month, count(*) AS calls,
                sum(due.estimate_micro) AS micro, array_agg(due.id) AS ids,
                count(*) FILTER (WHERE gone.state = 'settled') AS used,
                coalesce(sum(gone.input_tokens), 0) AS input_tokens,
                coalesce(sum(gone.output_tokens), 0) AS output_tokens,
                coalesce(sum(gone.cost_micro), 0) AS cost_micro
            FROM due LEFT JOIN gone ON gone.id = due.id::uuid GROUP BY 1, 2
        ) AS per
        WHERE sums.license_id = per.license_id AND sums.month = per.month
    ), days AS (
        INSERT INTO usage_days AS sums
            SELECT license_id, day, provider, model, count(*), sum(input_tokens),
                sum(output_tokens), sum(cost_micro), count(*) FILTER (WHERE estimated)
            FROM gone WHERE state = 'settled' GROUP BY 1, 2, 3, 4
            ORDER BY license_id COLLATE "C", 2, 3, 4
            ON CONFLICT (license_id, day, provider, model) DO UPDATE SET
                requests = sums.requests + excluded.requests,
                input_tokens = sums.input_tokens + excluded.input_tokens,
                output_tokens = sums.output_tokens + excluded.output_tokens,
                cost_micro = sums.cost_micro + excluded.cost_micro,
                estimated = sums.estimated + excluded.estimated
    )
    SELECT count(*) INTO v_count FROM due;
    RETURN v_count;
END $$
"""


def upgrade() -> None:
    replace_by(EXPIRE)


def downgrade() -> None:
    replace_by(BEFORE)


def replace_by(function: str) -> None:
    op.execute(function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1))
