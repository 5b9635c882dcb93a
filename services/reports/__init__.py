"""Reports: figures of the business, each with its source, and their exports."""

from services.reports.days import ReportDays
from services.reports.panels import Panel, Panels, Source
from services.reports.usage import (
    HeatMap,
    LastDay,
    Range,
    UsageBar,
    UsageFigures,
    UsageLeader,
    UsageLeaders,
    UsageTotals,
    UsageTrend,
)
