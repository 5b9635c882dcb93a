"""Which pages of other origins may read our answers (Fetch standard, CORS)."""

from aiohttp import web
from aiohttp.typedefs import Handler

ORIGINS: web.AppKey[frozenset[str]] = web.AppKey("origins", frozenset)
# What client apps call; a browser never holds an admin key.
OPEN, CLOSED = "/core/v1/", "/core/v1/admin"
ORIGIN = "Origin"
WISHED_METHOD = "Access-Control-Request-Method"
WISHED_HEADERS = "Access-Control-Request-Headers"
METHODS = "GET, POST, PUT, PATCH, DELETE"
EXPOSED = (
    "x-sb-error-code, X-Supabase-Api-Version, Retry-After, X-Request-Id, RateLimit-Limit, "
    "RateLimit-Remaining, RateLimit-Reset"
)
DAY = "86400"  # seconds; browsers keep a preflight for two hours at most


@web.middleware
async def share(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer preflights, and let pages of the listed origins read the answer."""
    if not request.path.startswith(OPEN) or request.path.startswith(CLOSED):
        return await handler(request)
    origin = request.headers.get(ORIGIN, "")
    known = origin in request.app[ORIGINS]
    if request.method == "OPTIONS" and WISHED_METHOD in request.headers:
        response: web.StreamResponse = web.Response(status=204)
        if known:
            response.headers["Access-Control-Allow-Methods"] = METHODS
            response.headers["Access-Control-Max-Age"] = DAY
            # Whatever the client's library has begun to send: a list here would break it.
            if wished := request.headers.get(WISHED_HEADERS):
                response.headers["Access-Control-Allow-Headers"] = wished
    else:
        response = await handler(request)
    response.headers.add("Vary", ORIGIN)
    if known:
        response.headers["Access-Control-Allow-Origin"] = origin
        # Only with an origin by its name, never with a star; nothing here goes by cookies.
        response.headers["Access-Control-Allow-Credentials"] = "true"
        response.headers["Access-Control-Expose-Headers"] = EXPOSED
    return response
