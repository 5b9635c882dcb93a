"""The months that AI usage is counted by, in UTC."""

from datetime import UTC, datetime, timedelta

LONGER_THAN_A_MONTH = timedelta(days=32)


def month_of(now: datetime) -> datetime:
    """The first moment of this month."""
    return now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def next_month(now: datetime) -> datetime:
    """When this month's usage is over."""
    return month_of(month_of(now) + LONGER_THAN_A_MONTH)
