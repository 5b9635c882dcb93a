"""Budgets of the model, and the one way to it."""

from dataclasses import dataclass

from bot.wiring.foundation import Foundation
from handlers.slack.outbound.budgets import SlackBudgetRoom
from services import BudgetServices
from services.budgets import Budgets, BudgetTelling, ModelCalls, ModelPricing
from services.gateway import read_prices
from services.people import Members, WorkspaceAdmins


@dataclass(frozen=True, slots=True)
class BudgetParts:
    """The room's services, and who is an admin where."""

    services: BudgetServices
    admins: WorkspaceAdmins


def build_budgets(base: Foundation, people: Members) -> BudgetParts:
    """Counted by the gateway's prices and the business's months."""
    settings, database, clock = base.settings, base.database, base.clock
    zone = settings.business_zone
    pricing = ModelPricing(settings.anthropic_model, read_prices().cost)
    admins = WorkspaceAdmins(base.messenger, settings.slack_ops_team_id, settings.admins, clock)
    room = SlackBudgetRoom(base.messenger.clients)
    services = BudgetServices(
        limits=Budgets(database, admins, pricing, zone, clock),
        calls=ModelCalls(database, pricing, people, zone, clock),
        telling=BudgetTelling(database, room, people, admins),
    )
    return BudgetParts(services, admins)
