"""Figures of the business, by its own days."""

from bot.wiring.foundation import Foundation
from services import ReportServices
from services.billing import Revenue
from services.gateway import read_prices
from services.operations import Operations
from services.reports import (
    BusinessFigures,
    ExportFiles,
    Exports,
    FollowUpFigures,
    HealthChecks,
    Panels,
    ReportDays,
    ReportMonths,
    SubscriptionFigures,
    UsageFigures,
)


def build_reports(base: Foundation, operations: Operations, revenue: Revenue) -> ReportServices:
    """Read models over everybody's tables; they change none but their own."""
    database, clock, zone = base.database, base.clock, base.settings.business_zone
    panels = Panels(database, clock)
    days = ReportDays(database, zone, clock)
    exports = Exports(database, zone, clock)
    files = ExportFiles(database, exports, operations, clock)
    operations.register(files.kind)
    return ReportServices(
        business=BusinessFigures(panels, zone, clock),
        usage=UsageFigures(panels, zone, clock),
        followups=FollowUpFigures(panels, read_prices(), zone, clock),
        health=HealthChecks(panels, zone, clock),
        exports=exports,
        files=files,
        days=days,
        months=ReportMonths(database, days, revenue, zone, clock),
        subscriptions=SubscriptionFigures(panels),
    )
