"""Sliding windows of requests to Auth: a row each, exact over all processes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import ARRAY, DateTime
from sqlmodel import Field, SQLModel

from db.store.asyncpg_pool import AsyncpgPool
from db.store.types import Digest, UtcDateTime
from db.users.signups import SignUpIntentRow

TAKE = "SELECT auth_take($1, $2, $3, $4) AS wait"
# And in the same trip the intent of a sign-up that may leave. It outlives this process; that
# PostgreSQL loses power in that very second is not worth the wait for its disk.
TAKE_FOR_SIGN_UP = """
WITH taken AS (SELECT auth_take($1, $2, $3, $4) AS wait), intent AS (
    INSERT INTO signup_intents (id, email, outcome, user_id, created_at)
    SELECT $5, $6, '', '', coalesce($4, clock_timestamp()) FROM taken WHERE wait = interval '0'
) SELECT wait FROM taken
"""
# Counts one request in every window, or in none when one of them is full: the answer is how long
# until all have room. Two windows that are long over are swept away with each call.
TAKE_FUNCTION = """
CREATE FUNCTION auth_take(
    p_keys bytea[], p_most integer[], p_period interval[], p_at timestamptz
) RETURNS interval LANGUAGE plpgsql AS $$
DECLARE
    v_at timestamptz := coalesce(p_at, clock_timestamp());
    v_hits timestamptz[];
    v_wait interval := interval '0';
BEGIN
    FOR n IN 1 .. cardinality(p_keys) LOOP
        INSERT INTO auth_windows (key, hits, over_at) VALUES (p_keys[n], '{}', v_at)
            ON CONFLICT (key) DO UPDATE SET hits = ARRAY(
                SELECT hit FROM unnest(auth_windows.hits) AS hit
                WHERE hit > v_at - p_period[n] ORDER BY 1
            ) RETURNING hits INTO v_hits;
        IF cardinality(v_hits) >= p_most[n] THEN
            v_wait := greatest(
                v_wait, v_hits[cardinality(v_hits) - p_most[n] + 1] + p_period[n] - v_at
            );
        END IF;
    END LOOP;
    IF v_wait = interval '0' THEN
        FOR n IN 1 .. cardinality(p_keys) LOOP
            UPDATE auth_windows SET hits = hits || v_at, over_at = v_at + p_period[n]
                WHERE key = p_keys[n];
        END LOOP;
    END IF;
    DELETE FROM auth_windows WHERE key IN (
        SELECT key FROM auth_windows WHERE over_at < v_at - interval '1 minute'
        ORDER BY over_at LIMIT 2 FOR UPDATE SKIP LOCKED
    );
    RETURN v_wait;
END $$
"""


class AuthWindowRow(SQLModel, table=True):
    """One caller's requests of one kind; `key` is a digest of whose it is. Limits, no data."""

    __tablename__ = "auth_windows"
    __table_args__ = {"prefixes": ["UNLOGGED"]}

    key: bytes = Field(primary_key=True, sa_type=Digest)
    hits: list[datetime] = Field(sa_type=ARRAY(DateTime(timezone=True)))
    over_at: datetime = Field(sa_type=UtcDateTime, index=True)


class AuthWindow(NamedTuple):
    """Where a request counts: `most` of one `key` within `period`."""

    key: bytes
    most: int
    period: timedelta


class AuthWindows:
    """Takes requests. Raises DatabaseUnavailable; `at` None is the database's clock."""

    def __init__(self, pool: AsyncpgPool) -> None:
        self._pool = pool

    async def take(
        self,
        windows: Sequence[AuthWindow],
        *,
        signing_up: SignUpIntentRow | None = None,
        at: datetime | None = None,
    ) -> timedelta:
        """Count one request in each window, or in none: how long until all have room, else 0.

        The rows are locked in the order of their keys, so that nobody deadlocks. With 0 the intent
        of whoever is signing up is kept too.
        """
        sent = sorted(windows, key=attrgetter("key"))
        asked = (*zip(*sent, strict=True), at)
        if signing_up is None:
            rows = await self._pool.fetch(TAKE, *asked)
        else:
            rows = await self._pool.fetch(TAKE_FOR_SIGN_UP, *asked, signing_up.id, signing_up.email)
        wait: timedelta = rows[0]["wait"]
        return wait
