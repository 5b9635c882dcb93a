"""Counts over customers, licenses and plans, and what is wrong anywhere, for the overview."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, TIMESTAMP, bindparam, text

from db.store.session import Session

MOMENT = TIMESTAMP(timezone=True)
# As `db.licensing.licenses` judges a license: running and not over.
VALID = "status IN ('active', 'expired') AND (expires_at IS NULL OR expires_at > :now)"
OVER = "status IN ('active', 'expired') AND expires_at <= :now"
CUSTOMERS = text(f"""
SELECT count(*), count(*) FILTER (WHERE status = 'blocked'),
    (SELECT count(DISTINCT customer_id) FROM licenses WHERE {VALID})
FROM customers
""").bindparams(bindparam("now", type_=MOMENT))  # noqa: S608 - constants of this file
LICENSES = text(f"""
SELECT plan, count(*) FILTER (WHERE {VALID}), count(*) FILTER (WHERE {OVER}),
    count(*) FILTER (WHERE status = 'suspended'), count(*) FILTER (WHERE status = 'cancelled'),
    count(*) FILTER (WHERE {VALID} AND expires_at < :soon)
FROM licenses GROUP BY plan ORDER BY 2 DESC, plan
""").bindparams(  # noqa: S608 - constants of this file
    bindparam("now", type_=MOMENT), bindparam("soon", type_=MOMENT)
)
FLEET = text("""
SELECT count(*) FILTER (WHERE state <> 'deleted'), count(*) FILTER (WHERE state = 'ready'),
    (SELECT count(*) FROM rollouts WHERE state = 'open')
FROM tenants
""")
NEW = """
SELECT width_bucket({column}, :bounds) - 1, count(*) FROM {table}
WHERE {column} >= :since AND {column} < :until GROUP BY 1
"""
ENDING = text("""
SELECT width_bucket(expires_at, :bounds) - 1, count(*) FROM licenses
WHERE status IN ('active', 'expired') AND expires_at >= :since AND expires_at < :until GROUP BY 1
""")
BETWEEN = (
    bindparam("bounds", type_=ARRAY(MOMENT)),
    bindparam("since", type_=MOMENT),
    bindparam("until", type_=MOMENT),
)
AT = bindparam("at", type_=MOMENT)
TROUBLE = text("""
SELECT
    (SELECT count(*) FROM emails WHERE state = 'failed' AND created_at > :week),
    (SELECT count(*) FROM emails WHERE state IN ('pending', 'sending') AND created_at < :hour),
    (SELECT count(*) FROM webhook_endpoints WHERE disabled_at IS NOT NULL),
    (SELECT count(*) FROM webhook_endpoints
        WHERE failing_since IS NOT NULL AND disabled_at IS NULL),
    (SELECT count(*) FROM operations WHERE state = 'failed' AND ended_at > :day),
    (SELECT count(*) FROM operations WHERE state = 'running' AND updated_at < :hour),
    (SELECT count(*) FROM profiles WHERE openrouter_provisioning_status = 'failed'),
    (SELECT count(*) FROM profiles
        WHERE openrouter_provisioning_status = 'pending' AND created_at < :hour),
    (SELECT count(*) FROM gateway_requests WHERE held_at > :hour AND state = 'settled'),
    (SELECT count(*) FROM gateway_requests WHERE held_at > :hour AND state <> 'settled'),
    (SELECT count(*) FROM rollouts WHERE state = 'open' AND control = 'halt'),
    (SELECT count(*) FROM tenants WHERE state IN ('failed', 'needs_person')),
    (SELECT max(day) FROM report_days),
    (SELECT min(held_at) FROM gateway_requests)
""").bindparams(*(bindparam(name, type_=MOMENT) for name in ("hour", "day", "week")))
STOCK = text("""
SELECT plan, total - sold FROM plan_stock WHERE total - sold <= total * :share ORDER BY 2, plan
""")


@dataclass(frozen=True, slots=True)
class Trouble:
    """How many of each thing are not well; calls are those of the last hour."""

    emails_failed: int
    emails_waiting: int
    endpoints_disabled: int
    endpoints_failing: int
    operations_failed: int
    operations_stuck: int
    users_failed: int
    users_waiting: int
    calls: int
    calls_failed: int
    rollouts_halted: int
    tenants_failed: int
    summed_day: date | None
    oldest_call: datetime | None


async def customers(session: Session, now: datetime) -> tuple[int, int, int]:
    """Global: how many there are, how many are blocked, how many hold a valid license."""
    row: Sequence[Any] = (await session.execute(CUSTOMERS, {"now": now})).one()
    return int(row[0]), int(row[1]), int(row[2])


async def licenses(session: Session, now: datetime, soon: datetime) -> list[tuple[str, list[int]]]:
    """Global: by plan, licenses that are valid, over, suspended, cancelled, and end before soon."""
    rows: Sequence[Any] = (await session.execute(LICENSES, {"now": now, "soon": soon})).all()
    return [(row[0], [int(value) for value in row[1:]]) for row in rows]


async def fleet(session: Session) -> tuple[int, int, int]:
    """Global: tenants that are not deleted, how many of them are ready, rollouts under way."""
    row: Sequence[Any] = (await session.execute(FLEET)).one()
    return int(row[0]), int(row[1]), int(row[2])


async def issued(session: Session, bounds: Sequence[datetime]) -> dict[int, int]:
    """Global: licenses issued between each two of the bounds, by the number of the first."""
    return await _counted(session, NEW.format(column="issued_at", table="licenses"), bounds)


async def joined(session: Session, bounds: Sequence[datetime]) -> dict[int, int]:
    """Global: customers who came between each two of the bounds."""
    return await _counted(session, NEW.format(column="created_at", table="customers"), bounds)


async def ending(session: Session, bounds: Sequence[datetime]) -> dict[int, int]:
    """Global: running licenses that end between each two of the bounds."""
    return await _counted(session, ENDING.text, bounds)


async def customers_before(session: Session, at: datetime) -> int:
    """Global: how many of today's customers there were then."""
    query = text("SELECT count(*) FROM customers WHERE created_at < :at").bindparams(AT)
    found: int = (await session.execute(query, {"at": at})).scalar_one()
    return found


async def active_at(session: Session, at: datetime) -> int:
    """Global: licenses that were valid then, as far as they still say so."""
    query = text("""
    SELECT count(*) FROM licenses WHERE issued_at < :at AND status IN ('active', 'expired')
        AND (expires_at IS NULL OR expires_at > :at)
    """).bindparams(AT)
    found: int = (await session.execute(query, {"at": at})).scalar_one()
    return found


async def trouble(session: Session, hour: datetime, day: datetime, week: datetime) -> Trouble:
    """Global: what is not well; e-mails of the last week, operations of the last day."""
    given = {"hour": hour, "day": day, "week": week}
    row: Sequence[Any] = (await session.execute(TROUBLE, given)).one()
    return Trouble(*row)


async def low_stock(session: Session, share: float) -> list[tuple[str, int]]:
    """Global: limited plans with at most this share left, and how many licenses that is."""
    rows: Sequence[Any] = (await session.execute(STOCK, {"share": share})).all()
    return [(plan, left) for plan, left in rows]


async def _counted(session: Session, sql: str, bounds: Sequence[datetime]) -> dict[int, int]:
    given = {"bounds": list(bounds), "since": bounds[0], "until": bounds[-1]}
    rows: Sequence[Any] = (await session.execute(text(sql).bindparams(*BETWEEN), given)).all()
    return {int(number): int(count) for number, count in rows}
