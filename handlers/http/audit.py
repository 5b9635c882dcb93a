"""The audit log over HTTP."""

from aiohttp import web

from handlers.http.kit.context import operator, services
from handlers.http.kit.endpoints import Endpoint, answer, read_query, routes_of
from views.api.audit import AuditPage, AuditQuery, audit_page


async def lines(request: web.Request) -> web.Response:
    """The newest lines first."""
    await operator(request)
    asked = read_query(request, AuditQuery)
    found = await services(request).audit.log.lines(
        subject_id=asked.subject, before_id=asked.cursor, limit=asked.limit + 1
    )
    return answer(audit_page(found, asked.limit))


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/audit",
        lines,
        "List audit entries",
        "audit",
        "admin",
        answers={200: AuditPage},
        query=AuditQuery,
    ),
)


def routes() -> list[web.RouteDef]:
    """GET /api/audit."""
    return routes_of(ENDPOINTS)
