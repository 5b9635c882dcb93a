"""App Home: read from everybody's tables, published by the bot, anew after news."""

from bot.wiring.foundation import Foundation
from handlers.slack.outbound.home import SlackHomeTab
from services import BudgetServices, ConnectionServices, OpsServices, ReportServices
from services.home import Home, HomeReading
from services.people import Members


def build_home(
    base: Foundation,
    people: Members,
    connections: ConnectionServices,
    ops: OpsServices,
    reports: ReportServices,
    budgets: BudgetServices,
) -> Home:
    """What is told of a follow-up or a connection from now on, is drawn in Home too."""
    database, clock = base.database, base.clock
    parts = (connections.accounts, ops.access, reports.health, budgets.limits)
    reading = HomeReading(database, *parts, clock)
    home = Home(database, people, reading, SlackHomeTab(base.messenger.clients), clock)
    base.messenger.home = home
    return home
