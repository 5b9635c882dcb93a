"""Revenue and the comparison with Stripe over HTTP."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from aiohttp import web

from handlers.http.kit.context import operator, services
from handlers.http.kit.endpoints import Endpoint, answer, read_query, routes_of
from views.api.billing.figures import (
    ComparisonAnswer,
    MonthQuery,
    RevenueAnswer,
    comparison_answer,
    revenue_answer,
)

ROOT = "/api/billing"


async def revenue(request: web.Request) -> web.Response:
    """Revenue now, and a month's movements."""
    await operator(request)
    kept = services(request).billing.revenue
    asked = read_query(request, MonthQuery).month
    today = datetime.now(UTC).astimezone(ZoneInfo(kept.zone)).date()
    month = date.fromisoformat(f"{asked}-01") if asked else today.replace(day=1)
    figures = await kept.month(month)
    return answer(revenue_answer(kept.zone, month, await kept.now(), figures))


async def comparison(request: web.Request) -> web.Response:
    """The newest comparison."""
    await operator(request)
    return answer(comparison_answer(await services(request).billing.comparison.latest()))


async def compare(request: web.Request) -> web.Response:
    """Compare now."""
    await operator(request)
    return answer(comparison_answer(await services(request).billing.comparison.run()))


async def repair(request: web.Request) -> web.Response:
    """Look again at a subscription that differs."""
    who = await operator(request)
    kept = services(request).billing.comparison
    return answer(comparison_answer(await kept.repair(who, request.match_info["id"])))


ENDPOINTS = (
    Endpoint(
        "GET",
        f"{ROOT}/revenue",
        revenue,
        "Get recurring revenue",
        "billing",
        "admin",
        answers={200: RevenueAnswer},
        query=MonthQuery,
        description="Active subscriptions and those in grace, each at its own price, brought to a "
        "month. A closed month never changes.",
    ),
    Endpoint(
        "GET",
        f"{ROOT}/comparison",
        comparison,
        "Get the comparison with Stripe",
        "billing",
        "admin",
        answers={200: ComparisonAnswer},
        description="It runs every night, over all pages and statuses. `incomplete` says nothing "
        "about what was not seen.",
    ),
    Endpoint(
        "POST",
        f"{ROOT}/comparison",
        compare,
        "Compare with Stripe",
        "billing",
        "admin",
        answers={200: ComparisonAnswer},
    ),
    Endpoint(
        "POST",
        f"{ROOT}/comparison/{{id}}/repair",
        repair,
        "Repair a subscription that differs",
        "billing",
        "admin",
        answers={200: ComparisonAnswer},
        description="Reads all that its customer has from Stripe again and derives access anew. "
        "409 for one whose Stripe customer is linked to nobody.",
        errors=(409,),
    ),
)


def routes() -> list[web.RouteDef]:
    """Figures and comparisons."""
    return routes_of(ENDPOINTS)
