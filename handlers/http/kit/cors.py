"""Which web pages may ask us from a browser (Fetch, CORS protocol): those of CORS_ORIGINS."""

import re
from collections.abc import Set

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

ORIGINS: web.AppKey[Set[str]] = web.AppKey("origins")
ANY = "*"
# What web apps ask for; the admin's part is for servers, whose key no browser shall hold.
FOR_BROWSERS, NOT_FOR_BROWSERS = "/core/v1/", "/core/v1/admin/"
METHODS = "GET, POST, PUT, PATCH, DELETE"
EXPOSED = (
    "x-sb-error-code, x-supabase-api-version, x-request-id, x-total-count, retry-after, link, "
    "content-disposition"
)
NAMES = re.compile(r"[\w!#$%&'*+.^`|~-]+(?:[ \t]*,[ \t]*[\w!#$%&'*+.^`|~-]+)*", re.ASCII)
MAX_AGE = "7200"


@web.middleware
async def share(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer a preflight, and let the page of an allowed origin read any answer, failures too."""
    path = request.path
    if not path.startswith(FOR_BROWSERS) or path.startswith(NOT_FOR_BROWSERS):
        return await handler(request)
    allowed = _allowed(request)
    asked = request.headers.get(hdrs.ACCESS_CONTROL_REQUEST_METHOD)
    if request.method == hdrs.METH_OPTIONS and asked:
        response: web.StreamResponse = web.Response(status=204)
        if allowed:
            response.headers.update(_preflight(request))
    else:
        response = await handler(request)
    response.headers.add(hdrs.VARY, hdrs.ORIGIN)
    if allowed:
        response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = allowed
        response.headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = EXPOSED
    return response


def _allowed(request: web.Request) -> str:
    """The page's origin if it may ask, else ""."""
    origins = request.app.get(ORIGINS, frozenset())
    origin = request.headers.get(hdrs.ORIGIN, "")
    return origin if origin in origins or (origin and ANY in origins) else ""


def _preflight(request: web.Request) -> dict[str, str]:
    """Every header that is asked for is allowed: a client library that sends a new one goes on."""
    asked = request.headers.get(hdrs.ACCESS_CONTROL_REQUEST_HEADERS, "").strip()
    return {
        hdrs.ACCESS_CONTROL_ALLOW_METHODS: METHODS,
        hdrs.ACCESS_CONTROL_MAX_AGE: MAX_AGE,
        **({hdrs.ACCESS_CONTROL_ALLOW_HEADERS: asked} if NAMES.fullmatch(asked) else {}),
    }
