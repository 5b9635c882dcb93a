"""Records of licenses: all that validation needs of a batch of keys, in one SELECT."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from asyncpg import PostgresError

from db.store.asyncpg_pool import AsyncpgPool
from db.store.reach import DatabaseUnavailable

CHANNEL = "license_changed"

# The key as it is now, or the one before a rotation, which ends at a time of its own.
READ = """
SELECT k.digest, k.id, k.customer_id, k.status, k.expires_at, k.activated_at, k.plan,
    k.plan_version, k.domain,
    ARRAY(
        SELECT s.domain FROM sites s
        WHERE s.license_id = k.id AND s.released_at IS NULL
        ORDER BY s.activated_at, s.domain
    ) AS sites,
    COALESCE(u.used, 0) AS used,
    COALESCE(u.input_tokens + u.output_tokens, 0) AS tokens,
    k.key_expires_at, k.budget_micro, c.status = 'blocked' AS blocked
FROM (
    SELECT l.key_digest AS digest, NULL::timestamptz AS key_expires_at, l.*
    FROM licenses l WHERE l.key_digest = ANY($1::bytea[])
    UNION ALL
    SELECT l.previous_digest, COALESCE(l.previous_until, '-infinity'), l.*
    FROM licenses l WHERE l.previous_digest = ANY($1::bytea[])
) k
JOIN customers c ON c.id = k.customer_id
LEFT JOIN usage_months u ON u.license_id = k.id AND u.month = $2
"""
USED = """
SELECT u.license_id, u.used, u.input_tokens + u.output_tokens AS tokens
FROM usage_months u WHERE u.license_id = ANY($1::text[]) AND u.month = $2
"""
# A row that somebody changes right now is passed by: it is touched again soon enough.
TOUCH_LICENSES = """
UPDATE licenses l SET touched_at = $2
FROM (
    SELECT id FROM licenses WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE SKIP LOCKED
) t WHERE l.id = t.id
"""
TOUCH_SITES = """
UPDATE sites s SET last_seen_at = $3
FROM (
    SELECT license_id, domain FROM sites
    WHERE (license_id, domain) IN (SELECT * FROM unnest($1::text[], $2::text[]))
    ORDER BY license_id, domain FOR UPDATE SKIP LOCKED
) t WHERE s.license_id = t.license_id AND s.domain = t.domain
"""


class LicenseRecord(NamedTuple):
    """What is known of one key; `sites` hold a place, `key_expires_at` is for a rotated key only.

    `used` and `tokens` (in and out together) are of the month that was asked for.
    """

    digest: bytes
    license_id: str
    customer_id: str
    status: str
    expires_at: datetime | None
    activated_at: datetime | None
    plan: str
    plan_version: int
    domain: str
    sites: list[str]
    used: int
    tokens: int
    key_expires_at: datetime | None
    budget_micro: int | None
    blocked: bool


class UsedFacts(NamedTuple):
    """What a license used in one month."""

    license_id: str
    used: int
    tokens: int


class LicenseReader:
    """Reads cards and notes when keys were last seen; every verb raises DatabaseUnavailable."""

    def __init__(self, pool: AsyncpgPool) -> None:
        self._pool = pool

    async def read(self, digests: Sequence[bytes], month: date) -> list[LicenseRecord]:
        """The cards of these digests; unknown ones are left out. `month`: its first day."""
        rows = await self._pool.fetch(READ, digests, month)
        return [LicenseRecord(*row.values()) for row in rows]

    async def used(self, license_ids: Sequence[str], month: date) -> list[UsedFacts]:
        """What they used in this month; those that used nothing are left out."""
        rows = await self._pool.fetch(USED, license_ids, month)
        return [UsedFacts(*row.values()) for row in rows]

    async def touch(self, seen: Sequence[tuple[str, str]], now: datetime) -> None:
        """Note that these licenses (id and site, "" for none) were asked for.

        DatabaseUnavailable also when PostgreSQL refused for now: it is tried again anyway.
        """
        sites = [one for one in seen if one[1]]
        try:
            await self._pool.fetch(TOUCH_LICENSES, [license_id for license_id, _ in seen], now)
            if sites:
                ids, domains = zip(*sites, strict=True)
                await self._pool.fetch(TOUCH_SITES, ids, domains, now)
        except PostgresError as error:
            raise DatabaseUnavailable("the touches were refused") from error
