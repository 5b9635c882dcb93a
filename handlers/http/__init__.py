"""Doors for HTTP: the list of features that have some."""

from aiohttp import web

from handlers.http import (
    alerts,
    arrivals,
    audit,
    auth,
    connections,
    credits,
    dashboard,
    docs,
    health,
    issuing,
    mail,
    operations,
    rollouts,
    users,
    validation,
    webhooks,
)
from handlers.http.billing import access as billing_access
from handlers.http.billing import checkout, figures, pages
from handlers.http.billing import inbox as stripe_inbox
from handlers.http.gateway import chat, provider_keys, usage
from handlers.http.kit import cors, counting
from handlers.http.kit.context import SERVICES
from handlers.http.kit.endpoints import Endpoint
from handlers.http.kit.errors import answer_errors
from handlers.http.kit.quarantine import HELD, hold
from handlers.http.licensing import customers, license_endpoints, plans, sites
from handlers.http.tenants import invitations, onboarding, tenants
from services import Services

FEATURES = (
    alerts,
    arrivals,
    audit,
    auth,
    billing_access,
    # Before /api/licenses/{id}, which would take it for a license.
    issuing,
    chat,
    checkout,
    figures,
    credits,
    customers,
    dashboard,
    docs,
    mail,
    operations,
    pages,
    rollouts,
    health,
    invitations,
    license_endpoints,
    connections,
    onboarding,
    plans,
    provider_keys,
    sites,
    tenants,
    usage,
    users,
    validation,
    # Before /api/webhooks/{id}, which would take it for an endpoint.
    stripe_inbox,
    webhooks,
)


def register(app: web.Application, services: Services) -> None:
    """Add every feature's routes, and the one place where an exception becomes a response."""
    app[SERVICES] = services
    # The program says when it is held; whoever serves without it is in service.
    app.setdefault(HELD, lambda: False)
    # Around the other: a page may read its failures too.
    app.middlewares.extend((counting.count, cors.share, answer_errors, hold))
    app[docs.DOCUMENTED] = docs.documented(endpoints())
    dashboard.register(app)
    for feature in FEATURES:
        app.add_routes(feature.routes())


def endpoints() -> tuple[Endpoint, ...]:
    """Every endpoint that the API's document tells of, feature by feature."""
    return tuple(one for feature in FEATURES for one in getattr(feature, "ENDPOINTS", ()))
