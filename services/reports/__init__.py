"""Reports: figures of the business, each with its source, and their exports."""

from services.reports.business import (
    BusinessFigures,
    CustomerFigures,
    EndingLicenses,
    FleetFigures,
    Growth,
    LicenseFigures,
    PlanLicenses,
)
from services.reports.days import ReportDays
from services.reports.export_files import EXPORT, ExportFile, ExportFiles
from services.reports.export_kinds import ExportOrder
from services.reports.exports import MOST_AT_ONCE, Exports, ExportSize
from services.reports.followups import (
    ActionFigures,
    FollowUpCost,
    FollowUpDay,
    FollowUpFigures,
    FollowUpOutcomes,
    ModelCost,
)
from services.reports.health import HealthCheck, HealthChecks
from services.reports.months import MonthRevenue, MonthTotals, ReportMonth, ReportMonths
from services.reports.panels import Panel, Panels, Source
from services.reports.ranges import CHOICES, DEFAULT_DAYS, Range, read_range
from services.reports.subscriptions import (
    SubscriptionFigures,
    SubscriptionLine,
    SubscriptionLines,
)
from services.reports.usage import (
    HeatMap,
    LastDay,
    UsageBar,
    UsageFigures,
    UsageLeader,
    UsageLeaders,
    UsageTotals,
    UsageTrend,
)
