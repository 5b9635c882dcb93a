"""What a license used and may still use, as the API tells it."""

from collections.abc import Iterable

from pydantic import BaseModel, Field

from services.gateway import DayUse, Limits, Report, UsageSums, limits, total
from views.api.kit.wire import Query, timestamp

MOST_DAYS = 92
USUAL_DAYS = 30


class UsageQuery(Query):
    """How far back."""

    days: int = Field(
        USUAL_DAYS, ge=1, le=MOST_DAYS, description="Number of days up to today (UTC)"
    )


class Sums(BaseModel):
    """Successful requests and their tokens."""

    requests: int
    input_tokens: int = Field(description="Prompt tokens, cached ones included")
    output_tokens: int
    cost_micro: int = Field(description="Cost in millionths of a US dollar")
    estimated: int = Field(description="Number of requests with estimated tokens")


class ModelUsage(Sums):
    """One model's part."""

    provider: str
    model: str


class DayUsage(Sums):
    """One day in UTC."""

    day: str = Field(description="Date in UTC, as `2026-11-21`")
    models: list[ModelUsage]


class ProviderUsage(Sums):
    """One provider's part of the month."""

    provider: str


class MonthUsage(BaseModel):
    """This month in UTC."""

    month: str = Field(description="Month in UTC, as `2026-11`")
    requests_used: int
    requests_held: int = Field(description="Requests in progress, counted against the limit")
    requests_limit: int | None = Field(description="Monthly quota of requests; null is unlimited")
    input_tokens: int
    output_tokens: int
    tokens_used: int = Field(description="Input and output tokens together")
    cost_micro: int = Field(description="Cost in millionths of a US dollar")
    resets_at: str
    providers: list[ProviderUsage]


class UsageAnswer(BaseModel):
    """Exactly what was metered; days without a request are left out, the newest comes first."""

    month: MonthUsage
    days: list[DayUsage]


class HourAnswer(BaseModel):
    """The last 60 minutes, as a window that slides."""

    limit: int
    remaining: int
    resets_in: int = Field(description="Seconds until the next free request")


class MonthAnswer(BaseModel):
    """This month in UTC."""

    limit: int | None = Field(description="Requests allowed a month; null is unlimited")
    used: int = Field(description="Successful requests and those in progress")
    remaining: int | None = Field(description="Requests still left; null is unlimited")
    resets_at: str


class LimitsAnswer(BaseModel):
    """Whether a request would be let through now; asking counts nothing."""

    allowed: bool
    code: str = Field(description="Refusal code: `RATE_LIMITED`, `QUOTA_EXCEEDED`, or empty")
    hour: HourAnswer
    month: MonthAnswer


def usage_answer(report: Report, monthly: int | None) -> UsageAnswer:
    """The report; `monthly` is the plan's limit."""
    return UsageAnswer(
        month=MonthUsage(
            month=report.month.strftime("%Y-%m"),
            requests_used=report.used,
            requests_held=report.held,
            requests_limit=monthly,
            input_tokens=report.input_tokens,
            output_tokens=report.output_tokens,
            tokens_used=report.input_tokens + report.output_tokens,
            cost_micro=report.cost_micro,
            resets_at=timestamp(report.resets_at),
            providers=_providers(report.month_days),
        ),
        days=_days(report.days),
    )


def limits_answer(found: Limits) -> LimitsAnswer:
    """Hour and month as they stand."""
    code = limits.refusal(found)
    return LimitsAnswer(
        allowed=not code,
        code=code,
        hour=HourAnswer(
            limit=found.hour_limit, remaining=found.hour_remaining, resets_in=found.hour_reset_s
        ),
        month=MonthAnswer(
            limit=found.month_limit,
            used=found.month_used,
            remaining=found.month_remaining,
            resets_at=timestamp(found.month_resets_at),
        ),
    )


def _days(rows: Iterable[DayUse]) -> list[DayUsage]:
    days: dict[str, list[DayUse]] = {}
    for row in rows:
        days.setdefault(row.day.isoformat(), []).append(row)
    return [
        DayUsage(
            day=day,
            models=[
                ModelUsage(provider=row.provider, model=row.model, **_sums(row.used)) for row in own
            ],
            **_sums(total(own)),
        )
        for day, own in days.items()
    ]


def _providers(rows: Iterable[DayUse]) -> list[ProviderUsage]:
    found: dict[str, list[DayUse]] = {}
    for row in rows:
        found.setdefault(row.provider, []).append(row)
    return [
        ProviderUsage(provider=provider, **_sums(total(found[provider])))
        for provider in sorted(found)
    ]


def _sums(used: UsageSums) -> dict[str, int]:
    return {
        "requests": used.requests,
        "input_tokens": used.input_tokens,
        "output_tokens": used.output_tokens,
        "cost_micro": used.cost_micro,
        "estimated": used.estimated,
    }
