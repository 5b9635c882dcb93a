"""The ledger's SQL functions and types as migration 0003 makes them.

A change after a release is a new text in a new migration.

A call in flight is in its license's month: one row is changed to hold it, one more written when it
ends. Whoever changes several rows goes by license in the order of their bytes, so that they wait
for each other instead of deadlocking. Each function takes the moment as its last argument; NULL
is the database's own clock.
"""

# `hits` is sorted, so width_bucket finds by bisection how many are an hour old or older. Hits far
# in the future are from before the database's clock was set back: they count from now. Whoever
# waited for the row is only a few seconds behind the last one, and comes after it.
HITS = """
CREATE FUNCTION gateway_hits(p_hits timestamptz[], p_at timestamptz) RETURNS timestamptz[]
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN p_hits[cardinality(p_hits)] > p_at + interval '10 seconds'
        THEN gateway_set_back(p_hits, p_at)
        ELSE p_hits[width_bucket(p_at - interval '1 hour', p_hits) + 1 :]
    END
$$
"""
HIT = """
CREATE FUNCTION gateway_hit(p_hits timestamptz[], p_at timestamptz) RETURNS timestamptz[]
LANGUAGE sql STABLE AS $$
    SELECT gateway_hits(p_hits, p_at) || CASE
        WHEN p_hits[cardinality(p_hits)] > p_at + interval '10 seconds' THEN p_at
        ELSE greatest(p_at, p_hits[cardinality(p_hits)])
    END
$$
"""
SET_BACK = """
CREATE FUNCTION gateway_set_back(p_hits timestamptz[], p_at timestamptz) RETURNS timestamptz[]
LANGUAGE plpgsql STABLE AS $$
BEGIN
    p_hits := ARRAY(SELECT least(hit, p_at) FROM unnest(p_hits) AS hit ORDER BY 1);
    RETURN p_hits[width_bucket(p_at - interval '1 hour', p_hits) + 1 :];
END $$
"""

# Seconds until one more fits: until the first of the last `p_hourly` hits is an hour old.
RESET = """
CREATE FUNCTION gateway_reset(p_hits timestamptz[], p_hourly integer, p_at timestamptz)
RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT 3600 + coalesce(ceil(extract(epoch FROM
        least(p_hits[greatest(cardinality(p_hits) - p_hourly + 1, 1)], p_at) - p_at
    )), 0)::integer
$$
"""

# One UPDATE is the check, the count and the lock. Only when it changes nothing is it asked why.
HOLD = """
CREATE FUNCTION gateway_hold(
    p_ids uuid[], p_licenses text[], p_hourly integer[], p_monthly integer[],
    p_budget bigint[], p_estimate bigint[], p_at timestamptz
) RETURNS TABLE (
    code text, hour_remaining integer, hour_reset integer, month_used integer, at timestamptz
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_month date;
    v_hits timestamptz[];
BEGIN
    FOR n IN 1 .. cardinality(p_ids) LOOP
        at := coalesce(p_at, clock_timestamp());
        v_month := date_trunc('month', at AT TIME ZONE 'UTC')::date;
        code := NULL;
        WHILE code IS NULL LOOP
            UPDATE usage_months AS sums SET
                held = held + 1,
                held_micro = held_micro + p_estimate[n],
                calls = calls || jsonb_build_object(
                    p_ids[n], jsonb_build_array(extract(epoch FROM at), p_estimate[n])
                ),
                hits = gateway_hit(hits, at)
            WHERE license_id = p_licenses[n] AND month = v_month
                AND NOT calls ? p_ids[n]::text
                AND cardinality(gateway_hits(hits, at)) < p_hourly[n]
                AND (used + held >= p_monthly[n]) IS NOT TRUE
                AND (cost_micro + held_micro + p_estimate[n] > p_budget[n]) IS NOT TRUE
            RETURNING hits, used + held INTO v_hits, month_used;
            IF FOUND THEN
                code := '';
            ELSE
                SELECT why.code, why.hits, why.used INTO code, v_hits, month_used
                FROM gateway_why(
                    p_ids[n], p_licenses[n], p_hourly[n], p_monthly[n], p_budget[n],
                    p_estimate[n], v_month, at
                ) AS why;
            END IF;
        END LOOP;
        hour_remaining := greatest(p_hourly[n] - cardinality(v_hits), 0);
        hour_reset := gateway_reset(v_hits, p_hourly[n], at);
        RETURN NEXT;
    END LOOP;
END $$
"""

# NULL is: try again, the month's row is there now, or somebody has just ended a call in it. A new
# month takes the hour over from the last one, whose row is changed so that who waits for it sees.
WHY = """
CREATE FUNCTION gateway_why(
    p_id uuid, p_license text, p_hourly integer, p_monthly integer, p_budget bigint,
    p_estimate bigint, p_month date, p_at timestamptz
) RETURNS TABLE (code text, hits timestamptz[], used integer) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_row usage_months;
    v_before usage_months;
BEGIN
    SELECT * INTO v_row FROM usage_months WHERE license_id = p_license AND month = p_month
        FOR UPDATE;
    IF NOT FOUND THEN
        SELECT * INTO v_before FROM usage_months
            WHERE license_id = p_license AND month < p_month
            ORDER BY month DESC LIMIT 1 FOR UPDATE;
        v_row.hits := v_before.hits;
    END IF;
    hits := gateway_hits(coalesce(v_row.hits, '{}'), p_at);
    used := coalesce(v_row.used + v_row.held, 0);
    code := CASE
        WHEN v_row.calls ? p_id::text THEN ''
        WHEN cardinality(hits) >= p_hourly THEN 'RATE_LIMITED'
        WHEN used >= p_monthly THEN 'QUOTA_EXCEEDED'
        WHEN coalesce(v_row.cost_micro + v_row.held_micro, 0) + p_estimate > p_budget
        THEN 'BUDGET_EXCEEDED'
    END;
    IF code IS NULL THEN
        UPDATE usage_months SET hits = '{}'
            WHERE license_id = p_license AND month = v_before.month;
        INSERT INTO usage_months VALUES (p_license, p_month, 0, 0, 0, 0, 0, 0, '{}', hits)
            ON CONFLICT DO NOTHING;
    END IF;
    RETURN NEXT;
END $$
"""

LOOK = """
CREATE FUNCTION gateway_look(p_license text, p_hourly integer, p_at timestamptz) RETURNS TABLE (
    hour_remaining integer, hour_reset integer, month_used integer, at timestamptz
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_month date;
    v_row usage_months;
    v_hits timestamptz[];
BEGIN
    at := coalesce(p_at, clock_timestamp());
    v_month := date_trunc('month', at AT TIME ZONE 'UTC')::date;
    SELECT * INTO v_row FROM usage_months
        WHERE license_id = p_license AND month <= v_month ORDER BY month DESC LIMIT 1;
    v_hits := gateway_hits(coalesce(v_row.hits, '{}'), at);
    month_used := CASE WHEN v_row.month = v_month THEN v_row.used + v_row.held ELSE 0 END;
    hour_remaining := greatest(p_hourly - cardinality(v_hits), 0);
    hour_reset := gateway_reset(v_hits, p_hourly, at);
    RETURN NEXT;
END $$
"""

# What license and day are not said of may have expired already: its row knows them. A hold that
# is not there was lost in a power cut: its license and day came along, so it is metered. Only a
# settle meters after expiry; nothing ends twice.
SETTLE = """
CREATE FUNCTION gateway_settle(p_ends jsonb, p_at timestamptz) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_at timestamptz;
    v_count integer;
    v_ids text[] := ARRAY(SELECT given ->> 'id' FROM jsonb_array_elements(p_ends) AS given);
BEGIN
    -- A hold may be lost in a power cut, what it became may not.
    PERFORM set_config('synchronous_commit', 'on', true);
    PERFORM FROM usage_months AS sums
        JOIN jsonb_to_recordset(p_ends) AS given(license_id text, day date)
        ON sums.license_id = given.license_id AND sums.month = gateway_month(day)
        ORDER BY sums.license_id COLLATE "C", sums.month FOR UPDATE OF sums;
    v_at := coalesce(p_at, clock_timestamp());
    WITH given AS MATERIALIZED (
        SELECT given.*, calls -> given.id::text AS call
        FROM jsonb_to_recordset(p_ends) AS given(
            id uuid, license_id text, day date, state text, provider text, model text,
            input_tokens integer, output_tokens integer, cached_tokens integer,
            cost_micro bigint, price_version text, estimated boolean, streamed boolean,
            disconnected boolean, reason text
        )
        LEFT JOIN usage_months AS sums
        ON sums.license_id = given.license_id AND sums.month = gateway_month(day)
    ), late AS (
        UPDATE gateway_requests AS row SET
            state = given.state, ended_at = v_at, provider = given.provider, model = given.model,
            input_tokens = given.input_tokens, output_tokens = given.output_tokens,
            cached_tokens = given.cached_tokens, cost_micro = given.cost_micro,
            price_version = given.price_version, estimated = given.estimated,
            streamed = given.streamed, disconnected = given.disconnected, reason = given.reason
        FROM given
        WHERE row.id = given.id AND row.state = 'expired' AND given.state = 'settled'
        RETURNING row.*
    ), due AS (
        INSERT INTO gateway_requests
        SELECT id, license_id, day, state, coalesce(to_timestamp((call ->> 0)::float8), v_at), v_at,
            provider, model, input_tokens, output_tokens, cached_tokens, cost_micro,
            price_version, estimated, streamed, disconnected, reason
        FROM given
        WHERE call IS NOT NULL
            OR state = 'settled' AND license_id IS NOT NULL AND day IS NOT NULL
        ON CONFLICT (id) DO NOTHING
        RETURNING *
    ), ended AS (
        SELECT due.*, (call IS NOT NULL)::integer AS was_held,
            coalesce((call ->> 1)::bigint, 0) AS estimate_micro
        FROM due JOIN given USING (id)
        UNION ALL
        SELECT late.*, 0, 0 FROM late
    ), months AS (
        INSERT INTO usage_months AS sums
            SELECT license_id, gateway_month(day), -sum(was_held),
                count(*) FILTER (WHERE state = 'settled'), sum(input_tokens), sum(output_tokens),
                sum(cost_micro), -sum(estimate_micro), '{}', '{}'
            FROM ended GROUP BY 1, 2 ORDER BY license_id COLLATE "C", 2
            ON CONFLICT (license_id, month) DO UPDATE SET
                held = sums.held + excluded.held,
                used = sums.used + excluded.used,
                input_tokens = sums.input_tokens + excluded.input_tokens,
                output_tokens = sums.output_tokens + excluded.output_tokens,
                cost_micro = sums.cost_micro + excluded.cost_micro,
                held_micro = sums.held_micro + excluded.held_micro,
                calls = sums.calls - v_ids
    ), days AS (
        INSERT INTO usage_days AS sums
            SELECT license_id, day, provider, model, count(*), sum(input_tokens),
                sum(output_tokens), sum(cost_micro), count(*) FILTER (WHERE estimated)
            FROM ended WHERE state = 'settled' GROUP BY 1, 2, 3, 4
            ORDER BY license_id COLLATE "C", 2, 3, 4
            ON CONFLICT (license_id, day, provider, model) DO UPDATE SET
                requests = sums.requests + excluded.requests,
                input_tokens = sums.input_tokens + excluded.input_tokens,
                output_tokens = sums.output_tokens + excluded.output_tokens,
                cost_micro = sums.cost_micro + excluded.cost_micro,
                estimated = sums.estimated + excluded.estimated
    )
    SELECT count(*) INTO v_count FROM ended;
    RETURN v_count;
END $$
"""
MONTH = """
CREATE FUNCTION gateway_month(p_day date) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT date_trunc('month', p_day::timestamp)::date
$$
"""

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

# Fields of `HoldRequest` and `CallOutcome`, in their order.
ASK = """
CREATE TYPE gateway_ask AS (
    id uuid, license_id text, hourly integer, monthly integer, budget_micro bigint,
    estimate_micro bigint
)
"""
END = """
CREATE TYPE gateway_end AS (
    id uuid, license_id text, held_at timestamptz, estimate_micro bigint, state text, provider text,
    model text, input_tokens integer, output_tokens integer, cached_tokens integer,
    cost_micro bigint, price_version text, estimated boolean, streamed boolean,
    disconnected boolean, reason text
)
"""

# By name, without the gateway_ before it; each after those it calls.
TYPES = {"ask": ASK, "end": END}
FUNCTIONS = {
    "set_back": SET_BACK,
    "hits": HITS,
    "hit": HIT,
    "reset": RESET,
    "month": MONTH,
    "why": WHY,
    "hold": HOLD,
    "look": LOOK,
    "settle": SETTLE,
    "expire": EXPIRE,
}
