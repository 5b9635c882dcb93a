"""Figures of the business, by its own days."""

from bot.wiring.foundation import Foundation
from services import ReportServices
from services.gateway import read_prices
from services.reports import (
    BusinessFigures,
    Exports,
    FollowUpFigures,
    HealthChecks,
    Panels,
    ReportDays,
    UsageFigures,
)


def build_reports(base: Foundation) -> ReportServices:
    """Read models over everybody's tables; they change none but their own."""
    database, clock, zone = base.database, base.clock, base.settings.business_zone
    panels = Panels(database, clock)
    return ReportServices(
        business=BusinessFigures(panels, zone, clock),
        usage=UsageFigures(panels, zone, clock),
        followups=FollowUpFigures(panels, read_prices(), zone, clock),
        health=HealthChecks(panels, zone, clock),
        exports=Exports(database, zone, clock),
        days=ReportDays(database, zone, clock),
    )
