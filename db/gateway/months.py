"""The months that AI usage is counted by, in UTC."""

from datetime import UTC, datetime


def month_of(now: datetime) -> datetime:
    """The first moment of this month."""
    return now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def next_month(now: datetime) -> datetime:
    """When this month's usage is over."""
    today = now.astimezone(UTC)
    year, month = divmod(12 * today.year + today.month, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)
