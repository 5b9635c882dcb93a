"""The ledger's usual ways as single statements: what they leave undone, its functions explain.

Once per statement PostgreSQL pays what a function pays once per call: so calls of different
licenses are held together, and calls that are held are ended together.
"""

from string import Template

# The UPDATE of gateway_hold in db/gateway/ledger_sql.py; names are the fields of `db.ledger.Ask`.
_HOLD = Template("""
UPDATE usage_months AS sums SET
    held = held + 1,
    held_micro = held_micro + $estimate_micro,
    calls = calls || jsonb_build_object(
        $id::uuid, jsonb_build_array(extract(epoch FROM now()), $estimate_micro::bigint)
    ),
    hits = gateway_hit(hits, now())
$source
WHERE sums.license_id = $license_id
    AND sums.month = $month
    AND NOT calls ? $id::uuid::text
    AND cardinality(gateway_hits(hits, now())) < $hourly::integer
    AND (used + held >= $monthly::integer) IS NOT TRUE
    AND (cost_micro + held_micro + $estimate_micro > $budget_micro::bigint) IS NOT TRUE
RETURNING $id::uuid AS id, greatest($hourly - cardinality(hits), 0) AS hour_remaining,
    gateway_reset(hits, $hourly, now()) AS hour_reset, used + held AS month_used, now() AS at
""")
ASKED = ("id", "license_id", "hourly", "monthly", "budget_micro", "estimate_micro")

HOLD_ONE = _HOLD.substitute(
    {name: f"${number}" for number, name in enumerate(ASKED, start=1)},
    source="",
    month="date_trunc('month', now() AT TIME ZONE 'UTC')::date",
)
# An array of the same, each of another license, in the order of their bytes: PostgreSQL goes
# through it as it comes, so that whoever else changes several waits instead of deadlocking. OFFSET
# keeps the month with them: else a plan made on an empty table looks through all rows of a month.
HOLD_SEVERAL = _HOLD.substitute(
    {name: f"ask.{name}" for name in ASKED},
    source="""FROM (
    SELECT *, date_trunc('month', now() AT TIME ZONE 'UTC')::date AS month
    FROM unnest($1::gateway_ask[]) OFFSET 0
) AS ask""",
    month="ask.month",
)

# Ends of calls whose license, moment and estimate are known: one change a license and month, when
# all of its calls are in flight there. A hold may be lost in a power cut, what it became may not.
# min() is of equal ones: whoever sorts by bytes must not compare so, or no index is used.
SETTLE = """
WITH months AS (
    UPDATE usage_months AS sums SET
        held = sums.held - per.calls,
        used = sums.used + per.used,
        input_tokens = sums.input_tokens + per.input_tokens,
        output_tokens = sums.output_tokens + per.output_tokens,
        cost_micro = sums.cost_micro + per.cost_micro,
        held_micro = sums.held_micro - per.estimate_micro,
        calls = sums.calls - per.ids
    FROM (
        SELECT min(license_id) AS license_id,
            date_trunc('month', held_at AT TIME ZONE 'UTC')::date AS month,
            count(*) AS calls, count(*) FILTER (WHERE state = 'settled') AS used,
            sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens,
            sum(cost_micro)::bigint AS cost_micro, sum(estimate_micro)::bigint AS estimate_micro,
            array_agg(id::text) AS ids, array_agg(one) AS ends
        FROM unnest($1::gateway_end[]) AS one GROUP BY license_id COLLATE "C", 2
    ) AS per
    WHERE sums.license_id = per.license_id AND sums.month = per.month AND sums.calls ?& per.ids
    RETURNING per.ends
), ended AS MATERIALIZED (
    SELECT one.*, (held_at AT TIME ZONE 'UTC')::date AS day
    FROM months, unnest(months.ends) AS one
), requests AS (
    INSERT INTO gateway_requests
        SELECT id, license_id, day, state, held_at, coalesce($2::timestamptz, now()), provider,
            model, input_tokens, output_tokens, cached_tokens, cost_micro, price_version,
            estimated, streamed, disconnected, reason
        FROM ended ON CONFLICT (id) DO NOTHING
), days AS (
    INSERT INTO usage_days AS sums
        SELECT min(license_id), day, min(provider), min(model), count(*), sum(input_tokens),
            sum(output_tokens), sum(cost_micro), count(*) FILTER (WHERE estimated)
        FROM ended WHERE state = 'settled'
        GROUP BY license_id COLLATE "C", day, provider COLLATE "C", model COLLATE "C"
        ON CONFLICT (license_id, day, provider, model) DO UPDATE SET
            requests = sums.requests + excluded.requests,
            input_tokens = sums.input_tokens + excluded.input_tokens,
            output_tokens = sums.output_tokens + excluded.output_tokens,
            cost_micro = sums.cost_micro + excluded.cost_micro,
            estimated = sums.estimated + excluded.estimated
)
SELECT count(*) AS ended, (SELECT set_config('synchronous_commit', 'on', true)) FROM ended
"""

# Calls whose answer has begun get their estimate as a third value, with which they are charged if
# nobody ends them. Those that have ended meanwhile stay ended.
BEGIN = """
UPDATE usage_months AS sums SET calls = sums.calls || coalesce((
    SELECT jsonb_object_agg(key, sums.calls -> key || jsonb_build_array(value))
    FROM jsonb_each(per.begun) WHERE sums.calls ? key
), '{}')
FROM (
    SELECT min(license_id) AS license_id,
        date_trunc('month', held_at AT TIME ZONE 'UTC')::date AS month,
        jsonb_object_agg(id, jsonb_build_object(
            'provider', provider, 'model', model, 'input_tokens', input_tokens,
            'output_tokens', output_tokens, 'cost_micro', cost_micro,
            'price_version', price_version, 'streamed', streamed
        )) AS begun
    FROM unnest($1::gateway_end[]) GROUP BY license_id COLLATE "C", 2
) AS per
WHERE sums.license_id = per.license_id AND sums.month = per.month
"""
