"""The months that budgets run by: those of the business, not of UTC."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def month_of(moment: datetime, zone: ZoneInfo) -> date:
    """The first day of the month in which this moment lies, there."""
    return moment.astimezone(zone).date().replace(day=1)
