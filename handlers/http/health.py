"""Is it alive, is it ready: for load balancers and for people."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from aiohttp import web

from handlers.http.kit.callers import address_of, is_ours
from handlers.http.kit.context import operator
from handlers.http.kit.endpoints import Endpoint
from views.api.kit.health import Health, HealthAnswer, health_json

Probe = Callable[[], Awaitable[Health]]
Render = Callable[[], bytes]
PROBE: web.AppKey[Probe] = web.AppKey("probe")
METRICS: web.AppKey[Render] = web.AppKey("metrics")
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def routes() -> list[web.RouteDef]:
    """Everything under /health, and /metrics for Prometheus."""
    return [
        web.get("/health", ready),
        web.get("/health/ready", ready),
        web.get("/health/live", live),
        web.get("/api/health", ready),
        web.get("/metrics", metrics),
    ]


async def ready(request: web.Request) -> web.Response:
    """200 when requests can be served, else 503; says version, time and database."""
    health = await request.app[PROBE]()
    body = health_json(health, datetime.now(UTC))
    return web.json_response(body=body, status=200 if health.ready else 503)


async def live(_: web.Request) -> web.Response:
    """200 as long as the process answers at all."""
    return web.json_response({"status": "alive"})


async def metrics(request: web.Request) -> web.Response:
    """With METRICS=true figures for Prometheus: they tell what we spend, so not anybody."""
    render = request.app.get(METRICS)
    if render is None:
        raise web.HTTPNotFound
    if not is_ours(address_of(request)):
        await operator(request)
    body = render()
    return web.Response(body=body, headers={"Content-Type": METRICS_TYPE})


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/health",
        ready,
        "Whether requests can be served",
        "health",
        answers={200: HealthAnswer, 503: (HealthAnswer, "Not ready, or being stopped")},
    ),
)
