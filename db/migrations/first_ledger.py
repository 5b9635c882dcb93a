"""The ledger's SQL functions as migration 0003 made them, until 0008 replaced them.

All of them lock the licences they touch first, in one order. Each takes the moment as its last
argument; NULL is the database's own clock, read after the lock.
"""

import sqlalchemy as sa
from alembic import op

LOCK = """
CREATE FUNCTION gateway_lock(p_licenses text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(71077, licences.hash) FROM (
        SELECT DISTINCT hashtext(given) AS hash FROM unnest(p_licenses) AS given ORDER BY 1
    ) AS licences;
END $$
"""

HOLD = """
CREATE FUNCTION gateway_hold(
    p_ids uuid[], p_licenses text[], p_hourly integer[], p_monthly integer[],
    p_budget bigint[], p_estimate bigint[], p_keep interval, p_window boolean, p_at timestamptz
) RETURNS TABLE (
    n bigint, code text, hour_remaining integer, hour_reset integer,
    month_used integer, month_reset integer, month_resets_at timestamptz, day date
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_at timestamptz;
    v_month date;
    v_license text;
    v_hits timestamptz[];
    v_hour integer;
    v_old integer;
    v_used integer;
    v_micro bigint;
    v_first integer;
    v_taken bigint[] := '{}';
    ask record;
BEGIN
    -- A hold that a power cut takes with it holds nothing any more; what counts is the settle.
    PERFORM set_config('synchronous_commit', 'off', true);
    PERFORM gateway_lock(p_licenses);
    v_at := coalesce(p_at, clock_timestamp());
    day := (v_at AT TIME ZONE 'UTC')::date;
    v_month := date_trunc('month', day)::date;
    month_resets_at := (v_month + interval '1 month') AT TIME ZONE 'UTC';
    month_reset := ceil(extract(epoch FROM month_resets_at - v_at));
    FOR ask IN
        SELECT given.*, held.id IS NOT NULL AS known, sums.used + sums.held AS used,
            sums.cost_micro + sums.held_micro AS micro, windows.hits
        FROM unnest(p_ids, p_licenses, p_hourly, p_monthly, p_budget, p_estimate)
            WITH ORDINALITY AS given(id, license, hourly, monthly, budget, estimate, n)
        LEFT JOIN usage_months AS sums ON sums.license_id = license AND sums.month = v_month
        LEFT JOIN license_windows AS windows ON p_window AND windows.license_id = license
        LEFT JOIN gateway_requests AS held ON held.id = given.id
        ORDER BY license, n
    LOOP
        IF v_license IS DISTINCT FROM ask.license THEN
            v_license := ask.license;
            v_hits := coalesce(ask.hits, '{}');
            v_hits := v_hits[width_bucket(v_at - interval '1 hour', v_hits) + 1 :];
            v_old := cardinality(v_hits);
            v_hour := v_old;
            v_used := coalesce(ask.used, 0);
            v_micro := coalesce(ask.micro, 0);
        END IF;
        IF ask.known THEN
            code := '';
        ELSIF p_window AND v_hour >= ask.hourly THEN
            code := 'RATE_LIMITED';
        ELSIF v_used >= ask.monthly THEN
            code := 'QUOTA_EXCEEDED';
        ELSIF v_micro + ask.estimate > ask.budget THEN
            code := 'BUDGET_EXCEEDED';
        ELSE
            code := '';
            v_taken := v_taken || ask.n;
            v_hour := v_hour + 1;
            v_used := v_used + 1;
            v_micro := v_micro + ask.estimate;
        END IF;
        -- The hit that must leave the window before one more fits.
        v_first := greatest(v_hour - ask.hourly + 1, 1);
        n := ask.n;
        hour_remaining := greatest(ask.hourly - v_hour, 0);
        hour_reset := CASE
            WHEN v_first > v_old THEN 3600
            ELSE ceil(extract(epoch FROM least(v_hits[v_first], v_at) - v_at)) + 3600
        END;
        month_used := v_used;
        RETURN NEXT;
    END LOOP;
    INSERT INTO gateway_requests
        SELECT p_ids[n], p_licenses[n], day, 'held', v_at, v_at + p_keep, NULL, p_estimate[n],
            '', '', 0, 0, 0, 0, '', false, false, false, ''
        FROM unnest(v_taken) AS n;
    INSERT INTO usage_months AS sums
        SELECT p_licenses[n], v_month, count(*), 0, 0, 0, 0, sum(p_estimate[n])
        FROM unnest(v_taken) AS n GROUP BY 1
        ON CONFLICT (license_id, month) DO UPDATE SET
            held = sums.held + excluded.held, held_micro = sums.held_micro + excluded.held_micro;
    IF p_window THEN
        INSERT INTO license_windows AS windows
            SELECT p_licenses[n], array_fill(v_at, ARRAY[count(*)::integer])
            FROM unnest(v_taken) AS n GROUP BY 1
            ON CONFLICT (license_id) DO UPDATE SET
                hits = gateway_hits(windows.hits, v_at) || excluded.hits;
    END IF;
END $$
"""

# Hits from the future are from before the database's clock was set back: they count from now.
HITS = """
CREATE FUNCTION gateway_hits(p_hits timestamptz[], p_at timestamptz) RETURNS timestamptz[]
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF p_hits[cardinality(p_hits)] > p_at THEN
        p_hits := ARRAY(SELECT least(hit, p_at) FROM unnest(p_hits) AS hit ORDER BY 1);
    END IF;
    RETURN p_hits[width_bucket(p_at - interval '1 hour', p_hits) + 1 :];
END $$
"""

LOOK = """
CREATE FUNCTION gateway_look(p_license text, p_hourly integer, p_at timestamptz) RETURNS TABLE (
    hour_remaining integer, hour_reset integer,
    month_used integer, month_reset integer, month_resets_at timestamptz
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_at timestamptz := coalesce(p_at, clock_timestamp());
    v_month date := date_trunc('month', v_at AT TIME ZONE 'UTC')::date;
    v_hits timestamptz[];
BEGIN
    month_resets_at := (v_month + interval '1 month') AT TIME ZONE 'UTC';
    month_reset := ceil(extract(epoch FROM month_resets_at - v_at));
    month_used := coalesce((
        SELECT used + held FROM usage_months WHERE license_id = p_license AND month = v_month
    ), 0);
    v_hits := gateway_hits(coalesce((
        SELECT hits FROM license_windows WHERE license_id = p_license
    ), '{}'), v_at);
    hour_remaining := greatest(p_hourly - cardinality(v_hits), 0);
    hour_reset := coalesce(ceil(extract(epoch FROM
        v_hits[greatest(cardinality(v_hits) - p_hourly + 1, 1)] - v_at)) + 3600, 3600);
    RETURN NEXT;
END $$
"""

# A hold that is not there was lost in a power cut: its licence and day came along, so it is put
# back as one that had expired. Only a settle meters after expiry; nothing ends twice.
SETTLE = """
CREATE FUNCTION gateway_settle(p_ends jsonb, p_at timestamptz) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_at timestamptz;
    v_count integer;
BEGIN
    PERFORM gateway_lock(ARRAY(
        SELECT coalesce(held.license_id, given.license_id)
        FROM jsonb_to_recordset(p_ends) AS given(id uuid, license_id text)
        LEFT JOIN gateway_requests AS held ON held.id = given.id
        WHERE coalesce(held.license_id, given.license_id) IS NOT NULL
    ));
    v_at := coalesce(p_at, clock_timestamp());
    INSERT INTO gateway_requests
        SELECT id, license_id, day, 'expired', v_at, v_at, NULL, 0,
            '', '', 0, 0, 0, 0, '', false, false, false, ''
        FROM jsonb_to_recordset(p_ends) AS given(id uuid, license_id text, day date, state text)
        WHERE state = 'settled' AND license_id IS NOT NULL AND day IS NOT NULL
        ON CONFLICT (id) DO NOTHING;
    WITH given AS (
        SELECT * FROM jsonb_to_recordset(p_ends) AS given(
            id uuid, state text, provider text, model text, input_tokens integer,
            output_tokens integer, cached_tokens integer, cost_micro bigint, price_version text,
            estimated boolean, streamed boolean, disconnected boolean, reason text
        )
    ), ended AS (
        UPDATE gateway_requests AS held SET
            state = given.state, ended_at = v_at, provider = given.provider, model = given.model,
            input_tokens = given.input_tokens, output_tokens = given.output_tokens,
            cached_tokens = given.cached_tokens, cost_micro = given.cost_micro,
            price_version = given.price_version, estimated = given.estimated,
            streamed = given.streamed, disconnected = given.disconnected, reason = given.reason
        FROM given JOIN gateway_requests AS before ON before.id = given.id
        WHERE held.id = given.id AND (
            before.state = 'held' OR before.state = 'expired' AND given.state = 'settled'
        )
        RETURNING held.*, (before.state = 'held')::integer AS was_held
    ), months AS (
        INSERT INTO usage_months AS sums
            SELECT license_id, date_trunc('month', day)::date, -sum(was_held),
                count(*) FILTER (WHERE state = 'settled'), sum(input_tokens), sum(output_tokens),
                sum(cost_micro), -sum(was_held * estimate_micro)
            FROM ended GROUP BY 1, 2
            ON CONFLICT (license_id, month) DO UPDATE SET
                held = sums.held + excluded.held,
                used = sums.used + excluded.used,
                input_tokens = sums.input_tokens + excluded.input_tokens,
                output_tokens = sums.output_tokens + excluded.output_tokens,
                cost_micro = sums.cost_micro + excluded.cost_micro,
                held_micro = sums.held_micro + excluded.held_micro
    ), days AS (
        INSERT INTO usage_days AS sums
            SELECT license_id, day, provider, model, count(*), sum(input_tokens),
                sum(output_tokens), sum(cost_micro), count(*) FILTER (WHERE estimated)
            FROM ended WHERE state = 'settled' GROUP BY 1, 2, 3, 4
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

EXPIRE = """
CREATE FUNCTION gateway_expire(p_most integer, p_at timestamptz) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_at timestamptz := coalesce(p_at, clock_timestamp());
    v_ids uuid[];
    v_licenses text[];
    v_count integer;
BEGIN
    SELECT array_agg(id), array_agg(license_id) INTO v_ids, v_licenses FROM (
        SELECT id, license_id FROM gateway_requests
        WHERE state = 'held' AND expires_at <= v_at ORDER BY expires_at LIMIT p_most
    ) AS due;
    PERFORM gateway_lock(v_licenses);
    WITH ended AS (
        UPDATE gateway_requests SET state = 'expired', ended_at = v_at
        WHERE id = ANY(v_ids) AND state = 'held'
        RETURNING license_id, date_trunc('month', day)::date AS month, estimate_micro
    ), given_back AS (
        UPDATE usage_months AS sums
        SET held = sums.held - per.calls, held_micro = sums.held_micro - per.micro
        FROM (
            SELECT license_id, month, count(*) AS calls, sum(estimate_micro) AS micro
            FROM ended GROUP BY 1, 2
        ) AS per
        WHERE sums.license_id = per.license_id AND sums.month = per.month
    )
    SELECT count(*) INTO v_count FROM ended;
    RETURN v_count;
END $$
"""

FUNCTIONS = (LOCK, HITS, HOLD, LOOK, SETTLE, EXPIRE)
NAMES = ("expire", "settle", "look", "hold", "hits", "lock")
TUNED = (
    # Plans are made once per connection, perhaps on empty tables: they must go by the indexes.
    *(
        f"ALTER FUNCTION gateway_{name} SET plan_cache_mode = force_generic_plan"
        " SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off"
        for name in ("hold", "settle")
    ),
    # Rows that change with every call keep room beside them, so that no index is touched.
    "ALTER TABLE usage_months SET (fillfactor = 50)",
    "ALTER TABLE usage_days SET (fillfactor = 50)",
    "ALTER TABLE license_windows SET (fillfactor = 50)",
)


def create_requests() -> None:
    """Calls from hold to end; what 0008 goes back to."""
    op.create_table(
        "gateway_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("license_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("estimate_micro", sa.BigInteger(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("input_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column("cached_tokens", sa.Integer(), nullable=False),
        sa.Column("cost_micro", sa.BigInteger(), nullable=False),
        sa.Column("price_version", sa.String(), nullable=False),
        sa.Column("estimated", sa.Boolean(), nullable=False),
        sa.Column("streamed", sa.Boolean(), nullable=False),
        sa.Column("disconnected", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "gateway_requests_expires_at_idx",
        "gateway_requests",
        ["expires_at"],
        postgresql_where=sa.text("state = 'held'"),
    )
