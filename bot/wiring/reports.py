"""Figures of the business, by its own days."""

from bot.wiring.foundation import Foundation
from services import ReportServices
from services.reports import Panels, ReportDays, UsageFigures


def build_reports(base: Foundation) -> ReportServices:
    """Read models over everybody's tables; they change none but their own."""
    database, clock, zone = base.database, base.clock, base.settings.business_zone
    panels = Panels(database, clock)
    return ReportServices(
        usage=UsageFigures(panels, zone, clock),
        days=ReportDays(database, zone, clock),
    )
