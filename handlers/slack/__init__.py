"""The Slack door: the only list of Slack features, and how they are attached to Bolt."""

from typing import Protocol

from slack_bolt.app.async_app import AsyncApp

from handlers.slack import (
    arrivals,
    billing,
    budgets,
    connections,
    habits,
    home,
    issuing,
    operations,
    people,
    rollouts,
    tenants,
    users,
)
from handlers.slack.crm import activities, companies, connecting
from handlers.slack.followups import (
    actions,
    calendar_events,
    crm_forms,
    drafts,
    evidence,
    files,
    followups,
    recaps,
    reviews,
    templates,
)
from handlers.slack.kit.routing import Listeners, Router, acknowledge
from services import Services
from views.slack.errors import PROBLEM


class Feature(Protocol):
    """A module of handlers/slack with every listener of one feature."""

    def register(self, on: Listeners) -> None:
        """Enter the feature's listeners into the table."""


FEATURES: tuple[Feature, ...] = (
    followups,
    files,
    drafts,
    arrivals,
    actions,
    calendar_events,
    activities,
    reviews,
    recaps,
    crm_forms,
    evidence,
    connections,
    connecting,
    companies,
    people,
    home,
    issuing,
    operations,
    rollouts,
    tenants,
    users,
    billing,
    budgets,
    habits,
    templates,
)


def register(app: AsyncApp, services: Services) -> Listeners:
    """Attach every feature to `app`; more listeners may still be added to the returned table."""
    listeners = Listeners()
    for feature in FEATURES:
        feature.register(listeners)
    listeners.closed(PROBLEM, acknowledge)
    Router(listeners, services).attach(app)
    return listeners
