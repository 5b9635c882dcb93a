"""A license holder's own view of what was used, and of what may still be."""

from aiohttp import web

from handlers.http.kit.context import licensed, services
from handlers.http.kit.endpoints import Endpoint, answer, read_query, routes_of
from services.gateway import limits
from views.api.gateway.usage import (
    LimitsAnswer,
    UsageAnswer,
    UsageQuery,
    limits_answer,
    usage_answer,
)


async def usage(request: web.Request) -> web.Response:
    """This month and the days before."""
    facts = await licensed(request)
    days = read_query(request, UsageQuery).days
    report = await services(request).gateway.usage.report(facts.license_id, days)
    return answer(usage_answer(report, facts.plan.monthly_requests))


async def check(request: web.Request) -> web.Response:
    """Hour and month as they stand, with the headers that a chat would have."""
    plan = (facts := await licensed(request)).plan
    ledger = services(request).gateway.ledger
    found = await ledger.look(facts.license_id, plan.hourly_requests, plan.monthly_requests)
    response = answer(limits_answer(found))
    response.headers.update(limits.headers(found, limits.refusal(found)))
    return response


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/usage",
        usage,
        "Usage now and by day",
        "usage",
        "license",
        query=UsageQuery,
        answers={200: UsageAnswer},
        description="Exactly what was metered; a request that failed is not in it.",
    ),
    Endpoint(
        "GET",
        "/api/limits/check",
        check,
        "Check the limits without counting",
        "usage",
        "license",
        answers={200: LimitsAnswer},
        description="Counts nothing. Carries the `RateLimit-*` and `X-Quota-*` headers of a chat.",
    ),
)


def routes() -> list[web.RouteDef]:
    """What was used, and what is left."""
    return routes_of(ENDPOINTS)
