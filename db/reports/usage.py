"""Usage of all licenses: by day, by model, by license and by hour; money is micro-dollars."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, TIMESTAMP, Date, bindparam, text

from db.store.session import Session

MOMENT = TIMESTAMP(timezone=True)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days from `first` to `last`; `open_days` of them, the newest, are read from single calls.

    The open days follow each other: `bounds` has where each begins, and at last where all end.
    """

    first: date
    last: date
    open_days: tuple[date, ...]
    bounds: tuple[datetime, ...]


class CallSums(NamedTuple):
    """What calls came to."""

    requests: int
    failed: int
    input_tokens: int
    output_tokens: int
    cost_micro: int
    estimated: int


class ModelDay(NamedTuple):
    """One day with one model."""

    day: date
    provider: str
    model: str
    sums: CallSums


class Leader(NamedTuple):
    """A license or a customer with what it used; names are "" for what was deleted."""

    kind: str
    id: str
    name: str
    plan: str
    sums: CallSums


SUMS = """sum(requests), sum(failed), sum(input_tokens), sum(output_tokens), sum(cost_micro),
    sum(estimated)"""
# Calls of days that are not summed up yet, as rows of the sums.
CALLS = """
SELECT (:open_days)[width_bucket(held_at, :bounds)], license_id, provider, model,
    count(*) FILTER (WHERE state = 'settled'), count(*) FILTER (WHERE state <> 'settled'),
    coalesce(sum(input_tokens) FILTER (WHERE state = 'settled'), 0),
    coalesce(sum(output_tokens) FILTER (WHERE state = 'settled'), 0),
    coalesce(sum(cost_micro) FILTER (WHERE state = 'settled'), 0),
    count(*) FILTER (WHERE estimated AND state = 'settled')
FROM gateway_requests WHERE held_at >= :since AND held_at < :until GROUP BY 1, 2, 3, 4
"""
ASKED = (
    bindparam("open_days", type_=ARRAY(Date)),
    bindparam("bounds", type_=ARRAY(MOMENT)),
    bindparam("since", type_=MOMENT),
    bindparam("until", type_=MOMENT),
)
BY_MODEL = text(f"""
WITH every(day, provider, model, requests, failed, input_tokens, output_tokens, cost_micro,
    estimated) AS (
    SELECT day, provider, model, requests, failed, input_tokens, output_tokens, cost_micro,
        estimated
    FROM report_models WHERE day BETWEEN :first AND :last
    UNION ALL
    SELECT calls.day, calls.provider, calls.model, calls.requests, calls.failed,
        calls.input_tokens, calls.output_tokens, calls.cost_micro, calls.estimated
    FROM ({CALLS}) AS calls(day, license_id, provider, model, requests, failed, input_tokens,
        output_tokens, cost_micro, estimated)
)
SELECT day, provider, model, {SUMS} FROM every GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
""").bindparams(*ASKED)  # noqa: S608 - constants of this file
LEADERS = text(f"""
WITH per AS MATERIALIZED (
    SELECT license_id, {SUMS} FROM (
        SELECT * FROM report_usage WHERE day BETWEEN :first AND :last
        UNION ALL {CALLS}
    ) AS every GROUP BY license_id
), named(license_id, requests, failed, input_tokens, output_tokens, cost_micro, estimated,
    customer_id, hint, plan, customer) AS (
    SELECT per.*, l.customer_id, l.key_hint, l.plan, coalesce(nullif(c.name, ''), c.email)
    FROM per LEFT JOIN licenses AS l ON l.id = per.license_id
    LEFT JOIN customers AS c ON c.id = l.customer_id
)
(SELECT 'license', license_id, coalesce(customer, ''), coalesce(plan, ''), requests, failed,
    input_tokens, output_tokens, cost_micro, estimated
FROM named ORDER BY input_tokens + output_tokens DESC, license_id LIMIT :most)
UNION ALL
(SELECT 'customer', customer_id, min(customer), '', {SUMS}
FROM named WHERE customer_id IS NOT NULL
GROUP BY customer_id ORDER BY sum(cost_micro) DESC, customer_id LIMIT :most)
""").bindparams(*ASKED)  # noqa: S608 - constants of this file
BY_HOUR = text("""
SELECT width_bucket(held_at, :bounds), count(*) FILTER (WHERE state = 'settled'),
    count(*) FILTER (WHERE state <> 'settled')
FROM gateway_requests WHERE held_at >= :since AND held_at < :until GROUP BY 1
""").bindparams(*ASKED[1:])
BY_WEEKDAY = text("""
SELECT extract(isodow FROM held_at AT TIME ZONE :zone)::int,
    extract(hour FROM held_at AT TIME ZONE :zone)::int, count(*)
FROM gateway_requests WHERE held_at >= :since AND held_at < :until AND state = 'settled'
GROUP BY 1, 2
""").bindparams(*ASKED[2:])


async def by_model(session: Session, stretch: Stretch) -> list[ModelDay]:
    """Global: every day with every model that was asked on it."""
    rows: Sequence[Any] = (await session.execute(BY_MODEL, given(stretch))).all()
    return [ModelDay(row[0], row[1], row[2], _sums(row[3:])) for row in rows]


async def leaders(session: Session, stretch: Stretch, most: int) -> list[Leader]:
    """Global: the licenses with the most tokens, then the customers with the highest cost."""
    rows: Sequence[Any] = (await session.execute(LEADERS, {**given(stretch), "most": most})).all()
    return [Leader(row[0], row[1], row[2], row[3], _sums(row[4:])) for row in rows]


async def by_hour(session: Session, bounds: Sequence[datetime]) -> dict[int, tuple[int, int]]:
    """Global: calls and failed calls between each two of the bounds, by the number of the first."""
    values = {"bounds": list(bounds), "since": bounds[0], "until": bounds[-1]}
    rows: Sequence[Any] = (await session.execute(BY_HOUR, values)).all()
    return {number - 1: (calls, failed) for number, calls, failed in rows}


async def by_weekday(
    session: Session, zone: str, since: datetime, until: datetime
) -> dict[tuple[int, int], int]:
    """Global: calls by weekday (1 is Monday) and hour there."""
    values = {"zone": zone, "since": since, "until": until}
    rows: Sequence[Any] = (await session.execute(BY_WEEKDAY, values)).all()
    return {(weekday, hour): calls for weekday, hour, calls in rows}


def _sums(values: Sequence[int]) -> CallSums:
    # PostgreSQL's sums of bigint are numeric.
    return CallSums(*map(int, values))


def given(stretch: Stretch) -> dict[str, object]:
    """The values that `CALLS` and the sums beside it ask for."""
    bounds = stretch.bounds
    return {
        "first": stretch.first,
        "last": stretch.last,
        "open_days": list(stretch.open_days),
        "bounds": list(bounds[:-1]),
        "since": bounds[0],
        "until": bounds[-1],
    }
