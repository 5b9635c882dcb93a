"""Durable operations over HTTP: how far one is."""

from aiohttp import web

from handlers.http.kit.context import operator, services
from handlers.http.kit.endpoints import Endpoint, answer, routes_of
from views.api.operations import OperationBody, operation_body


async def operation(request: web.Request) -> web.Response:
    """The operation with its steps, as they are now."""
    await operator(request)
    found = await services(request).operations.see(request.match_info["id"])
    return answer(operation_body(found))


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/operations/{id}",
        operation,
        "Get an operation",
        "operations",
        "admin",
        answers={200: OperationBody},
    ),
)


def routes() -> list[web.RouteDef]:
    """GET /api/operations/{id}."""
    return routes_of(ENDPOINTS)
