"""Requests counted by the route that matched: what strangers make up adds no label."""

from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler

Count = Callable[[str, int], None]
COUNT: web.AppKey[Count] = web.AppKey("count")
# No route of ours: whatever was asked for.
NO_ROUTE = "none"
BROKEN_OFF = 499


@web.middleware
async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Counts the answer; one that is broken off by its client is 4xx."""
    status = BROKEN_OFF
    try:
        response = await handler(request)
        status = response.status
    except web.HTTPException as error:
        status = error.status
        raise
    finally:
        if (tell := request.app.get(COUNT)) is not None:
            tell(_route(request), status)
    return response


def _route(request: web.Request) -> str:
    """The path as it is registered, `/api/licenses/{id}`."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else NO_ROUTE
