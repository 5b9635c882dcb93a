"""Usage by the business's days: what calls came to, kept when a day is over, and closed months."""

from datetime import date, datetime, timedelta

from sqlalchemy import TIMESTAMP, bindparam, text
from sqlmodel import Field, SQLModel, col, select

from db.store.session import Session
from db.store.types import JsonText, Money, UtcDateTime

# A row may become visible that much after the moment it says it ended at.
UNSEEN = timedelta(minutes=5)


class ReportDayRow(SQLModel, table=True):
    """A day whose calls are summed up: from `began` up to `ended`, read at `summed_at`.

    Days follow each other without a gap, whatever zone each of them was counted in.
    """

    __tablename__ = "report_days"

    day: date = Field(primary_key=True)
    zone: str
    began: datetime = Field(sa_type=UtcDateTime)
    ended: datetime = Field(sa_type=UtcDateTime)
    summed_at: datetime = Field(sa_type=UtcDateTime)


class ReportUsageRow(SQLModel, table=True):
    """One license's day with one model; `failed` calls cost nothing. Money is micro-dollars."""

    __tablename__ = "report_usage"

    day: date = Field(primary_key=True)
    license_id: str = Field(primary_key=True)
    provider: str = Field(primary_key=True)
    model: str = Field(primary_key=True)
    requests: int
    failed: int
    input_tokens: int = Field(sa_type=Money)
    output_tokens: int = Field(sa_type=Money)
    cost_micro: int = Field(sa_type=Money)
    estimated: int


class ReportModelRow(SQLModel, table=True):
    """The same of all licenses together."""

    __tablename__ = "report_models"

    day: date = Field(primary_key=True)
    provider: str = Field(primary_key=True)
    model: str = Field(primary_key=True)
    requests: int
    failed: int
    input_tokens: int = Field(sa_type=Money)
    output_tokens: int = Field(sa_type=Money)
    cost_micro: int = Field(sa_type=Money)
    estimated: int


class ReportMonthRow(SQLModel, table=True):
    """A month that somebody closed: its figures as they were then, which nothing changes."""

    __tablename__ = "report_months"

    month: date = Field(primary_key=True)
    zone: str
    figures: str = Field(sa_type=JsonText)
    closed_by: str
    closed_at: datetime = Field(sa_type=UtcDateTime)


MOMENTS = {name: TIMESTAMP(timezone=True) for name in ("began", "ended", "since")}
# What ended otherwise than well has no tokens and no cost that anybody pays.
SUM = text("""
INSERT INTO report_usage
SELECT :day, license_id, provider, model,
    count(*) FILTER (WHERE state = 'settled'), count(*) FILTER (WHERE state <> 'settled'),
    coalesce(sum(input_tokens) FILTER (WHERE state = 'settled'), 0),
    coalesce(sum(output_tokens) FILTER (WHERE state = 'settled'), 0),
    coalesce(sum(cost_micro) FILTER (WHERE state = 'settled'), 0),
    count(*) FILTER (WHERE estimated AND state = 'settled')
FROM gateway_requests WHERE held_at >= :began AND held_at < :ended
GROUP BY license_id, provider, model
""").bindparams(*(bindparam(name, type_=MOMENTS[name]) for name in ("began", "ended")))
SUM_MODELS = text("""
INSERT INTO report_models
SELECT day, provider, model, sum(requests), sum(failed), sum(input_tokens), sum(output_tokens),
    sum(cost_micro), sum(estimated)
FROM report_usage WHERE day = :day GROUP BY day, provider, model
""")
FORGET = (
    text("DELETE FROM report_usage WHERE day = :day"),
    text("DELETE FROM report_models WHERE day = :day"),
)
# Days of open months only: a closed month does not change.
OPEN = "NOT EXISTS (SELECT FROM report_months WHERE month = date_trunc('month', d.day)::date)"
LATE = text(f"""
SELECT d.day FROM report_days AS d
WHERE d.ended > :since AND {OPEN} AND EXISTS (
    SELECT FROM gateway_requests AS r WHERE r.held_at >= d.began AND r.held_at < d.ended
        AND r.ended_at > d.summed_at - make_interval(secs => :unseen)
)
ORDER BY d.day
""").bindparams(bindparam("since", type_=MOMENTS["since"]))  # noqa: S608 - constants of this file
DIFFERING = text(f"""
SELECT d.day FROM report_days AS d
LEFT JOIN LATERAL (
    SELECT count(*) AS calls, coalesce(sum(input_tokens), 0) AS input,
        coalesce(sum(output_tokens), 0) AS output, coalesce(sum(cost_micro), 0) AS cost
    FROM gateway_requests
    WHERE held_at >= d.began AND held_at < d.ended AND state = 'settled'
) AS r ON true
LEFT JOIN LATERAL (
    SELECT coalesce(sum(requests), 0) AS calls, coalesce(sum(input_tokens), 0) AS input,
        coalesce(sum(output_tokens), 0) AS output, coalesce(sum(cost_micro), 0) AS cost
    FROM report_usage WHERE day = d.day
) AS u ON true
LEFT JOIN LATERAL (
    SELECT coalesce(sum(requests), 0) AS calls, coalesce(sum(cost_micro), 0) AS cost
    FROM report_models WHERE day = d.day
) AS m ON true
WHERE d.began >= :since AND {OPEN}
    AND ((r.calls, r.input, r.output, r.cost) <> (u.calls, u.input, u.output, u.cost)
        OR (m.calls, m.cost) <> (u.calls, u.cost))
ORDER BY d.day
""").bindparams(bindparam("since", type_=MOMENTS["since"]))  # noqa: S608 - constants of this file
OLDEST = text("SELECT min(held_at) FROM gateway_requests")
LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('report_days', 0))")


async def lock(session: Session) -> None:
    """Global: let nobody else sum up days until the transaction ends."""
    await session.execute(LOCK)


async def last(session: Session) -> ReportDayRow | None:
    """Global: the newest day that is summed up."""
    query = select(ReportDayRow).order_by(col(ReportDayRow.day).desc()).limit(1)
    return (await session.exec(query)).one_or_none()


async def first_day(session: Session) -> date | None:
    """Global: the oldest day that is summed up."""
    query = select(col(ReportDayRow.day)).order_by(col(ReportDayRow.day)).limit(1)
    return (await session.exec(query)).one_or_none()


async def oldest_call(session: Session) -> datetime | None:
    """Global: when the oldest single call that is kept was held."""
    found: datetime | None = (await session.execute(OLDEST)).scalar_one()
    return found


async def sum_up(session: Session, day: ReportDayRow) -> None:
    """Global: keep what that day's calls came to, instead of what was kept of it before."""
    for statement in FORGET:
        await session.execute(statement, {"day": day.day})
    bounds = {"day": day.day, "began": day.began, "ended": day.ended}
    await session.execute(SUM, bounds)
    await session.execute(SUM_MODELS, {"day": day.day})
    await session.merge(day)


async def late(session: Session, since: datetime) -> list[date]:
    """Global: days after `since`, of open months, with calls that ended after they were summed."""
    given = {"since": since, "unseen": UNSEEN.total_seconds()}
    return list((await session.execute(LATE, given)).scalars())


async def differing(session: Session, since: datetime) -> list[date]:
    """Global: days from `since` on, of open months, whose sums are not those of their calls."""
    return list((await session.execute(DIFFERING, {"since": since})).scalars())


async def find(session: Session, day: date) -> ReportDayRow | None:
    """Global: that day, when it is summed up."""
    return await session.get(ReportDayRow, day, populate_existing=True)


async def months(session: Session) -> list[ReportMonthRow]:
    """Global: every closed month, the newest first."""
    query = select(ReportMonthRow).order_by(col(ReportMonthRow.month).desc())
    return list((await session.exec(query)).all())


async def month(session: Session, first: date) -> ReportMonthRow | None:
    """Global: that month when it is closed; `first` is its first day."""
    return await session.get(ReportMonthRow, first)
