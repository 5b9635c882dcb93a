"""Plans over HTTP: what is for sale, and new versions of it."""

from aiohttp import web

from handlers.http.kit.context import operator, services
from handlers.http.kit.endpoints import Endpoint, answer, read, routes_of
from handlers.http.kit.problems import Problem
from services.licensing import Plan
from views.api.licensing.plans import (
    PlanAnswer,
    PlanBody,
    PlanList,
    plan_answer,
    read_changes,
)


async def listed(request: web.Request) -> web.Response:
    """Every plan that is for sale."""
    await operator(request)
    plans = services(request).licensing.plans
    told = [plan_answer(one, await plans.stock(one.name)) for one in await plans.available()]
    return answer(PlanList(plans=told))


async def find(request: web.Request) -> web.Response:
    """One plan as it is sold now."""
    await operator(request)
    plan = await _plan(request)
    return answer(plan_answer(plan, await services(request).licensing.plans.stock(plan.name)))


async def revise(request: web.Request) -> web.Response:
    """A new version."""
    who = await operator(request)
    changes = read_changes(await read(request, PlanBody))
    sold = await _plan(request)
    plan = await services(request).licensing.plans.revise(who, sold.name, changes)
    return answer(plan_answer(plan, await services(request).licensing.plans.stock(plan.name)))


async def _plan(request: web.Request) -> Plan:
    name = request.match_info["name"]
    for plan in await services(request).licensing.plans.available():
        if plan.name == name:
            return plan
    raise Problem(404, "not_found", "There is no such plan. GET /api/plans lists those for sale.")


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/plans",
        listed,
        "List plans for sale",
        "plans",
        "admin",
        answers={200: PlanList},
    ),
    Endpoint(
        "GET",
        "/api/plans/{name}",
        find,
        "Get a plan",
        "plans",
        "admin",
        answers={200: PlanAnswer},
    ),
    Endpoint(
        "PUT",
        "/api/plans/{name}",
        revise,
        "Change a plan",
        "plans",
        "admin",
        PlanBody,
        answers={200: PlanAnswer},
        description="Makes a new version; licenses sold before keep theirs. Changing nothing "
        "makes none.",
    ),
)


def routes() -> list[web.RouteDef]:
    """Everything under /api/plans."""
    return routes_of(ENDPOINTS)
